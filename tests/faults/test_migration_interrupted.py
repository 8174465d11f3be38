"""A migration that is killed half-way: old or new state whole, and the site says so in between."""

import subprocess
import sys
from dataclasses import replace

from tests.faults.conftest import Ward, until
from tests.scripts.conftest import CHECKOUT

BEFORE, INTERRUPTED = "0001_squashed_0023_vas_in_order", "0024_ward_settings"
WAITS_FOR_US = (
    "select pid from pg_stat_activity where wait_event_type = 'Lock'"
    " and datname = current_database()"
)
APPLIED = f"select count(*) from django_migrations where name in ('{BEFORE}', '{INTERRUPTED}')"
HAS_SETTINGS = "select to_regclass('scoring_wardsettings') is not null"


def migrate(ward: Ward, *to: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-W", "ignore", "manage.py", "migrate", "--verbosity=0", *to],
        cwd=CHECKOUT,
        env=ward.environment(),
    )


def test_killed_half_way_the_tables_are_whole_and_the_next_run_completes_them(ward: Ward) -> None:
    ward.query("create database half owner rbp", user="postgres")
    half = replace(ward, database="half")
    assert migrate(half, "scoring", BEFORE).wait() == 0
    holder = half.connection()
    with holder.cursor() as cursor:
        # Nobody may add a right: the migration has made its table when it comes to wait for that.
        cursor.execute("lock table auth_permission in share mode")
        migration = migrate(half)
        try:
            until(lambda: half.query(WAITS_FOR_US), "the migration in its middle", migration)
        finally:
            migration.kill()
            migration.wait()
    holder.close()
    until(lambda: not half.query(WAITS_FOR_US), "the end of what was killed")
    until(lambda: half.query(HAS_SETTINGS) == [(False,)], "the roll-back")
    assert half.query(APPLIED) == [(1,)]

    with half.serving() as site:
        browser = site.browser
        ready = browser.get("/readyz")
        assert ready.status == 503
        assert f"are not applied yet, from scoring.{INTERRUPTED} on" in ready.text
        page = browser.get("/sign-in")
        assert page.status == 503
        assert "being updated" in page.text
        assert half.query(HAS_SETTINGS) == [(False,)], "the site changed the tables"
        assert migrate(half).wait() == 0
        assert half.query(HAS_SETTINGS) == [(True,)]
        # No restart: the processes that said no say yes now.
        until(lambda: browser.get("/readyz").status == 200, "readiness")
        assert browser.get("/sign-in").status == 200

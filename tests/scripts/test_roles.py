"""Which process connects as the owner of the tables, and which must not know how."""

import subprocess
import sys
import time
from pathlib import Path

from rbpsite.data_folder import SITE
from tests.scripts.conftest import CHECKOUT, Private
from tests.scripts.test_server import START_SECONDS, child_of, free_port, serving

WHO = """
import os, django
django.setup()
from django.db import connection
with connection.cursor() as cursor:
    cursor.execute("select current_user")
    print(cursor.fetchone()[0], "DATABASE_OWNER_URL" in os.environ)
"""
CONNECTED = (
    "select distinct usename from pg_stat_activity"
    " where datname = 'rbp' and pid <> pg_backend_pid()"
)


def addresses(private: Private) -> dict[str, str]:
    """The settings of a hospital that gave two roles."""
    return {
        "DATABASE_URL": private.must("url").strip(),
        "DATABASE_OWNER_URL": private.must("url", "--owner").strip(),
    }


def run(private: Private, *command: str, **settings: str) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, "-W", "ignore", *command],
        cwd=CHECKOUT,
        env=private.environment(DJANGO_SETTINGS_MODULE="tests.settings", **settings),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout


def test_only_commands_that_change_tables_connect_as_their_owner(running: Private) -> None:
    both = addresses(running)
    site = {"DATABASE_URL": both["DATABASE_URL"]}
    for command in ("prepare", "migrate"):
        code, said = run(running, "manage.py", command, **site)
        assert code == 1
        assert "Run manage.py migrate as their owner, with DATABASE_OWNER_URL set" in said
        assert "Traceback" not in said
    assert run(running, "manage.py", "migrate", "--verbosity=0", **both) == (0, "")
    assert run(running, "manage.py", "prepare", "--no-administrator", **site)[0] == 0
    assert run(running, "-c", WHO, **both) == (0, f"{SITE} False\n")
    assert run(running, "-c", WHO, RBP_DATABASE_ROLE="owner", **both) == (0, "rbp True\n")
    # The private PostgreSQL, where no address is set.
    assert run(running, "-c", WHO) == (0, f"{SITE} False\n")
    assert run(running, "-c", WHO, RBP_DATABASE_ROLE="owner") == (0, "rbp False\n")
    # One role for everything, as before.
    one = {"DATABASE_URL": both["DATABASE_OWNER_URL"]}
    assert run(running, "manage.py", "migrate", "--verbosity=0", **one) == (0, "")
    assert run(running, "-c", WHO, **one) == (0, "rbp False\n")


def test_what_serves_is_never_told_how_the_owner_connects(running: Private, tmp_path: Path) -> None:
    (running.folder / "logs").mkdir(exist_ok=True)
    with serving(running, free_port(), tmp_path, **addresses(running)) as server:
        site = child_of(server, b"script.lib.site\0")
        workers = Path(f"/proc/{site}/task/{site}/children").read_text().split()
        assert workers
        for process in (site, child_of(server), *workers):
            told = Path(f"/proc/{process}/environ").read_bytes()
            assert b"DATABASE_URL=" in told
            assert b"DATABASE_OWNER_URL" not in told
        end = time.monotonic() + START_SECONDS
        while not (roles := running.query(CONNECTED, user="postgres")):
            assert time.monotonic() < end, server.said
            time.sleep(0.1)
        assert roles == [(SITE,)]

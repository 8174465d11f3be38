"""pgBouncer between site and PostgreSQL: which way of pooling serves, and with what settings."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg2
import pytest

from rbpsite.data_folder import SITE
from tests.faults.browser import Browser, Saving
from tests.faults.conftest import clinicians, until
from tests.machines.conftest import Machines, as_server, needed
from tests.scripts.test_server import free_port

SAVES = 60
POOL = 4
# What docs/operations.md names: a pooler does not keep the settings of a session.
_LIMITS = {
    "statement_timeout": "30s",
    "lock_timeout": "1s",
    "idle_in_transaction_session_timeout": "60s",
}
_CONFIGURATION = """
[databases]
rbp = host=127.0.0.1 port={server}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = trust
auth_file = {folder}/users
admin_users = {site}
pool_mode = {mode}
default_pool_size = {pool}
max_client_conn = 500
"""


@contextmanager
def pooling(machines: Machines, mode: str) -> Iterator[int]:
    """A pgBouncer with few connections to the primary; its port."""
    program = needed("pgbouncer", "pgbouncer")
    server, port = machines.servers[0], free_port()
    (server.folder / "users").write_text(f'"{SITE}" ""\n')
    (server.folder / "pgbouncer.ini").write_text(
        _CONFIGURATION.format(
            server=server.port, port=port, folder=server.folder, site=SITE, mode=mode, pool=POOL
        )
    )
    process = as_server(server, [program, "pgbouncer.ini"])
    try:
        until(lambda: _answers(port), "pgBouncer", process)
        yield port
    finally:
        process.terminate()
        process.wait()


def _answers(port: int) -> bool:
    try:
        psycopg2.connect(host="127.0.0.1", port=port, user=SITE, dbname="rbp").close()
    except psycopg2.OperationalError:
        return False
    return True


@pytest.mark.parametrize(
    ("mode", "kept_seconds"),
    [
        ("transaction", "60"),
        # A connection that the site keeps takes one of the pool's for as long.
        ("session", "0"),
    ],
)
def test_saves_and_exports_through_a_pool_of_four(
    machines: Machines, mode: str, kept_seconds: str
) -> None:
    server = machines.servers[0]
    for name, value in _LIMITS.items():
        server.query(f"alter role {SITE} set {name} = '{value}'")
    savings = [Saving(f"Q{number}") for number in range(SAVES)]
    with pooling(machines, mode) as port:
        site_settings = {
            "DATABASE_URL": f"postgresql://{SITE}@127.0.0.1:{port}/rbp",
            "RBP_DB_CONN_MAX_AGE_SECONDS": kept_seconds,
            # Nobody is told to come again while a connection of the pool is awaited.
            "RBP_DB_BUSY_SECONDS": "600",
        }
        with machines.serving(**site_settings) as site, clinicians(20) as people:
            browser = site.signed_in()
            done = [people.submit(saving.send_until_saved, browser) for saving in savings]
            lists = [people.submit(_reads, browser) for _ in range(10)]
            for each in [*done, *lists]:
                each.result()
            [(backends,)] = server.query(
                f"select count(*) from pg_stat_activity where usename = '{SITE}'"
            )
            assert 0 < backends <= POOL, "not pooled"
            locked_out(machines, browser)
    machines.must_hold_exactly_once(savings)
    print(
        f"\npool_mode {mode}: {SAVES} saves and 40 reads by 20 people over {backends} connections"
    )


def _reads(browser: Browser) -> None:
    """Lists, sessions, a search: each with its own kind of cursor."""
    for address in ("/", "/history", "/account", "/patients?search=Q1"):
        answer = browser.get(address)
        assert answer.status in {200, 503}, (address, answer.text)


def locked_out(machines: Machines, browser: Browser) -> None:
    """A lock that is held ends the wait of each save: the limits hold on every connection."""
    holder = machines.connection()
    waiting = [Saving(f"W{number}") for number in range(2 * POOL)]
    with holder, holder.cursor() as cursor, clinicians(2 * POOL) as people:
        cursor.execute("lock table scoring_reportcounter in access exclusive mode")
        sent = [people.submit(saving.send, browser) for saving in waiting]
        assert {each.result().status for each in sent} == {503}
    holder.close()

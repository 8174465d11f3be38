"""A site on several PostgreSQLs, as on several computers."""

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg2
import pytest

from rbpsite.data_folder import OWNER, SITE
from tests.faults.conftest import PREPARE, Ward, until
from tests.machines.postgres import Server
from tests.scripts.conftest import CHECKOUT, Private


@dataclass
class Machines(Ward):
    """Servers with one database; what is asked goes to the one that takes writes."""

    servers: list[Server] = field(default_factory=list)

    def address(self, user: str) -> str:
        """How a site reaches the one of them that takes writes."""
        places = ",".join(f"127.0.0.1:{server.port}" for server in self.servers)
        return f"postgresql://{user}@{places}/{self.database}"

    def environment(self, **more: str) -> dict[str, str]:
        """The environment of a site or a command."""
        addresses = {"DATABASE_URL": self.address(SITE), "DATABASE_OWNER_URL": self.address(OWNER)}
        return super().environment() | addresses | more

    def manage(self, *arguments: str) -> str:
        """Run a command of manage.py, which has to succeed; what it printed."""
        done = subprocess.run(
            [sys.executable, "-W", "ignore", "manage.py", *arguments],
            cwd=CHECKOUT,
            env=self.environment(),
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def connection(self, user: str = "rbp") -> Any:
        """A connection past the site."""
        return psycopg2.connect(self.address(user), target_session_attrs="read-write")


@pytest.fixture
def machines(reachable_folder: Path, tmp_path: Path) -> Iterator[Machines]:
    """A primary ``a``, a synchronous standby ``b``, tables, and Alice's account."""
    folder = Path(tempfile.mkdtemp(dir=reachable_folder))
    folder.chmod(0o755)
    a, b = Server("a", folder / "a"), Server("b", folder / "b")
    machines = Machines(Private(tmp_path), tmp_path, servers=[a, b])
    with ExitStack() as running:
        for each in (a, b):
            running.callback(each.kill)
        a.make()
        a.start()
        a.make_database()
        b.copy(a)
        b.start()
        a.query("alter system set synchronous_standby_names = 'b'")
        a.query("select pg_reload_conf()")
        until(lambda: is_synchronous(a), "the synchronous standby")
        machines.manage("migrate", "--verbosity=0")
        machines.python(PREPARE)
        yield machines


def is_synchronous(primary: Server) -> bool:
    """Whether a standby confirms what this server commits."""
    return primary.query("select sync_state from pg_stat_replication") == [("sync",)]

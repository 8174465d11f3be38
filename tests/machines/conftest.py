"""A site on several PostgreSQLs, as on several computers."""

import shutil
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
    # What every site and command is told besides.
    settings: dict[str, str] = field(default_factory=dict)

    def address(self, user: str) -> str:
        """How a site reaches the one of them that takes writes."""
        places = ",".join(f"127.0.0.1:{server.port}" for server in self.servers)
        return f"postgresql://{user}@{places}/{self.database}"

    def environment(self, **more: str) -> dict[str, str]:
        """The environment of a site or a command."""
        addresses = {"DATABASE_URL": self.address(SITE), "DATABASE_OWNER_URL": self.address(OWNER)}
        return super().environment() | addresses | self.settings | more

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


def needed(program: str, package: str) -> str:
    """Where a program is; without it nothing is tried."""
    found = shutil.which(program, path="/usr/sbin:/usr/bin")
    if found is None:
        pytest.exit(f"{program} is missing. Install Debian's package {package}.", returncode=2)
    return found


def as_server(
    server: Server, command: list[str], environment: dict[str, str] | None = None
) -> "subprocess.Popen[bytes]":
    """Start a program under PostgreSQL's account, in the folder of one of them."""
    account = server.account
    with (server.folder / f"{Path(command[0]).name}.log").open("ab") as log:
        return subprocess.Popen(
            command,
            cwd=server.folder,
            env={"PATH": "/usr/sbin:/usr/bin", "LC_ALL": "C.UTF-8", **(environment or {})},
            stdout=log,
            stderr=log,
            user=None if account.is_me else account.uid,
            group=None if account.is_me else account.gid,
            extra_groups=None if account.is_me else [],
        )


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

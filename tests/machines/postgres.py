"""PostgreSQLs that listen on a port of this computer and copy one another."""

import contextlib
import os
import signal
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg2

from rbpsite.data_folder import OWNER, SITE
from script.lib.account import Command, SystemAccount
from script.lib.binaries import Binaries, choose
from script.lib.postgres_processes import postgres_processes
from tests.scripts.test_server import free_port

_SECONDS = 600
_ROLES = (
    f"create role {OWNER} login",
    f"create role {SITE} login",
    f"create database rbp owner {OWNER} encoding 'UTF8' locale 'C.UTF-8' template template0",
)


@dataclass
class Server:
    """One PostgreSQL in a folder of its own; ``name`` is how others know it."""

    name: str
    folder: Path
    port: int = field(default_factory=free_port)
    account: SystemAccount = field(init=False)
    binaries: Binaries = field(default_factory=lambda: choose(None))

    def __post_init__(self) -> None:
        self.folder.mkdir()
        self.account = SystemAccount.for_server(self.data)
        self.account.own(self.folder)

    @property
    def data(self) -> Path:
        """PostgreSQL's own folder of data."""
        return self.folder / "data"

    def make(self) -> None:
        """An empty cluster that whoever is on this computer may connect to."""
        self._run(
            *("initdb", "-D", self.data, "--username=postgres", "--auth=trust"),
            *("--encoding=UTF8", "--locale=C.UTF-8", "--data-checksums"),
        )
        # Not as an option of its start: pg_rewind starts it once without, and then the journal
        # that it needs would be removed.
        with (self.data / "postgresql.conf").open("a") as file:
            file.write("wal_keep_size = 1GB\n")

    def make_database(self) -> None:
        """The site's two roles and its database, still without tables."""
        for statement in _ROLES:
            self.query(statement, database="postgres")

    def copy(self, other: "Server") -> None:
        """Become a standby of another server; still to be started."""
        way = ("-h", "127.0.0.1", "-p", str(other.port), "-U", "postgres")
        self._run("pg_basebackup", *way, "-D", self.data, "-R", "--checkpoint=fast", "-X", "stream")

    def come_back_behind(self, other: "Server") -> None:
        """Give up what another server does not have and become its standby; to be started."""
        source = f"host=127.0.0.1 port={other.port} user=postgres dbname=postgres"
        self._run("pg_rewind", "-D", self.data, "--source-server", source, "-R")

    def start(self, **settings: str) -> None:
        """Start it with these settings beside those of every server here."""
        given = {
            "listen_addresses": "127.0.0.1",
            "port": str(self.port),
            "unix_socket_directories": "",
            "cluster_name": self.name,
            "hot_standby": "on",
            "dynamic_shared_memory_type": "mmap",
            **settings,
        }
        options = " ".join(f"-c {name}='{value}'" for name, value in given.items())
        log = self.folder / "postgres.log"
        self._run(*("pg_ctl", "start", "-w", "-D", self.data, "-l", log, "-o", options), keep=False)

    def stop(self) -> None:
        """An orderly end, where it runs."""
        if self.processes():
            self._run("pg_ctl", "stop", "-w", "-m", "fast", "-D", self.data)

    def promote(self) -> None:
        """Let a standby take writes from now on."""
        self._run("pg_ctl", "promote", "-w", "-D", self.data)

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to all its processes; SIGKILL is as if the computer were gone."""
        for process in self.processes():
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, number)

    def kill(self) -> None:
        """``kill -9`` of all its processes."""
        while self.processes():
            self.signal(signal.SIGKILL)

    def processes(self) -> list[int]:
        """Its processes, the main one first."""
        return sorted(postgres_processes(self.data))

    def connection(self, user: str = "postgres", database: str = "rbp") -> Any:
        """A connection to this very server."""
        return psycopg2.connect(host="127.0.0.1", port=self.port, dbname=database, user=user)

    def query(self, statement: str, *, database: str = "rbp") -> list[tuple[Any, ...]]:
        """What a statement of a superuser finds."""
        with contextlib.closing(self.connection(database=database)) as connection:
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute(statement)
                return cursor.fetchall() if cursor.description else []

    def _run(self, program: str, *arguments: str | Path, keep: bool = True) -> None:
        command: Command = [self.binaries / program, *arguments]
        done: subprocess.CompletedProcess[str] = self.account.run(
            command, keep_output=keep, timeout_seconds=_SECONDS
        )
        assert done.returncode == 0, f"{program}: {done.stdout}"

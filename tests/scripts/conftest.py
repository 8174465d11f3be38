"""Private PostgreSQLs of the tests' own, in folders that PostgreSQL's account can reach."""

import fcntl
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg2
import pytest

CHECKOUT = Path(__file__).resolve().parent.parent.parent


@dataclass(frozen=True)
class Private:
    """The private PostgreSQL of one data folder, handled by the command line."""

    folder: Path

    def environment(self, **more: str) -> dict[str, str]:
        """The environment of a command for this data folder: no setting but this one."""
        keep = {name: value for name, value in os.environ.items() if not _is_setting(name)}
        return {**keep, "RBP_DATA_DIR": str(self.folder), **more}

    def command(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run script/postgres."""
        return subprocess.run(
            [sys.executable, "-m", "script.lib.postgres", *arguments],
            cwd=CHECKOUT,
            env=self.environment(),
            capture_output=True,
            text=True,
            check=False,
        )

    def must(self, *arguments: str) -> str:
        """Run script/postgres, which has to succeed; what it printed."""
        done = self.command(*arguments)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def query(self, statement: str, *, user: str = "rbp") -> list[tuple[Any, ...]]:
        """Run a statement in the site's database and commit; the rows it gives."""
        connection = psycopg2.connect(self.must("url").strip(), user=user)
        try:
            with connection, connection.cursor() as cursor:
                cursor.execute(statement)
                return cursor.fetchall() if cursor.description else []
        finally:
            connection.close()

    @property
    def data(self) -> Path:
        """PostgreSQL's own folder of data."""
        return self.folder / "postgres" / "data"

    def main_process(self) -> int:
        """The number of the server's main process."""
        return int((self.data / "postmaster.pid").read_text().split()[0])


@contextmanager
def started(private: Private) -> Iterator[None]:
    """A PostgreSQL that is stopped in the end, also where its start failed half-way."""
    try:
        private.must("start")
        yield
    finally:
        private.must("stop")


def migrated(private: Private) -> None:
    """Bring the tables of a running PostgreSQL up to date."""
    subprocess.run(
        [sys.executable, "-W", "ignore", "manage.py", "migrate", "--verbosity=0"],
        cwd=CHECKOUT,
        env=private.environment(DJANGO_SETTINGS_MODULE="tests.settings"),
        check=True,
    )


@pytest.fixture(scope="session")
def with_tables(reachable_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Private:
    """A PostgreSQL at rest with empty tables, made once for all workers: to be copied."""
    shared = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent
    kept = Private(shared / "with-tables")
    with (shared / "with-tables.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not kept.folder.exists():
            made = Private(Path(tempfile.mkdtemp(dir=reachable_folder)))
            with started(made):
                migrated(made)
            copied(made, shared / "draft-with-tables").folder.rename(kept.folder)
    return kept


def copied(private: Private, folder: Path) -> Private:
    """A copy of a PostgreSQL at rest, in a folder that is still to be made."""
    subprocess.run(["cp", "-a", "--reflink=auto", private.folder, folder], check=True)
    return Private(folder)


@pytest.fixture
def private(reachable_folder: Path, request: pytest.FixtureRequest) -> Iterator[Private]:
    """A private PostgreSQL that is still to be made."""
    private = Private(Path(tempfile.mkdtemp(dir=reachable_folder)))
    try:
        yield private
    finally:
        private.must("stop")


@pytest.fixture(scope="module")
def running(reachable_folder: Path) -> Iterator[Private]:
    """A private PostgreSQL that runs whenever a test begins."""
    private = Private(Path(tempfile.mkdtemp(dir=reachable_folder)))
    with started(private):
        yield private


def _is_setting(name: str) -> bool:
    return name.startswith("RBP_") or name in {
        "DATABASE_URL",
        "DATABASE_OWNER_URL",
        "DATABASE_STANDBY_URL",
        "DJANGO_SETTINGS_MODULE",
    }

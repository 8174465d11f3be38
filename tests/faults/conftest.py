"""A PostgreSQL and sites of the fault tests' own: real processes that can really be killed."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg2
import pytest

from rbpsite.data_folder import OWNER, SITE
from tests.faults.browser import Browser, Saving, given_up
from tests.scripts.conftest import CHECKOUT, Private, copied, started
from tests.scripts.conftest import with_tables as with_tables

# Nothing is decided by this: it ends a run that a defect would let wait for ever.
LAST_RESORT_SECONDS = 1800
# Room for the database and its log; small enough to be filled at once.
DISK_MB = 300
# What the systemd unit and the container run.
GUNICORN = ["gunicorn", "--config", "python:rbpsite.serving", "rbpsite.wsgi"]
_SETTINGS = {
    "RBP_SECRET_KEY": "made-up-key-of-the-tests-" * 3,
    "RBP_MIN_FREE_MB": "1",
    "RBP_DB_CONNECT_SECONDS": "2",
    "RBP_DB_LOCK_SECONDS": "1",
    "RBP_DB_BUSY_SECONDS": "1",
}
PREPARE = """
import django
django.setup()
from tests import cast
cast.alice()
"""
_VERIFY = """
import django
django.setup()
from django.core.management import call_command
call_command("seal_log")
call_command("verify_log")
"""


@contextmanager
def clinicians(count: int) -> Iterator[ThreadPoolExecutor]:
    """People at work at the same time; where the test fails nobody waits for them."""
    at_work = ThreadPoolExecutor(count)
    given_up.clear()
    try:
        yield at_work
    except BaseException:
        given_up.set()
        at_work.shutdown(wait=False, cancel_futures=True)
        raise
    at_work.shutdown()


def until(
    is_so: Callable[[], Any], what: str, process: "subprocess.Popen[bytes] | None" = None
) -> None:
    """Wait until something is so, or the process that would bring it about has ended."""
    end = time.monotonic() + LAST_RESORT_SECONDS
    while not is_so():
        assert process is None or process.poll() is None, f"ended before {what}"
        assert time.monotonic() < end, f"never came: {what}"
        # Asked of PostgreSQL, each time takes a new process of it.
        time.sleep(0.1)


def acknowledged(enough: threading.Semaphore, count: int, savings: list["Future[None]"]) -> None:
    """Wait until so many saves are acknowledged; what went wrong in one of them is raised."""
    for _ in range(count):
        while not enough.acquire(timeout=1):
            for each in savings:
                if each.done():
                    each.result()
            assert not all(each.done() for each in savings), "all ended, too few acknowledged"


@dataclass
class Site:
    """Gunicorn with the site, started as the systemd unit and the container start it."""

    ward: "Ward"
    environment: dict[str, str]
    port: int = 0
    _process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it on its port and wait until it answers."""
        if not self.port:
            with socket.socket() as probe:
                probe.bind(("127.0.0.1", 0))
                self.port = probe.getsockname()[1]
        log = (self.ward.folder / f"site-{self.port}.log").open("ab")
        with log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", *self.command],
                cwd=CHECKOUT,
                env={**self.environment, "RBP_BIND": f"127.0.0.1:{self.port}"},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                process_group=0,
            )
        until(lambda: self.browser.get("/healthz").status == 200, "the site", self.process)

    @property
    def command(self) -> list[str]:
        """The module that serves, with its arguments."""
        return GUNICORN

    @property
    def process(self) -> subprocess.Popen[bytes]:
        """Gunicorn's main process, once it was started."""
        assert self._process is not None, "not started"
        return self._process

    @property
    def browser(self) -> Browser:
        """A browser that is not signed in."""
        return Browser(self.port)

    def signed_in(self) -> Browser:
        """A browser of Alice's."""
        browser = self.browser
        browser.sign_in()
        return browser

    def workers(self) -> set[int]:
        """The processes that serve."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return {int(number) for number in children.read_text().split()}

    def kill(self) -> None:
        """``kill -9`` of all its processes at once."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def stop(self) -> None:
        """An orderly end; none of its processes is left in any case."""
        if self._process is None or self._process.poll() is not None:
            return
        self._process.terminate()
        try:
            self._process.wait(LAST_RESORT_SECONDS)
        except BaseException:
            self.kill()
            raise


@dataclass
class Ward:
    """The database of a test run, and what can be counted in it."""

    private: Private
    folder: Path
    database: str = "rbp"
    site_class: type[Site] = Site

    def environment(self, **more: str) -> dict[str, str]:
        """The environment of a site or a command."""
        address = f"postgresql:///{self.database}?host={quote(str(self.private.folder / 'run'))}"
        return self.private.environment(
            DJANGO_SETTINGS_MODULE="tests.faults.settings",
            DATABASE_URL=f"{address}&user={SITE}",
            DATABASE_OWNER_URL=f"{address}&user={OWNER}",
            PYTHONPATH=str(CHECKOUT),
            **(_SETTINGS | more),
        )

    def python(self, program: str) -> str:
        """Run a program in the environment of a site; what it printed."""
        done = subprocess.run(
            [sys.executable, "-W", "ignore", "-c", program],
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
        return psycopg2.connect(
            host=str(self.private.folder / "run"), dbname=self.database, user=user
        )

    def query(self, statement: str, *, user: str = "rbp") -> list[tuple[Any, ...]]:
        """What a statement finds."""
        connection = self.connection(user)
        connection.autocommit = True
        try:
            with connection.cursor() as cursor:
                cursor.execute(statement)
                return cursor.fetchall() if cursor.description else []
        finally:
            connection.close()

    @contextmanager
    def serving(self, **environment: str) -> Iterator[Site]:
        """A site that serves until the end of the block."""
        site = self.site_class(self, self.environment(**environment))
        try:
            site.start()
            yield site
        finally:
            site.stop()

    def must_hold_exactly_once(self, savings: list[Saving]) -> None:
        """Every assessment that was acknowledged is on record, whole, once, and nothing else."""
        tokens = "','".join(saving.token for saving in savings)
        rows = self.query(
            "select a.form_token::text, a.id::text, p.hospital_number, c.current_id::text,"
            " (select count(*) from scoring_auditevent e where e.assessment_id = a.id"
            "  and e.action = 'assessment_recorded'),"
            " (select count(*) from scoring_auditevent e where e.patient_id = p.id"
            "  and e.action = 'patient_registered')"
            " from scoring_assessment a join scoring_patient p on p.id = a.patient_id"
            " join scoring_assessmentchain c on c.id = a.chain_id"
            f" where a.form_token in ('{tokens}')"
        )
        found = {row[0]: row for row in rows}
        assert len(rows) == len(found), "saved twice"
        for saving in savings:
            if saving.ids:
                _, pk, number, current, recorded, registered = found[saving.token]
                assert saving.ids == {pk}
                assert (number, current) == (saving.hospital_number, pk)
                assert (recorded, registered) == (1, 1)
            else:
                assert saving.token not in found or found[saving.token][4:] == (1, 1)
        self._must_be_whole()

    def _must_be_whole(self) -> None:
        [(chains, last, halves, lines)] = self.query(
            "select (select count(*) from scoring_assessmentchain),"
            " (select last_serial from scoring_reportcounter),"
            " (select count(*) from scoring_assessmentchain where current_id is null),"
            " (select count(*) from scoring_assessment) - (select count(*) from"
            "  scoring_auditevent where action = 'assessment_recorded')"
        )
        assert chains == last, "report numbers have gaps"
        assert (halves, lines) == (0, 0)
        assert "The access log is whole" in self.python(_VERIFY)


@pytest.fixture(scope="session")
def small_disk(reachable_folder: Path) -> Iterator[Path | None]:
    """A disk of its own that can be filled; None where this account may not mount one."""
    folder = reachable_folder / "disk"
    folder.mkdir(mode=0o755)
    command = ["mount", "-t", "tmpfs", "-o", f"size={DISK_MB}m,mode=755", "rbp-test", str(folder)]
    if subprocess.run(command, capture_output=True, check=False).returncode != 0:
        yield None
        return
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


@pytest.fixture(scope="session")
def ward(
    reachable_folder: Path,
    small_disk: Path | None,
    with_tables: Private,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Ward]:
    """A database with tables and Alice's account."""
    private = copied(with_tables, (small_disk or reachable_folder) / "ward")
    ward = Ward(private, tmp_path_factory.mktemp("ward"))
    with started(private):
        ward.python(PREPARE)
        yield ward


@pytest.fixture(scope="module")
def site(ward: Ward) -> Iterator[Site]:
    """A site that the tests of a file share."""
    with ward.serving() as site:
        yield site

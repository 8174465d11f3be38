"""``manage.py background``, killed, doubled, stopped, without PostgreSQL: each line is sealed once.

What it ships to a file comes once, too, however often PostgreSQL goes away.
"""

import json
import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TypeAlias

import pytest

from tests.faults.conftest import LAST_RESORT_SECONDS, Ward, until
from tests.scripts.conftest import CHECKOUT

Process: TypeAlias = "subprocess.Popen[bytes]"
_LINES = """
    INSERT INTO scoring_auditevent
        (at, actor, actor_name, action, patient_id, hospital_number, address, detail, digest)
    SELECT now(), '', '', 'history_searched', NULL, '', '192.0.2.7', '{}', ''
    FROM generate_series(1, %d)
"""
_WAITING = "select count(*) from scoring_auditwaiting"
_HOLDER = """
    select pid from pg_locks where locktype = 'advisory' and (classid, objid) = (0, 16255183)
    and granted
"""


class Beside:
    """The background processes of one test, what they log, and the file they ship to."""

    def __init__(self, ward: Ward, folder: Path) -> None:
        self.ward = ward
        self.shipped = folder / "access-log.jsonl"
        self.log = folder / "background.log"
        self._environment = ward.environment(RBP_AUDIT_SHIP=f"jsonl:{self.shipped}")

    @contextmanager
    def running(self) -> Iterator[Process]:
        """A process that runs until the end of the block."""
        with self.log.open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "manage.py", "background"],
                cwd=CHECKOUT,
                env=self._environment,
                stdout=log,
                stderr=log,
            )
        try:
            yield process
        finally:
            process.kill()
            process.wait()

    def write(self, count: int) -> None:
        """Lines of the access log, in one transaction."""
        self.ward.query(_LINES % count)

    def holders(self) -> list[int]:
        """The database sessions that hold the lock."""
        return [number for (number,) in self.ward.query(_HOLDER)]

    def says(self, text: str, times: int = 1) -> bool:
        """Whether the processes have logged a text so often."""
        return self.log.read_text().count(text) >= times

    def is_done(self) -> bool:
        """Whether every line on record is sealed and every seal shipped."""
        [(waiting,)] = self.ward.query(_WAITING)
        return waiting == 0 and len(self._numbers("seal", "number")) >= self.seals()

    def seals(self) -> int:
        """How many there are on record."""
        [(count,)] = self.ward.query("select count(*) from scoring_auditseal")
        return int(count)

    def must_be_whole(self) -> None:
        """Every line on record is in one seal and shipped once; the chain is whole."""
        until(self.is_done, "seals and shipped lines")
        on_record = {number for (number,) in self.ward.query("select id from scoring_auditevent")}
        sealed = self.ward.query("select unnest(event_ids) from scoring_auditseal")
        shipped = self._numbers("event", "id")
        assert Counter(number for (number,) in sealed) == Counter(on_record)
        assert Counter(shipped) == Counter(on_record)
        numbers = self._numbers("seal", "number")
        assert numbers == list(range(1, len(numbers) + 1))
        told = self.ward.python(
            "import django; django.setup(); from django.core.management import call_command; "
            f"call_command('verify_log', against={[str(self.shipped)]!r})"
        )
        assert "The access log is whole" in told

    def _numbers(self, kind: str, name: str) -> list[int]:
        text = self.shipped.read_text() if self.shipped.exists() else ""
        # What stands after the last line's end is still being written.
        contents = [json.loads(line) for line in text[: text.rfind("\n") + 1].splitlines()]
        return [int(each[name]) for each in contents if each["kind"] == kind]


@pytest.fixture
def beside(ward: Ward, tmp_path: Path) -> Beside:
    return Beside(ward, tmp_path)


def test_it_seals_and_ships_until_it_is_told_to_stop(beside: Beside) -> None:
    with beside.running() as process:
        beside.write(30)
        until(beside.is_done, "seals")
        # What is written just before the signal is sealed by the last round.
        beside.write(2)
        process.send_signal(signal.SIGTERM)
        assert process.wait(LAST_RESORT_SECONDS) == 0
        assert beside.ward.query(_WAITING) == [(0,)]
        assert beside.holders() == []
    beside.must_be_whole()
    assert "Traceback" not in beside.log.read_text()


def test_of_two_one_works_and_the_other_takes_over(beside: Beside) -> None:
    with beside.running() as first:
        until(lambda: beside.says("This process does the background work."), "the first")
        with beside.running() as second:
            until(lambda: beside.says("this one stands by"), "the second")
            [holder] = beside.holders()
            beside.write(20)
            until(beside.is_done, "seals of the first")
            assert beside.holders() == [holder]
            first.kill()
            beside.write(20)
            until(lambda: beside.says("This process does the background work.", 2), "the second")
            beside.must_be_whole()
            assert len(beside.holders()) == 1
            assert second.poll() is None


def test_one_that_hangs_loses_the_lock_and_stands_by_when_it_goes_on(beside: Beside) -> None:
    with beside.running() as first:
        until(lambda: bool(beside.holders()), "the lock of the first")
        [holder] = beside.holders()
        with beside.running():
            until(lambda: beside.says("this one stands by"), "the second")
            first.send_signal(signal.SIGSTOP)
            beside.write(20)
            until(lambda: beside.holders() not in ([], [holder]), "the lock of the second")
            first.send_signal(signal.SIGCONT)
            until(lambda: beside.says("this one stands by", 2), "the first")
            beside.must_be_whole()


@pytest.mark.parametrize("how", ["restart", "crash"])
def test_it_outlives_postgresql(beside: Beside, how: str) -> None:
    restart: dict[str, Callable[[], object]] = {
        "restart": lambda: beside.ward.private.must("stop"),
        "crash": lambda: os.kill(beside.ward.private.main_process(), signal.SIGKILL),
    }
    with beside.running() as process:
        for number in range(3):
            # Lines that it is just about to seal, is sealing or is shipping.
            for _ in range(8):
                beside.write(5)
            restart[how]()
            failure = "Connecting to the database fails"
            until(partial(beside.says, failure, number + 1), failure)
            beside.ward.private.must("start")
            until(lambda: bool(beside.holders()), "the lock")
        beside.must_be_whole()
        assert process.poll() is None
    assert "Traceback" not in beside.log.read_text()
    assert beside.says("Connecting to the database works again.", 3)


def test_killed_while_it_works_it_loses_no_line_and_doubles_no_seal(beside: Beside) -> None:
    for _ in range(3):
        with beside.running():
            before = beside.seals()
            # Enough for several seals.
            beside.write(4000)
            until(lambda: beside.seals() > before, "a seal")  # noqa: B023 - called before it changes
    with beside.running():
        until(beside.is_done, "seals and shipped lines")
    sealed = beside.ward.query("select unnest(event_ids) from scoring_auditseal")
    assert len(sealed) == len(set(sealed))
    told = beside.ward.python(
        "import django; django.setup(); from django.core.management import call_command; "
        f"call_command('verify_log', against={[str(beside.shipped)]!r})"
    )
    assert "The access log is whole" in told


def test_it_waits_for_the_tables_of_its_version(beside: Beside) -> None:
    newer = "insert into django_migrations (app, name, applied) values ('scoring', '9999', now())"
    beside.ward.query(newer)
    try:
        with beside.running():
            beside.write(1)
            until(lambda: _asked_for_tables(beside.ward), "a question for the tables")
            assert beside.holders() == []
            beside.ward.query("delete from django_migrations where name = '9999'")
            beside.must_be_whole()
    finally:
        beside.ward.query("delete from django_migrations where name = '9999'")


def _asked_for_tables(ward: Ward) -> bool:
    return bool(
        ward.query(
            "select 1 from pg_stat_activity where datname = current_database()"
            " and query like '%django_migrations%' and pid <> pg_backend_pid()",
            user="postgres",
        )
    )

"""The loop that seals and ships: what it does in a round, and what it says when a job fails."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from unittest import mock

import pytest
from django.db import OperationalError, connection
from pytest_django import Settings

from scoring import actions, health
from scoring.management import background
from scoring.management.background import Background, Job
from scoring.models import AuditSeal, AuditWaiting
from tests.audit import logbook

committed = pytest.mark.django_db(transaction=True)
CHECKOUT = Path(__file__).resolve().parents[2]


class Broken:
    """A job that fails as often as it is told to."""

    def __init__(self, *errors: Exception) -> None:
        self.errors = list(errors)
        self.runs = 0

    def __call__(self) -> None:
        self.runs += 1
        if self.errors:
            raise self.errors.pop(0)


@pytest.fixture
def loop(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Background]]:
    """Loops with the jobs given; they try again in the next round. The lock goes with the test."""
    monkeypatch.setattr(background, "_FIRST_RETRY_SECONDS", 1e-9)
    yield lambda *runs: Background([Job(f"Job {n}", run) for n, run in enumerate(runs, 1)])
    connection.close()


@committed
def test_a_round_seals_what_is_committed_and_ships_it(
    loop: Callable[..., Background], settings: Settings, tmp_path: Path
) -> None:
    settings.AUDIT_SHIP = f"jsonl:{tmp_path / 'log.jsonl'}"
    work = loop(actions.seal_waiting, actions.ship_seals).work
    for lines in (2, 1):
        logbook.written(lines)
        work()
        assert not AuditWaiting.objects.exists()
    assert [len(seal.event_ids) for seal in AuditSeal.objects.order_by("number")] == [2, 1]
    assert (tmp_path / "log.jsonl").read_text().count('"kind": "seal"') == 2
    assert not logbook.found()
    assert health.background_problem() == ""


@committed
def test_what_fails_is_logged_once_and_keeps_no_other_job(
    loop: Callable[..., Background], caplog: pytest.LogCaptureFixture
) -> None:
    away = FileNotFoundError(2, "No such file or directory")
    broken, other = Broken(away, away), Broken()
    loop_ = loop(broken, other)
    for _ in range(4):
        loop_.work()
    assert (broken.runs, other.runs) == (4, 4)
    assert [record.getMessage() for record in caplog.records if record.levelname == "WARNING"] == [
        "Job 1 fails and is tried again: No such file or directory",
        "Job 1 works again.",
    ]


@committed
def test_while_it_fails_it_is_tried_less_often(loop: Callable[..., Background]) -> None:
    broken = Broken(OSError())
    with mock.patch.object(background, "_FIRST_RETRY_SECONDS", 3600.0):
        loop_ = loop(broken)
        for _ in range(3):
            loop_.work()
    assert broken.runs == 1


@committed
def test_an_error_of_the_database_begins_a_connection_anew(
    loop: Callable[..., Background], caplog: pytest.LogCaptureFixture
) -> None:
    broken, other = Broken(OperationalError("Failing row: Wang")), Broken()
    loop_ = loop(broken, other)
    loop_.work()
    # Without the lock nothing more is done in this round.
    assert other.runs == 0
    assert not health.background_is_running()
    loop_.work()
    assert (broken.runs, other.runs) == (2, 1)
    assert health.background_is_running()
    # What a database says of a line stays out of the log.
    assert "OperationalError" in caplog.text
    assert "Wang" not in caplog.text


@committed
def test_a_destination_out_of_reach_keeps_no_line_from_its_seal(
    loop: Callable[..., Background], settings: Settings, tmp_path: Path
) -> None:
    file = tmp_path / "away" / "log.jsonl"
    settings.AUDIT_SHIP = f"jsonl:{file}"
    loop_ = loop(actions.seal_waiting, actions.ship_seals)
    for number in range(3):
        logbook.written(1)
        loop_.work()
        assert AuditSeal.objects.count() == number + 1
    file.parent.mkdir()
    # Without another line: it tries again by itself.
    loop_.work()
    assert file.read_text().count('"kind": "seal"') == 3


def test_the_site_itself_starts_no_thread() -> None:
    program = (
        "import threading, rbpsite.wsgi; from scoring import actions; "
        "print([thread.name for thread in threading.enumerate()])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=CHECKOUT,
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "tests.settings"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "['MainThread']"

"""The keeper: lines are sealed and shipped behind a request's back, and failures stay there."""

import logging
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.db import OperationalError, transaction
from pytest_django import Settings

from scoring import actions
from scoring.actions import log_keeper
from scoring.models import AuditSeal, AuditWaiting
from tests.audit import logbook

committed = pytest.mark.django_db(transaction=True)
CHECKOUT = Path(__file__).resolve().parents[2]


@pytest.fixture
def keeper(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """This process keeps, and does not take its time."""
    monkeypatch.setattr(log_keeper, "_FIRST_RETRY_SECONDS", 0.05)
    monkeypatch.setattr(log_keeper, "_IDLE_SECONDS", 0.05)
    monkeypatch.setattr(log_keeper, "_keeper", log_keeper.Keeper(gather_seconds=0.02))
    yield
    log_keeper.stop_keeping()


def _soon(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 10
    while not is_so():
        assert time.monotonic() < deadline, "not within ten seconds"
        time.sleep(0.01)


def _all_sealed() -> bool:
    return not AuditWaiting.objects.exists()


@committed
@pytest.mark.usefixtures("keeper")
def test_lines_are_sealed_by_themselves() -> None:
    logbook.written(2)
    _soon(_all_sealed)
    # Idle for a while: the connection was closed, and is opened again.
    time.sleep(0.2)
    logbook.written(1)
    _soon(_all_sealed)
    assert sum(len(seal.event_ids) for seal in AuditSeal.objects.all()) == 3
    assert not logbook.found()


@committed
@pytest.mark.usefixtures("keeper")
def test_only_what_is_committed_wakes_it() -> None:
    with transaction.atomic():
        logbook.written(1)
        transaction.set_rollback(True)
    time.sleep(0.1)
    assert log_keeper._keeper is not None
    assert log_keeper._keeper._thread is None


@committed
@pytest.mark.usefixtures("keeper")
def test_a_destination_out_of_reach_is_told_once_and_caught_up_with(
    settings: Settings, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    file = tmp_path / "away" / "log.jsonl"
    settings.AUDIT_SHIP = f"jsonl:{file}"
    for number in range(3):
        logbook.written(1)
        _soon(_all_sealed)
        assert AuditSeal.objects.count() == number + 1
    _soon(lambda: bool(caplog.records))
    file.parent.mkdir()
    # Without another line: it tries again by itself.
    _soon(lambda: file.exists() and file.read_text().count('"kind": "seal"') == 3)
    _soon(lambda: len(caplog.records) == 2)
    told = [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING]
    assert told == [
        "The access log could not be sealed or shipped yet: No such file or directory",
        "The access log is sealed and shipped again.",
    ]


@committed
@pytest.mark.usefixtures("keeper")
def test_a_database_that_fails_is_tried_again(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    failures = [OperationalError("Failing row: Wang")] * 3

    def seal_at_last() -> int:
        if failures:
            raise failures.pop()
        return actions.seal_waiting()

    monkeypatch.setattr(log_keeper, "seal_waiting", seal_at_last)
    logbook.written(1)
    _soon(_all_sealed)
    _soon(lambda: len(caplog.records) == 2)
    assert "OperationalError" in caplog.text
    # What a database says of a line stays out of the server's log.
    assert "Wang" not in caplog.text


@committed
@pytest.mark.usefixtures("keeper")
def test_a_writer_never_waits_for_the_keeper(monkeypatch: pytest.MonkeyPatch) -> None:
    release: list[bool] = []

    def hangs() -> bool:
        _soon(lambda: bool(release))
        return True

    monkeypatch.setattr(log_keeper, "ship_seals", hangs)
    logbook.written(1)
    _soon(_all_sealed)
    began = time.monotonic()
    logbook.written(20)
    assert time.monotonic() - began < 5
    release.append(True)
    _soon(_all_sealed)


@pytest.mark.usefixtures("keeper")
def test_a_forked_worker_has_a_keeper_of_its_own() -> None:
    before = log_keeper._keeper
    child = os.fork()
    if child == 0:
        os._exit(0 if log_keeper._keeper not in (None, before) else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert log_keeper._keeper is before


def test_commands_do_not_keep_and_the_server_does() -> None:
    program = (
        "import django; django.setup(); from scoring.actions import log_keeper as k; "
        "print(k._keeper); import rbpsite.wsgi; print(type(k._keeper).__name__)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=CHECKOUT,
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "tests.settings"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split() == ["None", "Keeper"]

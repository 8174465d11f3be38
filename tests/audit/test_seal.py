"""Sealing: every committed line exactly once, whatever the order, whoever writes beside."""

import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from unittest.mock import patch

import pytest
from django.db import InternalError, connection, transaction
from django.utils import timezone

from scoring import actions
from scoring.actions import log_seal
from scoring.models import AuditEvent, AuditSeal, AuditWaiting
from scoring.models.audit_digest import BEGINNING
from scoring.queries import log_check
from scoring.queries.log_check import LogCheck, Problem
from tests.audit import logbook

inside = pytest.mark.usefixtures("db", "within_the_test")
committed = pytest.mark.django_db(transaction=True)


@pytest.fixture
def other_connection() -> Iterator[ThreadPoolExecutor]:
    """A thread with a connection of its own."""
    with ThreadPoolExecutor(1) as pool:
        yield pool
        pool.submit(lambda: connection.close()).result()


def _seals() -> list[list[int]]:
    return list(AuditSeal.objects.order_by("number").values_list("event_ids", flat=True))


@inside
def test_lines_wait_and_are_sealed_in_order() -> None:
    first, second = logbook.written(3), logbook.written(2)
    assert AuditWaiting.objects.count() == 5
    assert actions.seal_waiting() == 5
    assert actions.seal_waiting() == 0
    third = logbook.written(1)
    assert actions.seal_waiting() == 1
    assert _seals() == [first + second, third]
    one, two = AuditSeal.objects.order_by("number")
    assert (one.previous, two.previous) == (BEGINNING, one.digest)
    assert (one.events_total, two.events_total) == (5, 6)
    check = LogCheck()
    assert not list(check.findings())
    assert (check.events, check.seals, check.waiting) == (6, 2, 0)
    assert check.anchor.startswith(f"2:{two.digest}:6:")


@inside
def test_many_lines_make_several_seals() -> None:
    with patch.object(log_seal, "SEALED_AT_ONCE", 4):
        ids = logbook.written(10)
        assert actions.seal_waiting() == 10
    assert _seals() == [ids[:4], ids[4:8], ids[8:]]
    assert not logbook.found()


@committed
def test_who_commits_late_is_not_passed_over(other_connection: ThreadPoolExecutor) -> None:
    with transaction.atomic():
        (late,) = logbook.written()
        (early,) = other_connection.submit(logbook.written).result()
        assert late < early
        assert other_connection.submit(actions.seal_waiting).result() == 1
        assert other_connection.submit(logbook.found).result() == set()
    actions.seal_waiting()
    assert _seals() == [[early], [late]]
    assert not logbook.found()


@inside
def test_a_line_rolled_back_leaves_a_gap_that_means_nothing() -> None:
    with transaction.atomic():
        logbook.written(2)
        transaction.set_rollback(True)
    (kept,) = logbook.written()
    actions.seal_waiting()
    assert _seals() == [[kept]]
    assert not logbook.found()


@inside
def test_a_clock_set_back_does_not_break_the_chain() -> None:
    logbook.sealed(2)
    with patch.object(timezone, "now", return_value=datetime(2001, 1, 1, tzinfo=UTC)):
        logbook.sealed(2)
    logbook.sealed(1)
    assert not logbook.found()


@committed
def test_many_writers_and_several_sealers_at_once() -> None:
    """Every line in exactly one seal, and the chain is whole at any moment."""
    writers, lines, done = 8, 40, threading.Event()

    def write() -> list[int]:
        try:
            ids = []
            for number in range(lines):
                # Transactions of more than one line, and some that come to nothing.
                with transaction.atomic():
                    some = logbook.written(1 + number % 3)
                    if number % 7 == 0:
                        transaction.set_rollback(True)
                        some = []
                ids += some
            return ids
        finally:
            connection.close()

    def seal() -> None:
        try:
            while not done.is_set():
                actions.seal_waiting()
        finally:
            connection.close()

    def check() -> set[object]:
        try:
            problems: set[object] = set()
            while not done.is_set():
                problems |= logbook.found()
            return problems
        finally:
            connection.close()

    with ThreadPoolExecutor(writers + 4) as pool:
        sealers = [pool.submit(seal) for _ in range(3)]
        checker = pool.submit(check)
        written = [pool.submit(write) for _ in range(writers)]
        ids = [event_id for each in written for event_id in each.result()]
        done.set()
        for each in sealers:
            each.result()
        assert not checker.result()
    actions.seal_waiting()
    counted = Counter(event_id for some in _seals() for event_id in some)
    assert counted == Counter(ids)
    assert set(AuditEvent.objects.values_list("pk", flat=True)) == set(ids)
    assert not logbook.found()


@committed
def test_a_writer_does_not_wait_for_a_sealer(other_connection: ThreadPoolExecutor) -> None:
    """The lock is the sealers' alone."""
    with transaction.atomic():
        logbook.written()
        log_seal.seal_batch()
        other_connection.submit(logbook.written).result(timeout=10)


@committed
def test_sealing_has_transactions_of_its_own() -> None:
    with pytest.raises(RuntimeError, match="durable"), transaction.atomic():
        actions.seal_waiting()


@inside
def test_a_line_sealed_long_after_its_time_is_worth_a_look() -> None:
    long_ago = timezone.now() - timedelta(hours=2)
    with patch.object(timezone, "now", return_value=long_ago):
        (slow,) = logbook.written()
    actions.seal_waiting()
    assert logbook.found() == {(Problem.EVENT_SEALED_LATE, slow)}


@committed
def test_a_check_sees_one_moment_and_writes_nothing(other_connection: ThreadPoolExecutor) -> None:
    """What is written and sealed while it runs is not half of its findings."""
    logbook.sealed(1)
    check = LogCheck()
    findings = check.findings()
    with log_check.snapshot():
        assert AuditSeal.objects.count() == 1
        other_connection.submit(logbook.sealed, 1).result()
        assert AuditSeal.objects.count() == 1
        with pytest.raises(InternalError, match="read-only"):
            AuditWaiting.objects.create(event_id=1)
    assert not list(findings)
    assert check.seals == 2

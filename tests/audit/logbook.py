"""What the tests of the access log share: lines written, tampered with, checked."""

from collections.abc import Iterable

from django.db import connection

from scoring import actions
from scoring.entry import Origin
from scoring.models import AuditEvent
from scoring.queries.log_check import Known, LogCheck, LogFinding, Problem
from scoring.queries.record_check import RecordFinding

Action = AuditEvent.Action


def written(count: int = 1, *, text: str = "wang") -> list[int]:
    """Lines as the site writes them; their ids."""
    return [
        actions.log_event(
            by=None,
            action=Action.HISTORY_SEARCHED,
            origin=Origin(address="192.0.2.7"),
            detail={"text": text, "found": number},
        ).pk
        for number in range(count)
    ]


def sealed(*counts: int) -> list[list[int]]:
    """Lines in as many seals as there are counts; the ids by seal."""
    ids = []
    for count in counts:
        ids.append(written(count))
        actions.seal_waiting()
    return ids


def tamper(*statements: str) -> None:
    """What the owner of the tables can do, who can switch off triggers and on again."""
    tables = ("scoring_auditevent", "scoring_auditseal")
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        for statement in statements:
            cursor.execute(statement)
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def found(known: Iterable[Known] = ()) -> set[tuple[Problem, int]]:
    """What is wrong with the log now."""
    findings = list(LogCheck(known).findings())
    # These tests write no row of the record.
    assert not [each for each in findings if isinstance(each, RecordFinding)]
    return {(each.problem, each.number) for each in findings if isinstance(each, LogFinding)}

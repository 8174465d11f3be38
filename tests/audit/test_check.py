"""What was tampered with is found, by name."""

import pgtrigger
import pytest
from django.db import connection
from django.db.models import TextField
from django.db.models.functions import Cast

from scoring import actions
from scoring.models import AuditEvent, AuditSeal
from scoring.models.audit_digest import HASHED_FIELDS, event_digest, seal_digest
from scoring.queries.log_check import Known, LogCheck, Problem
from tests.audit import logbook
from tests.audit.logbook import found, tamper

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("within_the_test")]
P = Problem
COLUMNS = (
    "at, actor, actor_name, action, patient_id, hospital_number, assessment_id, address, detail"
)


@pytest.mark.parametrize(
    "change",
    [
        "actor = 'mallory'",
        "actor_name = 'Dr Mallory'",
        "action = 'worklist_viewed'",
        "patient_id = gen_random_uuid()",
        "hospital_number = 'H9'",
        "assessment_id = gen_random_uuid()",
        "address = '192.0.2.8'",
        "address = '192.0.2.7/8'",
        "at = at + interval '1 microsecond'",
        "detail = '{}'",
        "digest = repeat('0', 64)",
    ],
)
def test_an_altered_line(change: str) -> None:
    (_, altered), _ = logbook.sealed(2, 1)
    tamper(f"UPDATE scoring_auditevent SET {change} WHERE id = {altered}")
    assert found() == {(P.EVENT_ALTERED, altered)}


def test_an_altered_line_whose_digest_was_altered_to_fit() -> None:
    """The trigger would set it again: what is sealed is not what stands there."""
    ((_, altered), _) = logbook.sealed(2, 1)
    tamper(
        f"UPDATE scoring_auditevent SET actor = 'mallory' WHERE id = {altered}",
        f"CREATE TEMP TABLE copied AS SELECT * FROM scoring_auditevent WHERE id = {altered}",
        f"DELETE FROM scoring_auditevent WHERE id = {altered}",
    )
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO scoring_auditevent (id, {COLUMNS}, digest) "
            f"SELECT id, {COLUMNS}, '' FROM copied"
        )
        cursor.execute("DELETE FROM scoring_auditwaiting")
    assert found() == {(P.EVENT_ALTERED, altered)}


def test_an_altered_line_that_waits() -> None:
    (altered,) = logbook.written()
    tamper(f"UPDATE scoring_auditevent SET actor = 'mallory' WHERE id = {altered}")
    assert found() == {(P.EVENT_ALTERED, altered)}
    actions.seal_waiting()
    assert found() == {(P.EVENT_ALTERED, altered)}


@pytest.mark.parametrize("place", [0, 1, 2])
def test_a_removed_line(place: int) -> None:
    ids = logbook.sealed(1, 1, 1)[place]
    tamper(f"DELETE FROM scoring_auditevent WHERE id = {ids[0]}")
    assert found() == {(P.EVENT_GONE, ids[0])}


def test_a_line_removed_before_its_seal_is_kept_as_gone_for_ever() -> None:
    first, gone = logbook.written(2)
    tamper(f"DELETE FROM scoring_auditevent WHERE id = {gone}")
    assert found() == {(P.EVENT_GONE_BEFORE_SEAL, gone)}
    actions.seal_waiting()
    assert found() == {(P.EVENT_GONE_BEFORE_SEAL, gone)}
    assert AuditSeal.objects.get().event_ids == [first, gone]


def test_a_line_slipped_in_between() -> None:
    (first, gap, _last) = logbook.written(3)
    tamper(
        f"DELETE FROM scoring_auditevent WHERE id = {gap}",
        f"DELETE FROM scoring_auditwaiting WHERE event_id = {gap}",
    )
    actions.seal_waiting()
    assert not found()
    tamper(
        f"INSERT INTO scoring_auditevent (id, {COLUMNS}, digest) "
        f"SELECT {gap}, {COLUMNS}, digest FROM scoring_auditevent WHERE id = {first}"
    )
    assert found() == {(P.EVENT_NEVER_SEALED, gap)}


def test_lines_that_changed_places() -> None:
    ((one, two),) = logbook.sealed(2)
    tamper(
        f"UPDATE scoring_auditevent SET id = -1 WHERE id = {one}",
        f"UPDATE scoring_auditevent SET id = {one} WHERE id = {two}",
        f"UPDATE scoring_auditevent SET id = {two} WHERE id = -1",
    )
    assert found() == {(P.EVENT_ALTERED, one), (P.EVENT_ALTERED, two)}


def test_the_order_within_a_seal() -> None:
    logbook.sealed(2)
    tamper(
        "UPDATE scoring_auditseal SET event_ids = ARRAY[event_ids[2], event_ids[1]], "
        "event_digests = ARRAY[event_digests[2], event_digests[1]]"
    )
    assert found() == {(P.SEAL_ALTERED, 1)}


def test_seals_that_changed_places() -> None:
    logbook.sealed(1, 1, 1)
    tamper(
        "UPDATE scoring_auditseal SET number = -1 WHERE number = 1",
        "UPDATE scoring_auditseal SET number = 1 WHERE number = 2",
        "UPDATE scoring_auditseal SET number = 2 WHERE number = -1",
    )
    assert {(P.SEAL_ALTERED, 1), (P.SEAL_UNLINKED, 1), (P.SEAL_ALTERED, 2)} <= found()


def test_a_removed_seal() -> None:
    _, (line,), _ = logbook.sealed(1, 1, 1)
    tamper("DELETE FROM scoring_auditseal WHERE number = 2")
    assert found() == {(P.SEAL_GONE, 2), (P.EVENT_NEVER_SEALED, line)}


def test_a_line_added_to_a_seal() -> None:
    logbook.sealed(1)
    (line,) = logbook.written()
    tamper(
        f"UPDATE scoring_auditseal SET event_ids = event_ids || ARRAY[{line}::bigint]",
        "DELETE FROM scoring_auditwaiting",
    )
    assert found() == {(P.SEAL_ALTERED, 1)}


@pytest.mark.parametrize(
    "seal",
    [
        "now(), ARRAY[NULL, NULL]::bigint[], '{a,b}'",
        "now(), '{{1,2},{3,4}}', '{{a,b},{c,d}}'",
        "'4000-01-01 BC', '{}', '{}'",
    ],
    ids=["nulls", "two-dimensional", "before our era"],
)
def test_a_seal_that_nobody_can_read_does_not_hide_the_rest(seal: str) -> None:
    (waits,) = logbook.written()
    _add_seal("1", seal)
    tamper(f"UPDATE scoring_auditevent SET actor = 'mallory' WHERE id = {waits}")
    assert {(P.UNREADABLE, 0), (P.EVENT_ALTERED, waits)} <= found()


def test_a_seal_of_a_huge_number_ends_the_check_all_the_same() -> None:
    logbook.sealed(1)
    _add_seal("1000000000000", "now(), '{}', '{}'")
    wrong = found()
    assert {(P.SEAL_GONE, 2), (P.SEAL_ALTERED, 1000000000000)} <= wrong
    assert len(wrong) < 2000


def _add_seal(number: str, rest: str) -> None:
    """What the site's role can add: nothing else than the site's code looks at it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO scoring_auditseal (number, sealed_at, event_ids, event_digests,"
            f" events_total, previous, digest) VALUES ({number}, {rest}, 1, 'x', 'y')"
        )


def test_a_line_sealed_twice() -> None:
    ((line,),) = logbook.sealed(1)
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO scoring_auditwaiting VALUES (%s)", [line])
    actions.seal_waiting()
    assert found() == {(P.EVENT_SEALED_TWICE, line)}


def test_a_tail_whose_seals_are_gone_and_whose_lines_are_left() -> None:
    _, tail = logbook.sealed(2, 2)
    tamper("DELETE FROM scoring_auditseal WHERE number = 2")
    assert found() == {(P.EVENT_NEVER_SEALED, line) for line in tail}


def test_a_tail_gone_with_its_seals_is_found_by_what_is_kept_outside() -> None:
    """Nothing in the database tells of it: the anchor does, and the lines that were shipped."""
    _, tail = logbook.sealed(2, 2)
    check = LogCheck()
    assert not list(check.findings())
    number, digest, *_ = check.anchor.split(":")
    anchor = Known(is_seal=True, number=int(number), digest=digest)
    shipped = [Known(is_seal=False, number=line, digest="1" * 64) for line in tail]
    listed = ", ".join(map(str, tail))
    tamper(
        "DELETE FROM scoring_auditseal WHERE number = 2",
        f"DELETE FROM scoring_auditevent WHERE id IN ({listed})",
    )
    assert not found()
    assert found([anchor]) == {(P.KNOWN_SEAL_GONE, 2)}
    assert found(shipped) == {(P.KNOWN_EVENT_GONE, line) for line in tail}
    # Who writes on after that does not cover it up.
    logbook.sealed(2)
    assert found([anchor]) == {(P.KNOWN_SEAL_DIFFERS, 2)}


def test_a_chain_computed_anew_is_found_by_an_anchor() -> None:
    """Who owns the tables can alter a line and forge the whole chain after it."""
    ((line,),) = logbook.sealed(1)
    anchor = AuditSeal.objects.get()
    known = Known(is_seal=True, number=anchor.number, digest=anchor.digest)
    tamper(
        f"UPDATE scoring_auditevent SET actor = 'mallory' WHERE id = {line}",
        "DELETE FROM scoring_auditseal",
    )
    forged = _forged(line)
    tamper(
        f"UPDATE scoring_auditevent SET digest = '{forged}' WHERE id = {line}",
        "DELETE FROM scoring_auditwaiting",
        "INSERT INTO scoring_auditseal (number, sealed_at, event_ids, event_digests, events_total, "
        "previous, digest) VALUES (1, now(), "
        f"ARRAY[{line}], ARRAY['{forged}'], 1, repeat('0', 64), '')",
    )
    seal = AuditSeal.objects.get()
    digest = seal_digest(
        number=1,
        sealed_at=seal.sealed_at,
        previous=seal.previous,
        events_total=1,
        events=[(line, forged)],
    )
    tamper(f"UPDATE scoring_auditseal SET digest = '{digest}'")
    assert not found()
    assert found([known]) == {(P.KNOWN_SEAL_DIFFERS, 1)}
    shipped = Known(is_seal=False, number=line, digest=anchor.event_digests[0])
    assert found([shipped]) == {(P.KNOWN_EVENT_DIFFERS, line)}


def _forged(line: int) -> str:
    """What the digest of an altered line would have to be."""
    row = AuditEvent.objects.values_list(*HASHED_FIELDS, Cast("detail", TextField()))
    return event_digest(row.get(pk=line))


@pytest.mark.parametrize("table", ["scoring_auditevent", "scoring_auditseal"])
def test_a_trigger_left_off(table: str) -> None:
    logbook.sealed(1)
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    try:
        off = [each.name for each in LogCheck().findings() if each.problem is P.GUARD_OFF]
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
    kind = table.removeprefix("scoring_audit")
    assert {f"audit_{kind}_append_only", f"audit_{kind}_never_truncated"} <= set(off)


@pytest.mark.as_owner
def test_a_trigger_whose_function_was_replaced() -> None:
    ((model, trigger),) = pgtrigger.registered("scoring.AuditSeal:audit_seal_append_only")
    with connection.cursor() as cursor:
        cursor.execute(
            f"CREATE OR REPLACE FUNCTION {trigger.get_pgid(model)}() RETURNS trigger"
            " LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'"
        )
    off = [each.name for each in LogCheck().findings() if each.problem is P.GUARD_OFF]
    assert off == ["audit_seal_append_only"]


def test_nothing_is_whole_and_an_anchor_then_tells() -> None:
    assert not found()
    known = Known(is_seal=True, number=1, digest="a" * 64)
    assert found([known]) == {(P.KNOWN_SEAL_GONE, 1)}

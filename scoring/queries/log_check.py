"""Whether the access log is whole: every line, every link, everything known from outside.

And whether the record is what the log says: see ``record_check``.

Reads alone, in one snapshot, so that it also runs beside writers, on a copy, or with an account
that may not write. What it finds are codes and numbers; the command ``verify_log`` has the words.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import islice

from django.apps import apps
from django.db import connection, transaction
from django.db.models import TextField
from django.db.models.functions import Cast

from scoring.models import AuditEvent, AuditSeal, AuditWaiting
from scoring.models.audit_digest import (
    BEGINNING,
    GONE,
    HASHED_FIELDS,
    event_digest,
    seal_digest,
)
from scoring.queries.log_anchor import signed_anchor
from scoring.queries.record_check import RecordCheck, RecordFinding
from scoring.queries.streams import batches

# A line sealed later than this was kept waiting, or was slipped in with a time of its own.
LATE = timedelta(hours=1)
_ROWS_AT_ONCE = 2000
_SEALS_AT_ONCE = 50
# Of one gap. A seal that was added may have any number.
_GONE_NAMED = 1000

_NEVER_SEALED_SQL = """
    SELECT id FROM scoring_auditevent
    EXCEPT SELECT unnest(event_ids) FROM scoring_auditseal
    EXCEPT SELECT event_id FROM scoring_auditwaiting
    ORDER BY id
"""
_SEALED_TWICE_SQL = """
    SELECT event_id FROM (SELECT unnest(event_ids) AS event_id FROM scoring_auditseal) sealed
    GROUP BY event_id HAVING count(*) > 1 ORDER BY event_id
"""
_GUARDS_SQL = """
    SELECT tgname, prosrc FROM pg_trigger JOIN pg_proc ON pg_proc.oid = tgfoid
    WHERE tgrelid = %s::regclass AND tgenabled IN ('O', 'A')
"""


class Problem(StrEnum):
    """What can be wrong. The number found with it is that of an event, or of a seal."""

    EVENT_ALTERED = "event_altered"
    EVENT_GONE = "event_gone"
    EVENT_GONE_BEFORE_SEAL = "event_gone_before_seal"
    EVENT_NEVER_SEALED = "event_never_sealed"
    EVENT_SEALED_TWICE = "event_sealed_twice"
    SEAL_GONE = "seal_gone"
    SEAL_ALTERED = "seal_altered"
    SEAL_UNLINKED = "seal_unlinked"
    KNOWN_EVENT_GONE = "known_event_gone"
    KNOWN_EVENT_DIFFERS = "known_event_differs"
    KNOWN_SEAL_GONE = "known_seal_gone"
    KNOWN_SEAL_DIFFERS = "known_seal_differs"
    GUARD_OFF = "guard_off"
    # A value that nobody but a forger writes: a time before our era, no number in a seal.
    UNREADABLE = "unreadable"
    # Not a proof of anything, but worth a look.
    EVENT_SEALED_LATE = "event_sealed_late"


@dataclass(frozen=True)
class LogFinding:
    """One thing that is wrong: which event or seal, a trigger's name, or what can't be read."""

    problem: Problem
    number: int = 0
    name: str = ""


@dataclass(frozen=True)
class Known:
    """An event or a seal as it was once written down outside of the database."""

    is_seal: bool
    number: int
    digest: str


@dataclass
class LogCheck:
    """One look at log and record; the counts are right once ``findings`` has come to its end.

    ``known`` are anchors and lines that were shipped; ``anchor`` is that of the
    last seal, empty where there is none.
    """

    known: Iterable[Known] = ()
    events: int = 0
    seals: int = 0
    waiting: int = 0
    compared: int = 0
    anchor: str = ""
    record: RecordCheck = field(default_factory=RecordCheck)
    _last: str = field(default=BEGINNING, repr=False)

    def findings(self) -> Iterator[LogFinding | RecordFinding]:
        """Everything that is wrong, in the order it is met."""
        with snapshot():
            for part in (
                _guards_off(),
                self._chain(),
                self._waiting(),
                _each(Problem.EVENT_NEVER_SEALED, _NEVER_SEALED_SQL),
                _each(Problem.EVENT_SEALED_TWICE, _SEALED_TWICE_SQL),
                self._known(),
                self.record.findings(),
            ):
                try:
                    yield from part
                except (ValueError, TypeError, RecursionError) as error:
                    # The other parts are checked all the same.
                    yield LogFinding(Problem.UNREADABLE, name=str(error))

    def _known(self) -> Iterator[LogFinding]:
        for some in batches(self.known, _ROWS_AT_ONCE):
            self.compared += len(some)
            yield from _differing_seals([known for known in some if known.is_seal])
            yield from _differing_events([known for known in some if not known.is_seal])

    def _chain(self) -> Iterator[LogFinding]:
        expected = 1
        for seal in AuditSeal.objects.order_by("number").iterator(chunk_size=_SEALS_AT_ONCE):
            for number in islice(range(expected, seal.number), _GONE_NAMED):
                yield LogFinding(Problem.SEAL_GONE, number)
            if seal.number == expected and seal.previous != self._last:
                yield LogFinding(Problem.SEAL_UNLINKED, seal.number)
            if _recomputed(seal) != seal.digest or len(seal.event_ids) != len(seal.event_digests):
                yield LogFinding(Problem.SEAL_ALTERED, seal.number)
            yield from self._sealed(seal)
            expected = seal.number + 1
            self._last = seal.digest
            self.seals += 1
            self.anchor = signed_anchor(seal)

    def _sealed(self, seal: AuditSeal) -> Iterator[LogFinding]:
        found = {event.id: event for event in _events(seal.event_ids)}
        for event_id, digest in zip(seal.event_ids, seal.event_digests, strict=False):
            event = found.get(event_id)
            if event is None:
                gone_before = digest == GONE
                yield LogFinding(
                    Problem.EVENT_GONE_BEFORE_SEAL if gone_before else Problem.EVENT_GONE, event_id
                )
                continue
            self.events += 1
            if not event.recomputed == event.digest == digest:
                yield LogFinding(Problem.EVENT_ALTERED, event_id)
            if seal.sealed_at - event.at > LATE:
                yield LogFinding(Problem.EVENT_SEALED_LATE, event_id)

    def _waiting(self) -> Iterator[LogFinding]:
        ids = AuditWaiting.objects.order_by("event_id").values_list("event_id", flat=True)
        for some in batches(ids.iterator(chunk_size=_ROWS_AT_ONCE), _ROWS_AT_ONCE):
            found = {event.id: event for event in _events(some)}
            for event_id in some:
                event = found.get(event_id)
                if event is None:
                    yield LogFinding(Problem.EVENT_GONE_BEFORE_SEAL, event_id)
                    continue
                self.waiting += 1
                if event.recomputed != event.digest:
                    yield LogFinding(Problem.EVENT_ALTERED, event_id)


@contextmanager
def snapshot() -> Iterator[None]:
    """All that is read within is of one moment, and nothing can be written."""
    with transaction.atomic(durable=True):
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            # Sorted sets go to the disk when they grow, hashed ones do not.
            cursor.execute("SET LOCAL enable_hashagg = off")
        yield


@dataclass(frozen=True)
class _Event:
    """A line with the digest it came with, and the one its values have now."""

    id: int
    at: datetime
    recomputed: str
    digest: str


def _events(ids: Sequence[int]) -> Iterator[_Event]:
    rows = AuditEvent.objects.filter(pk__in=ids).values_list(
        *HASHED_FIELDS, Cast("detail", TextField()), "digest"
    )
    for *values, digest in rows:
        yield _Event(values[0], values[1], event_digest(values), digest)


def _recomputed(seal: AuditSeal) -> str:
    return seal_digest(
        number=seal.number,
        sealed_at=seal.sealed_at,
        previous=seal.previous,
        events_total=seal.events_total,
        events=list(zip(seal.event_ids, seal.event_digests, strict=False)),
    )


def _differing_seals(known: Sequence[Known]) -> Iterator[LogFinding]:
    numbers = [each.number for each in known]
    found = dict(AuditSeal.objects.filter(pk__in=numbers).values_list("number", "digest"))
    for each in known:
        if each.number not in found:
            yield LogFinding(Problem.KNOWN_SEAL_GONE, each.number)
        elif found[each.number] != each.digest:
            yield LogFinding(Problem.KNOWN_SEAL_DIFFERS, each.number)


def _differing_events(known: Sequence[Known]) -> Iterator[LogFinding]:
    found = {event.id: event for event in _events([each.number for each in known])}
    for each in known:
        # One that was gone before it was sealed has been found in its seal.
        if each.digest == GONE:
            continue
        if each.number not in found:
            yield LogFinding(Problem.KNOWN_EVENT_GONE, each.number)
        elif found[each.number].recomputed != each.digest:
            yield LogFinding(Problem.KNOWN_EVENT_DIFFERS, each.number)


def _guards_off() -> Iterator[LogFinding]:
    for model in apps.get_app_config("scoring").get_models():
        with connection.cursor() as cursor:
            cursor.execute(_GUARDS_SQL, [model._meta.db_table])
            on = dict(cursor.fetchall())
        for trigger in getattr(model._meta, "triggers", ()):
            # A function that was replaced leaves its trigger on, and does nothing.
            source = on.get(trigger.get_pgid(model))
            if f"$${source}$$" not in trigger.compile(model).install_sql:
                yield LogFinding(Problem.GUARD_OFF, name=trigger.name)


def _each(problem: Problem, sql: str) -> Iterator[LogFinding]:
    for number in _numbers(sql):
        yield LogFinding(problem, number)


def _numbers(sql: str) -> Iterator[int]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        while rows := cursor.fetchmany(_ROWS_AT_ONCE):
            yield from (int(row[0]) for row in rows)

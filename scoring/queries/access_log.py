"""The access log for reviewers: by patient, by user, by day; keyset pages, bounded counts."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from heapq import merge
from typing import TypeAlias, TypeVar
from uuid import UUID

from django.db.models import Model, Q, QuerySet, Subquery
from django.db.models.fields.json import KeyTextTransform

from scoring.limits import long_transaction
from scoring.models import (
    Assessment,
    AuditEvent,
    AuditWaiting,
    Patient,
    PatientCorrection,
    User,
)
from scoring.models.patient import normalised_hospital_number
from scoring.queries.days import within
from scoring.queries.history import COUNTED_TO, STREAMED_ROWS, Hits

_M = TypeVar("_M", bound=Model)
_K = TypeVar("_K", UUID, int)
_Events: TypeAlias = QuerySet[AuditEvent]
_NEWEST_FIRST = ("-at", "-id")
_ID_LIMIT = 2**63


@dataclass(frozen=True)
class LogCursor:
    """A place in the log between two lines: the sort key of the line it stands beside."""

    at: datetime
    id: int

    @classmethod
    def parse(cls, text: str) -> "LogCursor | None":
        """Read ``2026-03-14T09:42:00.123456+00:00_17``; None where the text is not a cursor."""
        moment, _, key = text.partition("_")
        try:
            at, number = datetime.fromisoformat(moment), int(key)
            if at.tzinfo is None or not 0 <= number < _ID_LIMIT:
                return None
            # In UTC: PostgreSQL knows fewer time zones than Python.
            return cls(at.astimezone(UTC), number)
        except (ValueError, OverflowError):
            return None

    @classmethod
    def at_line(cls, event: AuditEvent) -> "LogCursor":
        """The place of a line."""
        return cls(event.at.astimezone(UTC), event.pk)

    def __str__(self) -> str:
        """The text for a URL."""
        return f"{self.at.isoformat()}_{self.id}"


@dataclass(frozen=True, kw_only=True)
class LogFilter:
    """What the log is narrowed down to; None and "" leave everything in.

    Days are those of the ward's time zone, both included. ``patient_ids`` may be empty: then
    nothing is found. ``username`` finds what an account did and what was done to it, such as a
    failed sign-in.
    """

    first_day: date | None = None
    last_day: date | None = None
    patient_ids: frozenset[UUID] | None = None
    username: str = ""
    action: str = ""

    def alternatives(self) -> list[_Events]:
        """Queries that share no line and together find all, each with an index of its own.

        One query for both kinds of lines of an account could use neither index in order.
        """
        chosen = within("at", self.first_day, self.last_day)
        if self.patient_ids is not None:
            chosen &= Q(patient_id__in=self.patient_ids)
        if self.action:
            chosen &= Q(action=self.action)
        events = AuditEvent.objects.filter(chosen).order_by(*_NEWEST_FIRST)
        if not self.username:
            return [events]
        about = events.alias(account=KeyTextTransform("username", "detail")).filter(
            detail__has_key="username", account=self.username
        )
        return [events.filter(actor=self.username), about.exclude(actor=self.username)]


@dataclass(frozen=True)
class LogLine:
    """A line of the log beside what it is about, as far as that is on record.

    ``clinician`` and ``superseded`` are whom and what its details tell by key.
    """

    event: AuditEvent
    patient: Patient | None
    assessment: Assessment | None
    clinician: User | None
    superseded: Assessment | None


@dataclass(frozen=True)
class LogPage:
    """Lines, newest first, and the cursors to the pages beside them."""

    lines: Sequence[LogLine]
    newer: LogCursor | None
    older: LogCursor | None


def log_page(
    log: LogFilter, *, size: int, before: LogCursor | None, after: LogCursor | None
) -> LogPage:
    """One page by its key; what it costs does not depend on how far back it lies."""
    if after is not None:
        beside = Q(at__gt=after.at) | Q(at=after.at, id__gt=after.id)
        found = _first(log, beside & Q(at__gte=after.at), size + 1, newest=False)
        events = found[:size][::-1]
        has_newer, has_older = len(found) > size, True
    else:
        beside = Q()
        if before is not None:
            beside = Q(at__lt=before.at) | Q(at=before.at, id__lt=before.id)
            beside &= Q(at__lte=before.at)
        found = _first(log, beside, size + 1, newest=True)
        events = found[:size]
        has_newer, has_older = before is not None, len(found) > size
    if not events:
        return LogPage([], None, None)
    return LogPage(
        _lines(events),
        newer=LogCursor.at_line(events[0]) if has_newer else None,
        older=LogCursor.at_line(events[-1]) if has_older else None,
    )


def log_hits(log: LogFilter, *, limit: int = COUNTED_TO) -> Hits:
    """Count no further than needed."""
    counted = sum(found.order_by()[: limit + 1].count() for found in log.alternatives())
    return Hits(min(counted, limit), counted > limit)


def streamed_log(log: LogFilter, columns: Sequence[str]) -> Iterator[tuple[object, ...]]:
    """The columns of every line found, newest first, read from the server as they are consumed."""
    with long_transaction():
        streams = [
            found.values_list("at", "id", *columns).iterator(chunk_size=STREAMED_ROWS)
            for found in log.alternatives()
        ]
        for row in merge(*streams, key=lambda row: row[:2], reverse=True):
            yield row[2:]


def oldest_unsealed_at() -> datetime | None:
    """When the first of the lines that wait for a seal was written; None where none waits."""
    first = AuditWaiting.objects.order_by("event_id").values("event_id")[:1]
    return AuditEvent.objects.filter(pk=Subquery(first)).values_list("at", flat=True).first()


def patients_of_number(number: str) -> frozenset[UUID]:
    """Whoever has this hospital number, or had it before a correction."""
    normalised = normalised_hospital_number(number)
    now = Patient.objects.filter(hospital_number=normalised).values_list("pk", flat=True)
    then = PatientCorrection.objects.filter(
        Q(old_hospital_number=normalised) | Q(new_hospital_number=normalised)
    ).values_list("patient_id", flat=True)
    return frozenset([*now, *then])


def _first(log: LogFilter, beside: Q, size: int, *, newest: bool) -> list[AuditEvent]:
    order = _NEWEST_FIRST if newest else ("at", "id")
    found = [list(each.filter(beside).order_by(*order)[:size]) for each in log.alternatives()]
    return list(merge(*found, key=lambda event: (event.at, event.pk), reverse=newest))[:size]


def _lines(events: Sequence[AuditEvent]) -> list[LogLine]:
    patients = _by_id(Patient.objects.all(), [event.patient_id for event in events])
    superseded = [_told(event, "supersedes", UUID) for event in events]
    clinicians = [_told(event, "clinician", _number) for event in events]
    assessments = _by_id(
        Assessment.objects.select_related("chain"),
        [*(event.assessment_id for event in events), *superseded],
    )
    users = _by_id(User.objects.all(), clinicians)
    return [
        LogLine(
            event,
            patients.get(event.patient_id),
            assessments.get(event.assessment_id),
            users.get(clinician),
            assessments.get(before),
        )
        for event, clinician, before in zip(events, clinicians, superseded, strict=True)
    ]


def _told(event: AuditEvent, name: str, read: Callable[[str], _K]) -> _K | None:
    """A key that a line tells in its details; None where it tells none that can be read."""
    told = event.detail.get(name)
    try:
        return read(told) if isinstance(told, str) else None
    except ValueError:
        return None


def _number(text: str) -> int:
    number = int(text)
    if not 0 <= number < _ID_LIMIT:
        raise ValueError(text)
    return number


def _by_id(known: QuerySet[_M], ids: Sequence[_K | None]) -> dict[_K | None, _M]:
    return dict(known.in_bulk([pk for pk in set(ids) if pk is not None]))

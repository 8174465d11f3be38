"""The access log for reviewers: by patient, by user, by day."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar
from uuid import UUID

from django.db.models import Model, Q, QuerySet, Subquery
from django.db.models.fields.json import KeyTextTransform

from scoring.entry.folding import normalised_hospital_number
from scoring.models import (
    Assessment,
    AuditEvent,
    AuditWaiting,
    Patient,
    PatientCorrection,
    User,
)
from scoring.queries import keyset
from scoring.queries.days import within
from scoring.queries.keyset import Cursor, Hits, ListPage

_M = TypeVar("_M", bound=Model)
_K = TypeVar("_K", UUID, int)
_ID_LIMIT = 2**63


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

    def found(self) -> list[QuerySet[AuditEvent]]:
        """Queries that share no line and together find all, each with an index of its own.

        One query for both kinds of lines of an account could use neither index in order.
        """
        chosen = within("at", self.first_day, self.last_day)
        if self.patient_ids is not None:
            chosen &= Q(patient_id__in=self.patient_ids)
        if self.action:
            chosen &= Q(action=self.action)
        events = AuditEvent.objects.filter(chosen)
        if not self.username:
            return [events.order_by("-at", "-pk")]
        about = events.alias(account=KeyTextTransform("username", "detail")).filter(
            detail__has_key="username", account=self.username
        )
        return [
            each.order_by("-at", "-pk")
            for each in (
                events.filter(actor=self.username),
                about.exclude(actor=self.username),
            )
        ]

    def page(
        self, *, size: int, before: Cursor | None = None, after: Cursor | None = None
    ) -> ListPage[AuditEvent]:
        """Some of those that fit: the newest, or those beside a cursor."""
        return keyset.page(*self.found(), moment="at", size=size, before=before, after=after)

    def hits(self) -> Hits:
        """How many fit, counted up to a limit."""
        return keyset.hits(*self.found())

    def streamed(self, columns: Sequence[str]) -> Iterator[tuple[object, ...]]:
        """The columns of every line found, newest first, read as they are consumed."""
        return keyset.streamed(*self.found(), moment="at", columns=columns)


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


def oldest_unsealed_at() -> datetime | None:
    """When the first of the lines that wait for a seal was written; None where none waits."""
    first = AuditWaiting.objects.order_by("event_id").values("event_id")[:1]
    return AuditEvent.objects.filter(pk=Subquery(first)).values_list("at", flat=True).first()


def patients_of_number(number: str) -> frozenset[UUID]:
    """Whoever has this hospital number, or had it before a correction."""
    normalised = normalised_hospital_number(number)
    now = Patient.objects.filter(hospital_number=normalised).values_list("pk", flat=True)
    # What a number was corrected to is the number now, or was corrected in its turn.
    corrected = PatientCorrection.objects.filter(old_hospital_number=normalised)
    then = corrected.values_list("patient_id", flat=True)
    return frozenset(now.union(then))


def log_lines(events: Sequence[AuditEvent]) -> list[LogLine]:
    """Lines of the log beside what they are about; five statements, however many lines."""
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
    """A key in the details of a line; None where there is none, or it is unreadable."""
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

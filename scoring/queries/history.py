"""The history: found by hospital number or name, page by page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from scoring.models import Assessment, Patient
from scoring.models.patient import normalised_hospital_number, searchable


def matching(text: str) -> Q:
    """Assessments whose patient's hospital number or name begins with, or name contains, a text.

    Case, accents, spaces in numbers and the width of characters make no difference.
    """
    name = searchable(text)
    number = normalised_hospital_number(text)
    if not name:
        return Q()
    patients = Patient.objects.filter(
        Q(hospital_number__startswith=number) | Q(search_name__contains=name)
    )
    return Q(patient__in=patients.values("pk"))


@dataclass(frozen=True)
class Cursor:
    """A place in the history between two rows: the sort key of the row it stands beside."""

    created_at: datetime
    id: UUID

    @classmethod
    def parse(cls, text: str) -> "Cursor | None":
        """Read ``2026-03-14T09:42:00.123456+00:00_uuid``; None where the text is not a cursor."""
        moment, _, key = text.partition("_")
        try:
            parsed = datetime.fromisoformat(moment)
            # In UTC: PostgreSQL knows fewer time zones than Python.
            return cls(parsed.astimezone(UTC), UUID(key)) if parsed.tzinfo else None
        except (ValueError, OverflowError):
            return None

    def __str__(self) -> str:
        """The text for a URL."""
        return f"{self.created_at.isoformat()}_{self.id}"


@dataclass(frozen=True)
class Page:
    """Rows of the history, newest first, and the cursors to the pages beside them."""

    rows: Sequence[Assessment]
    newer: Cursor | None
    older: Cursor | None


def page_of(
    found: QuerySet[Assessment], *, size: int, before: Cursor | None, after: Cursor | None
) -> Page:
    """One page by its key instead of an offset, so that page 1,000 costs what page 1 costs."""
    if after is not None:
        newer_rows = list(_newer_than(found, after).order_by("created_at", "id")[: size + 1])
        rows = newer_rows[:size][::-1]
        has_newer, has_older = len(newer_rows) > size, True
    else:
        older = found if before is None else _older_than(found, before)
        older_rows = list(older[: size + 1])
        rows = older_rows[:size]
        has_newer, has_older = before is not None, len(older_rows) > size
    if not rows:
        return Page(rows, None, None)
    first, last = rows[0], rows[-1]
    return Page(
        rows,
        newer=Cursor(first.created_at, first.id) if has_newer else None,
        older=Cursor(last.created_at, last.id) if has_older else None,
    )


def _older_than(found: QuerySet[Assessment], cursor: Cursor) -> QuerySet[Assessment]:
    return found.filter(
        Q(created_at__lt=cursor.created_at) | Q(created_at=cursor.created_at, id__lt=cursor.id),
        created_at__lte=cursor.created_at,
    )


def _newer_than(found: QuerySet[Assessment], cursor: Cursor) -> QuerySet[Assessment]:
    return found.filter(
        Q(created_at__gt=cursor.created_at) | Q(created_at=cursor.created_at, id__gt=cursor.id),
        created_at__gte=cursor.created_at,
    )

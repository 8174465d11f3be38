"""The history page by page: keyset pages, bounded counts, streams."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypeAlias
from uuid import UUID

from django.db.models import Q, QuerySet

from scoring.display import count_text
from scoring.limits import long_transaction
from scoring.models import Assessment
from scoring.queries.listed import ListedVersion, listed, listed_by
from scoring.queries.prepared import Statement

# Versions of assessments, narrowed down and in an order.
Found: TypeAlias = QuerySet[Assessment]
COUNTED_TO = 1000
STREAMED_ROWS = 2000


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

    rows: Sequence[ListedVersion]
    newer: Cursor | None
    older: Cursor | None

    @property
    def first(self) -> ListedVersion:
        """The newest row; raises IndexError on an empty page."""
        return self.rows[0]

    @property
    def last(self) -> ListedVersion:
        """The oldest row; raises IndexError on an empty page."""
        return self.rows[-1]


def page_of(found: Found, *, size: int, before: Cursor | None, after: Cursor | None) -> Page:
    """One page by its key instead of an offset, so that page 1,000 costs what page 1 costs."""
    if after is None:
        older = found if before is None else older_than(found, before)
        return _back(listed(older[: size + 1]), size=size, has_newer=before is not None)
    newer_rows = listed(_newer_than(found, after).order_by("created_at", "id")[: size + 1])
    return _page(newer_rows[:size][::-1], has_newer=len(newer_rows) > size, has_older=True)


def first_page(listing: Statement, *, size: int) -> Page:
    """The newest rows, of a listing that finds one more of them."""
    return _back(listed_by(listing), size=size, has_newer=False)


# Stands for a cursor in a statement that is put together once.
ANYWHERE = Cursor(datetime.max.replace(tzinfo=UTC), UUID(int=0))


def older_page(listing: Statement, cursor: Cursor, *, size: int) -> Page:
    """The rows after a cursor, of a listing of those older than ANYWHERE, one row more."""
    at = {ANYWHERE.created_at: cursor.created_at, ANYWHERE.id: cursor.id}
    placed = Statement(listing.sql, tuple(at.get(value, value) for value in listing.values))
    return _back(listed_by(placed), size=size, has_newer=True)


def _back(rows: Sequence[ListedVersion], *, size: int, has_newer: bool) -> Page:
    """A page of rows from newer to older, of which one more than its size was looked for."""
    return _page(rows[:size], has_newer=has_newer, has_older=len(rows) > size)


def _page(rows: Sequence[ListedVersion], *, has_newer: bool, has_older: bool) -> Page:
    if not rows:
        return Page(rows, None, None)
    first, last = rows[0], rows[-1]
    return Page(
        rows,
        newer=Cursor(first.created_at, first.id) if has_newer else None,
        older=Cursor(last.created_at, last.id) if has_older else None,
    )


@dataclass(frozen=True)
class Hits:
    """How many rows were found: exactly, or more than were counted."""

    count: int
    is_more: bool

    @property
    def text(self) -> str:
        """The number with a mark between thousands: 1,000."""
        return count_text(self.count)


def hits_of(found: Found, *, limit: int = COUNTED_TO) -> Hits:
    """Count no further than needed: beyond ``limit`` the number costs time and tells nobody."""
    return _hits(found.order_by()[: limit + 1].count(), limit)


def found_keys(found: Found, *, limit: int) -> Statement:
    """The keys of what was found, up to one more than the limit."""
    return Statement.of(found.order_by().values_list("pk")[: limit + 1])


def hits_by(keys: Statement, *, limit: int) -> Hits:
    """How many keys a statement finds that looks for one more than the limit."""
    return _hits(keys.count(), limit)


def _hits(counted: int, limit: int) -> Hits:
    return Hits(min(counted, limit), counted > limit)


def streamed(
    found: Found, columns: Sequence[str], *, rows: int = STREAMED_ROWS
) -> Iterator[tuple[object, ...]]:
    """The columns of every row found, read from a cursor of the server as they are consumed.

    The transaction keeps the cursor on one connection behind a pooler, and saves the server from
    storing the whole result first.
    """
    with long_transaction():
        yield from found.values_list(*columns).iterator(chunk_size=rows)


def older_than(found: Found, cursor: Cursor) -> Found:
    """Those that come after a cursor."""
    return found.filter(
        Q(created_at__lt=cursor.created_at) | Q(created_at=cursor.created_at, id__lt=cursor.id),
        created_at__lte=cursor.created_at,
    )


def _newer_than(found: Found, cursor: Cursor) -> Found:
    return found.filter(
        Q(created_at__gt=cursor.created_at) | Q(created_at=cursor.created_at, id__gt=cursor.id),
        created_at__gte=cursor.created_at,
    )

"""Long lists, newest first: pages by key, bounded counts, streams.

Rows are in the order of a moment, or a day, and then of their primary key. Each function takes the
name of the moment's field and one query or several: several share no row, and each has an index of
its own.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from heapq import merge
from itertools import islice
from operator import attrgetter, itemgetter
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import Model, Q, QuerySet

from scoring.display import count_text
from scoring.limits import long_transaction
from scoring.queries.standby import read_from

M = TypeVar("M", bound=Model)
COUNTED_TO = 1000
STREAMED_ROWS = 2000


@dataclass(frozen=True)
class Cursor:
    """A place in a list between two rows: the sort key of the row it stands beside."""

    moment: date
    key: UUID | int

    @classmethod
    def parse(cls, text: str, kind: type[Model]) -> "Cursor | None":
        """Read ``2026-03-14T09:42:00.123456+00:00_key`` with a key of this kind of rows.

        None where the text is not a cursor.
        """
        return cls._parsed(text, kind, _utc_moment)

    @classmethod
    def parse_day(cls, text: str, kind: type[Model]) -> "Cursor | None":
        """As ``parse``, of rows in the order of a day: ``2026-03-14_key``."""
        return cls._parsed(text, kind, date.fromisoformat)

    @classmethod
    def _parsed(
        cls, text: str, kind: type[Model], read: Callable[[str], date | None]
    ) -> "Cursor | None":
        moment, _, key = text.partition("_")
        try:
            at = read(moment)
            found = kind._meta.pk.clean(key, None)
        except (ValueError, OverflowError, ValidationError):
            return None
        # No row has a key below 0.
        return None if at is None or key.startswith("-") else cls(at, found)

    def __str__(self) -> str:
        """The text for a URL."""
        return f"{self.moment.isoformat()}_{self.key}"


def _utc_moment(text: str) -> datetime | None:
    """In UTC: PostgreSQL knows fewer time zones than Python. None where there is no time zone."""
    moment = datetime.fromisoformat(text)
    return moment.astimezone(UTC) if moment.tzinfo else None


@dataclass(frozen=True)
class ListPage(Generic[M]):
    """Some rows of a list, newest first, and the cursors to the pages beside them."""

    rows: Sequence[M]
    newer: Cursor | None
    older: Cursor | None

    @property
    def first(self) -> M:
        """The newest row; raises IndexError on an empty page."""
        return self.rows[0]

    @property
    def last(self) -> M:
        """The oldest row; raises IndexError on an empty page."""
        return self.rows[-1]


def page(
    *found: QuerySet[M], moment: str, size: int, before: Cursor | None, after: Cursor | None
) -> ListPage[M]:
    """The newest rows, those before a cursor, or those after one.

    By key instead of an offset, so that page 1,000 costs what page 1 costs.
    """
    place = attrgetter(moment, "pk")
    if after is None:
        order, beside = (f"-{moment}", "-pk"), _beside(moment, "lt", before)
    else:
        order, beside = (moment, "pk"), _beside(moment, "gt", after)
    looked_at = [each.filter(beside).order_by(*order)[: size + 1] for each in found]
    # One row more than the page shows whether it is the last.
    rows = list(islice(merge(*looked_at, key=place, reverse=after is None), size + 1))
    is_more = len(rows) > size
    rows = rows[:size] if after is None else rows[:size][::-1]
    if not rows:
        return ListPage([], None, None)
    has_newer = before is not None if after is None else is_more
    has_older = is_more if after is None else True
    return ListPage(
        rows,
        newer=Cursor(*place(rows[0])) if has_newer else None,
        older=Cursor(*place(rows[-1])) if has_older else None,
    )


def _beside(moment: str, side: str, cursor: Cursor | None) -> Q:
    if cursor is None:
        return Q()
    at = cursor.moment
    further = Q(**{f"{moment}__{side}": at}) | Q(**{moment: at, f"pk__{side}": cursor.key})
    # Says nothing new, but an index can be read from there.
    return further & Q(**{f"{moment}__{side}e": at})


@dataclass(frozen=True)
class Hits:
    """How many rows were found: exactly, or more than were counted."""

    count: int
    is_more: bool

    @property
    def text(self) -> str:
        """The number with a mark between thousands: 1,000."""
        return count_text(self.count)


def hits(*found: QuerySet[Any], limit: int = COUNTED_TO) -> Hits:
    """Count up to ``limit``; beyond it the number costs time and helps nobody."""
    counted = sum(each.order_by()[: limit + 1].count() for each in found)
    return Hits(min(counted, limit), counted > limit)


def streamed(
    *found: QuerySet[Any], moment: str, columns: Sequence[str]
) -> Iterator[tuple[object, ...]]:
    """The columns of every row found, read from cursors of the server as they are consumed.

    A single query keeps its own order. The transaction keeps the cursors on one connection behind a
    pooler, and saves the server from storing the whole result first.
    """
    # The rows are read after the view: the database is chosen now.
    return _streamed(read_from(), found, moment=moment, columns=columns)


def _streamed(
    alias: str, found: Sequence[QuerySet[Any]], *, moment: str, columns: Sequence[str]
) -> Iterator[tuple[object, ...]]:
    with long_transaction(using=alias):
        streams = [
            each.using(alias).values_list(moment, "pk", *columns).iterator(chunk_size=STREAMED_ROWS)
            for each in found
        ]
        for row in merge(*streams, key=itemgetter(0, 1), reverse=True):
            yield row[2:]

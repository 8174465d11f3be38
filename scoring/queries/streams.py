"""Reading more than fits into memory."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, TypeVar

from django.db import connection

_T = TypeVar("_T")


def rows_of(
    sql: str, arguments: Sequence[str] = (), *, at_once: int = 2000
) -> Iterator[tuple[Any, ...]]:
    """The rows of a statement as they are consumed, by a cursor of the server."""
    with connection.chunked_cursor() as cursor:
        cursor.execute(sql, arguments or None)
        while rows := cursor.fetchmany(at_once):
            yield from rows


def batches(items: Iterable[_T], size: int) -> Iterator[list[_T]]:
    """Lists of so many items, the last one perhaps shorter."""
    iterator = iter(items)
    while some := list(islice(iterator, size)):
        yield some

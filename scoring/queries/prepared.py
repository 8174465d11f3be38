"""Statements that stay the same from page to page, put together once.

Putting one together takes Django several times as long as PostgreSQL needs to answer it, as long as
the answer comes from an index.
"""

from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import QuerySet


@dataclass(frozen=True)
class Statement:
    """A SELECT as Django's ORM has put it together, with its values."""

    sql: str
    values: tuple[Any, ...]

    @classmethod
    def of(cls, found: "QuerySet[Any, Any]") -> "Statement":
        """The statement of a query; one that can find nothing at all raises EmptyResultSet."""
        return cls(*found.query.sql_with_params())

    def rows(self) -> list[tuple[Any, ...]]:
        """What it finds now."""
        with connection.cursor() as cursor:
            cursor.execute(self.sql, self.values)
            found: list[tuple[Any, ...]] = cursor.fetchall()
        return found

    def count(self) -> int:
        """How many rows it finds now."""
        # Nothing but what Django itself put together.
        counting = Statement(f"SELECT count(*) FROM ({self.sql}) found", self.values)  # noqa: S608
        ((number,),) = counting.rows()
        return int(number)

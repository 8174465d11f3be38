"""The record row by row, as PostgreSQL holds it, and attempts to break it by SQL."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import psycopg2.extras
import pytest
from django.db import IntegrityError, InternalError, connection, transaction

from tests.database_roles import as_owner

# Rows of these are written once and never touched again.
APPEND_ONLY = (
    "scoring_assessment",
    "scoring_outcome",
    "scoring_patientcorrection",
    "scoring_auditevent",
)
TABLES = (*APPEND_ONLY, "scoring_assessmentchain", "scoring_patient", "scoring_reportcounter")

Row = dict[str, Any]
Rows = dict[str, dict[Any, Row]]
Parameters = Sequence[Any] | Mapping[str, Any]


def rows_of(table: str) -> dict[Any, Row]:
    """Every row of a table, all of its columns, by its key."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {table}")  # noqa: S608 - names of the tests themselves
        names = [column.name for column in cursor.description or ()]
        rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    return {row[names[0]]: row for row in rows}


def everything() -> Rows:
    """Every row of the record."""
    return {table: rows_of(table) for table in TABLES}


def columns(table: str) -> list[str]:
    """Columns that are written, not generated."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT column_name FROM information_schema.columns "
            "WHERE table_name = %s AND is_generated = 'NEVER' ORDER BY ordinal_position",
            [table],
        )
        return [name for (name,) in cursor.fetchall()]


def row(table: str, pk: UUID | int) -> Row:
    """One row without its generated columns, to write a changed copy of it."""
    return {name: rows_of(table)[pk][name] for name in columns(table)}


def insert(table: str, values: Mapping[str, Any]) -> None:
    """Write a row as anybody with a SQL prompt could, with all checks at once."""
    sent = [
        psycopg2.extras.Json(value) if name in {"cautions", "detail"} else value
        for name, value in values.items()
    ]
    listed, places = ", ".join(values), ", ".join(["%s"] * len(values))
    execute(f"INSERT INTO {table} ({listed}) VALUES ({places})", sent)  # noqa: S608


def execute(sql: str, parameters: Parameters = ()) -> None:
    """Run a statement with every right; foreign keys that wait for the end answer now."""
    with transaction.atomic(), as_owner(), connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def refused(sql: str, parameters: Parameters = ()) -> None:
    """Assert that PostgreSQL refuses a statement and nothing is different afterwards."""
    before = everything()
    with pytest.raises((IntegrityError, InternalError)):
        execute(sql, parameters)
    assert everything() == before


def insert_refused(table: str, values: Mapping[str, Any], by: str) -> None:
    """Assert that PostgreSQL refuses a row, and which rule of it does."""
    before = everything()
    with pytest.raises((IntegrityError, InternalError), match=by):
        insert(table, values)
    assert everything() == before

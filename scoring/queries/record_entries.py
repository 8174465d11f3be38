"""Rows of the record in their canonical form, and what the access log holds of them."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.db import connection
from django.db.models import Model

from scoring.models.record_digest import RECORD, RecordTable
from scoring.models.record_tables import RECORD_TABLES
from scoring.queries.streams import rows_of

ROWS_AT_ONCE = 2000
# Every entry of the log, each as its model, layout and key; what is none has NULL in them.
LOGGED_SQL = f"""
    SELECT entry ->> 0 AS model, entry ->> 1 AS layout, (entry ->> 2) COLLATE "C" AS key
    FROM scoring_auditevent event CROSS JOIN LATERAL jsonb_array_elements(
        CASE WHEN jsonb_typeof(event.detail -> '{RECORD}') = 'array'
             THEN event.detail -> '{RECORD}' ELSE '[]' END
    ) entry
    WHERE event.detail ? '{RECORD}'
"""  # noqa: S608 - a constant


def record_entries(rows: Sequence[Model]) -> list[list[Any]]:
    """What the log holds of rows just written, in their order, as the database has them now.

    One statement for up to ``ROWS_AT_ONCE`` rows.
    """
    found: list[list[Any]] = []
    for start in range(0, len(rows), ROWS_AT_ONCE):
        found += _entries(rows[start : start + ROWS_AT_ONCE])
    return found


def _entries(rows: Sequence[Model]) -> list[list[Any]]:
    keys = [(str(row._meta.model_name), str(row.pk)) for row in rows]
    pks_by_model: dict[str, list[str]] = {}
    for model, pk in keys:
        pks_by_model.setdefault(model, []).append(pk)
    tables = [RECORD_TABLES[model] for model in pks_by_model]
    statement = " UNION ALL ".join(
        f"SELECT '{table.model}', t.{table.pk}::text, {_selected(table, table.newest)}, "  # noqa: S608
        f"{table.about_sql} FROM {table.table} t WHERE t.{table.pk} = ANY(%s::{table.pk_type}[])"
        for table in tables
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, list(pks_by_model.values()))
        entries = {
            (model, pk): RECORD_TABLES[model].entry(RECORD_TABLES[model].newest, key, text, about)
            for model, pk, key, text, about in cursor.fetchall()
        }
    return [entries[key] for key in keys]


def canonical_rows(
    table: RecordTable, layout: int, pks: Sequence[str]
) -> dict[str, list[tuple[str, str]]]:
    """Key and canonical text of the rows that are there, by their primary key.

    A key has several rows where its constraint was put aside.
    """
    found: dict[str, list[tuple[str, str]]] = {}
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT t.{table.pk}::text, {_selected(table, layout)} FROM {table.table} t "  # noqa: S608
            f"WHERE t.{table.pk} = ANY(%s::{table.pk_type}[])",
            [list(pks)],
        )
        for pk, key, text in cursor.fetchall():
            found.setdefault(pk, []).append((key, text))
    return found


def names_of(table: RecordTable, pks: Sequence[str]) -> dict[str, str]:
    """What names the rows that are there for people, as JSON, by their primary key."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT t.{table.pk}::text, {table.about_sql} FROM {table.table} t "  # noqa: S608
            f"WHERE t.{table.pk} = ANY(%s::{table.pk_type}[])",
            [list(pks)],
        )
        return dict(cursor.fetchall())


def entries_without_line(layouts: Mapping[str, int]) -> Iterator[list[Any]]:
    """An entry for every row that has none of this layout in the log, read as it is consumed."""
    # One statement: the log is read through once, however many tables there are.
    statement = " UNION ALL ".join(
        _without_line(RECORD_TABLES[model], layout) for model, layout in layouts.items()
    )
    for model, key, text, about in rows_of(
        f"WITH logged AS MATERIALIZED ({LOGGED_SQL}) {statement}"
    ):
        yield RECORD_TABLES[model].entry(layouts[model], key, text, about)


def _without_line(table: RecordTable, layout: int) -> str:
    """SQL of the rows of a table that are not in ``logged``."""
    return (
        f"SELECT '{table.model}', {_selected(table, layout)}, {table.about_sql} "  # noqa: S608
        f"FROM {table.table} t WHERE NOT EXISTS (SELECT FROM logged "
        f"WHERE logged.model = '{table.model}' AND logged.layout = '{layout}' "
        f'AND logged.key = ({table.key}) COLLATE "C")'
    )


def _selected(table: RecordTable, layout: int) -> str:
    return f"{table.key}, {table.text_sql(layout)}"

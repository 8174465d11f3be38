"""A record with rows in every table that has digests, and what an owner can do to them."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache

from django.db import connection, transaction

from scoring import actions
from scoring.actions import WardFacts
from scoring.models.record_tables import RECORD_TABLES
from scoring.queries.record_check import RecordCheck, RecordFinding, RecordProblem
from tests import cast
from tests.laboratory.kept import of_laboratory
from tests.life import acts
from tests.recalibration.local import approved, proposed

# Another value of each type; of a text one letter less, so that it fits.
OTHER = {
    "uuid": "gen_random_uuid()",
    "bool": "{c} IS NOT TRUE",
    "int2": "coalesce({c}, 0) + 1",
    "int4": "coalesce({c}, 0) + 1",
    "int8": "coalesce({c}, 0) + 1",
    "numeric": "{c} + 0.0001",
    # The next number that a float can hold.
    "float8": "CASE WHEN {c} IS NULL OR {c} = 0 THEN 1e-300 ELSE {c} * (1 + 2.3e-16::float8) END",
    "varchar": "CASE WHEN coalesce({c}, '') = '' THEN 'x' ELSE left({c}, -1) END",
    "text": "coalesce({c}, '') || 'x'",
    "date": "coalesce({c} + 1, '2025-03-14')",
    "time": "coalesce({c} + interval '1 microsecond', '08:00')",
    "timestamptz": "coalesce({c} + interval '1 microsecond', now())",
    "jsonb": """'[{{"a": 1}}]'""",
    "_varchar": "{c} || ARRAY['王']::varchar[]",
}


def lives() -> None:
    """Two rows or more in every table, each written by its action."""
    first = cast.recorded()
    acts.amended(first)
    acts.completed(acts.provisional("H2"), restored=True)
    undone = acts.completed(acts.provisional("H3"))
    actions.undo(by=cast.alice(), assessment=undone, submission=cast.submission())
    recorded = acts.outcome(first, acts.measured(3, 7))
    acts.outcome(first, acts.measured(3, 6), expected=recorded)
    acts.outcome(first, acts.not_evaluable(30))
    patient = cast.registered("H4")
    patient = acts.corrected(patient, cast.person("H4", family_name="王", given_name="Na"))
    acts.corrected(patient, cast.person("H4", family_name="O'Brien", given_name="Na"))
    approved()
    approved(proposed())
    of_laboratory("H7")
    of_laboratory("H8")
    seventh = cast.recorded(cast.person("H5"))
    acts.reinstated(acts.voided(seventh))
    cast.recorded(cast.person("H6"), cast.worked_example(chloride_mmol_l=cast.measured("110")))
    for number, name in enumerate(("Ward 7", "Ward 8")):
        actions.change_ward_settings(
            by=cast.adam(), facts=WardFacts(ward_name=name), opened=number, origin=actions.NOWHERE
        )


def found() -> list[RecordFinding]:
    """What is wrong with the record now."""
    return list(RecordCheck().findings())


def has(found: list[RecordFinding], problem: RecordProblem, model: str, *columns: str) -> bool:
    """Whether this is among what is wrong, with these columns and no others."""
    return any(
        (each.problem, each.model, each.columns) == (problem, model, columns) for each in found
    )


@contextmanager
def taken_back() -> Iterator[None]:
    """What happens within is undone at the end."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def let_loose(*tables: str) -> None:
    """Put the guards of some tables aside, as an owner can, or of the whole record."""
    every = [*(table.table for table in RECORD_TABLES.values()), "scoring_indexassessment"]
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(
            "SELECT conrelid::regclass, quote_ident(conname) FROM pg_constraint"
            " WHERE contype IN ('c', 'u', 'f', 'p') AND conrelid = ANY(%s::regclass[])"
            " ORDER BY contype = 'p', contype = 'u'",
            [list(tables or every)],
        )
        for table, name in cursor.fetchall():
            cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT IF EXISTS {name} CASCADE")
        cursor.execute(
            "SELECT indexrelid::regclass FROM pg_index"
            " WHERE indisunique AND indrelid = ANY(%s::regclass[])",
            [list(tables or every)],
        )
        for (name,) in cursor.fetchall():
            cursor.execute(f"DROP INDEX {name}")
        for table in tables or every:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            for name in generated(table):
                cursor.execute(f"ALTER TABLE {table} ALTER {name} DROP EXPRESSION")


@lru_cache
def types(table: str) -> dict[str, str]:
    """The type of every column."""
    return {name: kind for name, kind, _ in _columns(table)}


def generated(table: str) -> list[str]:
    """Columns that are generated and stored."""
    return [name for name, _, is_generated in _columns(table) if is_generated == "ALWAYS"]


def _columns(table: str) -> list[tuple[str, str, str]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT column_name, udt_name, is_generated FROM information_schema.columns"
            " WHERE table_name = %s ORDER BY ordinal_position",
            [table],
        )
        return list(cursor.fetchall())


def run(sql: str) -> int:
    """Run a statement; how many rows it changed."""
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return int(cursor.rowcount)


def different_keys(table: str, pk: str) -> list[str]:
    """The primary keys of rows that differ in more than their key."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT min({pk}::text) FROM {table} t GROUP BY to_jsonb(t) - '{pk}'")
        return [key for (key,) in cursor.fetchall()]


def keys(table: str, pk: str) -> list[str]:
    """The primary keys of a table."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {pk}::text FROM {table} ORDER BY 1")
        return [key for (key,) in cursor.fetchall()]

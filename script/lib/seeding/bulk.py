"""Bulk loading into PostgreSQL: what guards and indexes each row is put aside and put back.

Row triggers refuse what a load writes directly, and indexes are built from a full table in a
tenth of the time. Everything happens in one transaction: should it fail, nothing was changed.
Check constraints stay in force; keys, foreign keys and indexes are checked when they are rebuilt.
"""

import io
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import connection, transaction

_CONSTRAINTS = """
    SELECT conrelid::regclass::text, quote_ident(conname), pg_get_constraintdef(oid), contype
    FROM pg_constraint
    WHERE contype IN ('p', 'u', 'f')
      AND (conrelid = ANY(%(tables)s::regclass[]) OR confrelid = ANY(%(tables)s::regclass[]))
    ORDER BY position(contype in 'fup'), conname
"""
_INDEXES = """
    SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid)
    FROM pg_index
    WHERE indrelid = ANY(%(tables)s::regclass[])
      AND NOT EXISTS (
          SELECT FROM pg_constraint WHERE conindid = indexrelid AND contype IN ('p', 'u', 'x')
      )
    ORDER BY 1
"""
NULL = "\\N"


@dataclass(frozen=True)
class _Constraint:
    table: str
    name: str
    definition: str
    kind: str


@contextmanager
def bulk_load(tables: Sequence[str], *, finish: Sequence[str] = ()) -> Iterator[None]:
    """Load into these tables without their triggers, keys and indexes, then put them back.

    ``finish`` are statements that change rows of the load. They run once there are indexes, with
    triggers still off: an index over rows that were changed before it was built serves nobody
    until this transaction has ended, and what reads these tables by it would read them through.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        # A table with a check still to come cannot be altered.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET LOCAL maintenance_work_mem = '512MB'")
        cursor.execute(_CONSTRAINTS, {"tables": list(tables)})
        constraints = [_Constraint(*row) for row in cursor.fetchall()]
        cursor.execute(_INDEXES, {"tables": list(tables)})
        indexes: list[tuple[str, str]] = cursor.fetchall()
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        for constraint in constraints:
            cursor.execute(f"ALTER TABLE {constraint.table} DROP CONSTRAINT {constraint.name}")
        for name, _definition in indexes:
            cursor.execute(f"DROP INDEX {name}")
        yield
        # Foreign keys last: they lean on the keys.
        for constraint in sorted(constraints, key=lambda c: c.kind == "f"):
            cursor.execute(
                f"ALTER TABLE {constraint.table} ADD CONSTRAINT {constraint.name} "
                f"{constraint.definition}"
            )
        for _name, definition in indexes:
            cursor.execute(definition)
        for statement in finish:
            cursor.execute(statement)
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def copy_columns(table: str, columns: dict[str, Iterable[str]]) -> None:
    """COPY rows given as columns of text, ``NULL`` where there is none, without tabs in them."""
    lines = "\n".join(map("\t".join, zip(*columns.values(), strict=True)))
    if not lines:
        return
    with connection.cursor() as cursor:
        cursor.copy_expert(f"COPY {table} ({', '.join(columns)}) FROM STDIN", io.StringIO(lines))

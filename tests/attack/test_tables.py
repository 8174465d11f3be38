"""The site's role against each table of the record, of the log, of the users and of the rights."""

from collections.abc import Iterator
from typing import Any, cast

import pytest
from django.apps import apps

from scoring.models.grants import ALL, RIGHTS
from tests.attack.conftest import Attacker

# What a session of the site may never do to a table, by what it is.
ATTACKS = {
    "update": "UPDATE {table} SET {column} = {column}",
    "update by an insert": "INSERT INTO {table} DEFAULT VALUES ON CONFLICT ({key})"
    " DO UPDATE SET {column} = EXCLUDED.{column}",
    "delete": "DELETE FROM {table}",
    "delete by a merge": "MERGE INTO {table} USING {table} AS s ON {table}.{key} = s.{key}"
    " WHEN MATCHED THEN DELETE",
    "truncate": "TRUNCATE {table} CASCADE",
    "disable triggers": "ALTER TABLE {table} DISABLE TRIGGER USER",
    "disable all triggers": "ALTER TABLE {table} DISABLE TRIGGER ALL",
    "trigger": "CREATE TRIGGER first BEFORE INSERT ON {table} FOR EACH ROW"
    " EXECUTE FUNCTION suppress_redundant_updates_trigger()",
    "rule": "CREATE RULE never AS ON INSERT TO {table} DO INSTEAD NOTHING",
    "drop": "DROP TABLE {table} CASCADE",
    "column": "ALTER TABLE {table} ADD COLUMN more integer",
    "less": "ALTER TABLE {table} DROP COLUMN {column} CASCADE",
    "type": "ALTER TABLE {table} ALTER COLUMN {column} TYPE text",
    "rename": "ALTER TABLE {table} RENAME TO another",
    "move": "ALTER TABLE {table} SET SCHEMA pg_catalog",
    "owner": "ALTER TABLE {table} OWNER TO rbp_site",
    "rows hidden": "ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
    "policy": "CREATE POLICY none ON {table} USING (false)",
    "index": "CREATE INDEX ON {table} ((1))",
    "inheritance": "CREATE TABLE child () INHERITS ({table})",
    "program to": "COPY {table} TO PROGRAM 'cat > /dev/null'",
    "program from": "COPY {table} FROM PROGRAM 'echo 1'",
    "file": "COPY {table} TO '/tmp/rbp-attack'",
}


def _attempts() -> Iterator[tuple[str, str]]:
    """A name and a statement for each attack on each table."""
    for label, rights in RIGHTS.items():
        if rights == ALL:
            continue
        meta = cast(Any, apps.get_model(label)._meta)
        table, key = meta.db_table, meta.pk.column
        columns = [f.column for f in meta.local_fields if f.column not in rights.update]
        # All of the index assessment is changed by a trigger, and by that alone: test_record.py.
        places = {"table": table, "key": key, "column": (columns or [key])[0]}
        for name, statement in ATTACKS.items():
            allowed = (name.startswith("update") and not columns) or (
                name.startswith("delete") and rights.delete
            )
            if not allowed:
                yield f"{table}: {name}", statement.format(**places)
        for trigger in getattr(meta, "triggers", []):
            pgid = trigger.get_pgid(apps.get_model(label))
            yield f"{table}: drop {trigger.name}", f"DROP TRIGGER {pgid} ON {table}"
            yield (
                f"{table}: disable {trigger.name}",
                f"ALTER TABLE {table} DISABLE TRIGGER {pgid}",
            )
            yield (
                f"{table}: replace {trigger.name}",
                f"CREATE OR REPLACE FUNCTION public.{pgid}() RETURNS trigger LANGUAGE plpgsql AS"
                " 'BEGIN RETURN NEW; END'",
            )
            yield f"{table}: function {trigger.name}", f"DROP FUNCTION public.{pgid}() CASCADE"
        for constraint in meta.constraints:
            yield (
                f"{table}: drop {constraint.name}",
                f'ALTER TABLE {table} DROP CONSTRAINT "{constraint.name}"',
            )


ATTEMPTS = dict(_attempts())


def test_every_table_is_attacked() -> None:
    tables = {name.partition(":")[0] for name in ATTEMPTS}
    assert {"scoring_assessment", "scoring_outcome", "scoring_auditevent"} <= tables
    assert len(tables) == len([rights for rights in RIGHTS.values() if rights != ALL])
    assert len(ATTEMPTS) > 20 * len(tables)


@pytest.mark.parametrize("name", ATTEMPTS)
def test_the_site_may_not(attacker: Attacker, name: str) -> None:
    attacker.may_not(ATTEMPTS[name])

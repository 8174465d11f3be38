"""What the owner of the tables sets up after ``manage.py migrate``: the rights of the site's role.

The site's role owns nothing and gets what ``scoring/models/grants.py`` says, no more. Where the
site connects as the owner itself, there is nothing to grant.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from django.conf import settings
from django.core.checks import Error as CheckError
from django.core.management import CommandError
from django.db import connection, transaction
from django.utils.translation import gettext as _

from scoring.models.grants import rights_by_table

# The library's triggers ask this function whether a setting of the session lets them be skipped.
_SKIP = "public._pgtrigger_should_ignore"
# As PostgreSQL keeps it: nothing lets them be skipped.
_NEVER = "SELECT false"
# A right is told as a pair: ("scoring_user", "INSERT"), ("scoring_user.password", "UPDATE").
Right = tuple[str, str]

_HELD = """
    WITH tables AS (
        SELECT oid, relname FROM pg_class
        WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v', 'm', 'f')
          AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = pg_class.oid AND deptype = 'e')
    )
    SELECT relname, kind
    FROM tables, unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES',
                              'TRIGGER']) kind
    WHERE has_table_privilege(%(role)s, oid, kind)
    UNION ALL
    SELECT relname || '.' || attname, kind
    FROM tables JOIN pg_attribute ON attrelid = oid AND attnum > 0 AND NOT attisdropped,
         unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'REFERENCES']) kind
    WHERE has_column_privilege(%(role)s, oid, attnum, kind)
      AND NOT has_table_privilege(%(role)s, oid, kind)
    UNION ALL
    SELECT 'the database', kind FROM unnest(ARRAY['CREATE', 'TEMPORARY']) kind
    WHERE has_database_privilege(%(role)s, current_database(), kind)
    UNION ALL
    SELECT 'the schema', 'CREATE' WHERE has_schema_privilege(%(role)s, 'public', 'CREATE')
"""
_COLUMNS = """
    SELECT relname, array_agg(attname::text)
    FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid
    WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND attnum > 0
    GROUP BY relname
"""
_OWNS_TABLES = """
    SELECT EXISTS (
        SELECT FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')
          AND pg_has_role(relowner, 'USAGE')
    )
"""
_MAY_MIGRATE = f"""
    SELECT has_schema_privilege('public', 'CREATE')
       AND (to_regclass('public.django_migrations') IS NULL OR ({_OWNS_TABLES}))
"""


def set_up_database() -> None:
    """Let no session skip a trigger, and give the site's role its rights, no more and no less.

    Changes nothing where that is so already. Raises CommandError where the role is not there.
    """
    role = settings.SITE_DATABASE_ROLE
    with transaction.atomic(), connection.cursor() as cursor:
        if triggers_can_be_skipped(cursor):
            cursor.execute(
                f"CREATE OR REPLACE FUNCTION {_SKIP}(trigger_name name) RETURNS boolean "
                f"LANGUAGE sql IMMUTABLE AS '{_NEVER}'"
            )
        cursor.execute(
            "SELECT current_user, EXISTS (SELECT FROM pg_roles WHERE rolname = %s)", [role]
        )
        owner, is_there = cursor.fetchone()
        if role in {"", owner}:
            return
        if not is_there:
            text = _(
                "The role %(role)s of DATABASE_URL does not exist. Create it as "
                "docs/installation.md says, then run: manage.py migrate"
            )
            raise CommandError(text % {"role": role})
        if rights_held(cursor, role) != rights_wanted(cursor):
            grant(role)


def after_migrate(**_kwargs: Any) -> None:
    """The same for the signal that Django sends after ``migrate``."""
    set_up_database()


def check_role(*, databases: Sequence[str] | None, **_options: Any) -> list[CheckError]:
    """Whether ``manage.py migrate`` is run by a role that may; a check of Django's."""
    if not databases:
        return []
    with connection.cursor() as cursor:
        if may_migrate(cursor):
            return []
    text = _(
        "The site's role can't change the tables. Run manage.py migrate as their owner, with "
        "DATABASE_OWNER_URL set. See docs/operations.md."
    )
    return [CheckError(text, id="scoring.E002")]


def triggers_can_be_skipped(cursor: Any) -> bool:
    """Whether a setting of the session can make triggers do nothing."""
    cursor.execute(f"SELECT prosrc FROM pg_proc WHERE oid = to_regprocedure('{_SKIP}(name)')")  # noqa: S608
    return bool(cursor.fetchone() != (_NEVER,))


def may_migrate(cursor: Any) -> bool:
    """Whether the role that is connected may change the tables, or make them."""
    cursor.execute(_MAY_MIGRATE)
    return bool(cursor.fetchone()[0])


def owns_tables(cursor: Any) -> bool:
    """Whether the role that is connected owns any table of the site."""
    cursor.execute(_OWNS_TABLES)
    return bool(cursor.fetchone()[0])


def rights_held(cursor: Any, role: str) -> set[Right]:
    """What a role may do in this database, by whatever grant it has that."""
    cursor.execute(_HELD, {"role": role})
    return set(cursor.fetchall())


def rights_wanted(cursor: Any) -> set[Right]:
    """What the site's role is to have in this database."""
    return {
        (f"{table}.{column}" if column else table, kind)
        for table, kind, columns in _rights(cursor)
        for column in columns or [""]
    }


def grant(role: str) -> None:
    """Take all rights from everybody, then give the role those it is to have."""
    quoted = connection.ops.quote_name
    site, database = quoted(role), quoted(connection.settings_dict["NAME"])
    with transaction.atomic(), connection.cursor() as cursor:
        for what in ("TABLES", "SEQUENCES"):
            cursor.execute(f"REVOKE ALL ON ALL {what} IN SCHEMA public FROM public, {site}")
        # A table of its own, though a temporary one, could have a trigger that acts as one of ours.
        cursor.execute(f"REVOKE CREATE, TEMPORARY ON DATABASE {database} FROM public, {site}")
        cursor.execute(f"REVOKE CREATE ON SCHEMA public FROM public, {site}")
        cursor.execute(f"GRANT CONNECT ON DATABASE {database} TO {site}")
        cursor.execute(f"GRANT USAGE ON SCHEMA public TO {site}")
        # For script/backup; to add rows needs none.
        cursor.execute(f"GRANT SELECT ON ALL SEQUENCES IN SCHEMA public TO {site}")
        for table, kind, columns in list(_rights(cursor)):
            listed = f" ({', '.join(map(quoted, columns))})" if columns else ""
            cursor.execute(f"GRANT {kind}{listed} ON {quoted(table)} TO {site}")


def _rights(cursor: Any) -> Iterator[tuple[str, str, list[str]]]:
    """Table, kind of right, and the columns where it is for some of them alone.

    Tables and columns that later migrations make are left out.
    """
    cursor.execute(_COLUMNS)
    there = dict(cursor.fetchall())
    for table, rights in rights_by_table().items():
        if table not in there:
            continue
        yield table, "SELECT", []
        if rights.insert:
            yield table, "INSERT", []
        if rights.update == ("*",):
            yield table, "UPDATE", []
        elif columns := [column for column in rights.update if column in there[table]]:
            yield table, "UPDATE", columns
        if rights.delete:
            yield table, "DELETE", []

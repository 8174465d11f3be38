"""The two roles of the database in tests: they run as the owner of the tables, or as the site.

The owner of the tests' PostgreSQL is a member of the site's role, and can turn into it.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

from rbpsite.data_folder import SITE as SITE

_ALL_TRIGGERS_SKIPPED = """
    CREATE OR REPLACE FUNCTION public._pgtrigger_should_ignore(trigger_name name) RETURNS boolean
    LANGUAGE sql IMMUTABLE AS 'SELECT {}'
"""


def act_as_site() -> None:
    """From now on this connection may do what the site may; in a transaction, until its end."""
    with connection.cursor() as cursor:
        cursor.execute(f"SET ROLE {SITE}")


@contextmanager
def as_owner() -> Iterator[None]:
    """The owner's rights for a test that has the site's."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        [role] = cursor.fetchone()
        cursor.execute("RESET ROLE")
        yield
        cursor.execute(f"SET ROLE {role}")


@contextmanager
def without_triggers() -> Iterator[None]:
    """What only the owner can do, in one transaction: make every trigger of ours do nothing."""
    with transaction.atomic(), as_owner(), connection.cursor() as cursor:
        cursor.execute(_ALL_TRIGGERS_SKIPPED.format("true"))
        yield
        cursor.execute(_ALL_TRIGGERS_SKIPPED.format("false"))

"""Somebody who has got hold of the site's connection to the database."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import psycopg2
import psycopg2.errors
import pytest
from django.db import connection

from tests.database_roles import SITE


@dataclass(frozen=True)
class Attacker:
    """A session of the site's role, signed in as that role and as nobody else."""

    session: Any

    def is_refused(
        self, sql: str, because: type[Exception] | tuple[type[Exception], ...], *before: str
    ) -> None:
        """Assert that PostgreSQL refuses a statement for this reason, and nothing stays of it."""
        try:
            with self.session.cursor() as cursor:
                for statement in before:
                    cursor.execute(statement)
                with pytest.raises(because):
                    cursor.execute(sql)
        finally:
            self.session.rollback()

    def may_not(self, sql: str) -> None:
        """Assert that the role has no right to do this."""
        self.is_refused(sql, psycopg2.errors.InsufficientPrivilege)


@pytest.fixture(scope="session")
def attacker(django_db_setup: None) -> Iterator[Attacker]:
    """The session, in the database of the tests."""
    session = psycopg2.connect(**connection.get_connection_params() | {"user": SITE})
    yield Attacker(session)
    session.close()

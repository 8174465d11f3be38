"""How long a process that serves pages waits for the database.

Commands have no such limit: a migration may take as long as it needs.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created

_is_limited = False


def limit_waiting() -> None:
    """From now on every new connection of this process has PostgreSQL's time-outs set."""
    global _is_limited
    _is_limited = True
    connection_created.connect(_limit, dispatch_uid="scoring.limits")


@contextmanager
def long_transaction(using: str = DEFAULT_DB_ALIAS) -> Iterator[None]:
    """A transaction that may take ``DB_LONG_SECONDS``: exports, evaluations."""
    with transaction.atomic(using=using):
        if _is_limited:
            _set(
                connections[using],
                settings.DB_LONG_SECONDS,
                settings.DB_LONG_SECONDS,
                is_local=True,
            )
        yield


def _limit(connection: BaseDatabaseWrapper, **_kwargs: Any) -> None:
    _set(connection, settings.DB_STATEMENT_SECONDS, settings.DB_IDLE_SECONDS, is_local=False)


def _set(
    connection: BaseDatabaseWrapper, statement_seconds: int, idle_seconds: int, *, is_local: bool
) -> None:
    """Limit a statement, the wait for a lock and idleness in a transaction; 0 is no limit."""
    limits = {
        "statement_timeout": statement_seconds,
        "lock_timeout": settings.DB_LOCK_SECONDS,
        "idle_in_transaction_session_timeout": idle_seconds,
    }
    values = [each for name, seconds in limits.items() for each in (name, f"{seconds}s", is_local)]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config(%s, %s, %s), set_config(%s, %s, %s), set_config(%s, %s, %s)", values
        )

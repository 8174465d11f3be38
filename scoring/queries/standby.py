"""Heavy reading on a standby: a validation or an export leaves the primary to the ward.

Off without ``DATABASE_STANDBY_URL``. A standby is asked only while it receives what the primary
writes. What it does not have yet is no older than ``STANDBY_LAG_SECONDS``, and the reader is told.
"""

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime, timedelta

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, InterfaceError, OperationalError, connections
from django.utils import timezone

STANDBY = "standby"
# A standby that failed is left alone for so long.
_AWAY_SECONDS = 30.0
_POSITION = """
    SELECT pg_is_in_recovery() AND EXISTS (SELECT FROM pg_stat_wal_receiver),
           pg_last_wal_replay_lsn() >= %s::pg_lsn,
           pg_last_xact_replay_timestamp()
"""

_logger = logging.getLogger(__name__)
_alias: ContextVar[str] = ContextVar("alias", default=DEFAULT_DB_ALIAS)
_away_until = 0.0


def read_from() -> str:
    """Django's name of the database that heavy reading goes to, here and now."""
    return _alias.get()


@contextmanager
def heavy_reading(*, may_lag: bool) -> Iterator[datetime | None]:
    """Until the end of the block validations and exports are read from the standby, if it fits.

    Gives the moment of which everything is read; None where nothing is missing. With ``may_lag``
    off, a standby that lacks anything is not asked. What is streamed keeps to its database after
    the block.
    """
    alias, as_of = _choose(may_lag=may_lag)
    token = _alias.set(alias)
    try:
        yield as_of
    except (OperationalError, InterfaceError):
        if alias == STANDBY:
            # Whoever tries again is served by the primary.
            _leave_alone()
        raise
    finally:
        _alias.reset(token)


def _choose(*, may_lag: bool) -> tuple[str, datetime | None]:
    if STANDBY not in settings.DATABASES or time.monotonic() < _away_until:
        return DEFAULT_DB_ALIAS, None
    with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
        cursor.execute("SELECT pg_current_wal_flush_lsn()")
        (written,) = cursor.fetchone()
    try:
        with connections[STANDBY].cursor() as cursor:
            cursor.execute(_POSITION, [written])
            receives, has_all, replayed_at = cursor.fetchone()
    except (OperationalError, InterfaceError):
        _leave_alone()
        return DEFAULT_DB_ALIAS, None
    if not receives:
        return DEFAULT_DB_ALIAS, None
    if has_all:
        return STANDBY, None
    oldest = timezone.now() - timedelta(seconds=settings.STANDBY_LAG_SECONDS)
    if not may_lag or replayed_at is None or replayed_at < oldest:
        return DEFAULT_DB_ALIAS, None
    return STANDBY, replayed_at


def _leave_alone() -> None:
    global _away_until
    _away_until = time.monotonic() + _AWAY_SECONDS
    connections[STANDBY].close()
    _logger.warning("The standby does not answer: heavy reading goes to the primary.")

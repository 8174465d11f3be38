"""Why the site can't do its work just now: database, disk or PDFs fail, or others are busy.

Nothing here asks the database.
"""

import errno
import re
from collections.abc import Iterator
from enum import StrEnum

import psycopg2
from django.db import InterfaceError, OperationalError

from scoring.report.renderer import ReportRenderError, ReportTimeoutError

RETRY_SECONDS = 10


class Cause(StrEnum):
    """Why the site can't do its work just now."""

    UNREACHABLE = "unreachable"
    BUSY = "busy"
    PASSWORDS_BUSY = "passwords_busy"
    REPORTS_BUSY = "reports_busy"
    DISK_FULL = "disk_full"
    SCHEMA = "schema"
    REPORT_LATE = "report_late"
    REPORT_FAILED = "report_failed"


class NotAvailableError(Exception):
    """What a request needs is taken by others: ``cause`` says what. It may be sent again."""

    def __init__(self, cause: Cause) -> None:
        super().__init__(cause.value)
        self.cause = cause


# SQLSTATE: PostgreSQL, appendix A.
_CAUSES = {
    **dict.fromkeys(["57014", "55P03", "40P01", "40001", "53300", "25P03"], Cause.BUSY),
    "53100": Cause.DISK_FULL,
    **dict.fromkeys(["42P01", "42703"], Cause.SCHEMA),
    # A standby that can't be written to.
    "25006": Cause.UNREACHABLE,
}
# A connection that PostgreSQL refuses comes without SQLSTATE: only its words tell why.
_NO_CONNECTION_LEFT = re.compile("too many (clients|connections)|connection slots are reserved")
_NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


def cause_of(error: BaseException | None) -> Cause | None:
    """Why an error came up, where that is the state of database, disk or PDF renderer."""
    for each in _chain(error):
        if isinstance(each, NotAvailableError):
            return each.cause
        if isinstance(each, OSError) and each.errno in _NO_ROOM:
            return Cause.DISK_FULL
        if isinstance(each, psycopg2.Error) and each.pgcode in _CAUSES:
            return _CAUSES[each.pgcode]
        if isinstance(each, psycopg2.OperationalError) and _NO_CONNECTION_LEFT.search(str(each)):
            return Cause.BUSY
        if isinstance(each, ReportTimeoutError):
            return Cause.REPORT_LATE
        if isinstance(each, ReportRenderError):
            return Cause.REPORT_FAILED
    for each in _chain(error):
        if isinstance(each, OperationalError | InterfaceError) or _is_lost(each):
            return Cause.UNREACHABLE
    return None


def _is_lost(error: BaseException) -> bool:
    """Whether the connection broke in a way that psycopg2 has no class of its own for."""
    cause = error.__cause__
    return type(cause) is psycopg2.DatabaseError and getattr(cause, "pgcode", None) is None


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__

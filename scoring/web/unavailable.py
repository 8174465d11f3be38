"""When database, disk or PDFs fail: a page that says so and gives back what was typed.

Nothing here asks the database: neither for the session nor for the user.
"""

import errno
import logging
import re
import sys
from collections.abc import Iterator
from enum import StrEnum

import psycopg2
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.utils.cache import add_never_cache_headers, patch_cache_control
from django.utils.log import log_response

from scoring.report.renderer import ReportRenderError, ReportTimeoutError
from scoring.web.error_pages import without_a_session
from scoring.web.secret_fields import secret_names

RETRY_SECONDS = 10
_logger = logging.getLogger(__name__)


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


def server_error(request: HttpRequest) -> HttpResponse:
    """What Django calls for any error that nobody caught: 503 where waiting helps, else 500."""
    cause = cause_of(sys.exc_info()[1])
    return failed(request) if cause is None else unavailable(request, cause)


def failed(request: HttpRequest) -> HttpResponse:
    """The page for a defect; a plainer one where it can't be drawn in the look of the site."""
    try:
        html = render_to_string("500.html", _context(request))
    except Exception:
        # Whatever broke the page that was asked for may break this one.
        _logger.exception("The page for an error can't be drawn")
        html = render_to_string("500_plain.html", without_a_session(request))
    return HttpResponse(html, status=500)


def unavailable(request: HttpRequest, cause: Cause) -> HttpResponse:
    """The page with the fields of the sender's own form, ready to be sent again."""
    html = render_to_string("503.html", _context(request) | {"cause": cause.value})
    response = HttpResponse(html, status=503)
    response.headers["Retry-After"] = str(RETRY_SECONDS)
    add_never_cache_headers(response)
    patch_cache_control(response, no_store=True, private=True)
    # One line, in place of Django's own with a traceback for each of very many requests.
    log_response("Not available, %s: %s", cause, request.path, response=response, request=request)
    return response


def _context(request: HttpRequest) -> dict[str, object]:
    fields = _typed(request)
    return without_a_session(request) | {
        "address": request.get_full_path(),
        "is_form": request.method == "POST",
        "fields": fields,
        # Forms that write carry it: such a form does its work once, however often it is sent.
        "is_safe_twice": any(name == "form_token" for name, _ in fields or []),
        "csrf_token": get_token(request),
    }


def _typed(request: HttpRequest) -> list[tuple[str, str]] | None:
    """The fields as they were sent; None where they can't be given back.

    A form that came from elsewhere, or whose origin was not checked yet, is not given back: the
    page would make it one of the site's own.
    """
    if request.method != "POST" or not getattr(request, "csrf_processing_done", False):
        return None
    sent = [(name, text) for name, texts in request.POST.lists() for text in texts]
    # What is typed in secret is not written into a page.
    if request.FILES or not secret_names().isdisjoint(name for name, _ in sent):
        return None
    return [(name, text) for name, text in sent if name != "csrfmiddlewaretoken"]

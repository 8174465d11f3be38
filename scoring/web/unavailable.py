"""When database, disk or PDFs fail: a page that says so and gives back what was typed.

Nothing here asks the database: neither for the session nor for the user.
"""

import logging
import sys

from django.conf import settings
from django.core.exceptions import DisallowedHost, RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.utils.cache import add_never_cache_headers, patch_cache_control
from django.utils.log import log_response

from scoring.forms.secret_fields import secret_names
from scoring.http.causes import RETRY_SECONDS, Cause, cause_of
from scoring.web.error_pages import in_language_of, without_a_session

_logger = logging.getLogger(__name__)


def server_error(request: HttpRequest) -> HttpResponse:
    """What Django calls for any error that nobody caught: 503 where waiting helps, else 500."""
    cause = cause_of(sys.exc_info()[1])
    with in_language_of(request):
        return failed(request) if cause is None else unavailable(request, cause)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """A request that could not be read. Django's own page would try to read it again.

    Where the database fails while a session is written, Django says that the session was deleted.
    """
    if cause := cause_of(exception):
        with in_language_of(request):
            return unavailable(request, cause)
    is_too_large = isinstance(exception, RequestDataTooBig)
    context = without_a_session(request) | {
        "is_unknown_host": isinstance(exception, DisallowedHost),
        "kilobytes": settings.DATA_UPLOAD_MAX_MEMORY_SIZE // 1024,
    }
    page, status = ("413.html", 413) if is_too_large else ("400.html", 400)
    with in_language_of(request):
        return HttpResponse(render_to_string(page, context), status=status)


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

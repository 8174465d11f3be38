"""Where requests of other programs come in: one address, behind it the operations.

A page costs nothing of it: what the operations need is imported with the first request.
"""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, resolve
from django.urls.converters import PathConverter
from django.utils import translation
from django.utils.translation import get_language_from_request
from django.utils.translation import gettext as _

from scoring.http.problems import Problem, answer_to, need_length, problem_response

# The operations, imported when they are first asked for.
_OPERATIONS = "scoring.api.urls"


class RestConverter(PathConverter):
    """What follows in an address, whatever it is: Django's own stops at a line feed."""

    regex = r"[\s\S]+"


def api(request: HttpRequest, rest: str) -> HttpResponse:
    """Answer in the language that the request asks for; whoever is signed in here does not count.

    HEAD is answered as GET: the server leaves the content out.
    """
    request.COOKIES.clear()
    language = get_language_from_request(request)
    method = request.method
    if method == "HEAD":
        request.method = "GET"
    with translation.override(language):
        response = _answer(request, rest)
    request.method = method
    response["Content-Language"] = language
    return response


def _answer(request: HttpRequest, rest: str) -> HttpResponse:
    try:
        found = resolve(f"/{rest}", urlconf=_OPERATIONS)
    except Resolver404:
        return problem_response(request, _not_found())
    # The site's log tells the operation.
    request.resolver_match = found
    try:
        need_length(request)
        response: Any = found.func(request, *found.args, **found.kwargs)
    except Exception as error:
        return answer_to(request, error)
    if response.status_code != 405 or response.get("Content-Type", "").startswith("application/"):
        return response  # type: ignore[no-any-return]
    return problem_response(request, _by_another_method(response["Allow"]))


def _not_found() -> Problem:
    return Problem(404, "not_found", _("There is nothing at this address."))


def _by_another_method(allowed: str) -> Problem:
    methods = {name.strip() for name in allowed.split(",")}
    if "GET" in methods:
        methods.add("HEAD")
    allow = ", ".join(sorted(methods))
    said = _("This address takes %(methods)s.") % {"methods": allow}
    return Problem(405, "method", said, headers={"Allow": allow})

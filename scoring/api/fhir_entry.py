"""Where requests of FHIR and CDS Hooks come in; every error leaves as an OperationOutcome.

What the operations need is imported with the first request: it takes a second or two.
"""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, resolve
from django.utils import translation
from django.utils.translation import get_language_from_request
from django.utils.translation import gettext as _

from scoring.api.fhir_formats import need_offered
from scoring.http.outcomes import as_outcome
from scoring.http.problems import CONTENT_TYPE, Problem, answer_to, need_length, problem_response

_OPERATIONS = "scoring.api.fhir_urls"


def fhir(request: HttpRequest, rest: str = "") -> HttpResponse:
    """Answer in the language that the request asks for; whoever is signed in does not count."""
    response = _answer(request, f"/fhir/{rest}", is_fhir=True)
    response["Vary"] = "Accept, Accept-Language"
    return response


def cds_services(request: HttpRequest, rest: str = "") -> HttpResponse:
    """The same for CDS Hooks, also for scripts of pages that the settings name."""
    # Imported late, as above.
    from scoring.api.cds_hooks import with_cors

    address = f"/cds-services/{rest}" if rest else "/cds-services"
    return with_cors(request, _answer(request, address, is_fhir=False))


def _answer(request: HttpRequest, address: str, *, is_fhir: bool) -> HttpResponse:
    request.COOKIES.clear()
    language = get_language_from_request(request)
    method = request.method
    if method == "HEAD":
        request.method = "GET"
    with translation.override(language):
        response = _by_operation(request, address, is_fhir=is_fhir)
        if response.get("Content-Type") == CONTENT_TYPE:
            response = as_outcome(response)
    request.method = method
    response["Content-Language"] = language
    return response


def _by_operation(request: HttpRequest, address: str, *, is_fhir: bool) -> HttpResponse:
    try:
        found = resolve(address, urlconf=_OPERATIONS)
    except Resolver404:
        said = _("There is nothing at this address.")
        return problem_response(request, Problem(404, "not_found", said))
    # The site's log tells the operation.
    request.resolver_match = found
    try:
        need_length(request)
        if is_fhir:
            need_offered(request, is_report=address.startswith("/fhir/Binary/"))
        response: Any = found.func(request, *found.args, **found.kwargs)
    except Exception as error:
        return answer_to(request, error)
    if response.status_code != 405:
        return response  # type: ignore[no-any-return]
    allow = response["Allow"]
    said = _("This address takes %(methods)s.") % {"methods": allow}
    return problem_response(request, Problem(405, "method", said, headers={"Allow": allow}))

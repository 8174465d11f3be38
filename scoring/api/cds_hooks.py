"""CDS Hooks 2.0.1: discovery, the service for patient-view, and feedback about its cards.

The site asks no server of the client: what was not fetched before is answered with 412.
"""

from collections.abc import Callable
from uuid import uuid4

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from scoring import actions, queries
from scoring.api.cds_calls import call, reports
from scoring.api.cds_links import card_link
from scoring.api.cds_tokens import CdsClient, cds_client
from scoring.api.public import public_address
from scoring.fhir import cards
from scoring.http.actor import origin
from scoring.http.outcomes import json_response
from scoring.http.problems import Problem

_Answer = Callable[[HttpRequest, CdsClient], HttpResponse]


def discovery(request: HttpRequest) -> HttpResponse:
    """What services there are."""
    return _answered(request, "GET", lambda _request, _client: _services())


def service(request: HttpRequest, name: str) -> HttpResponse:
    """Cards for a patient."""
    return _answered(request, "POST", _cards, name)


def feedback(request: HttpRequest, name: str) -> HttpResponse:
    """What became of cards."""
    return _answered(request, "POST", _feedback, name)


def _answered(
    request: HttpRequest, method: str, answer: _Answer, name: str = cards.SERVICE
) -> HttpResponse:
    """The answer to a client that the site knows. Raises Problem, Http404."""
    if not settings.CDS_CLIENTS or name != cards.SERVICE:
        raise Http404
    if request.method == "OPTIONS":
        return HttpResponse(status=204, headers={"Allow": f"{method}, OPTIONS"})
    if request.method != method:
        allowed = f"{method}, OPTIONS"
        said = _("This address takes %(methods)s.") % {"methods": allowed}
        raise Problem(405, "method", said, headers={"Allow": allowed})
    client = cds_client(request, public_address(request, request.path))
    queries.ward_settings().activate_time_zone()
    try:
        answered = answer(request, client)
    except Problem as problem:
        actions.note_refusal(issuer=client.issuer, reason=problem.code, now=timezone.now())
        raise
    actions.note_call(issuer=client.issuer, now=timezone.now())
    return answered


def with_cors(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """For scripts of the pages that the hospital names; no cookies are taken."""
    response["Vary"] = "Origin, Accept-Language"
    sender = request.headers.get("Origin", "")
    if sender in settings.CDS_ORIGINS:
        response["Access-Control-Allow-Origin"] = sender
        response["Access-Control-Allow-Methods"] = "GET, POST, OPTIONS"
        response["Access-Control-Allow-Headers"] = "Authorization, Content-Type"
        response["Access-Control-Max-Age"] = "600"
    return response


def _services() -> HttpResponse:
    return json_response({"services": [cards.service()]})


def _cards(request: HttpRequest, client: CdsClient) -> HttpResponse:
    asked = call(request)
    at = cards.Place(
        about=public_address(request, reverse("about")),
        link=lambda patient, results: card_link(request, client, asked, patient, results),
    )
    try:
        made = cards.cards(asked.prefetch, today=timezone.localdate(), at=at, uuid=str(uuid4()))
    except cards.NotFetchedError as error:
        said = _(
            "This site asks no FHIR server. Send these keys of the prefetch, complete and as FHIR "
            "R4: %(keys)s."
        ) % {"keys": ", ".join(error.keys)}
        raise Problem(412, "prefetch", said) from error
    return json_response({"cards": made})


def _feedback(request: HttpRequest, client: CdsClient) -> HttpResponse:
    for one in reports(request):
        actions.take_feedback(issuer=client.issuer, feedback=one, origin=origin(request))
    return json_response({})

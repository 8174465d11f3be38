"""Need-to-know: records of other wards open only with a reason, where the hospital wants that.

Lists and look-ups leave these patients out (``scoring.queries.need_to_know``). Here every page is
stopped that has the id of such a patient, or of one of the assessments, in its address.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from scoring import queries
from scoring.models import Patient, Right, User
from scoring.web import drafts
from scoring.web.ward import ward_of

# A patient stays open for so long, at most until the session ends.
OPEN_FOR = timedelta(hours=8)
_SESSION_KEY = "patients_opened"
# The page that asks for the reason.
_ASKS = "patient-open"


class NeedToKnowMiddleware:
    """After the gate: rights come first, then whose patient it is."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Begin without a limit: what a thread did before must not show."""
        queries.limit_to(None)
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: object, args: Any, kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        """Limit what is seen, and stop the request where it is about somebody else's patient."""
        user = request.user
        if not isinstance(user, User) or not ward_of(request).need_to_know:
            return None
        if user.has_perm(Right.SEE_ALL_WARDS):
            return None
        queries.limit_to(queries.Limit(user.ward_id, _opened(request)))
        pk, here = kwargs.get("pk"), request.resolver_match and request.resolver_match.url_name
        patient = None if pk is None or here == _ASKS else queries.unseen_patient_of(pk)
        return None if patient is None else _asks(request, patient)


def _asks(request: HttpRequest, patient: Patient) -> HttpResponse:
    """The page for the reason, which leads on to where the request wanted to go."""
    return redirect(reason_address(patient, drafts.way_back(request)))


def reason_address(patient: Patient, after: str = "") -> str:
    """Where the reason is asked for; ``after`` is the page that follows, or the patient's own."""
    address = reverse(_ASKS, args=[patient.pk])
    return f"{address}?{urlencode({'next': after})}" if after else address


def open_for_session(request: HttpRequest, patient: Patient) -> None:
    """Let the user of this session see the patient from now on."""
    opened = request.session.get(_SESSION_KEY, {})
    request.session[_SESSION_KEY] = opened | {str(patient.pk): timezone.now().isoformat()}


def _opened(request: HttpRequest) -> tuple[UUID, ...]:
    since = timezone.now() - OPEN_FOR
    opened: dict[str, str] = request.session.get(_SESSION_KEY, {})
    # Always in one order: statements are kept by it.
    return tuple(
        UUID(pk) for pk, at in sorted(opened.items()) if datetime.fromisoformat(at) > since
    )

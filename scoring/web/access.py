"""What every page about a patient shares, and what every template may say.

Who may open a view stands in ``scoring.web.gate``.
"""

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any, TypeAlias
from uuid import UUID

from django.conf import settings
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.cache import add_never_cache_headers, patch_cache_control
from django.utils.functional import SimpleLazyObject

from scoring import queries
from scoring.entry import Submission
from scoring.http.actor import log, origin
from scoring.models import AuditEvent, Patient, Right, User
from scoring.nomogram.rong2025.model import RONG_2025
from scoring.web import session_limits
from scoring.web.approvals import approvals
from scoring.web.gate import home, is_ours, needs, pending_sign_in_step
from scoring.web.uploads import TAKES_A_TABLE
from scoring.web.ward import ward_of

View: TypeAlias = Callable[..., HttpResponse]
Action = AuditEvent.Action

# Pages under an item of the navigation: the item's own page.
_SECTIONS = {
    **dict.fromkeys(TAKES_A_TABLE, "calculator"),
    "model-versions": "validation",
    "recalibration-propose": "validation",
    "recalibration-detail": "validation",
    "recalibration-decide": "validation",
    "validation-drift": "validation",
    "model-card": "about",
    "api-reference": "connections",
    "user-new": "users",
    "user-change": "users",
}


class NoStoreMiddleware:
    """Pages are never kept by the browser: after sign-out the back button shows nothing."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Mark the response unless a view decided otherwise."""
        response = self.get_response(request)
        if isinstance(response, HttpResponse) and not response.has_header("Cache-Control"):
            add_never_cache_headers(response)
            patch_cache_control(response, no_store=True, private=True)
        return response


def site(request: HttpRequest) -> dict[str, object]:
    """What every template may say: version, model, ward, whether demonstration data are there."""
    return {
        "site_version": settings.VERSION,
        "model": RONG_2025,
        # Read when a page first says something of it.
        "ward_settings": SimpleLazyObject(lambda: ward_of(request)),
        "session_seconds_left": lambda: session_limits.seconds_left(request.session)[0],
        "has_synthetic": queries.has_synthetic_patients,
        # Asked for by the navigation, so only where somebody is signed in and may see it.
        "due": SimpleLazyObject(queries.due_counts),
        "approvals": SimpleLazyObject(lambda: approvals(request)),
        "home": _home(request),
        "request_number": request_number(request),
        "most_bytes": settings.DATA_UPLOAD_MAX_MEMORY_SIZE,
        "section": _section(request),
        # While a step of signing in is pending, pages show no navigation.
        "pending_sign_in_step": _pending_step(request),
    }


def request_number(request: HttpRequest) -> str:
    """The beginning of the request's number in the log: enough to find it, short enough to tell."""
    return getattr(request, "number", "")[:8]


def _pending_step(request: HttpRequest) -> str | None:
    return pending_sign_in_step(request) if hasattr(request, "session") else None


def _section(request: HttpRequest) -> str:
    """The item of the navigation that a page belongs to; none on pages of their own."""
    page = getattr(request.resolver_match, "url_name", None) or ""
    return _SECTIONS.get(page, page)


def _home(request: HttpRequest) -> str:
    user = getattr(request, "user", None)
    return home(user) if isinstance(user, User) else "sign-in"


def next_page(request: HttpRequest, otherwise: str, *, field: str = "next") -> str:
    """The page that the request names to follow, if it is one of this site."""
    asked: str = request.POST.get(field, request.GET.get(field, ""))
    return asked if is_ours(request, asked) else otherwise


def submission(request: HttpRequest, form: Form) -> Submission:
    """This press of a save button: the form's one-time token and where it comes from."""
    return Submission(token=form.cleaned_data["form_token"], origin=origin(request))


def of_assessment(
    right: Right,
    action: AuditEvent.Action,
) -> Callable[[View], View]:
    """A view of one assessment, for those with the right: 404 where there is none, and logged."""

    def decorate(view: View) -> View:
        @needs(right)
        @wraps(view)
        def loaded(request: HttpRequest, pk: UUID, **more: Any) -> HttpResponse:
            assessment = get_object_or_404(queries.whole_assessments(), pk=pk)
            log(request, action, assessment=assessment)
            return view(request, assessment, **more)

        return loaded

    return decorate


def of_patient(
    right: Right,
    action: AuditEvent.Action,
    *,
    also: Sequence[Right] = (),
) -> Callable[[View], View]:
    """A view of one patient, for those with the rights: 404 where there is none, and logged."""

    def decorate(view: View) -> View:
        @needs(right, *also)
        @wraps(view)
        def loaded(request: HttpRequest, pk: UUID, **more: Any) -> HttpResponse:
            patient = get_object_or_404(Patient, pk=pk)
            log(request, action, patient=patient)
            return view(request, patient, **more)

        return loaded

    return decorate

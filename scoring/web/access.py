"""Who asks, from where, and what every page about a patient shares."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeAlias
from uuid import UUID

from django.conf import settings
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.cache import add_never_cache_headers, patch_cache_control
from django.utils.functional import SimpleLazyObject

from scoring import actions, queries
from scoring.entry import Origin, Submission
from scoring.models import Assessment, AuditEvent, Patient, User
from scoring.nomogram import MODEL
from scoring.web import session_limits

View: TypeAlias = Callable[..., HttpResponse]
Action = AuditEvent.Action


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
        "model": MODEL,
        "ward_name": settings.WARD_NAME,
        "session_seconds_left": lambda: session_limits.seconds_left(request.session)[0],
        "has_synthetic": Patient.objects.filter(synthetic=True).exists,
        # Asked for by the navigation, so only where somebody is signed in.
        "due": SimpleLazyObject(queries.due_counts),
    }


def clinician(request: HttpRequest) -> User:
    """The signed-in user; views run only for one (LoginRequiredMiddleware)."""
    user = request.user
    if not isinstance(user, User):
        raise TypeError("a view that needs a signed-in user was reached without one")
    return user


def origin(request: HttpRequest) -> Origin:
    """Where a request comes from."""
    return Origin(address=request.META.get("REMOTE_ADDR") or None)


def submission(request: HttpRequest, form: Form) -> Submission:
    """This press of a save button: the form's one-time token and where it comes from."""
    return Submission(token=form.cleaned_data["form_token"], origin=origin(request))


def log(
    request: HttpRequest,
    action: AuditEvent.Action,
    *,
    patient: Patient | None = None,
    assessment: Assessment | None = None,
    detail: dict[str, object] | None = None,
) -> None:
    """A line in the access log for something looked at."""
    actions.log_event(
        by=clinician(request),
        action=action,
        origin=origin(request),
        patient=patient,
        assessment=assessment,
        detail=detail,
    )


def of_assessment(
    action: AuditEvent.Action,
) -> Callable[[View], View]:
    """A view of one assessment: loaded by its id, 404 otherwise, and entered in the access log."""

    def decorate(view: View) -> View:
        @wraps(view)
        def loaded(request: HttpRequest, pk: UUID, **more: Any) -> HttpResponse:
            assessment = get_object_or_404(queries.assessments(), pk=pk)
            log(request, action, assessment=assessment)
            return view(request, assessment, **more)

        return loaded

    return decorate


def of_patient(
    action: AuditEvent.Action,
) -> Callable[[View], View]:
    """A view of one patient: loaded by its id, 404 otherwise, and entered in the access log."""

    def decorate(view: View) -> View:
        @wraps(view)
        def loaded(request: HttpRequest, pk: UUID, **more: Any) -> HttpResponse:
            patient = get_object_or_404(Patient, pk=pk)
            log(request, action, patient=patient)
            return view(request, patient, **more)

        return loaded

    return decorate

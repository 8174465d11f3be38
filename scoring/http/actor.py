"""Who asks, a person or an application, and the lines that the access log gets of what is seen."""

from django.http import HttpRequest

from scoring import actions
from scoring.entry import Origin
from scoring.http.client import client_address
from scoring.models import Assessment, AuditEvent, Patient, User


def actor(request: HttpRequest) -> User:
    """Whoever is signed in, or the account of the application whose token came with the request.

    Views run only for one (``scoring.web.gate``, ``scoring.api.authentication``).
    """
    user = request.user
    if not isinstance(user, User):
        raise TypeError("what needs an account was reached without one")
    return user


def origin(request: HttpRequest) -> Origin:
    """Where a request comes from."""
    return Origin(address=client_address(request))


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
        by=actor(request),
        action=action,
        origin=origin(request),
        patient=patient,
        assessment=assessment,
        detail=detail,
    )

"""Results of other systems: the state of the laboratory's receiver, and a message in full."""

from uuid import UUID

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from scoring import health, queries
from scoring.http.actor import log
from scoring.models import AuditEvent, Right
from scoring.queries.laboratory import COUNTED_DAYS
from scoring.web.gate import needs
from scoring.web.need_to_know import reason_address


def laboratory_state() -> dict[str, object]:
    """For the page "Connections": whether messages arrive, and which. Nothing about a patient."""
    return {
        "is_set_up": settings.HL7_IS_SET_UP,
        "is_running": health.listener_is_running(),
        "listens_at": settings.HL7_LISTEN,
        "command": "manage.py receive_hl7, rbp-risk-hl7.service",
        "counts": queries.message_counts(),
        "counted_days": COUNTED_DAYS,
        "newest": queries.newest_messages(),
        "refused": queries.newest_messages(refused=True),
    }


@require_safe
@needs(Right.SEE_PATIENTS)
def laboratory_message(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A message or a resource with its results, word for word; whoever of its patients is seen.

    A message that was refused may be about anybody: it is shown to those who see all patients.
    """
    message = queries.message_by_id(pk)
    if message is None:
        raise Http404
    patients = queries.patients_of_message(message)
    for patient in patients:
        if not queries.is_seen(patient):
            return redirect(reason_address(patient, request.path))
    if not patients and queries.current_limit() is not None:
        raise PermissionDenied
    detail: dict[str, object] = {"message": str(pk)}
    for whom in patients or (None,):
        log(request, AuditEvent.Action.MESSAGE_VIEWED, patient=whom, detail=detail)
    context = {"message": message, "results": message.results.order_by("pk"), "patients": patients}
    name = "fhir_result" if message.is_read else "laboratory_message"
    return render(request, f"scoring/{name}.html", context)

"""Lines in the access log."""

from django.utils import timezone

from scoring.entry import Origin
from scoring.models import Assessment, AuditEvent, Patient, User

NOWHERE = Origin(address=None)


def log_event(
    *,
    by: User | None,
    action: AuditEvent.Action,
    origin: Origin,
    patient: Patient | None = None,
    assessment: Assessment | None = None,
    detail: dict[str, object] | None = None,
) -> AuditEvent:
    """One line in the access log; plain values, so that it outlives what it describes.

    It is written in the transaction of whoever calls. ``detail["username"]`` names the account
    that a line is about, where that is another than the actor's. Once the line is committed,
    ``manage.py background`` seals it and ships it.
    """
    if assessment is not None:
        patient = assessment.patient
    return AuditEvent.objects.create(
        at=timezone.now(),
        actor=by.username if by else "",
        actor_name=str(by) if by else "",
        action=action,
        patient_id=patient.id if patient else None,
        hospital_number=patient.hospital_number if patient else "",
        assessment_id=assessment.id if assessment else None,
        address=origin.address,
        detail=detail or {},
    )

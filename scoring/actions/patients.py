"""Patients."""

from django.db import IntegrityError, transaction
from django.utils import timezone

from scoring.actions.log import log_event
from scoring.entry import Origin, PatientEntry
from scoring.models import AuditEvent, Patient, User
from scoring.models.patient import normalised_hospital_number, searchable


class HospitalNumberTakenError(ValueError):
    """The hospital number already belongs to somebody: show who, do not register twice."""


@transaction.atomic
def register_patient(*, by: User, entry: PatientEntry, origin: Origin) -> Patient:
    """Put a patient on record; raises HospitalNumberTakenError when the number is on record."""
    number = normalised_hospital_number(entry.hospital_number)
    patient = Patient(
        hospital_number=number,
        family_name=entry.family_name,
        given_name=entry.given_name,
        search_name=searchable(f"{entry.family_name} {entry.given_name}"),
        birth_date=entry.birth_date,
        sex=entry.sex,
        synthetic=entry.synthetic,
        created_at=timezone.now(),
        created_by=by,
    )
    try:
        with transaction.atomic():
            patient.save(force_insert=True)
    except IntegrityError as error:
        if Patient.objects.filter(hospital_number=number).exists():
            raise HospitalNumberTakenError(number) from error
        raise
    log_event(by=by, action=AuditEvent.Action.PATIENT_REGISTERED, origin=origin, patient=patient)
    return patient

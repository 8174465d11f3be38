"""Patients."""

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from scoring import queries
from scoring.actions.log import log_event
from scoring.actions.reasons import ReasonMissingError
from scoring.entry import Origin, PatientEntry, Submission
from scoring.entry.folding import cjk_characters, normalised_hospital_number, search_text
from scoring.models import Assessment, AuditEvent, Patient, PatientCorrection, User, Ward
from scoring.models.patient_correction import IDENTITY_FIELDS

# What a correction changes of the patient's row.
_CORRECTED = (*IDENTITY_FIELDS, "search_name", "search_characters", "revision")


class HospitalNumberTakenError(ValueError):
    """The hospital number already belongs to somebody: show who, do not register twice."""


class StalePatientError(ValueError):
    """Somebody else corrected the identity meanwhile; ``patient`` is it now."""

    def __init__(self, patient: Patient) -> None:
        super().__init__(str(patient.pk))
        self.patient = patient


class NothingCorrectedError(ValueError):
    """The identity entered is the one on record."""


def unsaved_patient(*, by: User, entry: PatientEntry, at: datetime) -> Patient:
    """A patient not on record yet, with the number normalised and the name indexed for search."""
    patient = Patient(
        hospital_number=normalised_hospital_number(entry.hospital_number),
        family_name=entry.family_name,
        given_name=entry.given_name,
        birth_date=entry.birth_date,
        sex=entry.sex,
        synthetic=entry.synthetic,
        ward_id=by.ward_id,
        created_at=at,
        created_by=by,
    )
    _index_name(patient)
    return patient


@transaction.atomic
def register_patient(*, by: User, entry: PatientEntry, origin: Origin) -> Patient:
    """Put a patient on record; raises HospitalNumberTakenError when the number is on record."""
    patient = unsaved_patient(by=by, entry=entry, at=timezone.now())
    number = patient.hospital_number
    try:
        with transaction.atomic():
            patient.save(force_insert=True)
    except IntegrityError as error:
        if queries.patient_by_number(number) is not None:
            raise HospitalNumberTakenError(number) from error
        raise
    log_event(
        by=by,
        action=AuditEvent.Action.PATIENT_REGISTERED,
        origin=origin,
        patient=patient,
        record=[patient],
    )
    return patient


def lock_patients_of(chain_id: UUID, *, moved_to: UUID | None = None) -> None:
    """Wait for whoever else saves something of the patients that a chain has had or is moved to.

    Called before the chain's own row is locked: where a version or an outcome changes what is said
    of a death, the triggers lock the patient and then all chains of that patient
    (``models/follow_up.py``).
    """
    had = Assessment.objects.filter(chain=chain_id).values("patient")
    whose = Patient.objects.filter(Q(pk__in=had) | Q(pk=moved_to)).order_by("pk")
    list(whose.select_for_update(no_key=True))


def correct_patient(
    *, by: User, patient: Patient, entry: PatientEntry, reason: str, submission: Submission
) -> Patient:
    """Correct an identity; what stood there stays on record with the reason.

    ``patient`` is the row as the user saw it. Raises StalePatientError where it was corrected
    since, HospitalNumberTakenError where the new number is another patient's, ReasonMissingError,
    and NothingCorrectedError.
    """
    if not reason.strip():
        raise ReasonMissingError
    with transaction.atomic():
        now = Patient.objects.select_for_update().get(pk=patient.pk)
        if queries.made_by_form(PatientCorrection, submission.token) is not None:
            return now
        if now.revision != patient.revision:
            raise StalePatientError(now)
        number = normalised_hospital_number(entry.hospital_number)
        if queries.patient_by_number(number) not in {None, now}:
            raise HospitalNumberTakenError(number)
        new = {
            "hospital_number": number,
            "family_name": entry.family_name,
            "given_name": entry.given_name,
            "birth_date": entry.birth_date,
            "sex": entry.sex,
        }
        old = {field: getattr(now, field) for field in IDENTITY_FIELDS}
        if new == old:
            raise NothingCorrectedError
        now.revision += 1
        correction = PatientCorrection.objects.create(
            patient=now,
            revision=now.revision,
            **{f"old_{field}": value for field, value in old.items()},
            **{f"new_{field}": value for field, value in new.items()},
            old_search_name=now.search_name,
            old_search_characters=now.search_characters,
            reason=reason.strip(),
            form_token=submission.token,
            created_at=timezone.now(),
            created_by=by,
            created_by_name=str(by),
        )
        for field, value in new.items():
            setattr(now, field, value)
        _index_name(now)
        _save_corrected(now)
        log_event(
            by=by,
            action=AuditEvent.Action.PATIENT_CORRECTED,
            origin=submission.origin,
            patient=now,
            detail={"revision": now.revision, "reason": reason.strip()},
            record=[now, correction],
        )
    return now


@transaction.atomic
def open_patient(*, by: User, patient: Patient, reason: str, origin: Origin) -> None:
    """Note why a user opens a patient of another ward. Raises ReasonMissingError."""
    _log_with_reason(by, AuditEvent.Action.PATIENT_OPENED, patient, reason, origin)


@transaction.atomic
def move_patient(
    *, by: User, patient: Patient, ward: Ward | None, reason: str, origin: Origin
) -> Patient:
    """Make a patient that of another ward, or of none; the log keeps where the patient was.

    Raises ReasonMissingError. Nothing is done where it is that ward's patient already.
    """
    now = Patient.objects.select_for_update(of=("self",)).select_related("ward").get(pk=patient.pk)
    if now.ward == ward:
        return now
    detail = {"ward": str(ward or ""), "ward_before": str(now.ward or "")}
    now.ward = ward
    now.save(update_fields=["ward"])
    _log_with_reason(by, AuditEvent.Action.PATIENT_MOVED, now, reason, origin, detail)
    return now


@transaction.atomic
def move_patients_without_ward(*, by: User, ward: Ward, origin: Origin) -> int:
    """Give every patient without a ward to this one; how many. The log says the number alone."""
    waiting = Patient.objects.filter(ward=None)
    # Locked in the order of ``lock_patients_of``: else an amendment of two of them may wait for
    # this one, and this one for it.
    in_order = waiting.order_by("pk").select_for_update(no_key=True).values("pk")
    moved = Patient.objects.filter(pk__in=in_order).update(ward=ward)
    if moved:
        detail: dict[str, object] = {"ward": str(ward), "patients": moved}
        log_event(by=by, action=AuditEvent.Action.PATIENTS_MOVED, origin=origin, detail=detail)
    return moved


def _log_with_reason(
    by: User,
    action: AuditEvent.Action,
    patient: Patient,
    reason: str,
    origin: Origin,
    detail: dict[str, str] | None = None,
) -> None:
    if not reason.strip():
        raise ReasonMissingError
    told: dict[str, object] = {**(detail or {}), "reason": reason.strip()}
    log_event(by=by, action=action, origin=origin, patient=patient, detail=told)


def _save_corrected(patient: Patient) -> None:
    number = patient.hospital_number
    try:
        with transaction.atomic():
            patient.save(update_fields=_CORRECTED)
    except IntegrityError as error:
        # Given to somebody else at the same moment.
        if queries.patient_by_number(number) not in {None, patient}:
            raise HospitalNumberTakenError(number) from error
        raise


def _index_name(patient: Patient) -> None:
    """What the search by name compares."""
    patient.search_name = search_text(patient.family_name, patient.given_name)
    patient.search_characters = cjk_characters(patient.search_name)

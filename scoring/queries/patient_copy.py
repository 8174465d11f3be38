"""Everything on record about one patient, for the copy that the patient may ask for."""

from django.db.models import QuerySet

from scoring.models import Assessment, AuditEvent, Draft, Outcome, Patient, PatientCorrection


def copied_corrections(patient: Patient) -> QuerySet[PatientCorrection]:
    """Every correction of the identity, the first one first."""
    return patient.corrections.select_related("created_by").order_by("revision")


def copied_versions(patient: Patient) -> QuerySet[Assessment]:
    """Every version that was made for the patient, by report number and version.

    Where an assessment was moved to another patient, the versions made before are among them.
    """
    found = patient.assessments.select_related(
        "patient", "created_by", "chain__current", "recalibrated__recalibration"
    )
    return found.order_by("chain__report_year", "chain__report_serial", "version")


def copied_outcomes(patient: Patient) -> QuerySet[Outcome]:
    """Every version of the outcomes of the patient's assessments.

    Those of an assessment that was moved belong to the patient it was moved to.
    """
    found = Outcome.objects.filter(chain__current__patient=patient).select_related("created_by")
    return found.order_by("chain", "time_point", "version")


def unfinished_forms_about(patient: Patient) -> QuerySet[Draft]:
    """The drafts that name the patient, whoever is their owner."""
    return Draft.objects.filter(patient=patient).select_related("owner").order_by("updated_at")


def log_of_patient(patient: Patient) -> QuerySet[AuditEvent]:
    """Every line of the access log about the patient, the oldest first."""
    return AuditEvent.objects.filter(patient_id=patient.pk).order_by("at", "pk")

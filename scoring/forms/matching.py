"""Whether forms that are sent again still hold what they made something with."""

from scoring.forms.assessment import AssessmentForm
from scoring.forms.patient import PatientForm
from scoring.models import Assessment, Patient


def form_matches(patient_form: PatientForm, form: AssessmentForm, existing: Assessment) -> bool:
    """Whether what was entered, and of whom, is still what the form made a version with."""
    return (
        form.is_valid()
        and form.entry() == existing.entry
        and _means(patient_form, existing.patient)
    )


def _means(form: PatientForm, patient: Patient) -> bool:
    """Whether a form means this patient, with the identity on record."""
    if form.patient != patient:
        return False
    cleaned = form.cleaned_data
    if cleaned.get("known_patient") == patient.pk:
        return True
    typed = [" ".join(cleaned.get(name, "").split()) for name in ("family_name", "given_name")]
    return [*typed, cleaned.get("birth_date"), cleaned.get("sex")] == [
        patient.family_name,
        patient.given_name,
        patient.birth_date,
        patient.sex,
    ]

"""Forms that do not begin empty: with what stands on record, or with what was typed before."""

from django.forms import Form
from django.http import QueryDict

from scoring.forms.assessment import AssessmentForm
from scoring.forms.life import ReasonForm
from scoring.forms.patient import PatientForm
from scoring.forms.predictors import taken_field, typed_as
from scoring.models import Assessment
from scoring.nomogram.rong2025.model import RONG_2025


def initial_of(assessment: Assessment) -> tuple[PatientForm, AssessmentForm, ReasonForm]:
    """Patient, inputs as they were typed, and an empty reason."""
    entry, patient = assessment.entry, assessment.patient
    values = {
        "hospital_number": patient.hospital_number,
        "known_patient": patient.pk,
        **entry.recorded(),
        "age_years": entry.age_years,
        **{field: typed_as(entered) for field, entered in entry.inputs_by_field.items()},
        **{
            taken_field(RONG_2025.provenances[field]): source.result_id
            for field, source in assessment.sources_by_predictor.items()
        },
    }
    patient_form = PatientForm(_as_typed(PatientForm(initial=values)))
    patient_form.is_valid()
    typed = _as_typed(AssessmentForm(initial=values))
    form = AssessmentForm(typed, **patient_form.age_source())
    form.is_valid()
    return patient_form, form, ReasonForm()


def half_filled(typed: QueryDict) -> tuple[PatientForm, AssessmentForm]:
    """Forms that were left before they were sent: all that was typed, nothing judged as missing."""
    read = PatientForm(typed)
    read.is_valid()
    patient_form = PatientForm(initial=typed.dict())
    patient_form.patient = read.patient
    patient_form.patient_elsewhere = read.patient_elsewhere
    form = AssessmentForm(typed, **read.age_source())
    form.is_valid()
    for name, errors in list(form.errors.as_data().items()):
        if all(error.code == "required" for error in errors):
            del form.errors[name]
    return patient_form, form


def _as_typed(form: Form) -> dict[str, str]:
    """What a browser would send back of a form that is shown."""
    values = {field.html_name: field.value() for field in form}
    return {name: str(value) for name, value in values.items() if value not in (None, False)}

"""Forms that do not begin empty: with what stands on record, or with what was typed before."""

from django.forms import Form
from django.http import QueryDict

from scoring.models import Assessment
from scoring.web.forms.assessment import AssessmentForm
from scoring.web.forms.life import ReasonForm
from scoring.web.forms.patient import PatientForm

_ANSWERS = {True: "yes", False: "no", None: "not_known_yet"}


def initial_of(assessment: Assessment) -> tuple[PatientForm, AssessmentForm, ReasonForm]:
    """Patient, inputs as they were typed, and an empty reason."""
    entry, patient = assessment.entry, assessment.patient
    values = {
        "hospital_number": patient.hospital_number,
        "known_patient": patient.pk,
        "operation_date": entry.operation_date,
        "operation_time": entry.operation_time,
        "operation_status": entry.operation_status,
        "fracture_level": entry.fracture_level,
        **{criterion.value: answer.value for criterion, answer in entry.answers.items()},
        "age_years": entry.age_years,
        "t_score": entry.t_score.entered,
        "dxa_site": entry.dxa_site,
        "dxa_date": entry.t_score.source_date,
        "trauma_history": _ANSWERS[entry.trauma_history],
        "trauma_history_date": entry.trauma_history_date,
        "posterior_fascia_edema": _ANSWERS[entry.posterior_fascia_edema],
        "mri_date": entry.mri_date,
        "pdw_fl": entry.pdw.entered,
        "pdw_unit": "fL",
        "pdw_date": entry.pdw.source_date,
        "chloride_mmol_l": entry.chloride.entered,
        "chloride_date": entry.chloride.source_date,
        "mvh_restored": _ANSWERS[entry.mvh_restored],
        "radiograph_date": entry.radiograph_date,
    }
    patient_form = PatientForm(_as_typed(PatientForm(initial=values)))
    patient_form.is_valid()
    typed = _as_typed(AssessmentForm(initial=values))
    form = AssessmentForm(typed, birth_date=patient.birth_date)
    form.is_valid()
    return patient_form, form, ReasonForm()


def half_filled(typed: QueryDict) -> tuple[PatientForm, AssessmentForm]:
    """Forms that were left before they were sent: all that was typed, nothing judged as missing."""
    read = PatientForm(typed)
    read.is_valid()
    patient_form = PatientForm(initial=typed.dict())
    patient_form.patient = read.patient
    form = AssessmentForm(typed, birth_date=read.known_birth_date())
    form.is_valid()
    return patient_form, form


def _as_typed(form: Form) -> dict[str, str]:
    """What a browser would send back of a form that is shown."""
    values = {field.html_name: field.value() for field in form}
    return {name: str(value) for name, value in values.items() if value not in (None, False)}

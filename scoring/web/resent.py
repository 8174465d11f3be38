"""Forms sent again: a double click, the back button, a retry after a lost connection.

They lead to what they made the first time. Where something was changed in them since, the user is
told that it is not saved: otherwise the page would look as if it were.
"""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from scoring import queries
from scoring.models import Assessment, Patient
from scoring.web import after_saving
from scoring.web.forms import AssessmentForm, PatientForm


def form_token(request: HttpRequest) -> UUID | None:
    """The one-time token of the form that was sent; None where there is none to be read."""
    try:
        return UUID(request.POST.get("form_token", ""))
    except ValueError:
        return None


def version_made_before(request: HttpRequest) -> Assessment | None:
    """The version that this very form has made already."""
    return queries.made_by_form(Assessment, form_token(request))


def warn_of_changes(request: HttpRequest) -> None:
    """Say that what the form holds now is not what it made."""
    messages.warning(
        request,
        _(
            "This form was already saved, as you see it here. Changes you made after that are "
            "not saved. To correct it, start from this page."
        ),
    )


def to_version(request: HttpRequest, existing: Assessment, *, same: bool) -> HttpResponse:
    """Lead to the version that the form made."""
    if not same:
        warn_of_changes(request)
    return after_saving.to_result(request, existing)


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

"""Patients: looked up by hospital number, and their page."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import reswap, trigger_client_event

from scoring import actions, queries
from scoring.forms import PatientForm, questions
from scoring.forms.comparison import ComparisonForm
from scoring.forms.links import error_links
from scoring.forms.patient_correction import PatientCorrectionForm
from scoring.http.actor import actor, log
from scoring.http.methods import get_or_post
from scoring.models import AuditEvent, Patient, PatientCorrection, Right
from scoring.report.comparison import compared_results, compared_values
from scoring.report.sheet import Sheet
from scoring.report.trend import risk_trend
from scoring.web import asking, drafts, ehr_readings, hints, laboratory_offers, resent
from scoring.web.access import of_patient, submission
from scoring.web.gate import needs

Action = AuditEvent.Action


@require_POST
@needs(Right.ASSESS)
def patient_lookup(request: HttpRequest) -> HttpResponse:
    """Who a hospital number belongs to, in full, before anything else is entered."""
    # PostgreSQL takes no null character, and no number holds one.
    number = request.POST.get("hospital_number", "").replace("\x00", "")
    patient = queries.patient_by_number(number)
    if patient is not None:
        log(request, Action.PATIENT_LOOKED_UP, patient=patient)
    is_elsewhere = patient is not None and not queries.is_seen(patient)
    typed = {name: request.POST.get(name) for name in PatientForm.base_fields}
    form = PatientForm(initial=typed)
    form.patient_elsewhere = patient if is_elsewhere else None
    context = {
        "patient": None if is_elsewhere else patient,
        "patient_form": form,
        "laboratory_offers": laboratory_offers.shown(request, form, patient),
        "number_hints": hints.number_hints(request, number, patient),
    }
    response = render(request, "scoring/patient_lookup.html", context)
    is_shown = request.POST.get("known_patient") or ehr_readings.reading_of(request)
    if patient is None and not is_shown:
        # The fields of a new patient are on the page already, and somebody is typing in them.
        return reswap(response, "none")
    return trigger_client_event(response, "identity-changed", after="settle")


@require_POST
@needs(Right.ASSESS)
def patient_same_name(request: HttpRequest) -> HttpResponse:
    """Others who have, or had, the very same name: is one of them meant?"""
    named = [
        request.POST.get(name, "").replace("\x00", "") for name in ("family_name", "given_name")
    ]
    known = queries.patient_by_number(request.POST.get("hospital_number", "").replace("\x00", ""))
    found = hints.namesakes(request, known, *named)
    return render(request, "scoring/form/same_name.html", {"namesakes": found})


@require_safe
@of_patient(Right.SEE_PATIENTS, Action.PATIENT_VIEWED)
def patient_detail(request: HttpRequest, patient: Patient) -> HttpResponse:
    """Every assessment of one patient, newest first, versions under the current one."""
    chains = queries.patient_chains(patient)
    context = {
        "patient": patient,
        "age_years": patient.age_on(timezone.localdate()),
        "chains": chains,
        "trend": risk_trend([chain.current for chain in chains]),
        "corrections": patient.corrections.order_by("-revision"),
    }
    return render(request, "scoring/patient_detail.html", context)


@require_safe
@of_patient(Right.SEE_PATIENTS, Action.PATIENT_VIEWED)
def patient_compare(request: HttpRequest, patient: Patient) -> HttpResponse:
    """Two assessments of one patient, value by value: those asked for, else the latest two."""
    form = ComparisonForm(request.GET or None, assessments=queries.comparable_assessments(patient))
    first, second = form.chosen()
    context = {
        "patient": patient,
        "age_years": patient.age_on(timezone.localdate()),
        "form": form,
        "sheets": [Sheet(first), Sheet(second)] if first and second else [],
        "values": compared_values(first, second) if first and second else [],
        "results": compared_results(first, second) if first and second else [],
    }
    return render(request, "scoring/patient_compare.html", context)


@get_or_post
@of_patient(Right.ASSESS, Action.PATIENT_VIEWED)
def patient_correct(request: HttpRequest, patient: Patient) -> HttpResponse:
    """Correct an identity, with a reason; what stood there stays on record."""
    form = PatientCorrectionForm(request.POST or None, patient=patient)
    existing = queries.made_by_form(PatientCorrection, resent.form_token(request))
    if existing is not None:
        if not (form.is_valid() and form.says_the_same_as(existing)):
            resent.warn_of_changes(request)
        return redirect("patient-detail", pk=patient.pk)
    if not form.is_valid():
        return _correction_page(request, patient, form)
    if asked := asking.asked(request, questions.about_correction(form.entry(), patient)):
        return _correction_page(request, patient, form, asked=asked)
    try:
        actions.correct_patient(
            by=actor(request),
            patient=form.seen,
            entry=form.entry(),
            reason=form.cleaned_data["reason"],
            submission=submission(request, form),
        )
    except actions.StalePatientError as stale:
        form = form.beside(stale.patient)
        return _correction_page(request, stale.patient, form, stale=True)
    except (actions.HospitalNumberTakenError, actions.NothingCorrectedError) as error:
        other = queries.patient_by_number(form.cleaned_data["hospital_number"])
        if other not in (None, patient):
            # The refusal says who it is.
            log(request, Action.PATIENT_LOOKED_UP, patient=other)
        form.refuse(error)
        return _correction_page(request, patient, form)
    messages.success(request, _("The identity was corrected. The old one stays on record."))
    return redirect("patient-detail", pk=patient.pk)


def _correction_page(
    request: HttpRequest,
    patient: Patient,
    form: PatientCorrectionForm,
    *,
    stale: bool = False,
    asked: list[questions.Question] | None = None,
) -> HttpResponse:
    drafts.fill_in(request, form)
    context = {
        "questions": asked,
        "patient": patient,
        "form": form,
        "errors": error_links(form),
        "stale": stale,
        "corrections": patient.corrections.order_by("-revision"),
    }
    status = 409 if stale else 422 if form.errors or asked else 200
    return render(request, "scoring/patient_correct.html", context, status=status)

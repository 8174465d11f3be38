"""New assessment, its live points, its result and its report."""

from itertools import chain
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import translation
from django.utils.translation import get_language
from django.views.decorators.http import require_POST, require_safe

from scoring import actions, queries
from scoring.forms import AssessmentForm, PatientForm, half_filled, questions, refusals
from scoring.forms.links import error_links
from scoring.forms.matching import form_matches
from scoring.forms.print_choice import PrintForm
from scoring.http.actor import actor, log
from scoring.http.methods import get_or_post
from scoring.http.printing import paper_response
from scoring.models import Assessment, AuditEvent, PaperKind, Right
from scoring.report import changes
from scoring.report.chart_note import chart_note
from scoring.report.sheet import Sheet
from scoring.web import (
    after_saving,
    asking,
    drafts,
    ehr,
    ehr_readings,
    filled_in,
    hints,
    laboratory_offers,
    resent,
)
from scoring.web.access import of_assessment, submission
from scoring.web.gate import needs
from scoring.web.live import LivePoints
from scoring.web.unfinished import unfinished
from scoring.web.ward import ward_of

Action = AuditEvent.Action
_PRINTED = {
    PaperKind.REPORT: Action.REPORT_PRINTED,
    PaperKind.PATIENT_SHEET: Action.PATIENT_SHEET_PRINTED,
}


def _forms(request: HttpRequest, *, sent: bool) -> tuple[PatientForm, AssessmentForm]:
    """Both forms as they stand; the second one knows the birth date the first one found."""
    patient_form = PatientForm(request.POST)
    patient_form.is_valid()
    form = AssessmentForm(request.POST, **patient_form.age_source(), sent=sent)
    form.is_valid()
    return patient_form, form


def _opened(request: HttpRequest) -> tuple[PatientForm, AssessmentForm]:
    """The forms to begin with: as they were left, for the patient whose page led here, or empty."""
    typed = drafts.taken_back(request)
    reading = ehr_readings.reading_of(request, typed)
    if typed is None:
        # The laboratory's unit where it is the one that is scored; the form says whose it is.
        patient_form = ehr.patient_form(request, reading) if reading else _patient_form(request)
        form = AssessmentForm(initial=ward_of(request).scored_units, **patient_form.age_source())
        return patient_form, form
    return _left(request, typed)


def _left(request: HttpRequest, typed: QueryDict) -> tuple[PatientForm, AssessmentForm]:
    """The forms with all that was typed, and nothing judged as missing."""
    patient_form, form = half_filled(typed)
    if patient_form.patient is not None:
        log(request, Action.PATIENT_LOOKED_UP, patient=patient_form.patient)
    return patient_form, form


def _form_page(
    request: HttpRequest,
    patient_form: PatientForm,
    form: AssessmentForm,
    asked: list[questions.Question] | None = None,
) -> HttpResponse:
    is_refused = request.method == "POST" and not filled_in.is_asked_for(request)
    if is_refused:
        hints.log_shown(request, patient_form)
    context = {
        "questions": asked,
        "patient_form": patient_form,
        "form": form,
        "patient": patient_form.patient,
        "live": LivePoints(form),
        "ehr": ehr_readings.reading_of(request),
        "laboratory_offers": laboratory_offers.shown(request, patient_form, patient_form.patient),
        "errors": error_links(patient_form, form) if is_refused else [],
        "blank": _blank(request, patient_form, form),
        "drafts": unfinished(request) if request.method in {"GET", "HEAD"} else [],
        **({} if asked else hints.beside(request, patient_form)),
    }
    status = 422 if is_refused else 200
    return render(request, "scoring/assessment_new.html", context, status=status)


def _blank(request: HttpRequest, patient_form: PatientForm, form: AssessmentForm) -> str:
    """All that the HTML of an empty form depends on: it is drawn once for as long as that stays.

    Empty for any other form: what somebody typed, or of whom it is, is never kept for others.
    """
    if form.is_bound or patient_form.is_bound or patient_form.initial:
        return ""
    return f"{get_language()} {ward_of(request).pdw_unit}"


def _patient_form(request: HttpRequest) -> PatientForm:
    """Empty, or with the patient whose page led here."""
    patient = queries.patient_by_id(request.GET.get("patient", ""))
    if patient is None or not queries.is_seen(patient):
        return PatientForm()
    log(request, Action.PATIENT_LOOKED_UP, patient=patient)
    form = PatientForm(initial={"hospital_number": patient.hospital_number})
    form.patient = patient
    return form


@get_or_post
@needs(Right.ASSESS)
def assessment_new(request: HttpRequest) -> HttpResponse:
    """The form; saving leads to the result, a wrong value back to the form with all kept."""
    if request.method != "POST":
        ehr_readings.warn_if_lost(request)
        return _form_page(request, *_opened(request))
    if (typed := filled_in.taken(request)) is not None:
        return _form_page(request, *_left(request, typed))
    if drafts.is_left(request):
        return drafts.left(request)
    patient_form, form = _forms(request, sent=True)
    # A second press of the same button: by now the new patient of the first one is on record.
    existing = resent.version_made_before(request)
    if existing is not None:
        same = form_matches(patient_form, form, existing)
        return resent.to_version(request, existing, same=same)
    if not (patient_form.is_valid() and form.is_valid()):
        return _form_page(request, patient_form, form)
    patient, entry = patient_form.entry(), form.entry()
    about = questions.about_assessment(patient, entry)
    about_taken = questions.about_taken(patient, entry, form.taken)
    if asked := asking.asked(request, chain(about, about_taken)):
        return _form_page(request, patient_form, form, asked)
    try:
        assessment = actions.record_assessment(
            by=actor(request),
            patient=patient,
            entry=entry,
            submission=submission(request, form),
            taken=ehr_readings.taken(request, form),
        )
    except actions.HospitalNumberTakenError:
        # Registered by somebody else since the form was checked: show who it is.
        return _form_page(request, *_forms(request, sent=True))
    ehr_readings.forget(request)
    return after_saving.leads_on(request, assessment)


@require_POST
@needs(Right.ASSESS)
def assessment_points(request: HttpRequest) -> HttpResponse:
    """Points so far, by the same code as the result; what is typed is kept as a draft."""
    drafts.autosave(request)
    patient_form, form = _forms(request, sent="sent" in request.POST)
    hints.log_shown(request, patient_form)
    context = {"patient_form": patient_form, "form": form, "live": LivePoints(form), "oob": True}
    return render(request, "scoring/assessment_points.html", context)


@require_safe
@of_assessment(Right.SEE_PATIENTS, Action.ASSESSMENT_VIEWED)
def assessment_result(request: HttpRequest, assessment: Assessment) -> HttpResponse:
    """Risk, where it comes from, and what it rests on."""
    before, sheet = queries.predecessor_of(assessment), Sheet(assessment)
    if before and before.patient_id != assessment.patient_id:
        # What was changed names both patients.
        log(request, Action.ASSESSMENT_VIEWED, assessment=before)
    context = {
        "sheet": sheet,
        "chart_note": chart_note(sheet),
        "assessment": assessment,
        "patient": assessment.patient,
        "changes": changes.between(before, assessment) if before else [],
        "effects": changes.effects(Sheet(before), sheet) if before else [],
        "outcomes": queries.outcomes_of(assessment.chain),
    }
    response = render(request, "scoring/assessment_result.html", context)
    return after_saving.open_report(request, assessment, response)


@require_safe
@needs(Right.SEE_PATIENTS)
def assessment_report(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The report for the chart, as PDF."""
    assessment = get_object_or_404(queries.assessments(), pk=pk)
    return _printed(PaperKind.REPORT, request, assessment)


@require_safe
@needs(Right.SEE_PATIENTS)
def patient_sheet(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One page for the patient, as PDF; back to a result that does not apply to the patient."""
    assessment = get_object_or_404(queries.assessments(), pk=pk)
    if not Sheet(assessment).is_for_patient:
        messages.error(request, str(refusals.NO_PATIENT_SHEET))
        return redirect("assessment-result", pk=assessment.pk)
    return _printed(PaperKind.PATIENT_SHEET, request, assessment)


def _printed(kind: PaperKind, request: HttpRequest, assessment: Assessment) -> HttpResponse:
    """In the language and on the paper of the address; without, the user's and the ward's."""
    ward = ward_of(request)
    form = PrintForm(request.GET)
    if not form.is_valid():
        messages.error(request, form.refusal())
        return redirect("assessment-result", pk=assessment.pk)
    log(request, _PRINTED[kind], assessment=assessment)
    with translation.override(form.language_code):
        return paper_response(
            kind,
            assessment,
            printed_by=str(actor(request)),
            ward=ward,
            size=form.size(ward),
        )

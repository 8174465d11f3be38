"""A patient's copy of all data held: for whoever answers the patient's request."""

from functools import partial

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.translation import get_language
from django.views.decorators.http import require_POST, require_safe

from scoring import queries
from scoring.forms.print_choice import PrintForm
from scoring.http.actor import actor
from scoring.http.printing import printed
from scoring.models import AuditEvent, Patient, Right
from scoring.report.patient_copy import PatientCopy, copy_as_json, copy_html
from scoring.web.access import of_patient
from scoring.web.ward import ward_of

Action = AuditEvent.Action
# A copy is an export, and holds the lines of the access log.
_ALSO = (Right.EXPORT_RECORDS, Right.VIEW_ACCESS_LOG)


@require_safe
@of_patient(Right.SEE_PATIENTS, Action.PATIENT_VIEWED, also=_ALSO)
def patient_copy(request: HttpRequest, patient: Patient) -> HttpResponse:
    """What the copy holds, and both formats of it."""
    context = {
        "patient": patient,
        "age_years": patient.age_on(timezone.localdate()),
        "unfinished_forms": queries.unfinished_forms_about(patient),
        "print_form": PrintForm(
            initial={"language": get_language(), "paper": ward_of(request).paper.lower()}
        ),
    }
    return render(request, "scoring/patient_copy.html", context)


@require_POST
@of_patient(Right.SEE_PATIENTS, Action.RECORD_COPIED_JSON, also=_ALSO)
def patient_copy_json(request: HttpRequest, patient: Patient) -> HttpResponse:
    """The copy for programs; posted, because it leaves a line in the log."""
    copy = _copy(request, patient)
    return _attached(copy_as_json(copy), "application/json; charset=utf-8", "json", copy)


@require_POST
@of_patient(Right.SEE_PATIENTS, Action.RECORD_COPIED_PDF, also=_ALSO)
def patient_copy_pdf(request: HttpRequest, patient: Patient) -> HttpResponse:
    """The copy for people: in the language and on the paper that were chosen, else the usual."""
    choice = PrintForm(request.POST)
    if not choice.is_valid():
        messages.error(request, choice.refusal())
        return redirect("patient-copy", pk=patient.pk)
    copy = _copy(request, patient)
    with translation.override(choice.language_code):
        content = printed(partial(copy_html, copy, paper=choice.size(ward_of(request))))
    return _attached(content, "application/pdf", "pdf", copy)


def _copy(request: HttpRequest, patient: Patient) -> PatientCopy:
    return PatientCopy(
        patient=patient,
        corrections=list(queries.copied_corrections(patient)),
        versions=list(queries.copied_versions(patient)),
        outcomes=list(queries.copied_outcomes(patient)),
        unfinished_forms=list(queries.unfinished_forms_about(patient)),
        events=list(queries.log_of_patient(patient)),
        made_by=actor(request),
        made_at=timezone.now(),
        ward=ward_of(request).heading,
    )


def _attached(content: str | bytes, kind: str, ending: str, copy: PatientCopy) -> HttpResponse:
    # Without the hospital number: names of files stay in lists of the browser.
    name = f"rbp-patient-copy-{timezone.localdate(copy.made_at).isoformat()}.{ending}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type=kind, headers=headers)

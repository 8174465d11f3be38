"""Assessments for programs: recorded, read, searched, completed, amended, voided, printed."""

from collections.abc import Callable, Collection
from functools import partial
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from ninja import Router

from scoring import actions, queries
from scoring.api import described, record_described
from scoring.api.authentication import Token
from scoring.api.conditions import (
    KEY_PARAMETER,
    MATCH_PARAMETER,
    etag,
    key_used,
    need_match,
    stale,
    submission,
)
from scoring.api.filling import Filled, ask, errors_in, says, typed, unasked
from scoring.api.requests import Amendment, Completion, NewAssessment, Reason
from scoring.api.values import RecordId
from scoring.api.writing import json_response
from scoring.forms import questions
from scoring.forms.life import CompleteForm, ReasonForm
from scoring.http.actor import actor, log
from scoring.http.printing import paper_response
from scoring.http.problems import FieldError, Problem, refused
from scoring.models import Assessment, AuditEvent, PaperKind, Right
from scoring.models.codes import AMENDABLE, COMPLETABLE, PaperSize, State
from scoring.report.assessment_json import content

Action = AuditEvent.Action
router = Router(tags=["assessments"])
_PATH = "/assessments/{id}"
_ANY_TOKEN = {"form_token": str(UUID(int=0))}


def shown(assessment: Assessment) -> dict[str, Any]:
    """A version as its PDF report has it, with the id of the version that is current."""
    ward = queries.ward_settings().heading
    return content(assessment, ward) | {"current_id": str(assessment.chain.current_id)}


def found(request: HttpRequest, pk: UUID | None) -> Assessment:
    """The version with this id, logged as looked at. Raises Http404; Problem for another ward's."""
    assessment: Assessment = get_object_or_404(queries.whole_assessments(), pk=pk)
    _check_ward(assessment)
    log(request, Action.ASSESSMENT_VIEWED, assessment=assessment)
    return assessment


def _check_ward(assessment: Assessment) -> None:
    if queries.unseen_patient_of(assessment.pk) is not None:
        raise Problem(403, "other_ward", _("This patient belongs to another ward."))


def made(assessment: Assessment) -> HttpResponse:
    """The answer to what made a version, now or with the same key before."""
    _check_ward(assessment)
    whole = queries.whole_assessments().get(pk=assessment.pk)
    address = f"{reverse('api', args=['v1/assessments'])}/{whole.pk}"
    return json_response(shown(whole), status=201, ETag=etag(whole), Location=address)


# What can be asked next about the version that was made.
_NEXT = {
    operation: {"operationId": operation, "parameters": {"id": "$response.body#/version/id"}}
    for operation in (
        *("readAssessment", "printReport", "amendAssessment", "completeAssessment"),
        *("voidAssessment", "readOutcomes", "recordOutcomeDay3", "recordOutcomeDay30"),
    )
}


def _writes(*, matches: bool = True, others: Collection[int] = ()) -> dict[str, Any]:
    statuses = [409, *((404, 412, 428) if matches else ()), *others]
    parameters = [KEY_PARAMETER, *([MATCH_PARAMETER] if matches else [])]
    answers = described.answers(201, record_described.ASSESSMENT, *statuses, links=_NEXT)
    return answers | {"parameters": parameters}


@router.post(
    "/assessments",
    auth=Token(Right.ASSESS),
    response={201: None},
    operation_id="recordAssessment",
    summary="Record an assessment",
    openapi_extra=_writes(matches=False),
)
def record(request: HttpRequest, body: NewAssessment) -> HttpResponse:
    """A first version, scored by the published model and kept under the application's name."""
    sent, is_same = submission(request), partial(says, body.version, body.patient)
    existing = queries.made_by_form(Assessment, sent.token)
    if existing is not None:
        answer = _made_by_key(existing, is_same)
        log(request, Action.ASSESSMENT_VIEWED, assessment=existing)
        return answer
    form = Filled.of(body.version, body.patient)
    form.check(request)
    patient, entry = form.patient.entry(), form.assessment.entry()
    ask(request, questions.about_assessment(patient, entry), body.confirmed)
    try:
        assessment = actions.record_assessment(
            by=actor(request), patient=patient, entry=entry, submission=sent
        )
    except actions.HospitalNumberTakenError:
        # Registered by somebody else since the form was checked: tell who it is.
        Filled.of(body.version, body.patient).check(request)
        raise
    return _made_by_key(assessment, is_same)


@router.get(
    _PATH,
    auth=Token(Right.SEE_PATIENTS),
    operation_id="readAssessment",
    summary="Read one version of an assessment",
    openapi_extra=described.answers(200, record_described.ASSESSMENT, 404, has_body=False),
)
def read(request: HttpRequest, id: RecordId) -> HttpResponse:
    """Whose it is, what was entered, what the model made of it."""
    assessment = found(request, id)
    return json_response(shown(assessment), ETag=etag(assessment))


@router.get(
    _PATH + "/report",
    auth=Token(Right.SEE_PATIENTS),
    operation_id="printReport",
    summary="The report for the chart, as PDF",
    openapi_extra=described.answers(
        200,
        {"type": "string", "contentMediaType": "application/pdf"},
        404,
        has_body=False,
        media_type="application/pdf",
    ),
)
def report(request: HttpRequest, id: RecordId) -> HttpResponse:
    """In the language that the request asks for, on the ward's paper."""
    assessment, ward = found(request, id), queries.ward_settings()
    log(request, Action.REPORT_PRINTED, assessment=assessment)
    return paper_response(
        PaperKind.REPORT,
        assessment,
        printed_by=str(actor(request)),
        ward=ward,
        size=PaperSize(ward.paper),
    )


@router.post(
    _PATH + "/complete",
    auth=Token(Right.ASSESS),
    response={201: None},
    operation_id="completeAssessment",
    summary="Complete an assessment after the 24-hour radiograph",
    openapi_extra=_writes(),
)
def complete(request: HttpRequest, id: RecordId, body: Completion) -> HttpResponse:
    """The final version of a provisional assessment."""
    assessment, sent = found(request, id), submission(request)
    form = CompleteForm(typed(body) | _ANY_TOKEN, assessment=assessment)
    existing = queries.made_by_form(Assessment, sent.token)
    if existing is not None:
        return _made_by_key(existing, form.says_the_same_as)
    _check_state(request, assessment, COMPLETABLE)
    if errors := [*errors_in(form, ""), *unasked(body, form)]:
        raise refused(errors)
    ask(request, questions.about_completion(assessment, form.entry()), body.confirmed)
    return _new_version(
        lambda: actions.complete(
            by=actor(request),
            assessment=assessment,
            mvh_restored=form.restored,
            radiograph_date=form.cleaned_data["radiograph_date"],
            new_fracture=form.new_fracture,
            submission=sent,
        ),
        form.says_the_same_as,
    )


@router.post(
    _PATH + "/amend",
    auth=Token(Right.ASSESS),
    response={201: None},
    operation_id="amendAssessment",
    summary="Correct an assessment",
    openapi_extra=_writes(),
)
def amend(request: HttpRequest, id: RecordId, body: Amendment) -> HttpResponse:
    """A corrected version with a reason; also how an assessment finds its right patient."""
    assessment, sent = found(request, id), submission(request)
    form = Filled.of(body.version, body.patient, assessment)
    reason = ReasonForm(typed(Reason(reason=body.reason)) | _ANY_TOKEN)

    def is_same(existing: Assessment) -> bool:
        is_entry = says(body.version, body.patient, existing, amended=assessment)
        return is_entry and reason.says_the_same_as(existing)

    existing = queries.made_by_form(Assessment, sent.token)
    if existing is not None:
        return _made_by_key(existing, is_same)
    _check_state(request, assessment, AMENDABLE)
    form.check(request, errors_in(reason, ""))
    patient, entry = form.patient.entry(), form.assessment.entry()
    about = questions.about_assessment(patient, entry, amended=assessment)
    ask(request, about, body.confirmed)
    return _new_version(
        lambda: actions.amend(
            by=actor(request),
            assessment=assessment,
            patient=patient,
            entry=entry,
            reason=reason.cleaned_data["reason"],
            submission=sent,
        ),
        is_same,
    )


@router.post(
    _PATH + "/void",
    auth=Token(Right.ASSESS),
    response={201: None},
    operation_id="voidAssessment",
    summary="Void an assessment",
    openapi_extra=_writes(),
)
def void(request: HttpRequest, id: RecordId, body: Reason) -> HttpResponse:
    """A version that is in no worklist and no statistics; what stood there stays readable."""
    assessment, sent = found(request, id), submission(request)
    form = ReasonForm(typed(body) | _ANY_TOKEN)
    existing = queries.made_by_form(Assessment, sent.token)
    if existing is not None:
        return _made_by_key(existing, form.says_the_same_as)
    _check_state(request, assessment, (*AMENDABLE, State.CANCELLED))
    if errors := list(errors_in(form, "")):
        raise refused(errors)
    return _new_version(
        lambda: actions.void(
            by=actor(request),
            assessment=assessment,
            reason=form.cleaned_data["reason"],
            submission=sent,
        ),
        form.says_the_same_as,
    )


def _made_by_key(version: Assessment, is_same: Callable[[Assessment], bool]) -> HttpResponse:
    """The answer to what this request made, or one with the same key, before or at this moment."""
    if not is_same(version):
        raise key_used()
    return made(version)


def _check_state(request: HttpRequest, assessment: Assessment, allowed: Collection[State]) -> None:
    """Raise Problem unless it is the version that was meant, and in one of these states."""
    need_match(request, etag(assessment))
    if not assessment.is_current:
        raise stale()
    if assessment.state not in allowed:
        raise not_in_this_state()


def not_in_this_state() -> Problem:
    """A change that a voided or cancelled assessment, or a final one, does not allow."""
    said = _("This is not possible in the present state of the assessment. Nothing was changed.")
    return Problem(409, "state", said)


def _new_version(
    action: Callable[[], Assessment], is_same: Callable[[Assessment], bool]
) -> HttpResponse:
    """What the action made; what it refuses as Problem."""
    try:
        return _made_by_key(action(), is_same)
    except actions.StaleVersionError as error:
        raise stale() from error
    except actions.NotAllowedInStateError as error:
        raise not_in_this_state() from error
    except actions.MixedPatientsError as error:
        said = _("an assessment can't be moved between a real and a synthetic patient.")
        raise refused([FieldError("/patient/hospital_number", "synthetic", said)]) from error
    except actions.OutcomeBeforeOperationError as error:
        said = _("a VAS on record is dated before this operation date.")
        raise refused([FieldError("/version/operation_date", "vas_day", said)]) from error
    except actions.HospitalNumberTakenError as error:
        # Registered by somebody else at this moment: the same request tells who it is.
        said = _("this number is on record.")
        raise refused([FieldError("/patient/hospital_number", "on_record", said)]) from error

"""Assessments for programs: recorded, read, printed; ``versions.py`` has what happens to them."""

from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from ninja import Router

from scoring import actions, queries
from scoring.api import described, record_described
from scoring.api.authentication import Token
from scoring.api.conditions import tagged_response
from scoring.api.filling import Filled, says
from scoring.api.once import Change, do_once
from scoring.api.requests import NewAssessment
from scoring.api.values import RecordId
from scoring.entry import Submission
from scoring.forms import questions, refusals
from scoring.http.actor import actor, log
from scoring.http.printing import paper_response
from scoring.http.problems import Problem
from scoring.models import Assessment, AuditEvent, PaperKind, Right
from scoring.models.codes import PaperSize
from scoring.report.assessment_json import content
from scoring.report.sheet import Sheet

Action = AuditEvent.Action
router = Router(tags=["assessments"])
PATH = "/assessments/{id}"
F = TypeVar("F", bound=Callable[..., HttpResponse])


def shown(assessment: Assessment) -> dict[str, Any]:
    """A version as its PDF report has it, with the id of the version that is current."""
    ward = queries.ward_settings().heading
    return content(assessment, ward) | {"current_id": str(assessment.chain.current_id)}


def found(request: HttpRequest, pk: UUID | None) -> Assessment:
    """The version with this id, logged as looked at. Raises Http404; Problem for another ward's.

    Where it is answered 304 it was looked at, too: the answer says what stands in the record.
    """
    assessment: Assessment = get_object_or_404(queries.whole_assessments(), pk=pk)
    _check_ward(assessment)
    log(request, Action.ASSESSMENT_VIEWED, assessment=assessment)
    return assessment


def _check_ward(assessment: Assessment) -> None:
    if queries.unseen_patient_of(assessment.pk) is not None:
        raise other_ward()


def other_ward() -> Problem:
    """Whose patient it is, the application does not see."""
    return Problem(403, "other_ward", _("This patient belongs to another ward."))


def made(request: HttpRequest, assessment: Assessment) -> HttpResponse:
    """The answer to what made a version, now or with the same key before."""
    _check_ward(assessment)
    whole = queries.whole_assessments().get(pk=assessment.pk)
    address = f"{reverse('api', args=['v1/assessments'])}/{whole.pk}"
    return tagged_response(request, shown(whole), status=201, Location=address)


def makes_version(
    to: Router, path: str, operation_id: str, summary: str, *, has_body: bool = True
) -> Callable[[F], F]:
    """A view, after ``PATH``, that adds a version to an assessment."""
    return to.post(
        PATH + path,
        auth=Token(Right.ASSESS),
        response={201: None},
        operation_id=operation_id,
        summary=summary,
        openapi_extra=record_described.makes_version(has_body=has_body),
    )


@router.post(
    "/assessments",
    auth=Token(Right.ASSESS),
    response={201: None},
    operation_id="recordAssessment",
    summary="Record an assessment",
    openapi_extra=record_described.makes_version(matches=False),
)
def record(request: HttpRequest, body: NewAssessment) -> HttpResponse:
    """A first version, scored by the published model and kept under the application's name."""
    form = Filled.of(body.version, body.patient)

    def act(sent: Submission) -> Assessment:
        try:
            return actions.record_assessment(
                by=actor(request),
                patient=form.patient.entry(),
                entry=form.assessment.entry(),
                submission=sent,
            )
        except actions.HospitalNumberTakenError:
            # Registered by somebody else since the form was checked: tell who it is.
            Filled.of(body.version, body.patient).check(request)
            raise

    change = Change(
        kind=Assessment,
        is_same=partial(says, body.version, body.patient),
        check=lambda: form.check(request),
        about=lambda: questions.about_assessment(form.patient.entry(), form.assessment.entry()),
        confirmed=body.confirmed,
        act=act,
        answer=partial(made, request),
        again=lambda existing: log(request, Action.ASSESSMENT_VIEWED, assessment=existing),
    )
    return do_once(request, change)


@router.get(
    PATH,
    auth=Token(Right.SEE_PATIENTS),
    operation_id="readAssessment",
    summary="Read one version of an assessment",
    openapi_extra=described.read(record_described.ASSESSMENT, 404),
)
def read(request: HttpRequest, id: RecordId) -> HttpResponse:
    """Whose it is, what was entered, what the model made of it."""
    return tagged_response(request, shown(found(request, id)))


@router.get(
    PATH + "/report",
    auth=Token(Right.SEE_PATIENTS),
    operation_id="printReport",
    summary="The report for the chart, as PDF",
    openapi_extra=described.pdf(404),
)
def report(request: HttpRequest, id: RecordId) -> HttpResponse:
    """In the language that the request asks for, on the ward's paper."""
    assessment = found(request, id)
    log(request, Action.REPORT_PRINTED, assessment=assessment)
    return _printed(request, assessment, PaperKind.REPORT)


@router.get(
    PATH + "/patient-sheet",
    auth=Token(Right.SEE_PATIENTS),
    operation_id="printPatientSheet",
    summary="One page for the patient, as PDF",
    openapi_extra=described.pdf(404, 409),
)
def patient_sheet(request: HttpRequest, id: RecordId) -> HttpResponse:
    """As the report; 409 where the result does not apply to the patient."""
    assessment = found(request, id)
    if not Sheet(assessment).is_for_patient:
        raise Problem(409, "no_patient_sheet", str(refusals.NO_PATIENT_SHEET))
    log(request, Action.PATIENT_SHEET_PRINTED, assessment=assessment)
    return _printed(request, assessment, PaperKind.PATIENT_SHEET)


def _printed(request: HttpRequest, assessment: Assessment, kind: PaperKind) -> HttpResponse:
    by, ward = str(actor(request)), queries.ward_settings()
    size = PaperSize(ward.paper)
    return paper_response(kind, assessment, printed_by=by, ward=ward, size=size)

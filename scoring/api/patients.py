"""Patients for programs: read, corrected with a reason, moved between wards."""

from functools import partial
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from ninja import Router

from scoring import actions, queries
from scoring.api import described, record_described, values
from scoring.api.assessments import other_ward
from scoring.api.authentication import Token
from scoring.api.conditions import KEY_PARAMETER, MATCH_PARAMETER, need_match, tagged_response
from scoring.api.filling import NO_TOKEN, errors_in, identity, typed
from scoring.api.once import Change, at, do_once
from scoring.api.requests import Correction, Move
from scoring.api.values import RecordId
from scoring.api.versions import refuse_any
from scoring.api.writing import json_response
from scoring.entry import Submission
from scoring.forms import questions
from scoring.forms.patient_correction import NUMBER_TAKEN, PatientCorrectionForm
from scoring.forms.patient_ward import MoveForm
from scoring.http.actor import actor, log, origin
from scoring.http.problems import FieldError, refused
from scoring.models import AuditEvent, Patient, PatientCorrection, Right
from scoring.report.assessment_json import LEFT_OUT
from scoring.report.patient_copy.json_file import columns

Action = AuditEvent.Action
router = Router(tags=["patients"])
_PATH = "/patients/{id}"


def _shown(patient: Patient) -> dict[str, Any]:
    corrections = PatientCorrection.objects.filter(patient=patient).order_by("-revision")
    return {
        "patient": columns(patient, but=LEFT_OUT),
        "corrections": [columns(one, but=LEFT_OUT) for one in corrections],
    }


def _found(request: HttpRequest, pk: UUID | None) -> Patient:
    """The patient with this id, logged as looked at. Raises Http404; Problem for another ward's."""
    patient = get_object_or_404(Patient, pk=pk)
    if not queries.is_seen(patient):
        raise other_ward()
    log(request, Action.PATIENT_VIEWED, patient=patient)
    return patient


@router.get(
    _PATH,
    auth=Token(Right.SEE_PATIENTS),
    operation_id="readPatient",
    summary="Read a patient",
    openapi_extra=described.read(record_described.PATIENT, 404),
)
def read(request: HttpRequest, id: RecordId) -> HttpResponse:
    """The identity on record, and every correction, the newest first."""
    return tagged_response(request, _shown(_found(request, id)))


@router.post(
    f"{_PATH}/correct",
    auth=Token(Right.ASSESS),
    response={201: None},
    operation_id="correctPatient",
    summary="Correct a patient's identity",
    openapi_extra=described.answers(201, record_described.PATIENT, 404, 409, 412, 428)
    | {"parameters": [KEY_PARAMETER, MATCH_PARAMETER]},
)
def correct(request: HttpRequest, id: RecordId, body: Correction) -> HttpResponse:
    """The whole corrected identity with a reason; what stood there stays on record."""
    patient = _found(request, id)
    sent = identity(body) | NO_TOKEN | {"revision": str(patient.revision)}
    form = PatientCorrectionForm(sent, patient=patient)

    def check() -> None:
        need_match(request, _shown(patient))
        errors = [*errors_in(form, "")]
        if "given_name" not in body.model_fields_set:
            # Left out it would be lost.
            said = _("nothing sent; send null where it is not known.")
            errors.append(FieldError("/given_name", "required", said))
        refuse_any(errors)

    def act(submission: Submission) -> PatientCorrection:
        reason = form.cleaned_data["reason"]
        try:
            actions.correct_patient(
                by=actor(request),
                patient=form.seen,
                entry=form.entry(),
                reason=reason,
                submission=submission,
            )
        except (actions.HospitalNumberTakenError, actions.NothingCorrectedError) as error:
            form.refuse(error)
            _refuse(request, form)
        return PatientCorrection.objects.get(form_token=submission.token)

    change = Change(
        kind=PatientCorrection,
        is_same=lambda made: form.is_valid() and form.says_the_same_as(made),
        check=check,
        about=lambda: questions.about_correction(form.entry(), patient),
        confirmed=body.confirmed,
        act=act,
        answer=partial(_corrected, request),
    )
    return do_once(request, change)


def _corrected(request: HttpRequest, made: PatientCorrection) -> HttpResponse:
    """The patient as of now, whose identity this correction changed."""
    return tagged_response(request, _shown(Patient.objects.get(pk=made.patient_id)), status=201)


def _refuse(request: HttpRequest, form: PatientCorrectionForm) -> None:
    """Raise Problem; it tells whose number it is, if that is a patient who is seen."""
    errors = [*errors_in(form, "")]
    other = queries.patient_by_number(str(form.data["hospital_number"]))
    if other is None or not any(error.code == NUMBER_TAKEN for error in errors):
        raise refused(errors)
    log(request, Action.PATIENT_LOOKED_UP, patient=other)
    raise refused(errors, patient=columns(other, but=LEFT_OUT))


@router.put(
    f"{_PATH}/ward",
    auth=Token(Right.ASSESS),
    operation_id="movePatient",
    summary="Move a patient to another ward",
    openapi_extra=described.answers(200, record_described.WARD, 404),
)
def move(request: HttpRequest, id: RecordId, body: Move) -> HttpResponse:
    """With a reason; sent again, nothing is done. Who sees the patient then depends on it."""
    patient = _found(request, id)
    form = MoveForm(_ward_sent(body))
    refuse_any([*errors_in(form, "")])
    moved = actions.move_patient(
        by=actor(request), patient=patient, origin=origin(request), **form.cleaned_data
    )
    return json_response({"ward": None if moved.ward is None else moved.ward.name})


def _ward_sent(body: Move) -> dict[str, str]:
    """As a browser sends it: the ward by its key."""
    if "ward" not in body.model_fields_set:
        raise at("/ward", "required", _("nothing sent; a value is needed."))
    sent, keys = typed(body), {ward.name: str(ward.pk) for ward in queries.wards()}
    if body.ward is not None and body.ward not in keys:
        raise at("/ward", *values.not_one_of(body.ward, list(keys)))
    return sent if body.ward is None else sent | {"ward": keys[body.ward]}

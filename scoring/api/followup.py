"""Outcomes for programs: pain at day 3 and day 30, or why it is not known."""

from functools import partial
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from ninja import Router

from scoring import actions, queries
from scoring.api import described, record_described
from scoring.api.assessments import PATH, found
from scoring.api.authentication import Token
from scoring.api.conditions import (
    FIRST_PARAMETER,
    KEY_PARAMETER,
    MATCH_PARAMETER,
    need_match,
    need_nothing,
    stale,
    tagged_response,
)
from scoring.api.filling import NO_TOKEN, errors_in, typed, unasked
from scoring.api.once import Change, do_once, not_in_this_state
from scoring.api.requests import NewOutcome
from scoring.api.values import RecordId
from scoring.api.versions import refuse_any
from scoring.entry import Submission
from scoring.forms import questions, refusals
from scoring.forms.life import VAS_MAX, OutcomeForm
from scoring.http.actor import actor
from scoring.http.problems import Problem, refused
from scoring.models import Assessment, Outcome, Right
from scoring.models.codes import UNCOUNTED, TimePoint
from scoring.report.assessment_json import LEFT_OUT
from scoring.report.patient_copy.json_file import columns

router = Router(tags=["outcomes"])
_PATH = f"{PATH}/outcomes"


def _shown(outcome: Outcome) -> dict[str, Any]:
    return columns(outcome, but=LEFT_OUT)


@router.get(
    _PATH,
    auth=Token(Right.SEE_PATIENTS),
    operation_id="readOutcomes",
    summary="Read the outcomes of an assessment",
    openapi_extra=described.read(record_described.OUTCOMES, 404, 409),
)
def read_all(request: HttpRequest, id: RecordId) -> HttpResponse:
    """The outcome that stands for each time point, and every one it replaced."""
    chain = _of_its_patient(request, id).chain
    versions = [one for point in queries.outcomes_of(chain) for one in point.versions]
    return tagged_response(request, {"outcomes": [_shown(outcome) for outcome in versions]})


def _of_its_patient(request: HttpRequest, pk: UUID | None) -> Assessment:
    """As ``found``. Raises Problem where outcomes are those of the patient it was moved to."""
    assessment = found(request, pk)
    if assessment.chain.was_moved_from(assessment.patient):
        raise Problem(409, "moved", str(refusals.MOVED))
    return assessment


def _read(request: HttpRequest, pk: UUID | None, time_point: TimePoint) -> HttpResponse:
    outcome = queries.current_outcome(_of_its_patient(request, pk).chain, time_point)
    if outcome is None:
        raise Http404
    return tagged_response(request, _shown(outcome))


def _made(request: HttpRequest, outcome: Outcome) -> HttpResponse:
    return tagged_response(request, _shown(outcome), status=201)


def _record(
    request: HttpRequest, pk: UUID | None, time_point: TimePoint, body: NewOutcome
) -> HttpResponse:
    assessment = _of_its_patient(request, pk)
    if not assessment.is_current:
        # The outcome is the chain's: when they were operated says its last version.
        assessment = queries.current_version(assessment.chain)
    current = queries.current_outcome(assessment.chain, time_point)
    form = _form(body, assessment, time_point, current)

    def is_same(outcome: Outcome) -> bool:
        # What it replaced, as when it was sent the first time.
        now = _form(body, assessment, time_point, outcome.supersedes)
        return now.is_valid() and now.says_the_same_as(outcome)

    def check() -> None:
        _check(request, assessment, current)
        refuse_any([*errors_in(form, ""), *unasked(body, form)])

    def act(sent: Submission) -> Outcome:
        try:
            return actions.record_outcome(
                by=actor(request),
                assessment=assessment,
                entry=form.entry(),
                expected=current,
                reason=form.cleaned_data.get("reason", ""),
                submission=sent,
            )
        except actions.OutcomeOrderError as error:
            # The other VAS came in meanwhile.
            assessment.chain.refresh_from_db()
            form.refuse_order(assessment.chain)
            raise refused(list(errors_in(form, ""))) from error

    change = Change(
        kind=Outcome,
        is_same=is_same,
        check=check,
        about=lambda: questions.about_outcome(assessment, form.entry(), form.replaced_vas),
        confirmed=body.confirmed,
        act=act,
        answer=partial(_made, request),
    )
    return do_once(request, change)


def _form(
    body: NewOutcome, assessment: Assessment, time_point: TimePoint, current: Outcome | None
) -> OutcomeForm:
    data = typed(body) | NO_TOKEN
    # 4.0 is a whole number in JSON. A number with a huge exponent is never written out.
    if body.vas is not None and body.vas in range(VAS_MAX + 1):
        data["vas"] = str(int(body.vas))
    return OutcomeForm(data, assessment=assessment, time_point=time_point, current=current)


def _check(request: HttpRequest, assessment: Assessment, current: Outcome | None) -> None:
    """Raise Problem unless what stands there is what the application read."""
    if assessment.state in UNCOUNTED:
        raise not_in_this_state()
    if current is None:
        need_nothing(request)
    elif request.headers.get("If-None-Match", "").strip() == "*":
        # It was to be the first.
        raise stale()
    else:
        need_match(request, _shown(current))


def _undo(request: HttpRequest, pk: UUID | None, time_point: TimePoint) -> HttpResponse:
    chain = _of_its_patient(request, pk).chain
    outcome = queries.current_outcome(chain, time_point)

    def act(sent: Submission) -> Outcome:
        if outcome is None:
            raise Http404
        try:
            return actions.undo_outcome(by=actor(request), outcome=outcome, submission=sent)
        except (actions.OutcomeTooEarlyError, actions.OutcomeOrderError) as error:
            raise actions.UndoRefusedError from error

    def check() -> None:
        if outcome is None:
            raise Http404
        need_match(request, _shown(outcome))

    change = Change(
        kind=Outcome,
        is_same=lambda _made: True,
        check=check,
        act=act,
        answer=partial(_made, request),
    )
    return do_once(request, change)


def _of(time_point: TimePoint) -> None:
    """The operations of one time point."""
    path, name = f"{_PATH}/day-{time_point.value}", f"Day{time_point.value}"
    match = MATCH_PARAMETER | {"required": False}

    @router.get(
        path,
        auth=Token(Right.SEE_PATIENTS),
        operation_id=f"readOutcome{name}",
        summary=f"Read the outcome of day {time_point.value}",
        openapi_extra=described.read(record_described.OUTCOME, 404, 409),
    )
    def read(request: HttpRequest, id: RecordId) -> HttpResponse:
        """The outcome that stands; 404 while there is none."""
        return _read(request, id, time_point)

    @router.put(
        path,
        auth=Token(Right.ASSESS),
        response={201: None},
        operation_id=f"recordOutcome{name}",
        summary=f"Record or correct the outcome of day {time_point.value}",
        openapi_extra=described.answers(201, record_described.OUTCOME, 404, 409, 412, 428)
        | {"parameters": [KEY_PARAMETER, match, FIRST_PARAMETER]},
    )
    def record(request: HttpRequest, id: RecordId, body: NewOutcome) -> HttpResponse:
        """A VAS with its date, or why there is none; a correction needs If-Match and a reason."""
        return _record(request, id, time_point, body)

    @router.post(
        f"{path}/undo",
        auth=Token(Right.ASSESS),
        response={201: None},
        operation_id=f"undoOutcome{name}",
        summary=f"Take back the outcome of day {time_point.value} of the last ten minutes",
        openapi_extra=described.answers(
            201, record_described.OUTCOME, 400, 404, 409, 412, 422, 428, has_body=False
        )
        | {"parameters": [KEY_PARAMETER, MATCH_PARAMETER]},
    )
    def undo(request: HttpRequest, id: RecordId) -> HttpResponse:
        """Of the application's own; what stood there before stands again, or nothing."""
        return _undo(request, id, time_point)


for _point in TimePoint:
    _of(_point)

"""Outcomes for programs: pain at day 3 and day 30, or why it is not known."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Router

from scoring import actions, queries
from scoring.api import described, record_described
from scoring.api.assessments import found, not_in_this_state
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
from scoring.api.filling import ask, errors_in, typed, unasked
from scoring.api.requests import NewOutcome
from scoring.api.values import RecordId
from scoring.api.writing import json_response
from scoring.forms import questions
from scoring.forms.life import VAS_MAX, OutcomeForm
from scoring.http.actor import actor
from scoring.http.problems import FieldError, refused
from scoring.models import Assessment, Outcome, Right
from scoring.models.codes import UNCOUNTED, TimePoint
from scoring.report.assessment_json import LEFT_OUT
from scoring.report.patient_copy.json_file import columns

router = Router(tags=["outcomes"])
_PATH = "/assessments/{id}/outcomes"


def _shown(outcome: Outcome) -> dict[str, Any]:
    return columns(outcome, but=LEFT_OUT)


@router.get(
    _PATH,
    auth=Token(Right.SEE_PATIENTS),
    operation_id="readOutcomes",
    summary="Read the outcomes of an assessment",
    openapi_extra=described.answers(200, record_described.OUTCOMES, 404, has_body=False),
)
def read_all(request: HttpRequest, id: RecordId) -> HttpResponse:
    """The outcome that stands for each time point, and every one it replaced."""
    chain = found(request, id).chain
    versions = [one for point in queries.outcomes_of(chain) for one in point.versions]
    return json_response({"outcomes": [_shown(outcome) for outcome in versions]})


def _read(request: HttpRequest, pk: UUID | None, time_point: TimePoint) -> HttpResponse:
    outcome = queries.current_outcome(found(request, pk).chain, time_point)
    if outcome is None:
        raise Http404
    return json_response(_shown(outcome), ETag=etag(outcome))


def _record(
    request: HttpRequest, pk: UUID | None, time_point: TimePoint, body: NewOutcome
) -> HttpResponse:
    assessment, sent = found(request, pk), submission(request)
    if not assessment.is_current:
        # The outcome is the chain's: when they were operated says its last version.
        assessment = queries.current_version(assessment.chain)
    current = queries.current_outcome(assessment.chain, time_point)
    form = _form(body, assessment, time_point, current)

    def made_by_key(outcome: Outcome) -> HttpResponse:
        # What it replaced, as when it was sent the first time.
        now = _form(body, assessment, time_point, outcome.supersedes)
        if not (now.is_valid() and now.says_the_same_as(outcome)):
            raise key_used()
        return _made(outcome)

    existing = queries.made_by_form(Outcome, sent.token)
    if existing is not None:
        return made_by_key(existing)
    _check(request, assessment, current)
    if errors := [*errors_in(form, ""), *unasked(body, form)]:
        raise refused(errors)
    about = questions.about_outcome(assessment, form.entry(), form.replaced_vas)
    ask(request, about, body.confirmed)
    try:
        outcome = actions.record_outcome(
            by=actor(request),
            assessment=assessment,
            entry=form.entry(),
            expected=current,
            reason=form.cleaned_data.get("reason", ""),
            submission=sent,
        )
    except actions.StaleOutcomeError as error:
        raise stale() from error
    except actions.OutcomeTooEarlyError as error:
        said = _("the operation date was changed: this date is now before the operation.")
        raise refused([FieldError("/measured_on", "vas_day", said)]) from error
    except actions.OutcomeOrderError as error:
        # The other VAS came in meanwhile.
        assessment.chain.refresh_from_db()
        form.refuse_order(assessment.chain)
        raise refused(list(errors_in(form, ""))) from error
    except actions.NotAllowedInStateError as error:
        raise not_in_this_state() from error
    return made_by_key(outcome)


def _form(
    body: NewOutcome, assessment: Assessment, time_point: TimePoint, current: Outcome | None
) -> OutcomeForm:
    data = typed(body) | {"form_token": str(UUID(int=0))}
    # 4.0 is a whole number in JSON. A number with a huge exponent is never written out.
    if body.vas is not None and body.vas in range(VAS_MAX + 1):
        data["vas"] = str(int(body.vas))
    return OutcomeForm(data, assessment=assessment, time_point=time_point, current=current)


def _check(request: HttpRequest, assessment: Assessment, current: Outcome | None) -> None:
    """Raise Problem unless what stands there is what the application read."""
    if assessment.state in UNCOUNTED:
        raise not_in_this_state()
    if current is not None:
        need_match(request, etag(current))
    elif "If-Match" in request.headers:
        raise stale()


def _made(outcome: Outcome) -> HttpResponse:
    return json_response(_shown(outcome), status=201, ETag=etag(outcome))


def _of(time_point: TimePoint) -> None:
    """The operations of one time point."""
    path, name = f"{_PATH}/day-{time_point.value}", f"Day{time_point.value}"
    match = MATCH_PARAMETER | {"required": False}

    @router.get(
        path,
        auth=Token(Right.SEE_PATIENTS),
        operation_id=f"readOutcome{name}",
        summary=f"Read the outcome of day {time_point.value}",
        openapi_extra=described.answers(200, record_described.OUTCOME, 404, has_body=False),
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
        | {"parameters": [KEY_PARAMETER, match]},
    )
    def record(request: HttpRequest, id: RecordId, body: NewOutcome) -> HttpResponse:
        """A VAS with its date, or why there is none; a correction needs If-Match and a reason."""
        return _record(request, id, time_point, body)


for _point in TimePoint:
    _of(_point)

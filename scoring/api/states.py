"""The same version in another state: voided, cancelled, without a radiograph; and back again."""

from functools import partial
from typing import Protocol
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Router

from scoring import actions
from scoring.api import record_described
from scoring.api.assessments import PATH, found, made
from scoring.api.authentication import Token
from scoring.api.filling import NO_TOKEN, errors_in, typed
from scoring.api.once import Change, do_once
from scoring.api.requests import OptionalReason, Reason
from scoring.api.values import RecordId
from scoring.api.versions import check_version, refuse_any
from scoring.entry import Submission
from scoring.forms.life import OptionalReasonForm, ReasonForm
from scoring.http.actor import actor
from scoring.models import Assessment, Right, User

router = Router(tags=["assessments"])


class _WithReason(Protocol):
    """An action that makes a version for a reason, which may be empty."""

    def __call__(
        self, *, by: User, assessment: Assessment, reason: str, submission: Submission
    ) -> Assessment: ...


def _changed(
    request: HttpRequest, pk: UUID | None, act: _WithReason, body: Reason | OptionalReason
) -> HttpResponse:
    """What the action makes of the version, in whatever state it takes it."""
    assessment = found(request, pk)
    kind = ReasonForm if isinstance(body, Reason) else OptionalReasonForm
    form = kind(typed(body) | NO_TOKEN)

    def check() -> None:
        check_version(request, assessment)
        refuse_any([*errors_in(form, "")])

    change = Change(
        kind=Assessment,
        is_same=form.says_the_same_as,
        check=check,
        act=lambda sent: act(
            by=actor(request),
            assessment=assessment,
            reason=form.cleaned_data["reason"],
            submission=sent,
        ),
        answer=partial(made, request),
    )
    return do_once(request, change)


@router.post(
    PATH + "/no-radiograph",
    auth=Token(Right.ASSESS),
    response={201: None},
    operation_id="recordNoRadiograph",
    summary="Note that no 24-hour radiograph was taken",
    openapi_extra=record_described.makes_version(),
)
def no_radiograph(request: HttpRequest, id: RecordId, body: OptionalReason) -> HttpResponse:
    """The assessment stays provisional, and waits for no radiograph."""
    return _changed(request, id, actions.note_no_radiograph, body)


@router.post(
    PATH + "/cancel",
    auth=Token(Right.ASSESS),
    response={201: None},
    operation_id="cancelOperation",
    summary="Note that the operation was cancelled",
    openapi_extra=record_described.makes_version(),
)
def cancel(request: HttpRequest, id: RecordId, body: OptionalReason) -> HttpResponse:
    """Nothing is due, and nothing counts."""
    return _changed(request, id, actions.cancel_operation, body)


@router.post(
    PATH + "/resume",
    auth=Token(Right.ASSESS),
    response={201: None},
    operation_id="resumeAssessment",
    summary="Take back “no radiograph” or a cancellation",
    openapi_extra=record_described.makes_version(),
)
def resume(request: HttpRequest, id: RecordId, body: OptionalReason) -> HttpResponse:
    """The operation is planned again, or its radiograph awaited."""
    return _changed(request, id, actions.resume, body)


@router.post(
    PATH + "/void",
    auth=Token(Right.ASSESS),
    response={201: None},
    operation_id="voidAssessment",
    summary="Void an assessment",
    openapi_extra=record_described.makes_version(),
)
def void(request: HttpRequest, id: RecordId, body: Reason) -> HttpResponse:
    """A version that is in no worklist and no statistics; what stood there stays readable."""
    return _changed(request, id, actions.void, body)


@router.post(
    PATH + "/reinstate",
    auth=Token(Right.ASSESS),
    response={201: None},
    operation_id="reinstateAssessment",
    summary="Undo a void",
    openapi_extra=record_described.makes_version(),
)
def reinstate(request: HttpRequest, id: RecordId, body: Reason) -> HttpResponse:
    """The result as it was before the void."""
    return _changed(request, id, actions.reinstate, body)


@router.post(
    PATH + "/undo",
    auth=Token(Right.ASSESS),
    response={201: None},
    operation_id="undoChange",
    summary="Take back a completion or a void of the last ten minutes",
    openapi_extra=record_described.makes_version(has_body=False),
)
def undo(request: HttpRequest, id: RecordId) -> HttpResponse:
    """Of the application's own; what stood there before stands again."""
    assessment = found(request, id)
    change = Change(
        kind=Assessment,
        is_same=lambda _made: True,
        check=lambda: check_version(request, assessment),
        act=lambda sent: actions.undo(by=actor(request), assessment=assessment, submission=sent),
        answer=partial(made, request),
    )
    return do_once(request, change)

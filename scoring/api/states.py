"""The same version in another state: voided, cancelled, without a radiograph; and back again."""

from functools import partial
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Router

from scoring import actions
from scoring.actions.versions import WithReason
from scoring.api.assessments import found, made, makes_version
from scoring.api.filling import NO_TOKEN, errors_in, typed
from scoring.api.once import Change, do_once
from scoring.api.requests import OptionalReason, Reason
from scoring.api.values import RecordId
from scoring.api.versions import check_version, refuse_any
from scoring.forms.life import OptionalReasonForm, ReasonForm
from scoring.http.actor import actor
from scoring.models import Assessment

router = Router(tags=["assessments"])


def _changed(
    request: HttpRequest, pk: UUID | None, act: WithReason, body: Reason | OptionalReason
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


@makes_version(
    router, "/no-radiograph", "recordNoRadiograph", "Note that no 24-hour radiograph was taken"
)
def no_radiograph(request: HttpRequest, id: RecordId, body: OptionalReason) -> HttpResponse:
    """The assessment stays provisional, and waits for no radiograph."""
    return _changed(request, id, actions.note_no_radiograph, body)


@makes_version(router, "/cancel", "cancelOperation", "Note that the operation was cancelled")
def cancel(request: HttpRequest, id: RecordId, body: OptionalReason) -> HttpResponse:
    """Nothing is due, and nothing counts."""
    return _changed(request, id, actions.cancel_operation, body)


@makes_version(router, "/resume", "resumeAssessment", "Take back “no radiograph” or a cancellation")
def resume(request: HttpRequest, id: RecordId, body: OptionalReason) -> HttpResponse:
    """The operation is planned again, or its radiograph awaited."""
    return _changed(request, id, actions.resume, body)


@makes_version(router, "/void", "voidAssessment", "Void an assessment")
def void(request: HttpRequest, id: RecordId, body: Reason) -> HttpResponse:
    """A version that is in no worklist and no statistics; what stood there stays readable."""
    return _changed(request, id, actions.void, body)


@makes_version(router, "/reinstate", "reinstateAssessment", "Undo a void")
def reinstate(request: HttpRequest, id: RecordId, body: Reason) -> HttpResponse:
    """The result as it was before the void."""
    return _changed(request, id, actions.reinstate, body)


@makes_version(
    router,
    "/undo",
    "undoChange",
    "Take back a completion or a void of the last ten minutes",
    has_body=False,
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

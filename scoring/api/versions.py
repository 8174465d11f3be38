"""Versions with other values: completed, amended, postponed; ``states.py`` has the others."""

from collections.abc import Collection
from functools import partial

from django.http import HttpRequest, HttpResponse
from ninja import Router

from scoring import actions
from scoring.api.assessments import found, made, makes_version, shown
from scoring.api.conditions import need_match, stale
from scoring.api.filling import NO_TOKEN, Filled, errors_in, says, typed, unasked
from scoring.api.once import Change, at, do_once, not_in_this_state
from scoring.api.requests import Amendment, Completion, Postponement, Reason
from scoring.api.values import RecordId
from scoring.entry import Submission
from scoring.forms import questions, refusals
from scoring.forms.life import CompleteForm, ReasonForm
from scoring.forms.postpone import PostponeForm
from scoring.http.actor import actor
from scoring.http.problems import FieldError, refused
from scoring.models import Assessment
from scoring.models.codes import AMENDABLE, COMPLETABLE, OperationStatus, State

router = Router(tags=["assessments"])


def check_version(
    request: HttpRequest, assessment: Assessment, allowed: Collection[str] = tuple(State)
) -> None:
    """Raise Problem unless it is the version that was meant, and in one of these states."""
    need_match(request, shown(assessment))
    if not assessment.is_current:
        raise stale()
    if assessment.state not in allowed:
        raise not_in_this_state()


def refuse_any(errors: Collection[FieldError]) -> None:
    """Raise Problem for values that are refused, if there are any."""
    if errors:
        raise refused(list(errors))


@makes_version(
    router, "/complete", "completeAssessment", "Complete an assessment after the 24-hour radiograph"
)
def complete(request: HttpRequest, id: RecordId, body: Completion) -> HttpResponse:
    """The final version of a provisional assessment."""
    assessment = found(request, id)
    form = CompleteForm(typed(body) | NO_TOKEN, assessment=assessment)

    def check() -> None:
        check_version(request, assessment, COMPLETABLE)
        refuse_any([*errors_in(form, ""), *unasked(body, form)])

    change = Change(
        kind=Assessment,
        is_same=form.says_the_same_as,
        check=check,
        about=lambda: questions.about_completion(assessment, form.entry()),
        confirmed=body.confirmed,
        act=lambda sent: actions.complete(
            by=actor(request),
            assessment=assessment,
            mvh_restored=form.restored,
            radiograph_date=form.cleaned_data["radiograph_date"],
            new_fracture=form.new_fracture,
            submission=sent,
        ),
        answer=partial(made, request),
    )
    return do_once(request, change)


@makes_version(router, "/amend", "amendAssessment", "Correct an assessment")
def amend(request: HttpRequest, id: RecordId, body: Amendment) -> HttpResponse:
    """A corrected version with a reason; also how an assessment finds its right patient."""
    assessment = found(request, id)
    form = Filled.of(body.version, body.patient, assessment)
    reason = ReasonForm(typed(Reason(reason=body.reason)) | NO_TOKEN)

    def is_same(existing: Assessment) -> bool:
        is_entry = says(body.version, body.patient, existing, amended=assessment)
        return is_entry and reason.says_the_same_as(existing)

    def check() -> None:
        check_version(request, assessment, AMENDABLE)
        form.check(request, errors_in(reason, ""))

    def act(sent: Submission) -> Assessment:
        try:
            return actions.amend(
                by=actor(request),
                assessment=assessment,
                patient=form.patient.entry(),
                entry=form.assessment.entry(),
                reason=reason.cleaned_data["reason"],
                submission=sent,
            )
        except actions.OutcomeBeforeOperationError as error:
            place = "/version/operation_date"
            raise at(place, "vas_day", refusals.VAS_BEFORE_OPERATION) from error
        except actions.HospitalNumberTakenError:
            # Registered by somebody else since the form was checked: tell who it is.
            Filled.of(body.version, body.patient, assessment).check(request)
            raise

    change = Change(
        kind=Assessment,
        is_same=is_same,
        check=check,
        about=lambda: questions.about_assessment(
            form.patient.entry(), form.assessment.entry(), amended=assessment
        ),
        confirmed=body.confirmed,
        act=act,
        answer=partial(made, request),
    )
    return do_once(request, change)


@makes_version(router, "/postpone", "postponeOperation", "Give a planned operation another day")
def postpone(request: HttpRequest, id: RecordId, body: Postponement) -> HttpResponse:
    """A version with the new day, everything else as it was; the time is open again."""
    assessment = found(request, id)
    form = PostponeForm(typed(body) | NO_TOKEN, assessment=assessment)

    def check() -> None:
        is_planned = assessment.operation_status == OperationStatus.PLANNED
        check_version(request, assessment, (State.PROVISIONAL,) if is_planned else ())
        refuse_any([*errors_in(form, "")])

    def act(sent: Submission) -> Assessment:
        try:
            return actions.postpone(
                by=actor(request), assessment=assessment, entry=form.entry(), submission=sent
            )
        except actions.OutcomeBeforeOperationError as error:
            raise at("/operation_date", "vas_day", refusals.VAS_BEFORE_OPERATION) from error

    change = Change(
        kind=Assessment,
        is_same=form.says_the_same_as,
        check=check,
        about=lambda: questions.about_assessment(assessment.patient, form.entry(), assessment),
        confirmed=body.confirmed,
        act=act,
        answer=partial(made, request),
    )
    return do_once(request, change)

"""New versions of an assessment: complete, void, reinstate; ``amend.py`` has the correction."""

from collections.abc import Callable, Collection, Iterator
from functools import wraps
from typing import Protocol, TypeVar

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from scoring import actions
from scoring.actions.versions import WithReason
from scoring.forms import questions, refusals
from scoring.forms.life import CompleteForm, OnceForm, ReasonForm
from scoring.forms.links import error_links
from scoring.forms.postpone import PostponeForm
from scoring.http.actor import actor
from scoring.http.methods import get_or_post
from scoring.models import Assessment, AuditEvent, Right
from scoring.models.codes import AMENDABLE, COMPLETABLE, OperationStatus, State
from scoring.report.sheet import Sheet
from scoring.web import asking, board, drafts, resent
from scoring.web.access import View, of_assessment, submission
from scoring.web.saved import saved_text

Action = AuditEvent.Action


class VersionForm(Protocol):
    """A form, or several as one, whose sending makes a version."""

    def says_the_same_as(self, made: Assessment) -> bool:
        """Whether the form still holds what it made a version with."""


F = TypeVar("F", bound=VersionForm)


def makes_version(
    form_of: Callable[[HttpRequest, Assessment], F],
) -> Callable[[Callable[[HttpRequest, Assessment, F], HttpResponse]], View]:
    """A view of one assessment with the form that makes its next version.

    The form does its work once: sent again, it leads to the version it made.
    """

    def decorate(view: Callable[[HttpRequest, Assessment, F], HttpResponse]) -> View:
        @get_or_post
        @of_assessment(Right.ASSESS, Action.ASSESSMENT_VIEWED)
        @wraps(view)
        def once(request: HttpRequest, assessment: Assessment) -> HttpResponse:
            form = form_of(request, assessment)
            existing = resent.version_made_before(request)
            if existing is None:
                return view(request, assessment, form)
            is_same = form.says_the_same_as(existing)
            if is_same and board.is_from(request):
                return board.back(request, existing)
            return resent.to_version(request, existing, same=is_same)

        return once

    return decorate


def _complete_form(request: HttpRequest, assessment: Assessment) -> CompleteForm:
    return CompleteForm(request.POST or None, assessment=assessment)


def _postpone_form(request: HttpRequest, assessment: Assessment) -> PostponeForm:
    return PostponeForm(request.POST or None, assessment=assessment)


def _reason_form(request: HttpRequest, assessment: Assessment) -> ReasonForm:
    return ReasonForm(request.POST or None)


@makes_version(_complete_form)
def assessment_complete(
    request: HttpRequest, assessment: Assessment, form: CompleteForm
) -> HttpResponse:
    """The finding of the 24-hour radiograph: one press is the answer."""
    return change_state(
        request,
        assessment,
        form,
        allowed=COMPLETABLE,
        template="scoring/assessment_complete.html",
        action=lambda: actions.complete(
            by=actor(request),
            assessment=assessment,
            mvh_restored=form.restored,
            radiograph_date=form.cleaned_data["radiograph_date"],
            new_fracture=form.new_fracture,
            submission=submission(request, form),
        ),
        about=lambda: questions.about_completion(assessment, form.entry()),
    )


@makes_version(_postpone_form)
def assessment_postpone(
    request: HttpRequest, assessment: Assessment, form: PostponeForm
) -> HttpResponse:
    """The new day of a planned operation, without the whole form."""
    is_planned = assessment.operation_status == OperationStatus.PLANNED
    template = "scoring/assessment_postpone.html"
    try:
        return change_state(
            request,
            assessment,
            form,
            allowed=(State.PROVISIONAL,) if is_planned else (),
            template=template,
            action=lambda: actions.postpone(
                by=actor(request),
                assessment=assessment,
                entry=form.entry(),
                submission=submission(request, form),
            ),
            about=lambda: questions.about_assessment(assessment.patient, form.entry(), assessment),
        )
    except actions.OutcomeBeforeOperationError:
        # A VAS came in since the form was checked.
        form.add_error("operation_date", refusals.VAS_BEFORE_OPERATION)
        return _page(request, template, assessment, form)


@makes_version(_reason_form)
def assessment_void(request: HttpRequest, assessment: Assessment, form: ReasonForm) -> HttpResponse:
    """Take an assessment out of worklists and statistics, with a reason."""
    return change_with_reason(
        request,
        assessment,
        form,
        actions.void,
        allowed=(*AMENDABLE, State.CANCELLED),
        template="scoring/assessment_void.html",
    )


@makes_version(_reason_form)
def assessment_reinstate(
    request: HttpRequest, assessment: Assessment, form: ReasonForm
) -> HttpResponse:
    """Undo a void, with a reason."""
    return change_with_reason(
        request,
        assessment,
        form,
        actions.reinstate,
        allowed=(State.VOIDED,),
        template="scoring/assessment_reinstate.html",
    )


def change_with_reason(
    request: HttpRequest,
    assessment: Assessment,
    form: OnceForm,
    act: WithReason,
    *,
    allowed: Collection[State],
    template: str,
) -> HttpResponse:
    """As ``change_state``, for an action that needs a reason and nothing else."""
    return change_state(
        request,
        assessment,
        form,
        allowed=allowed,
        template=template,
        action=lambda: act(
            by=actor(request),
            assessment=assessment,
            reason=form.cleaned_data["reason"],
            submission=submission(request, form),
        ),
    )


def change_state(
    request: HttpRequest,
    assessment: Assessment,
    form: OnceForm,
    *,
    allowed: Collection[State],
    template: str,
    action: Callable[[], Assessment],
    about: Callable[[], Iterator[questions.Question]] = lambda: iter(()),
) -> HttpResponse:
    """Show the form, or run the action on the current version and show what it made."""
    if not assessment.is_current or assessment.state not in allowed:
        return redirect_to_current(request, assessment)
    if not form.is_valid():
        return _page(request, template, assessment, form)
    if asked := asking.asked(request, about()):
        return _page(request, template, assessment, form, asked)
    try:
        version = action()
    except (actions.StaleVersionError, actions.NotAllowedInStateError):
        assessment.chain.refresh_from_db()
        return redirect_to_current(request, assessment)
    if board.is_from(request):
        return board.back(request, version)
    messages.success(request, saved_text(version))
    return redirect("assessment-result", pk=version.pk)


def redirect_to_current(request: HttpRequest, assessment: Assessment) -> HttpResponse:
    """Lead to the version that is current now, and say why nothing was done."""
    if not assessment.is_current:
        said = _(
            "Version %(version)s is no longer current. This is the current version. "
            "Nothing was changed."
        ) % {"version": assessment.version}
    elif assessment.state == State.VOIDED:
        said = _("This assessment is voided: undo the void first. Nothing was changed.")
    elif assessment.state == State.CANCELLED:
        said = _("The operation was cancelled: undo the cancellation first. Nothing was changed.")
    else:
        said = str(refusals.NOT_IN_THIS_STATE)
    messages.warning(request, said)
    return redirect("assessment-result", pk=assessment.chain.current_id)


def _page(
    request: HttpRequest,
    template: str,
    assessment: Assessment,
    form: OnceForm,
    asked: list[questions.Question] | None = None,
) -> HttpResponse:
    drafts.fill_in(request, form)
    context = {
        "assessment": assessment,
        "patient": assessment.patient,
        "sheet": Sheet(assessment),
        "form": form,
        "reads_days": True,
        "errors": error_links(form),
        "questions": asked,
    }
    return render(request, template, context, status=422 if form.errors or asked else 200)

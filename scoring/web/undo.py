"""Undo what one has just saved: a completion, a void, an outcome."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from scoring import actions, queries
from scoring.entry.rules import UNDONE
from scoring.forms import refusals
from scoring.forms.life import OnceForm
from scoring.http.actor import actor
from scoring.models import Assessment, AuditEvent, Outcome, Right, User
from scoring.models.codes import Change, TimePoint
from scoring.web import board
from scoring.web.access import of_assessment, submission

Action = AuditEvent.Action


def undo_address(user: User, record: Assessment | Outcome | None) -> str:
    """Where this user may undo the record; "" where the user may not, or no longer."""
    if record is None or not user.has_perm(Right.ASSESS):
        return ""
    try:
        actions.check_undo(record, user)
    except actions.UndoRefusedError:
        return ""
    if isinstance(record, Outcome):
        if record.reason == UNDONE or not record.chain.is_counted:
            return ""
        return reverse(f"outcome-day-{record.time_point}-undo", args=[record.chain.current_id])
    is_kind = record.change in {Change.COMPLETE, Change.VOID}
    return reverse("assessment-undo", args=[record.pk]) if is_kind and record.is_current else ""


@require_POST
@of_assessment(Right.ASSESS, Action.ASSESSMENT_VIEWED)
def assessment_undo(request: HttpRequest, assessment: Assessment) -> HttpResponse:
    """Take back a completion or a void."""
    form = OnceForm(request.POST)
    if not form.is_valid():
        return _refused(request, assessment)
    sent = submission(request, form)
    try:
        version = actions.undo(by=actor(request), assessment=assessment, submission=sent)
    except (
        actions.UndoRefusedError,
        actions.StaleVersionError,
        actions.NotAllowedInStateError,
    ):
        return _refused(request, assessment)
    return _undone(request, version, version.pk)


@require_POST
@of_assessment(Right.ASSESS, Action.ASSESSMENT_VIEWED)
def outcome_undo(request: HttpRequest, assessment: Assessment, day: int) -> HttpResponse:
    """Take back an outcome: what stood there before stands again."""
    form = OnceForm(request.POST)
    seen = queries.outcome_by_id(request.POST.get("expected", ""), assessment.chain, TimePoint(day))
    if seen is None or not form.is_valid():
        return _refused(request, assessment)
    sent = submission(request, form)
    try:
        outcome = actions.undo_outcome(by=actor(request), outcome=seen, submission=sent)
    except (
        actions.UndoRefusedError,
        actions.StaleOutcomeError,
        actions.NotAllowedInStateError,
        actions.OutcomeTooEarlyError,
        actions.OutcomeOrderError,
    ):
        return _refused(request, assessment)
    return _undone(request, outcome, assessment.chain.current_id)


def _undone(request: HttpRequest, made: Assessment | Outcome, version: object) -> HttpResponse:
    if board.is_from(request):
        return board.back(request, made)
    messages.success(request, _("Undone. What stood there before stands again."))
    return redirect("assessment-result", pk=version)


def _refused(request: HttpRequest, assessment: Assessment) -> HttpResponse:
    assessment.chain.refresh_from_db()
    messages.warning(request, str(refusals.CAN_NOT_UNDO))
    return redirect("assessment-result", pk=assessment.chain.current_id)

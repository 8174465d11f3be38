"""Outcomes: VAS at day 3 and day 30."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from scoring import actions, queries
from scoring.forms import questions, refusals
from scoring.forms.life import OutcomeForm
from scoring.forms.links import error_links
from scoring.http.actor import actor, log
from scoring.http.methods import get_or_post
from scoring.models import Assessment, AuditEvent, Outcome, Right
from scoring.models.codes import UNCOUNTED, TimePoint
from scoring.report.sheet import Sheet
from scoring.web import asking, board, drafts, resent, worklist
from scoring.web.access import of_assessment, submission

Action = AuditEvent.Action


def _page(
    request: HttpRequest,
    form: OutcomeForm,
    stale: Outcome | None = None,
    asked: list[questions.Question] | None = None,
) -> HttpResponse:
    if stale is None and board.is_row(request):
        row_form = board.RowForm(form, asked or [], request.path)
        page = worklist.with_row_form(request, row_form)
        if page is not None:
            return page
    drafts.fill_in(request, form)
    assessment, time_point = form.assessment, form.time_point
    context = {
        "assessment": assessment,
        "patient": assessment.patient,
        "sheet": Sheet(assessment),
        "form": form,
        "reads_days": True,
        "errors": error_links(form),
        "time_point": time_point,
        "due_on": assessment.vas_due_dates[0 if time_point is TimePoint.DAY_3 else 1],
        "versions": queries.outcome_versions(assessment.chain, time_point),
        "stale": stale,
        "questions": asked,
    }
    status = 409 if stale else 422 if form.errors or asked else 200
    return render(request, "scoring/outcome_record.html", context, status=status)


def _form(
    request: HttpRequest,
    assessment: Assessment,
    time_point: TimePoint,
    seen: Outcome | None = None,
) -> OutcomeForm:
    """The form beside the outcome its user saw: on record now, or when it was first shown."""
    data = request.POST.copy() if request.method == "POST" else None
    if seen is None:
        seen = (
            queries.current_outcome(assessment.chain, time_point)
            if data is None
            else queries.outcome_by_id(data.get("expected", ""), assessment.chain, time_point)
        )
    elif data is not None:
        data["expected"] = str(seen.pk)
    return OutcomeForm(
        data,
        assessment=assessment,
        time_point=time_point,
        current=seen,
        initial={"expected": seen.pk if seen else None},
    )


@get_or_post
@of_assessment(Right.ASSESS, Action.ASSESSMENT_VIEWED)
def outcome_record(request: HttpRequest, assessment: Assessment, day: int) -> HttpResponse:
    """Record the pain of one time point, or correct it with a reason."""
    time_point, opened = TimePoint(day), assessment
    drafts.keep_others(request)
    if not assessment.is_current:
        # The outcome is the chain's: whose it is and when they were operated says its last version.
        assessment = queries.current_version(assessment.chain)
        if assessment.patient != opened.patient:
            log(request, Action.ASSESSMENT_VIEWED, assessment=assessment)
    form = _form(request, assessment, time_point)
    existing = queries.made_by_form(Outcome, resent.form_token(request))
    if existing is not None:
        return _made_before(request, existing, form)
    if assessment.state in UNCOUNTED:
        return _takes_none(request, assessment)
    if not form.is_valid():
        return _page(request, form)
    about = questions.about_outcome(assessment, form.entry(), form.replaced_vas, opened=opened)
    if asked := asking.asked(request, about):
        return _page(request, form, asked=asked)
    try:
        outcome = actions.record_outcome(
            by=actor(request),
            assessment=assessment,
            entry=form.entry(),
            expected=form.current,
            reason=form.cleaned_data.get("reason", ""),
            submission=submission(request, form),
        )
    except actions.StaleOutcomeError as stale:
        form = _form(request, assessment, time_point, seen=stale.current)
        return _page(request, form, stale=stale.current)
    except actions.OutcomeTooEarlyError:
        form.add_error("measured_on", refusals.OPERATION_AFTER_VAS)
        return _page(request, form)
    except actions.OutcomeOrderError:
        # The other VAS came in meanwhile.
        assessment.chain.refresh_from_db()
        form.refuse_order(assessment.chain)
        return _page(request, form)
    except actions.NotAllowedInStateError:
        return _takes_none(request, assessment)
    if board.is_from(request):
        return board.back(request, outcome)
    messages.success(request, _("Outcome of %(day)s recorded.") % {"day": time_point.label})
    return redirect("assessment-result", pk=assessment.pk)


def _takes_none(request: HttpRequest, assessment: Assessment) -> HttpResponse:
    assessment.chain.refresh_from_db()
    messages.warning(
        request,
        _("An assessment that is voided, or of a cancelled operation, can't have an outcome."),
    )
    return redirect("assessment-result", pk=assessment.chain.current_id)


def _made_before(request: HttpRequest, existing: Outcome, form: OutcomeForm) -> HttpResponse:
    """Lead to what the form made, and say so where it holds something else by now."""
    if not (form.is_valid() and form.says_the_same_as(existing)):
        resent.warn_of_changes(request)
    elif board.is_from(request):
        return board.back(request, existing)
    return redirect("assessment-result", pk=existing.chain.current_id)

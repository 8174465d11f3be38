"""Versions of the model: the published one, and those adjusted to this hospital."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from scoring import actions, queries
from scoring.evaluation.recalibration import Adjustment, Window, adjustment
from scoring.evaluation.wording import reason_text
from scoring.forms.life import OnceForm
from scoring.forms.links import error_links
from scoring.forms.recalibration import DecisionForm
from scoring.forms.validation import ValidationForm
from scoring.http.actor import actor, log
from scoring.http.methods import get_or_post
from scoring.models import AuditEvent, Recalibration, RecalibrationDecision, Right
from scoring.models.readback import STORED_MODELS
from scoring.models.recalibration import Decision
from scoring.nomogram.rong2025.model import RONG_2025
from scoring.queries import CohortFilter
from scoring.report.recalibration_evidence import AdjustedVersion, RecalibrationEvidence
from scoring.statistics import NotEstimableError
from scoring.web import drafts
from scoring.web.access import submission
from scoring.web.gate import needs

Action = AuditEvent.Action
# Enough for the optimism of two coefficients (Harrell, Regression Modeling Strategies, 5.3.5).
RESAMPLES = 200


class CannotRecalibrateError(ValueError):
    """These patients can't be recalibrated on; ``args[0]`` says why, to a person."""


@require_safe
@needs(Right.VIEW_VALIDATION)
def model_versions(request: HttpRequest) -> HttpResponse:
    """The published model and every adjusted version, with what was decided about it."""
    log(request, Action.MODEL_VERSIONS_VIEWED)
    versions = [AdjustedVersion(one) for one in queries.recalibrations()]
    is_active = any(version.active for version in versions)
    context = {"versions": versions, "is_active": is_active, "published": STORED_MODELS}
    return render(request, "scoring/model_versions.html", context)


@get_or_post
@needs(Right.PROPOSE_RECALIBRATION)
def recalibration_propose(request: HttpRequest) -> HttpResponse:
    """What the chosen patients' outcomes justify; sent, it is kept and waits for approval."""
    chosen, form = ValidationForm(request.GET), OnceForm(request.POST or None)
    address = f"{reverse('validation')}?{request.GET.urlencode()}"
    if not chosen.is_valid():
        return redirect(address)
    try:
        found = _adjustment(chosen.filter(), resamples=RESAMPLES if form.is_valid() else 0)
        if form.is_valid():
            kept = actions.propose_recalibration(
                by=actor(request), adjustment=found, submission=submission(request, form)
            )
            return redirect("recalibration-detail", pk=kept.pk)
    except (CannotRecalibrateError, actions.NothingToRecalibrateError) as reason:
        messages.warning(request, str(reason) or _("The published curve fits these outcomes."))
        return redirect(address)
    log(request, Action.VALIDATION_VIEWED, detail=chosen.typed | {"recalibration": True})
    line, cutoff = RONG_2025.line, RONG_2025.cutoff
    context = {
        "evidence": RecalibrationEvidence(found.evidence(line), found.curve(line), cutoff),
        "found": found,
        "window_text": chosen.chosen().text,
        "form": form,
        "back": address,
    }
    return render(request, "scoring/recalibration_propose.html", context)


def _adjustment(narrowed: CohortFilter, *, resamples: int) -> Adjustment:
    """Raises CannotRecalibrateError."""
    if narrowed.judged != (RONG_2025.identifier, RONG_2025.version):
        raise CannotRecalibrateError(
            _("Only the current version of the published model can be recalibrated.")
        )
    if narrowed.synthetic:
        raise CannotRecalibrateError(
            _("Synthetic patients are made up: they can't be used to recalibrate.")
        )
    window = Window(
        operated_from=narrowed.operated_from,
        operated_to=narrowed.operated_to,
        population=narrowed.population.value if narrowed.population else "",
    )
    cohort = queries.validation_cohort(narrowed)
    if not cohort.analysed.any():
        raise CannotRecalibrateError(_("No selected patient has an outcome yet."))
    try:
        return adjustment(cohort.predictions, window, resamples=resamples)
    except NotEstimableError as error:
        reason = reason_text(error.code)
        raise CannotRecalibrateError(
            _("Nothing can be recalibrated: %(reason)s.") % {"reason": reason}
        ) from error


_DO = {
    Decision.APPROVED: actions.approve_recalibration,
    Decision.REJECTED: actions.reject_recalibration,
    Decision.RETIRED: actions.retire_recalibration,
}


@require_safe
@needs(Right.VIEW_VALIDATION)
def recalibration_detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One adjusted version with its evidence, and what can be decided about it."""
    recalibration = get_object_or_404(Recalibration, pk=pk)
    log(request, Action.MODEL_VERSIONS_VIEWED, detail={"version": recalibration.number})
    form = DecisionForm()
    drafts.fill_in(request, form)
    return _detail(request, recalibration, form)


@require_POST
@needs(Right.APPROVE_RECALIBRATION)
def recalibration_decide(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Approve, reject or retire, with a reason."""
    recalibration = get_object_or_404(Recalibration, pk=pk)
    form = DecisionForm(request.POST)
    if not form.is_valid():
        return _detail(request, recalibration, form)
    try:
        _decided(request, recalibration, form)
    except actions.OwnProposalError:
        form.add_error(None, _("You proposed this version, so somebody else must approve it."))
        return _detail(request, recalibration, form)
    except actions.AlreadyDecidedError:
        messages.warning(request, _("Somebody else has already decided this, as you see here."))
    return redirect("recalibration-detail", pk=recalibration.pk)


def _decided(
    request: HttpRequest, recalibration: Recalibration, form: DecisionForm
) -> RecalibrationDecision:
    return _DO[Decision(form.cleaned_data["decision"])](
        by=actor(request),
        recalibration=recalibration,
        reason=form.cleaned_data["reason"],
        submission=submission(request, form),
    )


def _detail(request: HttpRequest, recalibration: Recalibration, form: DecisionForm) -> HttpResponse:
    context = {
        "version": AdjustedVersion(recalibration),
        "results": queries.results_made_with(recalibration),
        "is_own": recalibration.proposed_by_id == actor(request).pk,
        "form": form,
        "errors": error_links(form),
    }
    status = 422 if form.errors else 200
    return render(request, "scoring/recalibration_detail.html", context, status=status)

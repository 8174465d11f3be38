"""Versions of the model adjusted to this hospital: proposed, decided, kept with each result."""

from dataclasses import replace
from uuid import uuid5

from django.db import connection, transaction
from django.utils import timezone

from scoring import queries
from scoring.actions.log import log_event
from scoring.actions.reasons import ReasonMissingError
from scoring.entry import Submission
from scoring.evaluation.recalibration import Adjustment
from scoring.models import (
    Assessment,
    AuditEvent,
    RecalibratedRisk,
    Recalibration,
    RecalibrationDecision,
    User,
)
from scoring.models.recalibration import Decision, Method
from scoring.nomogram.rong2025.model import RONG_2025

Action = AuditEvent.Action
# One number of a kind: proposals and decisions wait for each other.
_LOCK = 7023415


class NothingToRecalibrateError(ValueError):
    """The published curve fits these outcomes: there is nothing to adjust."""


class OwnProposalError(ValueError):
    """Whoever proposed a recalibration can't approve it."""


class AlreadyDecidedError(ValueError):
    """The recalibration isn't in the state for that decision any more."""


@transaction.atomic
def propose_recalibration(
    *, by: User, adjustment: Adjustment, submission: Submission
) -> Recalibration:
    """Keep an adjusted curve with its evidence; it changes no result until it is approved.

    Raises NothingToRecalibrateError.
    """
    found = adjustment.found
    if found.method not in Method.values:
        raise NothingToRecalibrateError
    _wait_for_others()
    already = queries.made_by_form(Recalibration, submission.token)
    if already is not None:
        return already
    curve = adjustment.curve(RONG_2025.line)
    recalibration = Recalibration.objects.create(
        number=Recalibration.objects.count() + 1,
        model_identifier=RONG_2025.identifier,
        model_version=RONG_2025.version,
        method=found.method,
        intercept=curve.intercept,
        slope=curve.slope,
        variance_intercept=curve.variance_intercept,
        covariance=curve.covariance,
        variance_slope=curve.variance_slope,
        p50_points=curve.line.p50_points,
        k_points_per_logit=curve.line.k_points_per_logit,
        n=adjustment.n,
        events=adjustment.events,
        operated_from=adjustment.window.operated_from,
        operated_to=adjustment.window.operated_to,
        population=adjustment.window.population,
        data_sha256=adjustment.data_sha256,
        evidence=adjustment.evidence(RONG_2025.line),
        form_token=submission.token,
        proposed_at=timezone.now(),
        proposed_by=by,
        proposed_by_name=str(by),
    )
    _log(by, Action.RECALIBRATION_PROPOSED, recalibration, submission, recalibration)
    return recalibration


def approve_recalibration(
    *, by: User, recalibration: Recalibration, reason: str, submission: Submission
) -> RecalibrationDecision:
    """Make it the active one; the one before is retired. The proposer can't.

    Raises OwnProposalError, AlreadyDecidedError and ReasonMissingError.
    """
    if by.pk == recalibration.proposed_by_id:
        raise OwnProposalError
    return _decide(Decision.APPROVED, by, recalibration, reason, submission)


def reject_recalibration(
    *, by: User, recalibration: Recalibration, reason: str, submission: Submission
) -> RecalibrationDecision:
    """Decide against a proposal; the proposer may withdraw it so. Raises as approving."""
    return _decide(Decision.REJECTED, by, recalibration, reason, submission)


def retire_recalibration(
    *, by: User, recalibration: Recalibration, reason: str, submission: Submission
) -> RecalibrationDecision:
    """Back to the published curve alone; results on record keep what they were made with.

    Raises AlreadyDecidedError and ReasonMissingError.
    """
    return _decide(Decision.RETIRED, by, recalibration, reason, submission)


_ACTIONS = {
    Decision.APPROVED: Action.RECALIBRATION_APPROVED,
    Decision.REJECTED: Action.RECALIBRATION_REJECTED,
    Decision.RETIRED: Action.RECALIBRATION_RETIRED,
}


@transaction.atomic
def _decide(
    decision: Decision,
    by: User,
    recalibration: Recalibration,
    reason: str,
    submission: Submission,
) -> RecalibrationDecision:
    if not reason.strip():
        raise ReasonMissingError
    _wait_for_others()
    already = queries.made_by_form(RecalibrationDecision, submission.token)
    if already is not None:
        return already
    state = recalibration.state
    if state != (Decision.APPROVED if decision == Decision.RETIRED else ""):
        raise AlreadyDecidedError(state)
    active = Recalibration.active()
    if decision == Decision.APPROVED and active is not None:
        replaced = f"replaced by version {recalibration.number}"
        own_token = uuid5(submission.token, replaced)
        _keep(Decision.RETIRED, by, active, replaced, replace(submission, token=own_token))
    return _keep(decision, by, recalibration, reason.strip(), submission)


def _keep(
    decision: Decision,
    by: User,
    recalibration: Recalibration,
    reason: str,
    submission: Submission,
) -> RecalibrationDecision:
    kept = RecalibrationDecision.objects.create(
        recalibration=recalibration,
        decision=decision,
        reason=reason,
        form_token=submission.token,
        decided_at=timezone.now(),
        decided_by=by,
        decided_by_name=str(by),
    )
    _log(by, _ACTIONS[decision], recalibration, submission, kept, reason=reason)
    return kept


def _log(
    by: User,
    action: AuditEvent.Action,
    recalibration: Recalibration,
    submission: Submission,
    kept: Recalibration | RecalibrationDecision,
    **more: object,
) -> None:
    detail = {"version": recalibration.number, "n": recalibration.n, **more}
    log_event(by=by, action=action, origin=submission.origin, detail=detail, record=[kept])


def _wait_for_others() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


def keep_recalibrated(version: Assessment) -> list[RecalibratedRisk]:
    """Keep what the active recalibration says of a version just saved; it, or none."""
    active = Recalibration.active()
    if active is None:
        return []
    curve = active.curve
    values: dict[str, float] = {}
    for prefix in ("restored", "not_restored"):
        total = getattr(version, f"{prefix}_total_points")
        if total is not None:
            low, high = curve.ci95_at(total)
            values |= {
                f"{prefix}_risk": curve.risk_at(total),
                f"{prefix}_ci95_low": low,
                f"{prefix}_ci95_high": high,
            }
    return [RecalibratedRisk.objects.create(assessment=version, recalibration=active, **values)]


def copy_recalibrated(version: Assessment, of: Assessment) -> list[RecalibratedRisk]:
    """Keep for a copied version what its predecessor was made with; it, or none."""
    kept = RecalibratedRisk.objects.filter(assessment=of).first()
    if kept is None:
        return []
    kept.pk = version.pk
    kept._state.adding = True
    kept.save(force_insert=True)
    return [kept]

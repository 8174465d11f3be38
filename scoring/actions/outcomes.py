"""Outcomes: pain at day 3 and day 30, or why it is not known."""

from django.db import transaction
from django.utils import timezone

from scoring import queries
from scoring.actions.log import log_event
from scoring.actions.reasons import ReasonMissingError
from scoring.actions.versions import NotAllowedInStateError
from scoring.entry import OutcomeEntry, Submission
from scoring.entry.rules import vas_order_rule
from scoring.models import Assessment, AssessmentChain, AuditEvent, Outcome, User
from scoring.models.codes import State, TimePoint
from scoring.models.outcome import window_cautions

Action = AuditEvent.Action


class OutcomeTooEarlyError(ValueError):
    """The outcome is dated on or before the operation."""


class OutcomeOrderError(ValueError):
    """The day-3 VAS is not dated before the day-30 VAS."""


class StaleOutcomeError(ValueError):
    """Somebody else recorded this outcome meanwhile; ``current`` is it."""

    def __init__(self, current: Outcome) -> None:
        super().__init__(str(current))
        self.current = current


def record_outcome(
    *,
    by: User,
    assessment: Assessment,
    entry: OutcomeEntry,
    expected: Outcome | None,
    reason: str,
    submission: Submission,
) -> Outcome:
    """Record or correct the outcome of one time point; it belongs to the assessment's chain.

    ``expected`` is the outcome the user saw, None where there was none. Raises StaleOutcomeError
    where another stands there by now, ReasonMissingError for a correction without reason,
    OutcomeTooEarlyError, OutcomeOrderError, and NotAllowedInStateError for a voided assessment.
    """
    already = queries.made_by_form(Outcome, submission.token)
    if already is not None:
        return already
    if expected is not None and not reason.strip():
        raise ReasonMissingError
    with transaction.atomic():
        chain = AssessmentChain.objects.select_for_update().get(pk=assessment.chain_id)
        already = queries.made_by_form(Outcome, submission.token)
        if already is not None:
            return already
        _check(chain, entry, expected)
        outcome = Outcome.objects.create(
            chain=chain,
            time_point=entry.time_point,
            version=1 if expected is None else expected.version + 1,
            supersedes=expected,
            supersedes_version=None if expected is None else expected.version,
            vas=entry.vas,
            measured_on=entry.measured_on,
            not_evaluable=entry.not_evaluable,
            cautions=window_cautions(entry.time_point, entry.measured_on, chain.operation_date),
            reason=reason.strip(),
            form_token=submission.token,
            created_at=timezone.now(),
            created_by=by,
            created_by_name=str(by),
        )
        log_event(
            by=by,
            action=Action.OUTCOME_RECORDED if expected is None else Action.OUTCOME_CORRECTED,
            origin=submission.origin,
            assessment=queries.current_version(chain),
            detail={"time_point": entry.time_point, "reason": outcome.reason},
        )
    return outcome


def _check(chain: AssessmentChain, entry: OutcomeEntry, expected: Outcome | None) -> None:
    if chain.state == State.VOIDED:
        raise NotAllowedInStateError(chain.state)
    current = queries.current_outcome(chain, TimePoint(entry.time_point))
    if current is not None and current != expected:
        raise StaleOutcomeError(current)
    operated_on = chain.operation_date
    if entry.measured_on and operated_on and entry.measured_on <= operated_on:
        raise OutcomeTooEarlyError
    other = chain.day_of_other_vas(entry.time_point)
    if vas_order_rule(entry.time_point, entry.measured_on, other):
        raise OutcomeOrderError

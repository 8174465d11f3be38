"""Outcomes: pain at day 3 and day 30, or why it is not known."""

from django.db import transaction
from django.utils import timezone

from scoring import queries
from scoring.actions.log import log_event
from scoring.actions.patients import lock_patients_of
from scoring.actions.reasons import ReasonMissingError
from scoring.actions.undo import UndoRefusedError, check_undo
from scoring.actions.versions import NotAllowedInStateError
from scoring.entry import OutcomeEntry, Submission
from scoring.entry.rules import RECORDED_ANEW, UNDONE, vas_order_rule
from scoring.models import Assessment, AssessmentChain, AuditEvent, Outcome, User
from scoring.models.codes import UNCOUNTED, TimePoint
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
    OutcomeTooEarlyError, OutcomeOrderError, and NotAllowedInStateError for a voided assessment
    or a cancelled operation.
    """
    already = queries.made_by_form(Outcome, submission.token)
    if already is not None:
        return already
    if expected is not None and not expected.withdrawn and not reason.strip():
        raise ReasonMissingError
    with transaction.atomic():
        lock_patients_of(assessment.chain_id)
        chain = AssessmentChain.objects.select_for_update().get(pk=assessment.chain_id)
        already = queries.made_by_form(Outcome, submission.token)
        if already is not None:
            return already
        _check_state(chain)
        latest = _latest(chain, entry.time_point, expected)
        _check_day(chain, entry)
        is_first = latest is None or latest.withdrawn
        return _recorded(
            chain,
            entry,
            latest,
            by=by,
            action=Action.OUTCOME_RECORDED if is_first else Action.OUTCOME_CORRECTED,
            reason=RECORDED_ANEW if latest is not None and is_first else reason.strip(),
            submission=submission,
        )


def undo_outcome(*, by: User, outcome: Outcome, submission: Submission) -> Outcome:
    """Take back what the same user recorded in the last ten minutes, as a new version.

    It says what stood there before; where nothing did, the time point is open again. Raises
    UndoRefusedError, StaleOutcomeError, NotAllowedInStateError, OutcomeTooEarlyError and
    OutcomeOrderError.
    """
    with transaction.atomic():
        lock_patients_of(outcome.chain_id)
        chain = AssessmentChain.objects.select_for_update().get(pk=outcome.chain_id)
        already = queries.made_by_form(Outcome, submission.token)
        if already is not None:
            return already
        check_undo(outcome, by)
        if outcome.reason == UNDONE:
            raise UndoRefusedError
        _check_state(chain)
        latest = _latest(chain, outcome.time_point, outcome)
        before = outcome.supersedes or Outcome(withdrawn=True)
        entry = OutcomeEntry(
            time_point=outcome.time_point,
            vas=before.vas,
            measured_on=before.measured_on,
            not_evaluable=before.not_evaluable,
            new_fracture=before.new_vertebral_fracture,
        )
        _check_day(chain, entry)
        return _recorded(
            chain,
            entry,
            latest,
            by=by,
            action=Action.OUTCOME_UNDONE,
            reason=UNDONE,
            submission=submission,
            withdrawn=before.withdrawn,
        )


def _latest(chain: AssessmentChain, time_point: int, expected: Outcome | None) -> Outcome | None:
    """The version that the next one follows, behind the lock: what the user saw.

    What was undone may be expected, or not: nothing stands there.
    """
    latest = queries.outcome_versions(chain, TimePoint(time_point)).first()
    is_as_seen = latest == expected or (expected is None and latest and latest.withdrawn)
    if latest is not None and not is_as_seen:
        raise StaleOutcomeError(latest)
    return latest


def _recorded(
    chain: AssessmentChain,
    entry: OutcomeEntry,
    latest: Outcome | None,
    *,
    by: User,
    action: AuditEvent.Action,
    reason: str,
    submission: Submission,
    withdrawn: bool = False,
) -> Outcome:
    outcome = Outcome.objects.create(
        chain=chain,
        time_point=entry.time_point,
        version=1 if latest is None else latest.version + 1,
        supersedes=latest,
        supersedes_version=None if latest is None else latest.version,
        vas=entry.vas,
        measured_on=entry.measured_on,
        not_evaluable=entry.not_evaluable,
        new_vertebral_fracture=entry.new_fracture,
        withdrawn=withdrawn,
        cautions=window_cautions(entry.time_point, entry.measured_on, chain.operation_date),
        reason=reason,
        form_token=submission.token,
        created_at=timezone.now(),
        created_by=by,
        created_by_name=str(by),
    )
    log_event(
        by=by,
        action=action,
        origin=submission.origin,
        assessment=queries.current_version(chain),
        detail={"time_point": entry.time_point, "reason": outcome.reason},
        record=[outcome],
    )
    return outcome


def _check_state(chain: AssessmentChain) -> None:
    if chain.state in UNCOUNTED:
        raise NotAllowedInStateError(chain.state)


def _check_day(chain: AssessmentChain, entry: OutcomeEntry) -> None:
    operated_on = chain.operation_date
    if entry.measured_on and operated_on and entry.measured_on <= operated_on:
        raise OutcomeTooEarlyError
    other = chain.day_of_other_vas(entry.time_point)
    if vas_order_rule(entry.time_point, entry.measured_on, other):
        raise OutcomeOrderError

"""New versions of an assessment: completed, amended, voided, reinstated.

A version is never changed. Each of these adds one that supersedes the current one; the chain's
row is the lock, and the unique constraint on ``supersedes`` is what makes a second one fail.
"""

from collections.abc import Callable, Collection
from datetime import date
from typing import Protocol
from uuid import UUID, uuid4

from django.db import transaction
from django.utils import timezone

from scoring import queries
from scoring.actions.laboratory_sources import (
    NOTHING_TAKEN,
    Taken,
    copy_sources,
    keep_sources,
)
from scoring.actions.log import log_event
from scoring.actions.patients import lock_patients_of, register_patient
from scoring.actions.reasons import ReasonMissingError
from scoring.actions.recalibrations import copy_recalibrated, keep_recalibrated
from scoring.actions.scored import scored_version, stamp
from scoring.actions.undo import UndoRefusedError, check_undo
from scoring.entry import AssessmentEntry, PatientEntry, Submission
from scoring.entry.rules import UNDONE
from scoring.models import Assessment, AssessmentChain, AuditEvent, Outcome, Patient, User
from scoring.models.codes import (
    AMENDABLE,
    COMPLETABLE,
    COPYING,
    REASON_OPTIONAL,
    Change,
    OperationStatus,
    State,
)
from scoring.nomogram.eligibility import Answer

Action = AuditEvent.Action


class StaleVersionError(ValueError):
    """Somebody else made a newer version meanwhile; ``current`` is it."""

    def __init__(self, current: Assessment) -> None:
        super().__init__(str(current))
        self.current = current


class NotAllowedInStateError(ValueError):
    """The version is in a state that this change does not apply to; ``args[0]`` is the state."""


class MixedPatientsError(ValueError):
    """A real patient's assessment is never a synthetic one's, nor the other way round."""


class OutcomeBeforeOperationError(ValueError):
    """The corrected operation date would lie on or after an outcome on record."""


def complete(
    *,
    by: User,
    assessment: Assessment,
    mvh_restored: bool,
    radiograph_date: date | None,
    submission: Submission,
    new_fracture: Answer | None = None,
) -> Assessment:
    """The final version of a provisional assessment, once the 24-hour radiograph is in.

    Raises StaleVersionError and NotAllowedInStateError; PredictorError if it cannot be scored.
    """
    entry = assessment.entry.completed(
        mvh_restored=mvh_restored, radiograph_date=radiograph_date, new_fracture=new_fracture
    )
    return new_version(
        by=by,
        of=assessment,
        successor=lambda: _scored_as_before(assessment, entry),
        allowed=COMPLETABLE,
        change=Change.COMPLETE,
        action=Action.ASSESSMENT_COMPLETED,
        submission=submission,
    )


def amend(
    *,
    by: User,
    assessment: Assessment,
    patient: Patient | PatientEntry,
    entry: AssessmentEntry,
    reason: str,
    submission: Submission,
    taken: Taken = NOTHING_TAKEN,
) -> Assessment:
    """A corrected version, with a reason; also how an assessment finds its right patient.

    ``taken``: the results of laboratories that the values were taken from.
    Raises StaleVersionError, NotAllowedInStateError, ReasonMissingError, PredictorError,
    HospitalNumberTakenError, MixedPatientsError, and OutcomeBeforeOperationError.
    """

    def successor() -> Assessment:
        on_record = patient
        if on_record.synthetic != assessment.patient.synthetic:
            raise MixedPatientsError
        if isinstance(on_record, PatientEntry):
            on_record = register_patient(by=by, entry=on_record, origin=submission.origin)
        _check_outcomes_follow(assessment.chain, entry.operation_date)
        scored = scored_version(patient=on_record, entry=entry)
        is_done = scored.operation_status == OperationStatus.DONE
        if assessment.state == State.NO_RADIOGRAPH and scored.mvh_restored is None and is_done:
            scored.state = State.NO_RADIOGRAPH
        return scored

    return new_version(
        by=by,
        of=assessment,
        successor=successor,
        allowed=AMENDABLE,
        change=Change.AMEND,
        action=Action.ASSESSMENT_AMENDED,
        submission=submission,
        reason=reason,
        taken=taken,
        moved_to=patient.pk if isinstance(patient, Patient) else None,
    )


class WithReason(Protocol):
    """An action that makes a version for a reason, which may be empty."""

    def __call__(
        self, *, by: User, assessment: Assessment, reason: str, submission: Submission
    ) -> Assessment:
        """The version made."""


def void(*, by: User, assessment: Assessment, reason: str, submission: Submission) -> Assessment:
    """A version that takes the assessment out of worklists and statistics; it stays readable.

    Raises StaleVersionError, NotAllowedInStateError and ReasonMissingError.
    """
    return new_version(
        by=by,
        of=assessment,
        successor=lambda: copy_as(assessment, State.VOIDED),
        allowed=(*AMENDABLE, State.CANCELLED),
        change=Change.VOID,
        action=Action.ASSESSMENT_VOIDED,
        submission=submission,
        reason=reason,
    )


def reinstate(
    *, by: User, assessment: Assessment, reason: str, submission: Submission
) -> Assessment:
    """A version that undoes a void: the result as it was before it.

    Raises StaleVersionError, NotAllowedInStateError and ReasonMissingError.
    """
    voided = assessment.supersedes
    state = State(voided.state if voided else assessment.state)
    return new_version(
        by=by,
        of=assessment,
        successor=lambda: copy_as(assessment, state),
        allowed=(State.VOIDED,),
        change=Change.REINSTATE,
        action=Action.ASSESSMENT_REINSTATED,
        submission=submission,
        reason=reason,
    )


def undo(*, by: User, assessment: Assessment, submission: Submission) -> Assessment:
    """A version that takes back a completion or a void, by the same user within ten minutes.

    Raises UndoRefusedError where it is not the user's, or too late, or of another kind; and
    StaleVersionError.
    """
    already = queries.made_by_form(Assessment, submission.token)
    if already is not None:
        return already
    check_undo(assessment, by)
    before = assessment.supersedes
    if assessment.change == Change.VOID:
        return reinstate(by=by, assessment=assessment, reason=UNDONE, submission=submission)
    if assessment.change != Change.COMPLETE or before is None:
        raise UndoRefusedError
    return new_version(
        by=by,
        of=assessment,
        successor=lambda: copy_as(before, State(before.state)),
        allowed=(State.FINAL,),
        change=Change.UNDO,
        action=Action.COMPLETION_UNDONE,
        submission=submission,
        reason=UNDONE,
    )


def new_version(
    *,
    by: User,
    of: Assessment,
    successor: Callable[[], Assessment],
    allowed: Collection[State],
    change: Change,
    action: AuditEvent.Action,
    submission: Submission,
    reason: str = "",
    taken: Taken | None = None,
    moved_to: UUID | None = None,
) -> Assessment:
    """The next version of an assessment in one of the states ``allowed``, made behind its lock.

    ``taken``: as of ``amend``; None where values of laboratories stay as they are. ``moved_to``:
    the key of the patient on record whose it becomes.
    Raises StaleVersionError, NotAllowedInStateError, ReasonMissingError, and what ``successor``
    raises.
    """
    already = queries.made_by_form(Assessment, submission.token)
    if already is not None:
        return already
    if change not in REASON_OPTIONAL and not reason.strip():
        raise ReasonMissingError
    with transaction.atomic():
        lock_patients_of(of.chain_id, moved_to=moved_to)
        chain = AssessmentChain.objects.select_for_update().get(pk=of.chain_id)
        if chain.current_id != of.pk:
            # Behind the lock: the same form sent twice, or somebody else's newer version.
            already = queries.made_by_form(Assessment, submission.token)
            if already is not None:
                return already
            raise StaleVersionError(queries.current_version(chain))
        if of.state not in allowed:
            raise NotAllowedInStateError(of.state)
        version = successor()
        version.chain = chain
        version.version = of.version + 1
        version.supersedes = of
        version.supersedes_version = of.version
        version.change = change
        version.reason = reason.strip()
        stamp(version, by=by, token=submission.token, at=timezone.now())
        version.save(force_insert=True)
        if change in COPYING:
            recalibrated = copy_recalibrated(version, of)
        elif change is Change.UNDO and of.supersedes is not None:
            recalibrated = copy_recalibrated(version, of.supersedes)
        else:
            recalibrated = keep_recalibrated(version)
        sources = copy_sources(version, of) if taken is None else keep_sources(version, taken)
        log_event(
            by=by,
            action=action,
            origin=submission.origin,
            assessment=version,
            detail={"reason": version.reason, "supersedes": str(of.pk)},
            record=[version, *recalibrated, *sources],
        )
    version.chain.refresh_from_db()
    return version


def copy_as(assessment: Assessment, state: State) -> Assessment:
    """The same content in another state, not saved yet; nothing is computed anew."""
    copy = Assessment.objects.get(pk=assessment.pk)
    copy.pk = uuid4()
    copy._state.adding = True
    copy.state = state
    return copy


def _scored_as_before(assessment: Assessment, entry: AssessmentEntry) -> Assessment:
    """Scored with the age that was frozen with the assessment, whatever was corrected since."""
    return scored_version(patient=assessment.patient, entry=entry, age_as_in=assessment)


def _check_outcomes_follow(chain: AssessmentChain, operation_date: date) -> None:
    current = Outcome.objects.filter(chain=chain, superseded_by__isnull=True)
    if current.filter(measured_on__lte=operation_date).exists():
        raise OutcomeBeforeOperationError

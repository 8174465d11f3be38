"""What ends the waiting of a provisional assessment, prolongs it, and begins it again.

Each adds a version, as in ``versions``; only one with another day is scored anew.
"""

from django.utils import timezone
from django.utils.translation import gettext as _

from scoring.actions.versions import amend, copy_as, new_version
from scoring.entry import AssessmentEntry, Submission
from scoring.models import Assessment, AuditEvent, User
from scoring.models.codes import COMPLETABLE, Change, OperationStatus, State

Action = AuditEvent.Action


class OperationAheadError(ValueError):
    """The operation lies on a day to come: a radiograph cannot be missing yet."""


class OperatedError(ValueError):
    """A VAS after the operation is on record: the operation was not cancelled."""


def postpone(
    *, by: User, assessment: Assessment, entry: AssessmentEntry, submission: Submission
) -> Assessment:
    """A version of a planned operation with another day; ``entry`` differs in that alone.

    Raises as ``amend``.
    """
    return amend(
        by=by,
        assessment=assessment,
        patient=assessment.patient,
        entry=entry,
        reason=_("Operation postponed"),
        submission=submission,
    )


def note_no_radiograph(
    *, by: User, assessment: Assessment, reason: str, submission: Submission
) -> Assessment:
    """A version that waits for no radiograph: none was taken. It stays provisional.

    Raises StaleVersionError, NotAllowedInStateError and OperationAheadError.
    """

    def successor() -> Assessment:
        if assessment.operation_date > timezone.localdate():
            raise OperationAheadError
        version = copy_as(assessment, State.NO_RADIOGRAPH)
        version.operation_status = OperationStatus.DONE
        return version

    return new_version(
        by=by,
        of=assessment,
        successor=successor,
        allowed=(State.PROVISIONAL,),
        change=Change.NO_RADIOGRAPH,
        action=Action.RADIOGRAPH_NOT_TAKEN,
        submission=submission,
        reason=reason,
    )


def cancel_operation(
    *, by: User, assessment: Assessment, reason: str, submission: Submission
) -> Assessment:
    """A version that says that the operation was cancelled: nothing is due, nothing counts.

    Raises StaleVersionError, NotAllowedInStateError and OperatedError.
    """

    def successor() -> Assessment:
        assessment.chain.refresh_from_db()
        if assessment.chain.vas_day_3 is not None or assessment.chain.vas_day_30 is not None:
            raise OperatedError
        version = copy_as(assessment, State.CANCELLED)
        version.operation_status = OperationStatus.PLANNED
        return version

    return new_version(
        by=by,
        of=assessment,
        successor=successor,
        allowed=COMPLETABLE,
        change=Change.CANCEL,
        action=Action.OPERATION_CANCELLED,
        submission=submission,
        reason=reason,
    )


def resume(*, by: User, assessment: Assessment, reason: str, submission: Submission) -> Assessment:
    """A version that is awaited again: the operation is planned, or its radiograph is to come.

    Raises StaleVersionError and NotAllowedInStateError.
    """
    return new_version(
        by=by,
        of=assessment,
        successor=lambda: copy_as(assessment, State.PROVISIONAL),
        allowed=(State.NO_RADIOGRAPH, State.CANCELLED),
        change=Change.RESUME,
        action=Action.ASSESSMENT_RESUMED,
        submission=submission,
        reason=reason,
    )

"""The only code that writes.

Every action takes keywords and the actor, runs in one transaction, and writes its line in the
access log in the same transaction.
"""

from scoring.actions.assessments import record_assessment
from scoring.actions.log import NOWHERE, log_event
from scoring.actions.log_seal import seal_waiting
from scoring.actions.log_ship import ship_seals
from scoring.actions.outcomes import (
    OutcomeTooEarlyError,
    StaleOutcomeError,
    record_outcome,
)
from scoring.actions.patients import (
    HospitalNumberTakenError,
    NothingCorrectedError,
    StalePatientError,
    correct_patient,
    register_patient,
)
from scoring.actions.reasons import ReasonMissingError
from scoring.actions.recalibrations import (
    AlreadyDecidedError,
    NothingToRecalibrateError,
    OwnProposalError,
    approve_recalibration,
    propose_recalibration,
    reject_recalibration,
    retire_recalibration,
)
from scoring.actions.scored import AgeUnknownError
from scoring.actions.users import create_user
from scoring.actions.validation import keep_validation
from scoring.actions.versions import (
    NotAllowedInStateError,
    OutcomeBeforeOperationError,
    StaleVersionError,
    amend,
    complete,
    reinstate,
    void,
)

__all__ = [
    "NOWHERE",
    "AgeUnknownError",
    "AlreadyDecidedError",
    "HospitalNumberTakenError",
    "NotAllowedInStateError",
    "NothingCorrectedError",
    "NothingToRecalibrateError",
    "OutcomeBeforeOperationError",
    "OutcomeTooEarlyError",
    "OwnProposalError",
    "ReasonMissingError",
    "StaleOutcomeError",
    "StalePatientError",
    "StaleVersionError",
    "amend",
    "approve_recalibration",
    "complete",
    "correct_patient",
    "create_user",
    "keep_validation",
    "log_event",
    "propose_recalibration",
    "record_assessment",
    "record_outcome",
    "register_patient",
    "reinstate",
    "reject_recalibration",
    "retire_recalibration",
    "seal_waiting",
    "ship_seals",
    "void",
]

"""The only code that writes.

Every action takes keywords and the actor, runs in one transaction, and writes its line in the
access log in the same transaction.
"""

from scoring.actions.assessments import record_assessment
from scoring.actions.cds_hooks import note_call, note_refusal, take_feedback, use_token
from scoring.actions.drafts import discard_draft, forget_draft, keep_draft, remove_old_drafts
from scoring.actions.ehr_readings import (
    forget_reading,
    keep_reading,
    open_reading,
    remove_old_readings,
)
from scoring.actions.habits import choose_language, put_away_model_notice, switch_keys
from scoring.actions.hospital_accounts import AnotherPersonError, bind_user, release_user
from scoring.actions.kept_reports import keep_report, remove_kept_reports
from scoring.actions.laboratory import Receipt, receive_message
from scoring.actions.laboratory_columns import keep_columns
from scoring.actions.log import NOWHERE, log_event, take_digests
from scoring.actions.log_seal import seal_waiting
from scoring.actions.log_ship import ship_seals
from scoring.actions.outcomes import (
    OutcomeOrderError,
    OutcomeTooEarlyError,
    StaleOutcomeError,
    record_outcome,
    undo_outcome,
)
from scoring.actions.passkeys import (
    RelyingParty,
    add_passkey,
    ask_for_new_passkey,
    ask_for_passkey,
    pass_by_passkey,
    remove_passkey,
)
from scoring.actions.passwords import given_password
from scoring.actions.patients import (
    HospitalNumberTakenError,
    NothingCorrectedError,
    StalePatientError,
    correct_patient,
    move_patient,
    move_patients_without_ward,
    open_patient,
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
from scoring.actions.second_factor import (
    make_recovery_codes,
    new_authenticator,
    pass_second_factor,
    remove_authenticator,
    reset_second_factor,
    set_up_authenticator,
)
from scoring.actions.sessions import end_sessions
from scoring.actions.tokens import TOKEN_ROLES, count_request, create_token, revoke_token
from scoring.actions.undo import UndoRefusedError, check_undo
from scoring.actions.users import (
    LastAdministratorError,
    NameGivenError,
    OwnAccountError,
    PersonHasAccountError,
    StaleUserError,
    UsernameTakenError,
    as_opened,
    change_own_password,
    change_user,
    create_user,
    disable_user,
    enable_user,
    give_own_name,
    reset_password,
    set_roles,
    unlock_user,
)
from scoring.actions.validation import keep_validation
from scoring.actions.versions import (
    MixedPatientsError,
    NotAllowedInStateError,
    OutcomeBeforeOperationError,
    StaleVersionError,
    amend,
    complete,
    reinstate,
    undo,
    void,
)
from scoring.actions.waiting import (
    OperatedError,
    OperationAheadError,
    cancel_operation,
    note_no_radiograph,
    postpone,
    resume,
)
from scoring.actions.ward import (
    WardConflictError,
    WardFacts,
    WardNameTakenError,
    add_ward,
    change_ward_settings,
    hide_first_steps,
)

__all__ = [
    "NOWHERE",
    "TOKEN_ROLES",
    "AgeUnknownError",
    "AlreadyDecidedError",
    "AnotherPersonError",
    "HospitalNumberTakenError",
    "LastAdministratorError",
    "MixedPatientsError",
    "NameGivenError",
    "NotAllowedInStateError",
    "NothingCorrectedError",
    "NothingToRecalibrateError",
    "OperatedError",
    "OperationAheadError",
    "OutcomeBeforeOperationError",
    "OutcomeOrderError",
    "OutcomeTooEarlyError",
    "OwnAccountError",
    "OwnProposalError",
    "PersonHasAccountError",
    "ReasonMissingError",
    "Receipt",
    "RelyingParty",
    "StaleOutcomeError",
    "StalePatientError",
    "StaleUserError",
    "StaleVersionError",
    "UndoRefusedError",
    "UsernameTakenError",
    "WardConflictError",
    "WardFacts",
    "WardNameTakenError",
    "add_passkey",
    "add_ward",
    "amend",
    "approve_recalibration",
    "as_opened",
    "ask_for_new_passkey",
    "ask_for_passkey",
    "bind_user",
    "cancel_operation",
    "change_own_password",
    "change_user",
    "change_ward_settings",
    "check_undo",
    "choose_language",
    "complete",
    "correct_patient",
    "count_request",
    "create_token",
    "create_user",
    "disable_user",
    "discard_draft",
    "enable_user",
    "end_sessions",
    "forget_draft",
    "forget_reading",
    "give_own_name",
    "given_password",
    "hide_first_steps",
    "keep_columns",
    "keep_draft",
    "keep_reading",
    "keep_report",
    "keep_validation",
    "log_event",
    "make_recovery_codes",
    "move_patient",
    "move_patients_without_ward",
    "new_authenticator",
    "note_call",
    "note_no_radiograph",
    "note_refusal",
    "open_patient",
    "open_reading",
    "pass_by_passkey",
    "pass_second_factor",
    "postpone",
    "propose_recalibration",
    "put_away_model_notice",
    "receive_message",
    "record_assessment",
    "record_outcome",
    "register_patient",
    "reinstate",
    "reject_recalibration",
    "release_user",
    "remove_authenticator",
    "remove_kept_reports",
    "remove_old_drafts",
    "remove_old_readings",
    "remove_passkey",
    "reset_password",
    "reset_second_factor",
    "resume",
    "retire_recalibration",
    "revoke_token",
    "seal_waiting",
    "set_roles",
    "set_up_authenticator",
    "ship_seals",
    "switch_keys",
    "take_digests",
    "take_feedback",
    "undo",
    "undo_outcome",
    "unlock_user",
    "use_token",
    "void",
]

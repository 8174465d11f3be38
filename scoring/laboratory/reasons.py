"""Why a message is refused, and why a result can't be used, as codes; the words are elsewhere."""

from enum import StrEnum
from typing import NamedTuple


class Refusal(StrEnum):
    """Why a message is not taken."""

    NOT_HL7 = "not_hl7"
    CHARSET_UNKNOWN = "charset_unknown"
    CHARSET_UNREADABLE = "charset_unreadable"
    NULL_CHARACTER = "null_character"
    CONTROL_ID_MISSING = "control_id_missing"
    MESSAGE_TYPE = "message_type"
    EVENT = "event"
    PROCESSING = "processing"
    VERSION = "version"
    NO_RESULTS = "no_results"
    PATIENT_MISSING = "patient_missing"
    PATIENT_NOT_CHOSEN = "patient_not_chosen"
    PATIENT_NUMBER = "patient_number"
    MERGE_MISSING = "merge_missing"
    UNKNOWN_CODE = "unknown_code"
    NOTHING_TO_WITHDRAW = "nothing_to_withdraw"
    DUPLICATE_KEY = "duplicate_key"


class ErrorCode(NamedTuple):
    """A code of HL7 table 0357, and whether the message is rejected unread (AR, else AE)."""

    number: int
    text: str
    rejects: bool = False


_SEQUENCE = ErrorCode(100, "Segment sequence error", rejects=True)
_MISSING = ErrorCode(101, "Required field missing")
_TYPE = ErrorCode(102, "Data type error")
_TABLE = ErrorCode(103, "Table value not found")
_UNKNOWN_KEY = ErrorCode(204, "Unknown key identifier")
ERRORS = {
    Refusal.NOT_HL7: _SEQUENCE,
    Refusal.CHARSET_UNKNOWN: ErrorCode(103, "Table value not found", rejects=True),
    Refusal.CHARSET_UNREADABLE: ErrorCode(102, "Data type error", rejects=True),
    Refusal.NULL_CHARACTER: ErrorCode(102, "Data type error", rejects=True),
    Refusal.CONTROL_ID_MISSING: ErrorCode(101, "Required field missing", rejects=True),
    Refusal.MESSAGE_TYPE: ErrorCode(200, "Unsupported message type", rejects=True),
    Refusal.EVENT: ErrorCode(201, "Unsupported event code", rejects=True),
    Refusal.PROCESSING: ErrorCode(202, "Unsupported processing id", rejects=True),
    Refusal.VERSION: ErrorCode(203, "Unsupported version id", rejects=True),
    Refusal.NO_RESULTS: _MISSING,
    Refusal.PATIENT_MISSING: _MISSING,
    Refusal.PATIENT_NOT_CHOSEN: _UNKNOWN_KEY,
    Refusal.PATIENT_NUMBER: _TYPE,
    Refusal.MERGE_MISSING: _MISSING,
    Refusal.UNKNOWN_CODE: _TABLE,
    Refusal.NOTHING_TO_WITHDRAW: _UNKNOWN_KEY,
    Refusal.DUPLICATE_KEY: ErrorCode(205, "Duplicate key identifier"),
}


class RefusedError(ValueError):
    """A message is not taken; ``detail`` is what stands in it, and ``segment`` where."""

    def __init__(self, refusal: Refusal, detail: str = "", segment: str = "MSH") -> None:
        super().__init__(refusal.value)
        self.refusal, self.detail, self.segment = refusal, detail, segment


class Unusable(StrEnum):
    """Why a result is kept and shown, but not offered."""

    CODE_RATIO = "code_ratio"
    CODE_BLOOD = "code_blood"
    CODE_SITE = "code_site"
    CODE_DENSITY = "code_density"
    CODE_Z_SCORE = "code_z_score"
    STATUS_MISSING = "status_missing"
    NOT_FINAL = "not_final"
    WITHDRAWN = "withdrawn"
    SPECIMEN_OTHER = "specimen_other"
    SPECIMEN_MISSING = "specimen_missing"
    NO_VALUE = "no_value"
    SEVERAL_VALUES = "several_values"
    NOT_A_NUMBER = "not_a_number"
    BOUND = "bound"
    DECIMALS = "decimals"
    UNIT_MISSING = "unit_missing"
    UNIT_GSD = "unit_gsd"
    UNIT_OTHER = "unit_other"
    RANGE_GSD = "range_gsd"
    OUTSIDE_DOMAIN = "outside_domain"

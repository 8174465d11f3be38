"""Why a launch or a reading stops."""

from enum import StrEnum


class Trouble(StrEnum):
    """What went wrong; ``scoring.words.smart`` has the sentences."""

    # This site refuses.
    UNKNOWN_SERVER = "unknown_server"
    FRAMED = "framed"
    UNKNOWN_STATE = "unknown_state"
    OTHER_PATIENT = "other_patient"
    OTHER_CARD = "other_card"
    TOO_MANY_WAIT = "too_many_wait"
    # The server is away, or its answer can't be used.
    UNREACHABLE = "unreachable"
    BAD_ANSWER = "bad_answer"
    TOO_LARGE = "too_large"
    NO_PKCE = "no_pkce"
    UNSAFE_ADDRESS = "unsafe_address"
    # The server refuses, or gives less than is needed.
    REFUSED = "refused"
    CODE_REFUSED = "code_refused"
    NO_PATIENT = "no_patient"
    SCOPE_PATIENT = "scope_patient"
    NO_HOSPITAL_NUMBER = "no_hospital_number"
    # The patient is read, the results are not.
    SCOPE_OBSERVATION = "scope_observation"
    OTHER_HOST = "other_host"
    TOO_MANY_PAGES = "too_many_pages"


class SmartError(Exception):
    """A launch or a reading stops. ``detail`` is for the access log: no patient, no secret."""

    def __init__(self, trouble: Trouble, detail: str = "") -> None:
        super().__init__(trouble.value)
        self.trouble = trouble
        self.detail = detail

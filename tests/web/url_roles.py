"""Who may open what: every address of the site by name, and what it answers to each role.

One table. A test walks all of it with real requests, and another fails when an address of the site
is missing here or a name here is no address any more.

The answers are to a plain request: a page of records that exist, a form that is posted empty.
"""

from dataclasses import dataclass
from typing import Final

# What a request is answered with.
SHOWN: Final = "200"
SENT_ON: Final = "302"  # does its work and leads on, to a page of the site
SIGN_IN: Final = "302 sign-in"
HOME: Final = "302 home"
REFUSED: Final = "403"
NOT_FOUND: Final = "404"
BAD: Final = "400"
NOT_CORRECT: Final = "422"  # the form comes back with what is missing

ROLES: Final = ("signed out", "no role", "clinician", "reviewer", "administrator")


@dataclass(frozen=True)
class Row:
    """One address with one method, and the answer to each role, in the order of ``ROLES``."""

    name: str
    method: str
    answers: tuple[str, str, str, str, str]
    public: bool = False


def _row(name: str, method: str, *answers: str, public: bool = False) -> Row:
    signed_out, nothing, clinician, reviewer, administrator = answers
    return Row(name, method, (signed_out, nothing, clinician, reviewer, administrator), public)


def _clinician(name: str, method: str, answer: str) -> Row:
    return _row(name, method, SIGN_IN, REFUSED, answer, REFUSED, REFUSED)


def _reader(name: str, method: str, answer: str) -> Row:
    return _row(name, method, SIGN_IN, REFUSED, answer, answer, REFUSED)


def _reviewer(name: str, method: str, answer: str) -> Row:
    return _row(name, method, SIGN_IN, REFUSED, REFUSED, answer, REFUSED)


def _administrator(name: str, method: str, answer: str) -> Row:
    return _row(name, method, SIGN_IN, REFUSED, REFUSED, REFUSED, answer)


def _everybody(name: str, method: str, answer: str) -> Row:
    return _row(name, method, SIGN_IN, answer, answer, answer, answer)


def _anybody(name: str, method: str, answer: str) -> Row:
    return _row(name, method, answer, answer, answer, answer, answer, public=True)


TABLE: Final = (
    # Without sign-in.
    _anybody("healthz", "GET", SHOWN),
    _anybody("readyz", "GET", SHOWN),
    _anybody("manifest", "GET", SHOWN),
    # For programs, which have tokens: tests/api/, tests/fhir/.
    _anybody("api", "GET", NOT_FOUND),
    _anybody("fhir-base", "GET", NOT_FOUND),
    _anybody("fhir", "GET", NOT_FOUND),
    _anybody("cds-services", "GET", NOT_FOUND),
    _anybody("cds-service", "POST", NOT_FOUND),
    # Paper without a patient.
    _anybody("help-guide", "GET", SHOWN),
    _anybody("help-quick-card", "GET", SHOWN),
    _row("sign-in", "GET", SHOWN, HOME, HOME, HOME, HOME, public=True),
    _row("sign-in", "POST", SHOWN, HOME, HOME, HOME, HOME, public=True),
    _anybody("session", "GET", SHOWN),
    # Without a language it is a request that nobody's page sends.
    _anybody("language", "POST", BAD),
    _anybody("sign-out", "POST", SIGN_IN),
    _anybody("draft-keep", "POST", SHOWN),
    _row("session-end", "POST", SHOWN, SHOWN, SHOWN, SHOWN, SHOWN, public=True),
    # There is none unless the hospital has a sign-in service.
    _anybody("single-sign-on", "GET", NOT_FOUND),
    _anybody("single-sign-on-callback", "GET", NOT_FOUND),
    # There are none unless the site may be opened from a FHIR server.
    _anybody("smart-launch", "GET", NOT_FOUND),
    _anybody("smart-keys", "GET", NOT_FOUND),
    _clinician("smart-start", "GET", NOT_FOUND),
    _clinician("smart-callback", "GET", NOT_FOUND),
    # Whoever is signed in.
    _everybody("about", "GET", SHOWN),
    _everybody("blank-nomogram", "GET", SHOWN),
    _everybody("model-card", "GET", SHOWN),
    _everybody("model-card-json", "GET", SHOWN),
    _everybody("help", "GET", SHOWN),
    _everybody("help-predictor", "GET", SHOWN),
    _everybody("calculator", "GET", SHOWN),
    _everybody("calculator", "POST", NOT_CORRECT),
    _everybody("account", "GET", SHOWN),
    # A name that is there already stays.
    _everybody("account", "POST", SENT_ON),
    _everybody("keys-switch", "POST", SENT_ON),
    _reader("model-notice-read", "POST", SENT_ON),
    _everybody("password-change", "GET", SHOWN),
    _everybody("password-change", "POST", NOT_CORRECT),
    _everybody("second-factor", "GET", SENT_ON),
    _everybody("second-factor", "POST", SENT_ON),
    _everybody("second-factor-set-up", "GET", SHOWN),
    _everybody("authenticator-set-up", "GET", SHOWN),
    _everybody("authenticator-set-up", "POST", NOT_CORRECT),
    _everybody("authenticator-remove", "POST", SENT_ON),
    _everybody("passkey-add", "GET", SHOWN),
    # Passkeys need a host name with TLS: the page says so.
    _everybody("passkey-add", "POST", SHOWN),
    # Somebody else's, as is every one in the test.
    _everybody("passkey-remove", "GET", NOT_FOUND),
    _everybody("passkey-remove", "POST", NOT_FOUND),
    _everybody("recovery-codes", "POST", SENT_ON),
    # There is no other session.
    _everybody("sessions-end", "GET", SENT_ON),
    _everybody("sessions-end", "POST", SENT_ON),
    _everybody("session-extend", "POST", SHOWN),
    # Patients, read.
    _row("worklist", "GET", SIGN_IN, HOME, SHOWN, SHOWN, HOME),
    _reader("history", "GET", SHOWN),
    _reader("history", "POST", SENT_ON),
    _reader("assessment-result", "GET", SHOWN),
    _reader("assessment-report", "GET", SHOWN),
    _reader("patients", "GET", SHOWN),
    _reader("patients", "POST", SENT_ON),
    _reader("assessment-patient-sheet", "GET", SHOWN),
    _reader("patient-detail", "GET", SHOWN),
    _reader("patient-compare", "GET", SHOWN),
    # Every ward's patients are open unless the hospital limits them.
    _reader("patient-open", "GET", SENT_ON),
    _reader("patient-open", "POST", SENT_ON),
    # Patients, written.
    _clinician("assessment-new", "GET", SHOWN),
    _clinician("assessment-new", "POST", NOT_CORRECT),
    _clinician("ehr-card", "GET", SENT_ON),
    _clinician("assessment-points", "POST", SHOWN),
    _clinician("cohort", "GET", SHOWN),
    _clinician("cohort", "POST", NOT_CORRECT),
    _clinician("cohort-columns", "POST", NOT_CORRECT),
    _clinician("cohort-results", "POST", NOT_CORRECT),
    _clinician("cohort-mend", "POST", NOT_CORRECT),
    _clinician("cohort-import-check", "POST", NOT_CORRECT),
    _clinician("cohort-import", "POST", NOT_CORRECT),
    _clinician("cohort-import-mend", "POST", NOT_CORRECT),
    _clinician("draft-discard", "POST", SENT_ON),
    _clinician("assessment-complete", "GET", SENT_ON),
    _clinician("assessment-complete", "POST", SENT_ON),
    _clinician("assessment-amend", "GET", SHOWN),
    _clinician("assessment-amend", "POST", NOT_CORRECT),
    _clinician("assessment-postpone", "GET", SENT_ON),
    _clinician("assessment-postpone", "POST", SENT_ON),
    _clinician("assessment-void", "GET", SHOWN),
    _clinician("assessment-void", "POST", SHOWN),
    _clinician("assessment-reinstate", "GET", SENT_ON),
    _clinician("assessment-reinstate", "POST", SENT_ON),
    _clinician("assessment-no-radiograph", "GET", SENT_ON),
    _clinician("assessment-no-radiograph", "POST", SENT_ON),
    _clinician("assessment-cancel", "GET", SENT_ON),
    _clinician("assessment-cancel", "POST", SENT_ON),
    _clinician("assessment-resume", "GET", SENT_ON),
    _clinician("assessment-resume", "POST", SENT_ON),
    _clinician("outcome-day-3", "GET", SHOWN),
    _clinician("outcome-day-3", "POST", NOT_CORRECT),
    _clinician("outcome-day-30", "GET", SHOWN),
    _clinician("outcome-day-30", "POST", NOT_CORRECT),
    _clinician("day-read", "POST", SHOWN),
    _clinician("assessment-undo", "POST", SENT_ON),
    _clinician("outcome-day-3-undo", "POST", SENT_ON),
    _clinician("outcome-day-30-undo", "POST", SENT_ON),
    _clinician("patient-lookup", "POST", SHOWN),
    _clinician("patient-same-name", "POST", SHOWN),
    _clinician("patient-ward", "GET", SHOWN),
    _clinician("patient-ward", "POST", NOT_CORRECT),
    _clinician("patient-correct", "GET", SHOWN),
    _clinician("patient-correct", "POST", SHOWN),
    # Does the model hold here, and which versions of it there are.
    _reviewer("validation", "GET", SHOWN),
    _reviewer("validation-report", "GET", SHOWN),
    _reviewer("validation-export", "POST", SENT_ON),
    _reviewer("model-card-local-json", "GET", SHOWN),
    _reviewer("validation-drift", "GET", SHOWN),
    _reviewer("validation-drift-export", "POST", SHOWN),
    _reviewer("recalibration-propose", "GET", SENT_ON),
    _reviewer("recalibration-propose", "POST", SENT_ON),
    _reviewer("model-versions", "GET", SHOWN),
    _reviewer("recalibration-detail", "GET", SHOWN),
    _reviewer("recalibration-decide", "POST", NOT_CORRECT),
    # What leaves the site, and who looked at what.
    _reviewer("history-export", "POST", SHOWN),
    _reviewer("patient-copy", "GET", SHOWN),
    _reviewer("patient-copy-json", "POST", SHOWN),
    _reviewer("patient-copy-pdf", "POST", SHOWN),
    _reader("laboratory-message", "GET", SHOWN),
    _reviewer("access-log", "GET", SHOWN),
    _reviewer("access-log", "POST", SENT_ON),
    _reviewer("access-log-export", "POST", SHOWN),
    # The ward and its users.
    _administrator("ward-settings", "GET", SHOWN),
    _administrator("ward-settings", "POST", SHOWN),
    _administrator("ward-add", "POST", NOT_CORRECT),
    _administrator("ward-give", "POST", NOT_CORRECT),
    _administrator("first-steps-hide", "POST", SENT_ON),
    _administrator("users", "GET", SHOWN),
    _administrator("user-new", "GET", SHOWN),
    _administrator("user-new", "POST", SHOWN),
    _administrator("user-change", "GET", SHOWN),
    _administrator("user-change", "POST", SHOWN),
    _administrator("user-disable", "POST", SENT_ON),
    _administrator("user-enable", "POST", SENT_ON),
    _administrator("user-unlock", "POST", SENT_ON),
    _administrator("user-password-reset", "POST", SHOWN),
    _administrator("user-second-factor-reset", "POST", SENT_ON),
    _administrator("user-release", "POST", SENT_ON),
    # Other programs.
    _administrator("connections", "GET", SHOWN),
    _administrator("api-reference", "GET", SHOWN),
    _administrator("token-create", "POST", NOT_CORRECT),
    _administrator("token-revoke", "POST", SENT_ON),
)
# What needs no sign-in.
PUBLIC: Final = {row.name for row in TABLE if row.public}

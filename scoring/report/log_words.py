"""The details of a line of the access log in words; what is stored are codes."""

import json
from collections.abc import Mapping

from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from scoring.models import Assessment, AuditEvent, Role
from scoring.models.codes import Rbp
from scoring.models.record_digest import RECORD
from scoring.nomogram.rong2025.model import RONG_2025
from scoring.report import filter_words
from scoring.words.answers import yes_no
from scoring.words.laboratory import PDW_UNIT, PDW_UNIT_BEFORE, REFUSALS
from scoring.words.marks import listed, parts
from scoring.words.predictors import words_of
from scoring.words.reasons import reason_text
from scoring.words.smart import TROUBLES
from scoring.words.types import Words

# Details of later versions of the site are shown by their own names.
_LABELS: dict[str, Words] = {
    "action": _("what"),
    "already_recorded": pgettext_lazy("rows", "recorded before"),
    "answer": _("answer"),
    "administrator": _("administrator"),
    "card": _("card"),
    "card_outcome": _("what became of it"),
    "change": _("change"),
    "assessed_from": _("assessed from"),
    "assessed_to": _("assessed to"),
    "centre": _("hospital"),
    "clinician": _("assessed by"),
    "columns": _("columns"),
    "cutoff": _("study cut-off"),
    "expires": _("expires"),
    "fhir": _("by FHIR"),
    "first_day": _("from"),
    "found": _("found"),
    "hospital_name": _("hospital"),
    "hospital_name_before": _("hospital before"),
    "hospital_number": _("hospital number"),
    "identifiers": _("identifiers"),
    "issuer": _("client"),
    "last_day": _("to"),
    "locked_out": _("while locked out"),
    "merged": _("hospital numbers merged"),
    "message": _("message"),
    "method": _("by"),
    "model": _("model"),
    "model_card": _("model card"),
    "operated_from": _("operated from"),
    "operated_to": _("operated to"),
    "outcome": _("residual back pain"),
    "patients": _("patients"),
    "n": _("number"),
    "need_to_know": _("records limited to the own ward"),
    "need_to_know_before": _("records limited to the own ward before"),
    "name": _("name"),
    "name_before": _("name before"),
    "not_offered": _("not offered"),
    "not_recorded": _("right, but not recorded"),
    "of": _("of"),
    "offered": _("offered"),
    "outside": _("outside the site, by"),
    "paper": _("paper of reports"),
    "paper_before": _("paper of reports before"),
    "pdw_unit": PDW_UNIT,
    "pdw_unit_before": PDW_UNIT_BEFORE,
    "population": _("eligibility"),
    "reason": _("reason"),
    "recalibration": _("recalibration"),
    "recorded": pgettext_lazy("rows", "recorded"),
    "reported": _("reported for"),
    "refusal": _("refused because"),
    "results": _("results"),
    "refused": _("rows refused"),
    "revision": _("revision"),
    "rights": _("rights"),
    "roles": _("roles"),
    "rows": _("rows"),
    "roles_added": _("roles added"),
    "roles_removed": _("roles removed"),
    "server": _("server"),
    "sessions": _("sessions"),
    "shows_first_steps": _("“First steps” shown"),
    "shows_first_steps_before": _("“First steps” shown before"),
    "shows_users_funnel": _("observed and expected by user shown"),
    "shows_users_funnel_before": _("observed and expected by user shown before"),
    "state": _("state"),
    "step": _("at"),
    "supersedes": _("supersedes"),
    "text": _("searched for"),
    "time_point": _("day"),
    "time_zone": _("time zone"),
    "time_zone_before": _("time zone before"),
    "trouble": _("because"),
    "user": _("user"),
    "username": _("account"),
    "username_before": _("account before"),
    "version": _("version"),
    "ward": _("ward"),
    "ward_before": _("ward before"),
    "ward_name": _("ward"),
    "ward_name_before": _("ward before"),
}


# Codes of choices, by the detail that holds them.
_PREDICTORS: dict[str, Words] = {
    field: words_of(predictor).input_name for field, predictor in RONG_2025.by_field.items()
}
_METHODS: dict[str, Words] = {
    "authenticator": _("authenticator app"),
    "passkey": _("passkey"),
    "recovery code": _("recovery code"),
    "single sign-on": _("single sign-on"),
}
_ROLES: dict[str, Words] = {role.value: role.label for role in Role}
_CHOICES: dict[str, Mapping[str, Words]] = {
    "action": {action.value: action.label for action in AuditEvent.Action},
    "cutoff": filter_words.SIDES,
    "identifiers": filter_words.IDENTIFIERS,
    "locked_out": {"yes": pgettext_lazy("answer", "yes")},
    "method": _METHODS,
    "not_offered": _PREDICTORS,
    "offered": _PREDICTORS,
    "outcome": {rbp.value: rbp.label for rbp in Rbp},
    "patients": filter_words.PATIENTS,
    "population": filter_words.POPULATIONS,
    "refusal": REFUSALS,
    "roles": _ROLES,
    "roles_added": _ROLES,
    "roles_removed": _ROLES,
    "state": filter_words.STATES,
    "step": {"set up": _("setting it up")},
    "trouble": TROUBLES,
}


def log_details(
    event: AuditEvent, *, clinician: str = "", superseded: Assessment | None = None
) -> list[tuple[Words, str]]:
    """Names and values; what is empty is left out.

    ``clinician`` and ``superseded`` are whom and what the line tells by key, as far as on record.
    """
    known = {"clinician": clinician, "supersedes": _version_text(superseded)}
    return [
        (_LABELS.get(name, name), known.get(name) or _text(name, value))
        for name, value in event.detail.items()
        # Digests are for verify_log; exports have them.
        if name != RECORD and value not in ("", None, [])
    ]


def _version_text(assessment: Assessment | None) -> str:
    if assessment is None:
        return ""
    return gettext("%(number)s version %(version)s") % {
        "number": assessment.chain.report_number,
        "version": assessment.version,
    }


def _text(name: str, value: object) -> str:
    """A code as its choice, several in one line; anything else as it is."""
    if isinstance(value, list):
        return listed(_text(name, one) for one in value)
    if isinstance(value, bool):
        return yes_no(value)
    if isinstance(value, str):
        if name == "model":
            # Identifier and version, as the filter offers them.
            return parts(*value.split("/"))
        if name == "reason":
            return reason_text(value)
        return str(_CHOICES.get(name, {}).get(value, value))
    return json.dumps(value)

"""What became of the patient, as observations: the VAS of day 3 and of day 30."""

from django.utils.translation import gettext as _

from scoring.fhir.codes import CATEGORY, LOINC, TERMINOLOGY, UCUM, coding, vas_code, vas_words
from scoring.fhir.identity import meta, subject
from scoring.fhir.resource import Resource, day, instant, without_empty
from scoring.models import Assessment, Outcome
from scoring.models.codes import NotEvaluable, State

# Pain severity [Score] Visual analog score.
_VAS = {"system": LOINC, "code": "38214-3", "display": "Pain severity [Score] Visual analog score"}
# HL7's reasons for a missing value; the words say more.
_ABSENT = {NotEvaluable.NOT_ASKED.value: "not-asked", NotEvaluable.LOST.value: "asked-unknown"}


def outcome_id(outcome: Outcome) -> str:
    """The same in all versions of the outcome."""
    return f"{outcome.chain_id}.{vas_code(outcome.time_point)}"


def outcome_observation(outcome: Outcome, of: Assessment | None) -> Resource:
    """A VAS from 0 to 10, or why there is none, as it stands beside a version of its assessment.

    A later version may have another patient, or be void, so that it makes a version of this, too:
    "1.3" is version 1 of the outcome beside version 3 of the assessment. Raises TypeError without
    one, which the database refuses.
    """
    if of is None:
        raise TypeError("an outcome without an assessment")
    changed_at = instant(max(outcome.created_at, of.created_at))
    words = vas_words(outcome.time_point)
    resource = {
        "resourceType": "Observation",
        "id": outcome_id(outcome),
        "meta": meta(f"{outcome.version}.{of.version}", changed_at, of.patient),
        "status": _status(outcome, of),
        "category": [{"coding": [{"system": CATEGORY, "code": "survey"}]}],
        "code": {"coding": [_VAS, coding(vas_code(outcome.time_point), words)], "text": words},
        "subject": subject(of.patient),
        "focus": [{"reference": f"RiskAssessment/{outcome.chain_id}", "type": "RiskAssessment"}],
        "effectiveDateTime": day(outcome.measured_on),
        "issued": instant(outcome.created_at),
    }
    if outcome.vas is not None:
        unit = "{score}"
        resource["valueQuantity"] = {
            "value": outcome.vas,
            "unit": _("points (0 to 10)"),
            "system": UCUM,
            "code": unit,
        }
    else:
        resource["dataAbsentReason"] = _absent(outcome)
    return without_empty(resource)


def _status(outcome: Outcome, of: Assessment) -> str:
    if outcome.withdrawn or of.state == State.VOIDED:
        return "entered-in-error"
    return "corrected" if outcome.version > 1 else "final"


def _absent(outcome: Outcome) -> Resource:
    if outcome.withdrawn:
        return {"coding": [_reason("unknown")], "text": _("undone")}
    code = _ABSENT.get(outcome.not_evaluable, "not-performed")
    return {"coding": [_reason(code)], "text": str(NotEvaluable(outcome.not_evaluable).label)}


def _reason(code: str) -> Resource:
    return {"system": f"{TERMINOLOGY}/data-absent-reason", "code": code}

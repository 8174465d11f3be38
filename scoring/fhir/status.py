"""Statuses of resources, by the state of an assessment."""

from scoring.models import Assessment
from scoring.models.codes import COPYING, State

_OF_STATE = {
    State.PROVISIONAL.value: "preliminary",
    # The result stays provisional: the model needs the radiograph.
    State.NO_RADIOGRAPH.value: "preliminary",
    State.CANCELLED.value: "cancelled",
    State.VOIDED.value: "entered-in-error",
}


def was_amended(assessment: Assessment) -> bool:
    """Whether values changed after a version was final, up to this one."""
    before = assessment.chain.versions.filter(version__lte=assessment.version).order_by("version")
    is_final = False
    for state, change in before.values_list("state", "change"):
        if is_final and change not in COPYING:
            return True
        is_final = is_final or state == State.FINAL
    return False


def risk_status(assessment: Assessment) -> str:
    """preliminary, final, amended, cancelled or entered-in-error; "amended" comes after "final"."""
    if assessment.state != State.FINAL:
        return _OF_STATE[assessment.state]
    return "amended" if assessment.version > 1 and was_amended(assessment) else "final"


def observation_status(assessment: Assessment) -> str:
    """The status of a value, which is known whatever becomes of the operation."""
    if assessment.state == State.VOIDED:
        return "entered-in-error"
    return "amended" if assessment.version > 1 and was_amended(assessment) else "final"


def document_status(assessment: Assessment) -> str:
    """current, superseded or entered-in-error."""
    if assessment.state == State.VOIDED:
        return "entered-in-error"
    return "current" if assessment.is_current else "superseded"

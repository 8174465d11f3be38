"""The operation $score: resources in, a RiskAssessment out, or what keeps them from a score."""

from datetime import date, datetime, timedelta
from typing import NamedTuple

from django.utils.translation import gettext as _

from scoring.entry.rules import operation_rule
from scoring.fhir import codes
from scoring.fhir.leaving import faults
from scoring.fhir.outcome import Issue, fault_issue, outcome
from scoring.fhir.problem_texts import problem_issue
from scoring.fhir.resource import Resource, day, instant
from scoring.fhir.risk_assessment import scored_risk_assessment
from scoring.fhir.sent_values import SentValues, entries, read_values
from scoring.nomogram.model import Result

# The outcome is asked for on these days after the operation (section 2.1 of the paper).
FIRST_DAY, LAST_DAY = 3, 30


class Asked(NamedTuple):
    """What was sent to $score: the bundle, its place, and the day of the operation."""

    bundle: Resource
    where: str
    operation: date | None


class RefusedError(ValueError):
    """What was sent can't be scored; ``is_sound``: it is sound FHIR all the same."""

    def __init__(self, issues: list[Issue], *, is_sound: bool) -> None:
        super().__init__(len(issues))
        self.issues = issues
        self.is_sound = is_sound

    @property
    def outcome(self) -> Resource:
        """The OperationOutcome."""
        return outcome(self.issues)


def score(sent: Resource, now: datetime) -> Resource:
    """A RiskAssessment of the Bundle, or Parameters with one, that was sent; nothing is kept.

    ``now`` is the ward's day and time. Raises RefusedError with everything that is wrong.
    """
    asked = _asked(sent, now.date())
    read = read_values(
        entries(asked.bundle, asked.where), operation=asked.operation, today=now.date()
    )
    result = read.result
    if result is None or read.patient is None:
        raise RefusedError([problem_issue(one) for one in read.problems], is_sound=True)
    return scored(read, result, asked.operation, now)


def scored(read: SentValues, result: Result, operation: date | None, now: datetime) -> Resource:
    """The RiskAssessment of values that were read."""
    patient = read.patient
    return scored_risk_assessment(
        result,
        of={"reference": patient.reference if patient else "", "type": "Patient"},
        at=instant(now),
        when=when(operation),
        basis=[
            {"reference": one.sent.reference} for one in read.found.values() if one.sent.reference
        ],
    )


def when(operation: date | None) -> Resource:
    """What the prediction is for: days 3 to 30 after the operation."""
    if operation is None:
        low, high = (
            {"value": days, "unit": "d", "system": codes.UCUM, "code": "d"}
            for days in (FIRST_DAY, LAST_DAY)
        )
        return {"whenRange": {"low": low, "high": high}}
    first, last = (operation + timedelta(days=days) for days in (FIRST_DAY, LAST_DAY))
    return {"whenPeriod": {"start": day(first), "end": day(last)}}


def _asked(sent: Resource, today: date) -> Asked:
    found = [fault_issue(one) for one in faults(sent)]
    if found:
        raise RefusedError(found, is_sound=False)
    if sent["resourceType"] == "Bundle":
        return Asked(sent, "Bundle", None)
    if sent["resourceType"] != "Parameters":
        text = _("Send a Bundle, or Parameters with a Bundle named inputs.")
        raise RefusedError([Issue("invalid", text, where=sent["resourceType"])], is_sound=True)
    return _parameters(sent, today)


def _parameters(sent: Resource, today: date) -> Asked:
    bundle, where, operation, issues = None, "", None, []
    for place, one in enumerate(sent.get("parameter", [])):
        at = f"Parameters.parameter[{place}]"
        if one["name"] == "inputs" and bundle is None and _is_bundle(one):
            bundle, where = one["resource"], f"{at}.resource"
        elif one["name"] == "operationDate" and operation is None and "valueDate" in one:
            operation = _whole_day(one["valueDate"])
            if operation is None:
                issues.append(Issue("value", _("operationDate is not a whole date."), where=at))
            elif operation_rule(operation, None, today) is not None:
                text = _("operationDate is too long ago, or more than a year ahead.")
                issues.append(Issue("value", text, where=at))
        else:
            issues.append(
                Issue("invalid", _("This parameter is unknown or has no right value."), where=at)
            )
    if bundle is None:
        issues.append(
            Issue("required", _("Send a Bundle, or Parameters with a Bundle named inputs."))
        )
    if issues or bundle is None:
        raise RefusedError(issues, is_sound=True)
    return Asked(bundle, where, operation)


def _is_bundle(parameter: Resource) -> bool:
    return bool(parameter.get("resource", {}).get("resourceType") == "Bundle")


def _whole_day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if len(text) == len("2026-11-28") else None
    except ValueError:
        return None

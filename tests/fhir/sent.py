"""Resources as other systems send them: the worked example of the paper."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from scoring.fhir.codes import LOINC, SYSTEM, UCUM
from scoring.fhir.resource import Resource

TODAY = date(2026, 3, 12)
OPERATION = date(2026, 3, 13)
NOW = datetime(2026, 3, 12, 9, 30, tzinfo=UTC)
PATIENT = {"resourceType": "Patient", "id": "p1", "birthDate": "1945-07-14"}


def observation(
    code: str, *, day: str | None = "2026-03-11", system: str = LOINC, **more: Any
) -> Resource:
    """A final result of the patient."""
    found: Resource = {
        "resourceType": "Observation",
        "status": "final",
        "code": {"coding": [{"system": system, "code": code}]},
        "subject": {"reference": "Patient/p1"},
    }
    if day is not None:
        found["effectiveDateTime"] = day
    return found | more


def quantity(value: str, unit: str = "", **more: Any) -> Resource:
    """A number with a UCUM unit."""
    found: Resource = {"value": Decimal(value)}
    if unit:
        found |= {"unit": unit, "system": UCUM, "code": unit}
    return {"valueQuantity": found | more}


def answer(code: str, value: bool, **more: Any) -> Resource:
    """An answer with a code of ours."""
    return observation(code, system=SYSTEM, valueBoolean=value, **more)


def example(**changes: Resource | None) -> dict[str, Resource]:
    """The observations of the paper's worked example but for the height; None leaves one out."""
    usual = {
        "t_score": observation("38267-1", day="2026-03-01", **quantity("-2.0", "1")),
        "trauma": answer("trauma-history", True),
        "edema": answer("posterior-fascia-edema", True),
        "pdw": observation("32207-3", **quantity("12.80", "fL")),
        "chloride": observation("2075-0", **quantity("105", "mmol/L")),
    }
    changed: dict[str, Resource | None] = {**usual, **changes}
    return {name: one for name, one in changed.items() if one is not None}


def bundle(*resources: Resource, patient: Resource | None = PATIENT) -> Resource:
    """A collection, the patient first."""
    found = [*([patient] if patient else []), *resources]
    return {
        "resourceType": "Bundle",
        "type": "collection",
        "entry": [{"resource": one} for one in found],
    }

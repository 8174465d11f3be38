"""Inputs from, and results to, plain dictionaries of codes and full-precision numbers."""

from collections.abc import Mapping
from typing import Any

from scoring.nomogram.predictors import INPUT_OF, MEASURES, Inputs, PredictorError
from scoring.nomogram.risk import Result, Scenario

FIELDS: tuple[str, ...] = tuple(INPUT_OF.values())
OPTIONAL = "mvh_restored"  # null: not known yet


class RowError(ValueError):
    """A row that does not hold the inputs of one patient.

    ``code``: "unknown_field", "duplicate_field" (``field`` names it), "not_json",
    "not_an_object", "line_too_long".
    """

    def __init__(self, code: str, field: str | None = None, value: object = None) -> None:
        super().__init__(code, field, value)
        self.code = code
        self.field = field
        self.value = value

    def __str__(self) -> str:
        return self.code if self.field is None else f"{self.field}: {self.code}"


def inputs_from(fields: Mapping[str, Any]) -> Inputs:
    """The inputs named as in ``Inputs``; all seven must be there, ``mvh_restored`` may be None.

    Raises RowError ("unknown_field"), PredictorError.
    """
    for field, value in fields.items():
        if field not in FIELDS:
            # A misspelt name must not pass for a value that is missing.
            raise RowError("unknown_field", field, value)
    if OPTIONAL not in fields:
        # The other six are checked first, so that errors keep the order of Table 7.
        inputs_from({**fields, OPTIONAL: None})
        raise PredictorError(OPTIONAL, "missing", None)
    values: dict[str, Any] = {field: fields.get(field) for field in FIELDS}
    return Inputs(**values)


def allowed_values(field: str) -> dict[str, float | str] | list[bool | None]:
    """What an input may be: low, high and unit (UCUM) of a number, or the JSON answers."""
    if field in MEASURES:
        measure = MEASURES[field]
        return {"low": measure.domain.low, "high": measure.domain.high, "unit": measure.unit}
    return [True, False, None] if field == OPTIONAL else [True, False]


def _scenario_as_dict(scenario: Scenario) -> dict[str, Any]:
    return {
        "total_points": scenario.total_points,
        "risk": scenario.risk,
        "ci95": list(scenario.ci95),
        "band": list(scenario.band),
        "at_or_above_cutoff": scenario.at_or_above_cutoff,
    }


def result_as_dict(result: Result) -> dict[str, Any]:
    """A result for JSON: a final one carries its risk, a provisional one both ``scenarios``.

    Points by predictor, ``mvh`` None while not known; risks from 0 to 1; nothing rounded.
    """
    plain: dict[str, Any] = {
        "provisional": result.provisional,
        "points": {str(name): points for name, points in result.points.as_dict().items()},
    }
    if result.provisional:
        plain["scenarios"] = {
            scenario.code: {"points_mvh": scenario.points_mvh, **_scenario_as_dict(scenario)}
            for scenario in result.scenarios
        }
    else:
        plain |= _scenario_as_dict(result.scenarios[0])
    plain["cautions"] = [dict(vars(caution)) for caution in result.cautions]
    plain["model"] = {"identifier": result.model.identifier, "version": result.model.version}
    return plain

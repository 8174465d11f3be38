"""Inputs and results as plain dictionaries of codes and full-precision numbers, and as JSON lines.

Bytes of one line in, a dictionary for one line out: nothing is read or written here.
"""

import json
import math
from typing import Any

from scoring.nomogram.errors import PredictorError, RowError
from scoring.nomogram.model import Nomogram, Result, Scenario
from scoring.nomogram.predictor import NumericPredictor

# A row has about 150 bytes; a line far beyond that is not one, and memory stays bounded.
MAX_LINE_BYTES = 65_536


def allowed_values(model: Nomogram, field: str) -> dict[str, float | str] | list[bool | None]:
    """What an input may be: low, high and unit (UCUM) of a number, or the JSON answers."""
    predictor = model.by_field[field]
    if isinstance(predictor, NumericPredictor):
        return {**predictor.domain._asdict(), "unit": predictor.unit}
    return [True, False, None] if predictor.may_be_unknown else [True, False]


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

    Points by predictor, None where not known; risks from 0 to 1; nothing rounded.
    """
    model = result.model
    plain: dict[str, Any] = {"provisional": result.provisional, "points": dict(result.points)}
    if model.late is not None and result.provisional:
        key = model.late.key
        plain["scenarios"] = {
            scenario.code: {f"points_{key}": scenario.points[key], **_scenario_as_dict(scenario)}
            for scenario in result.scenarios
        }
    else:
        plain |= _scenario_as_dict(result.scenarios[0])
    plain["cautions"] = [dict(vars(caution)) for caution in result.cautions]
    plain["model"] = {"identifier": model.identifier, "version": model.version}
    return plain


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    for field, value in pairs:
        if field in fields:
            raise RowError("duplicate_field", field, value)
        fields[field] = value
    return fields


def _object_in(line: bytes) -> dict[str, Any]:
    """The JSON object of a line. Raises RowError."""
    if len(line) > MAX_LINE_BYTES:
        raise RowError("line_too_long")
    try:
        # -sig: some editors put a byte order mark before the first line.
        fields = json.loads(line.decode("utf-8-sig"), object_pairs_hook=_unique)
    except RowError:
        raise
    except (ValueError, RecursionError) as error:
        raise RowError("not_json") from error
    if not isinstance(fields, dict):
        raise RowError("not_an_object")
    return fields


def _plain(value: object) -> object:
    """What was given, as strict JSON can say it: NaN, infinity, lists and objects as text."""
    if isinstance(value, list | dict) or (isinstance(value, float) and not math.isfinite(value)):
        return json.dumps(value)
    return value


def _error(row: int, code: str, field: str | None, value: object, allowed: Any) -> dict[str, Any]:
    return {
        "error": {
            "row": row,
            "code": code,
            "predictor": field,
            "value": _plain(value),
            "allowed": allowed,
        }
    }


def score_line(model: Nomogram, line: bytes, row: int) -> dict[str, Any]:
    """The result of one line, or ``error`` with the row number, for strict JSON.

    A result is as ``result_as_dict`` makes it. An error has ``row``, ``code``, ``predictor`` (the
    input field), ``value`` and ``allowed``: low, high and unit of a number, the JSON answers of a
    yes/no input, the field names for an unknown field; None where that does not apply.
    """
    try:
        return result_as_dict(model.assess(_object_in(line)))
    except PredictorError as error:
        allowed = allowed_values(model, error.predictor)
        return _error(row, error.code, error.predictor, error.value, allowed)
    except RowError as error:
        names = list(model.fields) if error.code == "unknown_field" else None
        return _error(row, error.code, error.field, error.value, names)

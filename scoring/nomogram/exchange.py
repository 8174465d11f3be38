"""Inputs and results as plain dictionaries of codes and full-precision numbers, and as JSON lines.

Bytes of lines in, a dictionary for each line out: nothing is read or written here.
"""

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

import numpy as np

from scoring.nomogram.cohort import CohortResult
from scoring.nomogram.errors import PredictorError, RowError
from scoring.nomogram.inputs import Inputs
from scoring.nomogram.model import Nomogram, Result, Scenario
from scoring.nomogram.predictor import Caution, NumericPredictor, Value

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
    scenarios = [(scenario.points, _scenario_as_dict(scenario)) for scenario in result.scenarios]
    return _as_dict(result.model, result.cautions, scenarios)


def _as_dict(
    model: Nomogram,
    cautions: Sequence[Caution],
    scenarios: Sequence[tuple[Mapping[str, float], dict[str, Any]]],
) -> dict[str, Any]:
    """The same of the points and the rest of one scenario, or of two: late answer yes, then no."""
    late, (points, first) = model.late, scenarios[0]
    plain: dict[str, Any] = {"provisional": len(scenarios) > 1, "points": dict(points)}
    if late is not None and late.unknown_as is not None and len(scenarios) > 1:
        plain["points"][late.key] = None
        plain["scenarios"] = {
            f"if_{name}": {f"points_{late.key}": points[late.key], **rest}
            for name, (points, rest) in zip(late.unknown_as, scenarios, strict=True)
        }
    else:
        plain |= first
    plain["cautions"] = [dict(vars(caution)) for caution in cautions]
    plain["model"] = {"identifier": model.identifier, "version": model.version}
    return plain


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    fields = dict(pairs)
    if len(fields) < len(pairs):
        seen: set[str] = set()
        for field, value in pairs:
            if field in seen:
                raise RowError("duplicate_field", field, value)
            seen.add(field)
    return fields


_DECODER = json.JSONDecoder(object_pairs_hook=_unique)


def _object_in(line: bytes) -> dict[str, Any]:
    """The JSON object of a line. Raises RowError."""
    if len(line) > MAX_LINE_BYTES:
        raise RowError("line_too_long")
    try:
        # -sig: some editors put a byte order mark before the first line.
        fields = _DECODER.decode(line.decode("utf-8-sig"))
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
    """The result of one line, as ``score_lines`` gives it."""
    read = _inputs_of(model, line, row)
    return result_as_dict(model.assess(read)) if isinstance(read, Inputs) else read


def score_lines(model: Nomogram, lines: Sequence[bytes], first: int) -> list[dict[str, Any]]:
    """The result of each line, or ``error`` with its row number, for strict JSON.

    A result is as ``result_as_dict`` makes it; ``first`` is the row of the first line. An error has
    ``row``, ``code``, ``predictor`` (the input field), ``value`` and ``allowed``: low, high and
    unit of a number, the JSON answers of a yes/no input, the field names for an unknown field; None
    where that does not apply. All are scored together: that changes the last bits of the interval.
    """
    read = [_inputs_of(model, line, row) for row, line in enumerate(lines, start=first)]
    inputs = [one for one in read if isinstance(one, Inputs)]
    scored = iter(_scored(model, inputs))
    return [next(scored) if isinstance(one, Inputs) else one for one in read]


def _inputs_of(model: Nomogram, line: bytes, row: int) -> Inputs | dict[str, Any]:
    try:
        return model.inputs(_object_in(line))
    except PredictorError as error:
        allowed = allowed_values(model, error.predictor)
        return _error(row, error.code, error.predictor, error.value, allowed)
    except RowError as error:
        names = list(model.fields) if error.code == "unknown_field" else None
        return _error(row, error.code, error.field, error.value, names)


def _scored(model: Nomogram, patients: Sequence[Inputs]) -> Iterator[dict[str, Any]]:
    """Results in the order of the patients."""
    if not patients:
        return
    late = model.late
    # A patient of whom the late answer is not known is scored as two: yes, then no.
    counts = [1 + (late is not None and one[late.field] is None) for one in patients]
    columns: dict[str, list[Value]] = {field: [] for field in model.fields}
    for patient, count in zip(patients, counts, strict=True):
        for field, value in patient.items():
            columns[field] += (
                [value] if count == 1 else [True, False] if value is None else [value] * 2
            )
    scenarios = _scenarios(model.assess_cohort({f: np.array(c) for f, c in columns.items()}))
    for patient, count in zip(patients, counts, strict=True):
        yield _as_dict(model, model.cautions(patient), list(islice(scenarios, count)))


def _scenarios(result: CohortResult) -> Iterator[tuple[dict[str, float], dict[str, Any]]]:
    """Points by predictor, and the rest, of one scored row after the other."""
    model = result.cohort.model
    names = tuple(result.points)
    points = zip(*(column.tolist() for column in result.points.values()), strict=True)
    ends = (*result.ci95, *result.band)
    numbers = (result.total_points, result.risk, *ends)
    for of_row, total, risk, ci_low, ci_high, low, high in zip(
        points, *(column.tolist() for column in numbers), strict=True
    ):
        rest = {
            "total_points": total,
            "risk": risk,
            "ci95": [ci_low, ci_high],
            "band": [low, high],
            "at_or_above_cutoff": model.at_or_above_cutoff(risk),
        }
        yield dict(zip(names, of_row, strict=True)), rest

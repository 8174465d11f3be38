"""One JSON object a line to one result a line: bytes in, plain dictionaries out."""

import json
import math
from typing import Any

from scoring.nomogram.exchange import (
    FIELDS,
    RowError,
    allowed_values,
    inputs_from,
    result_as_dict,
)
from scoring.nomogram.predictors import PredictorError
from scoring.nomogram.risk import assess

# A row has about 150 bytes; a line far beyond that is not one, and memory stays bounded.
MAX_LINE_BYTES = 65_536


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


def score_line(line: bytes, row: int) -> dict[str, Any]:
    """The result of one line, or ``error`` with the row number, for strict JSON.

    A result is as ``result_as_dict`` makes it. An error has ``row``, ``code``, ``predictor`` (the
    input field), ``value`` and ``allowed``: low, high and unit of a number, the JSON answers of a
    yes/no input, the field names for an unknown field; None where that does not apply.
    """
    try:
        return result_as_dict(assess(inputs_from(_object_in(line))))
    except PredictorError as error:
        allowed = allowed_values(error.predictor)
        return _error(row, error.code, error.predictor, error.value, allowed)
    except RowError as error:
        names = list(FIELDS) if error.code == "unknown_field" else None
        return _error(row, error.code, error.field, error.value, names)

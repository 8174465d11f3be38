"""Results as JSON and back."""

import json
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NamedTuple

import numpy as np
import pytest

from scoring.statistics import Predictions, Validation, validate, validation_as_dict
from scoring.statistics.plain import as_plain, from_plain, shape_of
from tests.statistics.reference.values import SETS, predictions_of


def _round(found: Validation) -> Validation:
    return from_plain(Validation, json.loads(json.dumps(as_plain(found), allow_nan=False)))


@pytest.mark.parametrize("name", SETS)
def test_a_validation_comes_back_to_the_last_bit(name: str) -> None:
    found = validate(predictions_of(name), cutoff=0.184, resamples=20)
    again = _round(found)
    assert validation_as_dict(again) == validation_as_dict(found)
    assert json.dumps(as_plain(again)) == json.dumps(as_plain(found))
    assert type(again.risk_groups[0].observed) is type(found.risk_groups[0].observed)
    assert again.roc is not None
    assert again.roc.sensitivity.dtype == np.float64


def test_what_is_not_estimable_comes_back_as_that() -> None:
    found = validate(Predictions([0.4, 0.4], [1, 1]), cutoff=0.2)
    again = _round(found)
    assert again.not_estimable == found.not_estimable != {}
    assert again.decision_curve is None
    assert again.roc is None


@pytest.mark.parametrize("value", [object(), {1, 2}, b"bytes"])
def test_what_is_no_result_is_refused(value: Any) -> None:
    with pytest.raises(TypeError, match="no part of a result"):
        as_plain(value)


class Color(StrEnum):
    RED = "red"


class Pair(NamedTuple):
    low: float
    color: Color


@dataclass(frozen=True)
class Kept:
    pairs: tuple[Pair, ...]
    some: float | None


def test_another_shape_is_another_text() -> None:
    assert shape_of(Kept) == (
        "Kept(pairs: tuple[Pair(low: float, color: Color['red']), Ellipsis], "
        "some: UnionType[float, NoneType])"
    )
    assert "CalibrationCurve(risk: array" in shape_of(Validation)


def test_choices_come_back_as_choices() -> None:
    kept = Kept((Pair(0.1, Color.RED),), None)
    again = from_plain(Kept, json.loads(json.dumps(as_plain(kept))))
    assert again == kept
    assert again.pairs[0].color is Color.RED

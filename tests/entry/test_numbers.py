"""A value as people type it: with its unit, with commas and dashes of every kind; or refused."""

from decimal import Decimal

import pytest

from scoring.entry.numbers import (
    NumberUnreadError,
    are_exchanged,
    converted,
    likely_units,
    read_number,
)
from scoring.nomogram.predictor import NumericPredictor
from scoring.nomogram.rong2025.model import AGE, BMD, CHLORIDE, PDW


@pytest.mark.parametrize(
    ("typed", "predictor", "value", "unit"),
    [
        ("12.8", PDW, "12.8", None),
        ("12,8", PDW, "12.8", None),
        ("12.8 fL", PDW, "12.8", "fL"),
        ("12.8FL", PDW, "12.8", "fL"),
        ("12.80000", PDW, "12.8", None),
        ("１２．８ｆＬ", PDW, "12.8", "fL"),
        ("105mmol/L", CHLORIDE, "105", "mmol/L"),
        ("105 mmol / L", CHLORIDE, "105", "mmol/L"),
        ("105 mEq/L", CHLORIDE, "105", "meq/L"),
        ("- 2.8", BMD, "-2.8", None),
        ("−2.8 SD", BMD, "-2.8", ""),
        ("80 years", AGE, "80", "a"),
        ("80岁", AGE, "80", "a"),
    ],
)
def test_what_is_read(
    typed: str, predictor: NumericPredictor, value: str, unit: str | None
) -> None:
    read = read_number(typed, predictor)
    assert (read.value, read.unit) == (Decimal(value), unit)


@pytest.mark.parametrize(
    ("typed", "predictor", "code"),
    [
        ("", PDW, "not_a_number"),
        ("twelve", PDW, "not_a_number"),
        ("12.8 apples", PDW, "not_a_number"),
        ("12.8.1", PDW, "not_a_number"),
        ("1e3", CHLORIDE, "not_a_number"),
        ("10²", CHLORIDE, "not_a_number"),
        ("105 105", CHLORIDE, "not_a_number"),
        ("> 12", PDW, "bound"),
        ("<6", PDW, "bound"),
        ("12.80001", PDW, "decimals"),
        ("17 %", PDW, "other_unit"),
        ("372 mg/dL", CHLORIDE, "other_unit"),
        ("105 mEq/L", PDW, "other_unit"),
    ],
)
def test_what_is_refused(typed: str, predictor: NumericPredictor, code: str) -> None:
    with pytest.raises(NumberUnreadError) as refused:
        read_number(typed, predictor)
    assert refused.value.code == code


def test_another_unit_is_converted_to_be_told_and_never_scored() -> None:
    # 372 mg/dL / 3.545 mg/dL per mmol/L = 104.9 mmol/L.
    assert converted(Decimal(372), "mg/dL", CHLORIDE) == Decimal("104.9")
    assert list(likely_units(Decimal(372), CHLORIDE)) == [("mg/dL", Decimal("104.9"))]
    assert not list(likely_units(Decimal(150), CHLORIDE))
    assert not list(likely_units(Decimal("1e30"), CHLORIDE))
    assert converted(Decimal(17), "%", PDW) is None


def test_exchanged_values_fit_in_each_others_place() -> None:
    assert are_exchanged(Decimal(105), PDW, Decimal("12.8"), CHLORIDE)
    assert not are_exchanged(Decimal(105), PDW, Decimal(200), CHLORIDE)

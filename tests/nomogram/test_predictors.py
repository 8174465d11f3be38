import math
import pickle
from decimal import Decimal
from typing import Any

import numpy as np
import pytest

from scoring.nomogram.errors import PredictorError, RowError
from scoring.nomogram.inputs import Inputs
from scoring.nomogram.predictor import Caution
from scoring.nomogram.rong2025.model import AGE, RONG_2025
from tests.nomogram.examples import WORKED_EXAMPLE

DOMAINS = {
    "age_years": (50.0, 100.0, "a"),
    "t_score": (-10.0, 4.0, ""),
    "pdw_fl": (6.0, 34.8, "fL"),
    "chloride_mmol_l": (75.8, 115.0, "mmol/L"),
}
YES_NO = ["trauma_history", "posterior_fascia_edema", "mvh_restored"]


def inputs(**changes: Any) -> Inputs:
    return RONG_2025.inputs({**WORKED_EXAMPLE, **changes})


def cautions(**changes: Any) -> tuple[Caution, ...]:
    return RONG_2025.assess({**WORKED_EXAMPLE, **changes}).cautions


def refusal(**changes: Any) -> PredictorError:
    with pytest.raises(PredictorError) as caught:
        inputs(**changes)
    return caught.value


def test_predictors_and_their_inputs_in_the_order_of_table_7() -> None:
    assert [predictor.key for predictor in RONG_2025.predictors] == [
        "age",
        "bmd",
        "trauma_history",
        "posterior_fascia_edema",
        "pdw",
        "chloride",
        "mvh",
    ]
    assert RONG_2025.fields == tuple(WORKED_EXAMPLE)
    assert list(inputs()) == list(WORKED_EXAMPLE)


@pytest.mark.parametrize("field", DOMAINS)
def test_domain_edges_belong_to_the_domain(field: str) -> None:
    low, high, _unit = DOMAINS[field]
    for edge in (low, high):
        assert inputs(**{field: edge})[field] == edge
        assert inputs(**{field: Decimal(repr(edge))})[field] == edge
        assert inputs(**{field: np.float64(edge)})[field] == edge


@pytest.mark.parametrize("field", DOMAINS)
def test_outside_the_domain_is_refused_with_what_is_allowed(field: str) -> None:
    low, high, unit = DOMAINS[field]
    for value in (
        math.nextafter(low, -math.inf),
        low - 0.01,
        math.nextafter(high, math.inf),
        high + 0.01,
        Decimal(repr(high)) + Decimal("0.01"),
        10**400,
        -1e9,
    ):
        error = refusal(**{field: value})
        assert (error.predictor, error.value, error.code) == (field, value, "out_of_range")
        assert (error.low, error.high, error.unit, error.row) == (low, high, unit, None)


@pytest.mark.parametrize("field", DOMAINS)
@pytest.mark.parametrize(
    ("value", "code"),
    [
        (None, "missing"),
        ("72", "not_a_number"),
        ("", "not_a_number"),
        (True, "not_a_number"),
        (np.bool_(True), "not_a_number"),
        (b"72", "not_a_number"),
        (72 + 0j, "not_a_number"),
        ([72.0], "not_a_number"),
        (np.array([72.0]), "not_a_number"),
        (math.nan, "not_finite"),
        (math.inf, "not_finite"),
        (-math.inf, "not_finite"),
        (np.float32("nan"), "not_finite"),
        (Decimal("NaN"), "not_finite"),
        (Decimal("sNaN"), "not_finite"),
        (Decimal("-Infinity"), "not_finite"),
    ],
)
def test_what_is_no_number_is_refused(field: str, value: object, code: str) -> None:
    error = refusal(**{field: value})
    low, high, unit = DOMAINS[field]
    assert (error.predictor, error.code, error.unit) == (field, code, unit)
    assert (error.low, error.high) == (low, high)
    assert error.value is value


@pytest.mark.parametrize("field", YES_NO)
@pytest.mark.parametrize("value", ["yes", "", 1, 0, 1.0, math.nan, Decimal(1), [True]])
def test_yes_or_no_is_a_bool_and_nothing_else(field: str, value: object) -> None:
    error = refusal(**{field: value})
    assert (error.predictor, error.value, error.code) == (field, value, "not_yes_or_no")
    assert (error.low, error.high, error.unit) == (None, None, "")


@pytest.mark.parametrize("field", YES_NO[:2])
def test_an_unanswered_yes_or_no_is_missing(field: str) -> None:
    error = refusal(**{field: None})
    assert (error.predictor, error.value, error.code) == (field, None, "missing")


def test_the_radiograph_may_be_missing() -> None:
    assert inputs(mvh_restored=None)["mvh_restored"] is None


def test_numbers_become_floats_and_answers_become_bools() -> None:
    given = inputs(
        age_years=np.int64(80),
        t_score=Decimal("-2.0"),
        pdw_fl=np.float32(12.5),
        chloride_mmol_l=105,
        trauma_history=np.bool_(True),
        mvh_restored=np.bool_(False),
    )
    numbers = [given.number(field) for field in DOMAINS]
    assert [type(number) for number in numbers] == [float] * 4
    assert numbers == [80.0, -2.0, 12.5, 105.0]
    assert given.answer("trauma_history") is True
    assert given.answer("mvh_restored") is False
    with pytest.raises(TypeError):
        given.number("trauma_history")
    with pytest.raises(TypeError):
        given.answer("pdw_fl")


def test_the_first_error_in_the_order_of_table_7_is_reported() -> None:
    assert refusal(pdw_fl=1, age_years=1, mvh_restored="x").predictor == "age_years"


def test_inputs_are_frozen_comparable_and_stay_checked_when_replaced() -> None:
    given = inputs()
    assert given == inputs()
    assert hash(given) == hash(inputs())
    assert given != inputs(age_years=81)
    assert given != dict(given)
    with pytest.raises(AttributeError):
        given.model = RONG_2025
    with pytest.raises(PredictorError):
        RONG_2025.inputs({**given, "age_years": 30})


def test_inputs_name_their_model_and_hold_its_fields_alone() -> None:
    assert repr(inputs()).startswith("Inputs(rong-2025 version 2, {'age_years': 80.0, ")
    assert len(inputs()) == 7
    with pytest.raises(RowError) as caught:
        inputs(pdw=12.8)
    assert (caught.value.code, caught.value.field) == ("unknown_field", "pdw")


def test_the_error_keeps_patient_data_out_of_logs_and_survives_pickling() -> None:
    error = refusal(pdw_fl=3.25)
    assert str(error) == "pdw_fl: out_of_range"
    again = pickle.loads(pickle.dumps(error))  # noqa: S301
    assert vars(again) == vars(error)
    assert isinstance(error, ValueError)


@pytest.mark.parametrize("value", [80.9, 79.99999, Decimal("80.5"), np.float32(50.5)])
def test_an_age_is_in_completed_years(value: Any) -> None:
    error = refusal(age_years=value)
    assert (error.code, error.low, error.high, error.unit) == ("not_whole", 50.0, 100.0, "a")
    for column in ([80, value], np.array([80.0, float(value)])):
        with pytest.raises(PredictorError) as caught:
            AGE.check_column(column)
        assert (caught.value.code, caught.value.row) == ("not_whole", 1)
    assert inputs(age_years=Decimal("80.0"))["age_years"] == 80.0


@pytest.mark.parametrize(
    ("field", "low", "high", "step"),
    [
        ("age_years", 54.0, 90.0, 1.0),
        ("pdw_fl", 8.0, 18.0, 1e-9),
        ("chloride_mmol_l", 97.0, 110.0, 1e-9),
    ],
)
def test_outside_the_central_95_per_cent_is_a_caution(
    field: str, low: float, high: float, step: float
) -> None:
    for inside in (low, high):
        assert cautions(t_score=-2.5, **{field: inside}) == ()
    for outside in (low - step, high + step):
        (caution,) = cautions(t_score=-2.5, **{field: outside})
        assert (caution.code, caution.predictor) == ("outside_central_95", field)
        assert (caution.value, caution.low, caution.high) == (outside, low, high)


def test_a_t_score_above_minus_2_5_is_a_caution() -> None:
    assert cautions(t_score=-2.5) == ()
    assert cautions(t_score=-9.9) == ()
    for t_score in (-2.49, -2.0, 0.0, 3.6):
        (caution,) = cautions(t_score=t_score)
        assert (caution.code, caution.predictor) == ("t_score_above_osteoporosis", "t_score")
        assert (caution.value, caution.low, caution.high) == (t_score, None, -2.5)


def test_cautions_stand_in_the_order_of_table_7() -> None:
    found = cautions(age_years=95, t_score=-1, pdw_fl=30, chloride_mmol_l=80)
    assert [caution.predictor for caution in found] == list(RONG_2025.numeric)

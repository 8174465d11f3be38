import functools
import itertools
import operator
from collections.abc import Iterable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.nomogram.rong2025.model import RONG_2025
from tests.nomogram.examples import WORKED_EXAMPLE
from tests.nomogram.strategies import NUMBERS, PATIENTS


def total(**changes: Any) -> float:
    return RONG_2025.assess({**WORKED_EXAMPLE, **changes}).scenarios[0].total_points


def added(points: Iterable[float]) -> float:
    """One after the other, as the model adds; sum() rounds otherwise from Python 3.12 on."""
    return functools.reduce(operator.add, points, 0.0)


def test_worked_example_of_the_paper_points() -> None:
    points = RONG_2025.assess(WORKED_EXAMPLE).points
    assert points == pytest.approx(
        {
            "age": 19.0,
            "bmd": 16.32,
            "trauma_history": 19.58,
            "posterior_fascia_edema": 44.21,
            "pdw": 23.596,
            "chloride": 25.5,
            "mvh": 35.68,
        },
        abs=1e-12,
    )
    assert total() == pytest.approx(183.886, abs=1e-12)
    assert added(RONG_2025.assess(WORKED_EXAMPLE).scenarios[0].points.values()) == total()


@pytest.mark.parametrize(
    ("thin_bone", "trauma", "edema", "restored"), list(itertools.product([False, True], repeat=4))
)
def test_every_combination_of_the_yes_no_predictors_is_table_7_added_up(
    thin_bone: bool, trauma: bool, edema: bool, restored: bool
) -> None:
    # Table 7 by hand: age 70 is 0.95 x 30, PDW 10 is 3.47 x 4, chloride 100 is 2.55 x 15.
    expected = 28.5 + 13.88 + 38.25
    expected += 0.0 if thin_bone else 16.32
    expected += 19.58 if trauma else 0.0
    expected += 44.21 if edema else 0.0
    expected += 0.0 if restored else 35.68
    assert total(
        age_years=70,
        t_score=-4.0 if thin_bone else -3.0,
        trauma_history=trauma,
        posterior_fascia_edema=edema,
        pdw_fl=10,
        chloride_mmol_l=100,
        mvh_restored=restored,
    ) == pytest.approx(expected, abs=1e-12)


def test_axes_start_at_zero_and_end_at_most_at_100() -> None:
    axes = {axis.predictor.key: (*axis.fewest, *axis.most) for axis in RONG_2025.axes()}
    assert list(axes) == list(RONG_2025.by_key)
    assert axes["age"] == pytest.approx((100.0, 0.0, 50.0, 47.5))
    assert axes["pdw"] == pytest.approx((6.0, 0.0, 34.8, 99.936))
    assert axes["chloride"] == pytest.approx((115.0, 0.0, 75.8, 99.96))
    assert axes["bmd"] == (1.0, 0.0, 0.0, 16.32)
    assert axes["trauma_history"] == (0.0, 0.0, 1.0, 19.58)
    assert axes["posterior_fascia_edema"] == (0.0, 0.0, 1.0, 44.21)
    assert axes["mvh"] == (1.0, 0.0, 0.0, 35.68)


@pytest.mark.parametrize(
    ("t_score", "points"),
    [
        (-10.0, 0.0),
        (-3.51, 0.0),
        (-3.5, 16.32),
        (-2.5, 16.32),
        (0.0, 16.32),
        (3.5, 16.32),
        (3.51, 16.32),
        (4.0, 16.32),
    ],
)
def test_only_a_t_score_below_minus_3_5_is_above_3_5_in_size(t_score: float, points: float) -> None:
    assert RONG_2025.assess({**WORKED_EXAMPLE, "t_score": t_score}).points["bmd"] == points


def test_no_predictor_gives_a_negative_zero() -> None:
    values = (100, -4.0, False, False, 6, 115, True)
    nothing = RONG_2025.assess(dict(zip(RONG_2025.fields, values, strict=True)))
    assert [str(points) for points in nothing.points.values()] == ["0.0"] * 7


def test_provisional_points_leave_mvh_open() -> None:
    points = RONG_2025.assess({**WORKED_EXAMPLE, "mvh_restored": None}).points
    assert list(points) == list(RONG_2025.by_key)
    assert points["mvh"] is None
    known = sum(value for value in points.values() if value is not None)
    assert known == pytest.approx(148.206, abs=1e-12)


@given(patient=PATIENTS)
def test_points_are_their_formulas_and_the_total_their_sum(patient: dict[str, Any]) -> None:
    inputs = RONG_2025.inputs(patient)
    (scenario,) = RONG_2025.assess(inputs).scenarios
    points = scenario.points
    assert points["age"] == 0.95 * (100 - patient["age_years"])
    assert points["pdw"] == 3.47 * (patient["pdw_fl"] - 6)
    assert points["chloride"] == 2.55 * (115 - patient["chloride_mmol_l"])
    assert all(0.0 <= value <= 100.0 for value in points.values())
    assert scenario.total_points == added(points.values())
    assert RONG_2025.total_points(RONG_2025.covariates(inputs)) == scenario.total_points


@given(
    patient=PATIENTS,
    field=st.sampled_from(["age_years", "pdw_fl", "chloride_mmol_l", "t_score"]),
    data=st.data(),
)
def test_monotone_in_every_number_in_the_published_direction(
    patient: dict[str, Any], field: str, data: st.DataObject
) -> None:
    low, high = sorted((patient[field], data.draw(NUMBERS[field])))
    lower, higher = (RONG_2025.assess({**patient, field: value}) for value in (low, high))
    # More age or chloride: fewer points. More PDW, or a T-score nearer to normal: more.
    if field in {"age_years", "chloride_mmol_l"}:
        lower, higher = higher, lower
    assert lower.scenarios[0].total_points <= higher.scenarios[0].total_points
    assert lower.scenarios[0].risk <= higher.scenarios[0].risk
    crosses = low < -3.5 <= high if field == "t_score" else high - low > 1e-6
    if crosses:
        assert lower.scenarios[0].total_points < higher.scenarios[0].total_points
        assert lower.scenarios[0].risk < higher.scenarios[0].risk


@given(patient=PATIENTS)
def test_monotone_in_every_answer_in_the_published_direction(patient: dict[str, Any]) -> None:
    for field, raises_risk in (
        ("trauma_history", True),
        ("posterior_fascia_edema", True),
        ("mvh_restored", False),
    ):
        with_it = RONG_2025.assess({**patient, field: raises_risk}).scenarios[0]
        without = RONG_2025.assess({**patient, field: not raises_risk}).scenarios[0]
        assert with_it.total_points > without.total_points
        assert with_it.risk > without.risk

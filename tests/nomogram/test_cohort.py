from decimal import Decimal
from functools import partial
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.nomogram.errors import PredictorError, RowError
from scoring.nomogram.rong2025.model import RONG_2025
from scoring.nomogram.rong2025.synthetic import synthetic_cohort
from tests.nomogram.examples import LOW_RISK, WORKED_EXAMPLE
from tests.nomogram.strategies import PATIENTS


def columns(patients: list[dict[str, Any]]) -> dict[str, Any]:
    return {field: [patient[field] for patient in patients] for field in WORKED_EXAMPLE}


def as_arrays(patients: list[dict[str, Any]]) -> dict[str, Any]:
    return {field: np.array(column) for field, column in columns(patients).items()}


@given(patients=st.lists(PATIENTS, min_size=1, max_size=20))
def test_a_cohort_scores_as_its_patients_one_by_one(patients: list[dict[str, Any]]) -> None:
    found = RONG_2025.assess_cohort(as_arrays(patients))
    scenarios = [RONG_2025.assess(patient).scenarios[0] for patient in patients]
    assert found.total_points.tolist() == [scenario.total_points for scenario in scenarios]
    for key, points in found.points.items():
        assert points.tolist() == [scenario.points[key] for scenario in scenarios]
    # exp() of an array may differ from that of a number in the last bit.
    close = partial(np.testing.assert_allclose, rtol=1e-13, atol=0.0)
    close(found.risk, [s.risk for s in scenarios])
    for end, low_or_high in enumerate(found.ci95):
        close(low_or_high, [s.ci95[end] for s in scenarios])
    for end, low_or_high in enumerate(found.band):
        close(low_or_high, [s.band[end] for s in scenarios])


def test_blocks_change_no_bit_of_a_large_cohort() -> None:
    cohort = synthetic_cohort(10_001, seed=3).cohort
    found, covariates = RONG_2025.assess_cohort(cohort), cohort.covariates()
    total = RONG_2025.total_points(covariates)
    for name, of_blocks, at_once in (
        ("total points", found.total_points, total),
        ("risk", found.risk, RONG_2025.risk(total)),
        ("interval", found.ci95, RONG_2025.ci95(covariates, total)),
        ("band", found.band, RONG_2025.band(total)),
    ):
        assert np.array_equal(of_blocks, at_once), name
    for row in (0, 4095, 4096, 8191, 8192, 10_000):
        alone = RONG_2025.assess({field: cohort[field][row].item() for field in RONG_2025.fields})
        scenario = alone.scenarios[0]
        assert found.total_points[row] == scenario.total_points
        assert {key: points[row] for key, points in found.points.items()} == scenario.points


def test_lists_decimals_and_arrays_are_the_same_cohort() -> None:
    patients = [WORKED_EXAMPLE, LOW_RISK]
    decimals = columns(patients)
    decimals["pdw_fl"] = [Decimal("12.8"), Decimal("12.8")]
    totals = [
        RONG_2025.assess_cohort(given).total_points.tolist()
        for given in (columns(patients), as_arrays(patients), decimals)
    ]
    assert totals[0] == totals[1] == totals[2]
    assert totals[0] == pytest.approx([183.886, 97.826], abs=1e-12)


def test_an_empty_cohort_has_no_points() -> None:
    cohort = RONG_2025.cohort(columns([]))
    assert len(cohort) == 0
    assert RONG_2025.assess_cohort(cohort).risk.shape == (0,)


def test_a_cohort_keeps_its_own_read_only_copy() -> None:
    given = as_arrays([WORKED_EXAMPLE, LOW_RISK])
    cohort = RONG_2025.cohort(given)
    given["age_years"][0] = 60
    given["mvh_restored"][0] = True
    assert cohort["age_years"].tolist() == [80.0, 72.0]
    assert cohort["mvh_restored"].tolist() == [False, True]
    with pytest.raises(ValueError, match="read-only"):
        cohort["age_years"][0] = 60


@pytest.mark.parametrize(
    ("field", "low", "high"),
    [
        ("age_years", 50.0, 100.0),
        ("t_score", -10.0, 4.0),
        ("pdw_fl", 6.0, 34.8),
        ("chloride_mmol_l", 75.8, 115.0),
    ],
)
def test_domain_edges_and_the_row_of_what_lies_outside(field: str, low: float, high: float) -> None:
    given = as_arrays([WORKED_EXAMPLE] * 4)
    given[field] = np.array([low, high, low, high])
    assert len(RONG_2025.cohort(given)) == 4
    for value, code in (
        (np.nextafter(low, -np.inf), "out_of_range"),
        (np.nextafter(high, np.inf), "out_of_range"),
        (np.nan, "not_finite"),
        (np.inf, "not_finite"),
        (-np.inf, "not_finite"),
    ):
        given[field] = np.array([low, high, value, high])
        with pytest.raises(PredictorError) as caught:
            RONG_2025.cohort(given)
        error = caught.value
        assert (error.predictor, error.code, error.row) == (field, code, 2)
        assert (error.low, error.high) == (low, high)
        assert error.value == value or np.isnan(value)
        assert str(error) == f"{field}: {code} (row 2)"


@pytest.mark.parametrize(
    ("field", "column", "code", "row"),
    [
        ("age_years", [80, "72"], "not_a_number", 1),
        ("age_years", [80, None], "missing", 1),
        ("age_years", [True, 72.5], "not_a_number", 0),
        ("age_years", np.array([True, True]), "not_a_number", 0),
        ("age_years", np.array(["80", "72"]), "not_a_number", 0),
        ("age_years", np.array([80 + 0j, 72]), "not_a_number", 0),
        ("pdw_fl", np.ma.masked_array([12.8, 12.8], mask=[False, True]), "not_a_number", 1),
        ("trauma_history", [True, None], "missing", 1),
        ("trauma_history", [True, 1], "not_yes_or_no", 1),
        ("trauma_history", np.array([1, 0]), "not_yes_or_no", 0),
        ("posterior_fascia_edema", np.array(["yes", "no"]), "not_yes_or_no", 0),
        ("mvh_restored", np.ma.masked_array([True, True], mask=[False, True]), "not_yes_or_no", 1),
        ("mvh_restored", [True, None], "missing", 1),
    ],
)
def test_what_cannot_be_scored_is_refused_with_its_row(
    field: str, column: Any, code: str, row: int
) -> None:
    with pytest.raises(PredictorError) as caught:
        RONG_2025.cohort({**columns([WORKED_EXAMPLE, LOW_RISK]), field: column})
    assert (caught.value.predictor, caught.value.code, caught.value.row) == (field, code, row)


def test_columns_have_one_length_and_one_dimension() -> None:
    with pytest.raises(ValueError, match="one length"):
        RONG_2025.cohort({**columns([WORKED_EXAMPLE, LOW_RISK]), "age_years": [80]})
    with pytest.raises(ValueError, match="one dimension"):
        RONG_2025.cohort({**columns([WORKED_EXAMPLE]), "age_years": np.array([[80.0]])})


def test_a_column_the_model_does_not_know_is_refused() -> None:
    with pytest.raises(RowError) as caught:
        RONG_2025.cohort({**columns([WORKED_EXAMPLE]), "weight_kg": [60]})
    assert (caught.value.code, caught.value.field) == ("unknown_field", "weight_kg")


def test_the_t_score_threshold_in_a_cohort() -> None:
    t_scores = [-3.51, -3.5, -2.5, 3.6]
    given = as_arrays([WORKED_EXAMPLE] * len(t_scores))
    given["t_score"] = np.array(t_scores)
    assert RONG_2025.cohort(given).covariates()["bmd"].tolist() == [1.0, 0.0, 0.0, 0.0]

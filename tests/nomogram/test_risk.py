import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import expit, logit
from scipy.stats import norm

from scoring.nomogram.model import Scenario
from scoring.nomogram.rong2025 import reconstructed
from scoring.nomogram.rong2025.model import RONG_2025
from tests import worked_example as worked
from tests.nomogram.examples import LOW_RISK, WORKED_EXAMPLE
from tests.nomogram.strategies import PATIENTS


def final(patient: dict[str, Any]) -> Scenario:
    (scenario,) = RONG_2025.assess(patient).scenarios
    return scenario


def test_worked_example_of_the_paper_risk_band_and_interval() -> None:
    result = RONG_2025.assess(WORKED_EXAMPLE)
    (scenario,) = result.scenarios
    assert scenario.code == "final"
    assert not result.provisional
    assert round(scenario.total_points, 2) == 183.89
    assert scenario.risk == pytest.approx(0.7605, abs=0.0005)
    assert scenario.ci95 == pytest.approx((0.584, 0.878), abs=0.001)
    assert scenario.band == pytest.approx((0.740, 0.780), abs=0.001)
    assert scenario.at_or_above_cutoff
    assert (scenario.late_answer, scenario.points["mvh"]) == (False, 35.68)
    assert [caution.code for caution in result.cautions] == ["t_score_above_osteoporosis"]


def test_the_worked_example_in_whole_per_cent() -> None:
    assert (worked.RISK, worked.RISK_RESTORED, worked.EITHER) == ("76 %", "43 %", "43 or 76 %")
    assert (worked.CI95, worked.RANGE) == ("58–88 %", "74–78 %")


def test_a_patient_of_low_risk_and_the_interval() -> None:
    scenario = final(LOW_RISK)
    assert scenario.risk == pytest.approx(0.0873, abs=0.0005)
    assert scenario.ci95 == pytest.approx((0.0562, 0.1332), abs=0.0005)
    assert not scenario.at_or_above_cutoff


# Points, risk, and the central 95 % over the lines that the publication allows, in per cent.
REFERENCE_POINTS = [
    (40.0, 0.9, 0.8, 1.0),
    (80.0, 4.4, 4.1, 4.8),
    (100.0, 9.5, 9.0, 9.9),
    (118.12, 17.9, 17.5, 18.4),
    (140.0, 34.7, 33.9, 35.6),
    (160.0, 54.6, 52.8, 56.3),
    (183.886, 76.1, 74.0, 78.0),
    (220.0, 93.2, 92.1, 94.3),
]


@pytest.mark.parametrize(("points", "risk", "low", "high"), REFERENCE_POINTS)
def test_points_to_risk_and_band(points: float, risk: float, low: float, high: float) -> None:
    assert RONG_2025.risk(points) * 100 == pytest.approx(risk, abs=0.051)
    assert np.array(RONG_2025.band(points)) * 100 == pytest.approx([low, high], abs=0.051)


def test_band_and_interval_are_those_of_the_covariances() -> None:
    """The formulas written out with matrices and scipy's normal distribution."""
    for patient in (WORKED_EXAMPLE, LOW_RISK):
        scenario = final(patient)
        below = float(patient["t_score"] < -3.5)
        x = np.array([1.0, *map(float, patient.values())])
        x[2] = below
        a = np.array([1.0, scenario.total_points])
        of_line = float(a @ np.array(reconstructed.LINE_COVARIANCE) @ a)
        of_coefficients = float(x @ RONG_2025.covariance @ x)
        factor = reconstructed.SMALL_SAMPLE_VARIANCE_FACTOR
        for found, variance in (
            (scenario.band, of_line),
            (scenario.ci95, factor * of_coefficients + of_line),
        ):
            ends = norm.ppf([0.025, 0.975], logit(scenario.risk), math.sqrt(variance))
            assert found == pytest.approx(expit(ends), rel=1e-12)


def test_a_result_carries_its_model_and_inputs() -> None:
    inputs = RONG_2025.inputs(WORKED_EXAMPLE)
    result = RONG_2025.assess(inputs)
    assert result.inputs is inputs
    assert (result.model.identifier, result.model.version) == ("rong-2025", "2")
    assert result.model.name == "Rong 2025, reconstruction 2"


@given(patient=PATIENTS)
def test_risk_lies_inside_its_band_and_interval_and_all_inside_0_and_1(
    patient: dict[str, Any],
) -> None:
    scenario = final(patient)
    assert 0.0 < scenario.ci95.low < scenario.risk < scenario.ci95.high < 1.0
    assert 0.0 < scenario.band.low <= scenario.risk <= scenario.band.high < 1.0
    assert scenario.at_or_above_cutoff == (scenario.risk >= 0.184)


@given(patient=PATIENTS)
def test_a_provisional_pair_is_35_68_points_apart_and_holds_both_final_results(
    patient: dict[str, Any],
) -> None:
    result = RONG_2025.assess({**patient, "mvh_restored": None})
    assert result.provisional
    restored, not_restored = result.scenarios
    assert (restored.code, not_restored.code) == ("if_restored", "if_not_restored")
    assert not_restored.total_points - restored.total_points == pytest.approx(35.68, abs=1e-12)
    assert (restored.points["mvh"], not_restored.points["mvh"]) == (0.0, 35.68)
    for scenario in result.scenarios:
        as_final = final({**patient, "mvh_restored": scenario.late_answer})
        assert (scenario.risk, scenario.ci95, scenario.band, scenario.total_points) == (
            as_final.risk,
            as_final.ci95,
            as_final.band,
            as_final.total_points,
        )
    assert result.points == {**restored.points, "mvh": None}


@given(points=st.floats(0.0, 365.0), more=st.floats(1e-6, 50.0))
def test_risk_and_band_rise_with_the_points(points: float, more: float) -> None:
    assert RONG_2025.risk(points) < RONG_2025.risk(points + more)
    for here, there in zip(RONG_2025.band(points), RONG_2025.band(points + more), strict=True):
        assert here < there


def test_the_cut_off_lies_at_118_9_points() -> None:
    assert RONG_2025.points_at(0.184) == pytest.approx(118.9, abs=0.1)
    assert RONG_2025.risk(118.7) < 0.184 <= RONG_2025.risk(119.1)


def test_a_risk_at_the_cut_off_itself_counts_as_at_or_above() -> None:
    scenario = final(WORKED_EXAMPLE)
    assert replace(scenario, risk=0.184).at_or_above_cutoff
    assert not replace(scenario, risk=math.nextafter(0.184, 0.0)).at_or_above_cutoff


def test_results_are_plain_floats_not_numpys() -> None:
    scenario = final(WORKED_EXAMPLE)
    numbers = (scenario.total_points, scenario.risk, *scenario.ci95, *scenario.band)
    assert {type(number) for number in numbers} == {float}


def test_the_covariance_is_symmetric_positive_definite_and_read_only() -> None:
    assert RONG_2025.covariance.shape == (8, 8)
    assert np.array_equal(RONG_2025.covariance, RONG_2025.covariance.T)
    assert np.linalg.eigvalsh(RONG_2025.covariance).min() > 0.0
    assert not RONG_2025.covariance.flags.writeable

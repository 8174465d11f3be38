import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.nomogram.model import Scenario
from scoring.nomogram.rong2025.model import RONG_2025
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
    assert f"{scenario.risk:.1%}" == "76.8%"
    assert [f"{end:.1%}" for end in scenario.ci95] == ["60.0%", "87.9%"]
    assert [f"{end:.1%}" for end in scenario.band] == ["75.3%", "80.0%"]
    assert scenario.at_or_above_cutoff
    assert (scenario.late_answer, scenario.points["mvh"]) == (False, 35.68)
    assert [caution.code for caution in result.cautions] == ["t_score_above_osteoporosis"]


def test_a_patient_of_low_risk_and_the_interval() -> None:
    scenario = final(LOW_RISK)
    assert f"{scenario.risk:.1%}" == "9.0%"
    assert [f"{end:.1%}" for end in scenario.ci95] == ["5.9%", "13.4%"]
    assert not scenario.at_or_above_cutoff


# Points, risk, and the two bracket curves: per cent, to the digits they are documented with.
REFERENCE_POINTS = [
    (40, "0.92", "0.95", "1.25"),
    (80, "4.54", "4.55", "5.90"),
    (100, "9.71", "9.60", "12.25"),
    (118.12, "18.4", "18.0", "22.4"),
    (140, "35.5", "34.5", "40.9"),
    (160, "55.5", "53.9", "60.6"),
    (183.89, "76.8", "75.3", "80.0"),
    (220, "93.5", "92.8", "94.4"),
]


@pytest.mark.parametrize(("points", "risk", "cohort_low", "anchored_high"), REFERENCE_POINTS)
def test_points_to_risk_and_band(
    points: float, risk: str, cohort_low: str, anchored_high: str
) -> None:
    digits = len(risk.partition(".")[2])
    central = RONG_2025.risk(float(points))
    low, high = RONG_2025.band(float(points))
    assert f"{central * 100:.{digits}f}" == risk
    assert f"{high * 100:.{digits}f}" == anchored_high
    # The envelope of all three: the central curve is the lowest at the low end.
    assert f"{low * 100:.{digits}f}" == min(cohort_low, risk, key=float)


def test_a_result_carries_its_model_and_inputs() -> None:
    inputs = RONG_2025.inputs(WORKED_EXAMPLE)
    result = RONG_2025.assess(inputs)
    assert result.inputs is inputs
    assert (result.model.identifier, result.model.version) == ("rong-2025", "1")
    assert result.model.name == "Rong 2025, reconstruction 1"


@settings(deadline=None)
@given(patient=PATIENTS)
def test_risk_lies_inside_its_band_and_interval_and_all_inside_0_and_1(
    patient: dict[str, Any],
) -> None:
    scenario = final(patient)
    assert 0.0 < scenario.ci95.low < scenario.risk < scenario.ci95.high < 1.0
    assert 0.0 < scenario.band.low <= scenario.risk <= scenario.band.high < 1.0
    assert scenario.at_or_above_cutoff == (scenario.risk >= 0.184)


@settings(deadline=None)
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


@settings(deadline=None)
@given(points=st.floats(0.0, 365.0), more=st.floats(1e-6, 50.0))
def test_risk_and_band_rise_with_the_points(points: float, more: float) -> None:
    assert RONG_2025.risk(points) < RONG_2025.risk(points + more)
    for here, there in zip(RONG_2025.band(points), RONG_2025.band(points + more), strict=True):
        assert here < there


def test_the_cut_off_lies_at_118_12_points() -> None:
    assert RONG_2025.risk(118.12) < 0.184 <= RONG_2025.risk(118.13)


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

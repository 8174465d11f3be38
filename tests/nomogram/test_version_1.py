"""Version 1 of the model: what was assessed with it is read with these numbers, to the last bit."""

import pytest

from scoring.nomogram.line_uncertainty import BracketingLines
from scoring.nomogram.rong2025.model import RONG_2025
from scoring.nomogram.rong2025.version_1 import RONG_2025_VERSION_1
from tests.nomogram.examples import LOW_RISK, WORKED_EXAMPLE


def test_it_is_the_same_model_but_for_line_range_and_interval() -> None:
    first = RONG_2025_VERSION_1
    assert (first.identifier, first.version) == ("rong-2025", "1")
    assert first.name == "Rong 2025, reconstruction 1"
    assert first.predictors is RONG_2025.predictors
    assert (first.cutoff, first.outcome) == (RONG_2025.cutoff, RONG_2025.outcome)
    assert isinstance(first.line_uncertainty, BracketingLines)
    assert first.small_sample_variance_factor == 1.0


def test_worked_example_risk_band_and_interval() -> None:
    result = RONG_2025_VERSION_1.assess(WORKED_EXAMPLE)
    (scenario,) = result.scenarios
    assert result.model is RONG_2025_VERSION_1
    # Inputs that were checked by the other version are not taken for its own.
    checked = RONG_2025.inputs(WORKED_EXAMPLE)
    assert RONG_2025_VERSION_1.assess(checked).model is RONG_2025_VERSION_1
    assert scenario.total_points == 183.88600000000002
    assert scenario.risk == pytest.approx(0.767828839022654, rel=1e-14)
    assert scenario.ci95 == pytest.approx((0.6003378681014295, 0.8792461662543052), rel=1e-14)
    assert scenario.band == pytest.approx((0.7526185231920098, 0.7999743987711959), rel=1e-14)


def test_a_patient_of_low_risk_and_the_interval() -> None:
    (scenario,) = RONG_2025_VERSION_1.assess(LOW_RISK).scenarios
    assert f"{scenario.risk:.1%}" == "9.0%"
    assert [f"{end:.1%}" for end in scenario.ci95] == ["5.9%", "13.4%"]


# Points, risk, and the two bracket curves: per cent, to the digits they were documented with.
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
    central = RONG_2025_VERSION_1.risk(float(points))
    low, high = RONG_2025_VERSION_1.band(float(points))
    assert f"{central * 100:.{digits}f}" == risk
    assert f"{high * 100:.{digits}f}" == anchored_high
    # The envelope of all three: the central curve is the lowest at the low end.
    assert f"{low * 100:.{digits}f}" == min(cohort_low, risk, key=float)


def test_the_cut_off_lies_at_118_12_points() -> None:
    assert RONG_2025_VERSION_1.risk(118.12) < 0.184 <= RONG_2025_VERSION_1.risk(118.13)

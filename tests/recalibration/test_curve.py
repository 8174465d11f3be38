"""The adjusted line from points to risk."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.evaluation.recalibration import fingerprint
from scoring.nomogram.recalibrated import RecalibratedCurve
from scoring.nomogram.rong2025.version_1 import RONG_2025_VERSION_1
from scoring.statistics import Predictions
from tests.recalibration.local import adjusted

TOTAL_POINTS = 183.886


def test_nothing_adjusted_is_the_published_curve() -> None:
    curve = RecalibratedCurve(RONG_2025_VERSION_1.line, 0.0, 1.0, 0.0, 0.0, 0.0)
    assert curve.line == RONG_2025_VERSION_1.line
    assert curve.risk_at(TOTAL_POINTS) == pytest.approx(
        float(RONG_2025_VERSION_1.risk(TOTAL_POINTS)), rel=1e-12
    )
    assert curve.ci95_at(TOTAL_POINTS) == pytest.approx([curve.risk_at(TOTAL_POINTS)] * 2)


def test_the_worked_example_by_hand() -> None:
    """Published logit 1.1961; -0.6 + 0.7 x 1.1961 = 0.2373, standard error 0.1193."""
    curve = RecalibratedCurve(RONG_2025_VERSION_1.line, -0.6, 0.7, 0.010, -0.002, 0.0063)
    assert curve.risk_at(TOTAL_POINTS) == pytest.approx(1 / (1 + np.exp(-0.2372644)), abs=1e-6)
    low, high = (1 / (1 + np.exp(-(0.2372644 + z * 0.1192839))) for z in (-1.959964, 1.959964))
    assert curve.ci95_at(TOTAL_POINTS) == pytest.approx((low, high), abs=1e-6)


@given(
    intercept=st.floats(-3, 3),
    slope=st.floats(0.05, 5),
    points=st.floats(0, 430, allow_subnormal=False),
)
def test_its_line_gives_its_risks(intercept: float, slope: float, points: float) -> None:
    curve = RecalibratedCurve(RONG_2025_VERSION_1.line, intercept, slope, 0.01, 0.0, 0.01)
    by_line = 1 / (1 + np.exp(-(points - curve.line.p50_points) / curve.line.k_points_per_logit))
    assert curve.risk_at(points) == pytest.approx(by_line, rel=1e-9)
    low, high = curve.ci95_at(points)
    assert 0 <= low <= curve.risk_at(points) <= high <= 1


@pytest.mark.parametrize("slope", [0.0, -0.2, float("nan")])
def test_a_curve_that_does_not_rise_is_refused(slope: float) -> None:
    with pytest.raises(ValueError, match="not positive"):
        RecalibratedCurve(RONG_2025_VERSION_1.line, 0.0, slope, 0.01, 0.0, 0.01)


def test_the_mark_of_a_cohort() -> None:
    risk, event = np.array([0.2, 0.4, 0.4, 0.7]), np.array([False, True, False, True])
    mark = fingerprint(Predictions(risk, event))
    order = np.array([3, 1, 0, 2])
    assert fingerprint(Predictions(risk[order], event[order])) == mark
    assert fingerprint(Predictions(risk, ~event)) != mark
    assert fingerprint(Predictions(risk + 1e-12, event)) != mark


def test_the_covariance_belongs_to_the_estimates() -> None:
    found = adjusted().found
    for estimate, variance in zip(found.estimates, np.diag(found.covariance), strict=True):
        assert estimate is not None
        width = estimate.ci95[1] - estimate.ci95[0]
        assert width == pytest.approx(2 * 1.959964 * variance**0.5, rel=1e-5)

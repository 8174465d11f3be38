"""The two kinds of what else than its line a model allows."""

import numpy as np
import pytest
from scipy.special import expit
from scipy.stats import norm

from scoring.nomogram.line_uncertainty import KNOWN_LINE, BracketingLines, LineCovariance
from scoring.nomogram.logistic import Line

LINE = Line(p50_points=100.0, k_points_per_logit=20.0)
POINTS = np.array([0.0, 60.0, 100.0, 250.0])


def test_a_known_line_has_no_range_and_adds_no_variance() -> None:
    assert KNOWN_LINE.line_is_known
    low, high = KNOWN_LINE.risk_range(LINE, POINTS)
    assert np.array_equal(low, LINE.risk(POINTS))
    assert np.array_equal(high, LINE.risk(POINTS))
    assert np.array_equal(KNOWN_LINE.logit_variance(POINTS), np.zeros(4))
    assert KNOWN_LINE.logit_variance(60.0) == 0.0


def test_bracketing_lines_give_their_envelope() -> None:
    crossing = Line(p50_points=100.0, k_points_per_logit=40.0)
    low, high = BracketingLines((crossing,)).risk_range(LINE, POINTS)
    assert not BracketingLines((crossing,)).line_is_known
    np.testing.assert_allclose(low, expit([-5.0, -2.0, 0.0, 3.75]), rtol=1e-14)
    np.testing.assert_allclose(high, expit([-2.5, -1.0, 0.0, 7.5]), rtol=1e-14)


def test_a_covariance_gives_the_central_95_per_cent() -> None:
    spread = LineCovariance(0.04, -3e-4, 4e-6)
    matrix = np.array([[0.04, -3e-4], [-3e-4, 4e-6]])
    a = np.stack([np.ones(4), POINTS])
    variance = np.einsum("ij,ik,kj->j", a, matrix, a)
    assert not spread.line_is_known
    np.testing.assert_allclose(spread.logit_variance(POINTS), variance, rtol=1e-12)
    ends = spread.risk_range(LINE, POINTS)
    for found, quantile in zip(ends, (0.025, 0.975), strict=True):
        logit = norm.ppf(quantile, (POINTS - 100.0) / 20.0, np.sqrt(variance))
        np.testing.assert_allclose(found, expit(logit), rtol=1e-12)
    # One patient is told the same as a cohort.
    assert spread.risk_range(LINE, 60.0) == (ends[0][1], ends[1][1])


def test_lines_around_have_the_range_as_their_envelope() -> None:
    spread = LineCovariance(0.04, -3e-4, 4e-6)
    lines = spread.lines_around(LINE, 720)
    risks = np.array([line.risk(POINTS) for line in lines])
    for found, end in zip(
        (risks.min(0), risks.max(0)), spread.risk_range(LINE, POINTS), strict=True
    ):
        np.testing.assert_allclose(found, end, rtol=1e-4)
    assert len(set(lines)) == 720


@pytest.mark.parametrize(
    "numbers",
    [(0.0, 0.0, 1.0), (1.0, 0.0, 0.0), (1.0, 1.0, 1.0), (1.0, -2.0, 1.0), (1.0, float("nan"), 1.0)],
)
def test_what_is_no_covariance_is_refused(numbers: tuple[float, float, float]) -> None:
    with pytest.raises(ValueError, match="not positive definite"):
        LineCovariance(*numbers)

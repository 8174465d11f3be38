"""Constants of both versions are what reconstruction.py derives, and scipy without it."""

import math

import numpy as np
import pytest

from scoring.nomogram.logistic import FloatArray, Line
from scoring.nomogram.rong2025 import publication as paper
from scoring.nomogram.rong2025 import reconstruction as rebuild
from scoring.nomogram.rong2025 import version_1
from scoring.nomogram.rong2025.model import RONG_2025
from scoring.nomogram.rong2025.publication import Group
from tests.nomogram.reference import scipy_oracle as oracle

# Digits that another processor or linear algebra library may change are beyond these.
SHIPPED = 1e-9
SHIPPED_COVARIANCE = 1e-7
# What two minimisers may differ by: the oracle's derivatives are numeric.
ORACLE = 1e-6


def mean_points(group: Group) -> float:
    mixture = rebuild.points_mixture(group)
    return float(mixture.weight @ mixture.mean)


@pytest.fixture(scope="module")
def line() -> Line:
    return rebuild.fit_line()


@pytest.fixture(scope="module")
def covariance(line: Line) -> FloatArray:
    return rebuild.covariance(line)


def test_the_shipped_curves_are_the_reconstructed_ones(line: Line) -> None:
    assert line.p50_points == pytest.approx(version_1.LINE.p50_points, rel=SHIPPED)
    assert line.k_points_per_logit == pytest.approx(version_1.LINE.k_points_per_logit, rel=SHIPPED)
    for bracket, shipped in (
        (rebuild.cohort_line(), version_1.COHORT_LINE),
        (rebuild.anchored_line(), version_1.ANCHORED_LINE),
    ):
        assert bracket.p50_points == pytest.approx(shipped.p50_points, rel=SHIPPED)
        assert bracket.k_points_per_logit == shipped.k_points_per_logit


def test_the_shipped_covariance_is_the_reconstructed_one(covariance: FloatArray) -> None:
    first = version_1.RONG_2025_VERSION_1
    assert first.line == version_1.LINE
    np.testing.assert_allclose(first.covariance, covariance, rtol=SHIPPED_COVARIANCE)
    # That of the current version at its own line.
    np.testing.assert_allclose(
        RONG_2025.covariance, rebuild.covariance(RONG_2025.line), rtol=SHIPPED_COVARIANCE
    )


def test_the_curves_to_their_documented_digits(line: Line) -> None:
    assert f"{line.p50_points:.2f}" == "154.60"
    assert f"{line.k_points_per_logit:.3f}" == "24.488"
    assert f"{line.intercept:.4f}" == "-6.3131"
    assert f"{rebuild.cohort_line().intercept:.4f}" == "-6.2428"
    assert f"{rebuild.anchored_line().intercept:.4f}" == "-5.9693"


def test_the_brackets_at_the_worked_example() -> None:
    risks = [
        1.0 / (1.0 + math.exp((curve.p50_points - 183.89) / curve.k_points_per_logit))
        for curve in (rebuild.cohort_line(), rebuild.anchored_line())
    ]
    assert f"{risks[0]:.1%}" == "75.3%"
    assert risks[1] == pytest.approx(0.80, abs=1e-12)


def test_the_anchored_curve_expects_too_many_events() -> None:
    mean = rebuild.performance(rebuild.anchored_line()).mean_risk
    assert round(mean * paper.STUDY_N) == 138


def test_what_the_central_curve_gives_in_the_rebuilt_cohort(line: Line) -> None:
    found = rebuild.performance(line)
    assert f"{found.mean_risk:.4f}" == "0.2103"
    assert f"{found.cutoff_points:.1f}" == "118.1"
    assert f"{found.sensitivity:.3f}" == "0.721"
    assert f"{found.specificity:.3f}" == "0.696"
    assert f"{rebuild.auc():.3f}" == "0.779"
    assert f"{mean_points(paper.PAIN):.2f}" == "139.01"
    assert f"{mean_points(paper.PAIN_FREE):.2f}" == "107.79"
    assert f"{line.risk(183.89):.1%}" == "76.8%"


def test_the_cohort_line_is_calibrated_in_the_large() -> None:
    mean = rebuild.performance(rebuild.cohort_line()).mean_risk
    assert mean == pytest.approx(paper.EVENT_RATE, abs=1e-13)


def test_table_7_over_table_4_is_about_25_points_per_logit() -> None:
    points_per_unit = {
        "age": paper.AGE_POINTS_PER_YEAR,
        "bmd": paper.BMD_POINTS.no,
        "trauma_history": paper.TRAUMA_HISTORY_POINTS.yes,
        "posterior_fascia_edema": paper.POSTERIOR_FASCIA_EDEMA_POINTS.yes,
        "pdw": paper.PDW_POINTS_PER_FL,
        "chloride": paper.CHLORIDE_POINTS_PER_MMOL_L,
        "mvh": paper.MVH_POINTS.no,
    }
    ratios = [
        f"{points / abs(paper.TABLE_4[predictor].beta):.1f}"
        for predictor, points in points_per_unit.items()
    ]
    assert ratios == ["25.0", "29.5", "24.6", "24.5", "25.0", "26.3", "26.4"]


def test_standard_errors_agree_with_table_4() -> None:
    implied = [
        (math.log(effect.odds_ratio_high) - math.log(effect.odds_ratio_low)) / 3.92
        for effect in paper.TABLE_4.values()
    ]
    ours = np.sqrt(np.diag(version_1.RONG_2025_VERSION_1.covariance))[1:]
    assert [f"{se:.4f}" for se in implied] == [
        "0.0140",
        "0.2623",
        "0.3213",
        "0.3468",
        "0.0468",
        "0.0334",
        "0.2661",
    ]
    assert [f"{se:.4f}" for se in ours] == [
        "0.0132",
        "0.2433",
        "0.3009",
        "0.3390",
        "0.0487",
        "0.0343",
        "0.2499",
    ]
    np.testing.assert_allclose(ours, implied, rtol=0.075)
    # As the evidence page says of the current version.
    np.testing.assert_allclose(np.sqrt(np.diag(RONG_2025.covariance))[1:], implied, rtol=0.07)


def test_scipy_finds_the_same_curves(line: Line) -> None:
    p50_points, k_points_per_logit = oracle.fitted_line()
    assert line.p50_points == pytest.approx(p50_points, abs=ORACLE)
    assert line.k_points_per_logit == pytest.approx(k_points_per_logit, abs=ORACLE)
    assert rebuild.cohort_line().p50_points == pytest.approx(oracle.cohort_p50(), abs=1e-9)


def test_no_neighbouring_curve_fits_better(line: Line) -> None:
    def misfit(p50_points: float, k_points_per_logit: float) -> float:
        return float(np.sum(oracle.residuals(np.array([p50_points, k_points_per_logit])) ** 2))

    best = misfit(*line)
    for angle in np.linspace(0.0, 2 * np.pi, 12, endpoint=False):
        step = 1e-3 * np.array([np.cos(angle), np.sin(angle)])
        assert misfit(line[0] + step[0], line[1] + step[1]) > best


def test_scipy_finds_the_same_cohort(line: Line) -> None:
    found = rebuild.performance(line)
    assert found.mean_risk == pytest.approx(oracle.mean_risk(*line), abs=1e-12)
    cutoff_points = found.cutoff_points
    assert found.sensitivity == pytest.approx(oracle.share_above(cutoff_points, True), abs=1e-12)
    assert 1 - found.specificity == pytest.approx(
        oracle.share_above(cutoff_points, False), abs=1e-12
    )
    assert rebuild.auc() == pytest.approx(oracle.auc(), abs=1e-12)
    assert mean_points(paper.PAIN) == pytest.approx(oracle.mean_points(True), abs=1e-9)
    assert mean_points(paper.PAIN_FREE) == pytest.approx(oracle.mean_points(False), abs=1e-9)


def test_scipy_finds_the_same_fisher_information(line: Line) -> None:
    np.testing.assert_allclose(
        rebuild.fisher_information(line), oracle.fisher_information(*line), rtol=1e-9
    )


def test_the_reconstruction_is_deterministic(line: Line, covariance: FloatArray) -> None:
    assert rebuild.fit_line() == line
    assert np.array_equal(rebuild.covariance(line), covariance)


def test_a_minimiser_that_does_not_settle_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rebuild, "_MAX_STEPS", 1)
    with pytest.raises(ArithmeticError, match="did not converge"):
        rebuild.fit_line()
    with pytest.raises(ArithmeticError, match="did not converge"):
        rebuild.cohort_line()

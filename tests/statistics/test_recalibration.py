import numpy as np
import pytest

from scoring.nomogram.logistic import Line, risk_of_logit
from scoring.statistics import (
    NotEstimableError,
    Predictions,
    recalibrate,
    recalibration_as_dict,
)
from scoring.statistics import recalibration as ours
from scoring.statistics.calibration import calibration_in_the_large, recalibration_fit
from scoring.statistics.samples import bin_by_logit
from tests.statistics.reference.values import SETS, predictions_of, r_reference


def cohort(intercept: float, slope: float, n: int = 4000, seed: int = 1) -> Predictions:
    """Patients whose true risk is the recalibrated one."""
    rng = np.random.default_rng(seed)
    logit = rng.normal(-1.5, 1.1, n)
    return Predictions(
        risk_of_logit(logit), rng.random(n) < risk_of_logit(intercept + slope * logit)
    )


@pytest.mark.parametrize("name", SETS)
def test_the_likelihood_ratios_of_r(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ours, "MIN_EVENTS", 1)
    expected = r_reference()["sets"][name]["closed_test"]
    test = recalibrate(predictions_of(name), resamples=0).test
    # A difference of two log-likelihoods of some hundreds, each known to about 1e-13 of itself.
    assert test.both_against_original.chi2 == pytest.approx(
        expected["both_against_original"], abs=1e-9
    )
    assert test.both_against_intercept.chi2 == pytest.approx(
        expected["both_against_intercept"], abs=1e-9
    )
    assert (test.both_against_original.df, test.both_against_intercept.df) == (2, 1)


@pytest.mark.parametrize(
    ("intercept", "slope", "method"),
    [(0.0, 1.0, "original"), (0.6, 1.0, "intercept"), (0.1, 0.5, "intercept_and_slope")],
)
def test_what_the_closed_test_chooses(intercept: float, slope: float, method: str) -> None:
    found = recalibrate(cohort(intercept, slope), resamples=0)
    assert found.method == method
    assert found.intercept == pytest.approx(intercept, abs=0.15)
    assert found.slope == pytest.approx(slope, abs=0.1)
    estimated = {"original": (False, False), "intercept": (True, False)}.get(method, (True, True))
    assert tuple(estimate is not None for estimate in found.estimates) == estimated


def test_the_level_of_the_closed_test() -> None:
    """Of 120 cohorts that the model fits 5 % are adjusted: more than 13 in one of 1,000 tries."""
    changed = sum(
        recalibrate(cohort(0.0, 1.0, n=1200, seed=seed), resamples=0).method != "original"
        for seed in range(120)
    )
    assert changed <= 13


def test_the_adjusted_line_gives_the_adjusted_risks() -> None:
    these = cohort(0.1, 0.5)
    found = recalibrate(these, resamples=0)
    original = Line(154.6, 24.5)
    p50, k = found.line(original)
    points = original.p50_points + original.k_points_per_logit * these.logit
    np.testing.assert_allclose(
        1 / (1 + np.exp(-(points - p50) / k)), found.risk(these.risk), rtol=1e-10
    )


@pytest.mark.parametrize(("intercept", "slope"), [(0.0, 1.0), (0.6, 1.0), (0.1, 0.5)])
def test_before_and_after_are_the_calibration_of_both_curves(
    intercept: float, slope: float
) -> None:
    these = cohort(intercept, slope)
    found = recalibrate(these, resamples=0)
    adjusted = Predictions(found.risk(these.risk), these.event)
    for curve, fitness in ((these, found.before), (adjusted, found.after)):
        both = recalibration_fit(curve)
        expected = (
            float(np.mean((curve.risk - curve.outcome) ** 2)),
            calibration_in_the_large(curve).value,
            *both.coefficients,
        )
        assert fitness == pytest.approx(expected, abs=1e-9)


def test_corrected_performance_is_worse_than_in_the_same_data() -> None:
    found = recalibrate(cohort(0.1, 0.5, n=900), resamples=200, seed=3)
    assert found.corrected is not None
    assert found.after.slope == pytest.approx(1.0)
    # One slope alone is not overfitted: it stays near 1.
    assert found.corrected.performance.slope == pytest.approx(1.0, abs=0.03)
    assert found.corrected.performance.brier > found.after.brier
    assert sum(found.corrected.methods.values()) == found.corrected.n == 200
    assert found.corrected.methods["intercept_and_slope"] > 190


def test_the_bootstrap_is_the_same_on_any_cores() -> None:
    these = cohort(0.6, 1.0, n=900)
    one, two = (
        recalibrate(these, resamples=12, seed=5, workers=workers).corrected for workers in (1, 2)
    )
    assert one == two


@pytest.mark.parametrize(
    ("events", "n", "code"),
    [(99, 500, "fewer_than_100_events"), (401, 500, "fewer_than_100_non_events")],
)
def test_too_few_to_adjust(events: int, n: int, code: str) -> None:
    rng = np.random.default_rng(1)
    these = Predictions(rng.uniform(0.1, 0.9, n), np.arange(n) < events)
    with pytest.raises(NotEstimableError, match=code):
        recalibrate(these, resamples=0)


def test_a_constant_risk_cannot_be_adjusted() -> None:
    with pytest.raises(NotEstimableError, match="constant_risk"):
        recalibrate(Predictions([0.2] * 400, np.arange(400) < 150), resamples=0)


def test_a_curve_is_not_turned_upside_down() -> None:
    with pytest.raises(NotEstimableError, match="slope_not_positive"):
        recalibrate(cohort(-3.0, -0.8), resamples=0)


def test_separated_outcomes_cannot_be_adjusted() -> None:
    risk = np.linspace(0.01, 0.99, 400)
    with pytest.raises(NotEstimableError, match="separation"):
        recalibrate(Predictions(risk, risk > 0.5), resamples=0)


# ---- Cells instead of patients ------------------------------------------------------------------


def test_cells_hold_everybody_once() -> None:
    these = cohort(0.1, 0.5)
    cells = bin_by_logit(these.logit, these.event)
    assert cells.counts.sum() == these.n
    assert cells.events.sum() == these.events
    assert float(cells.counts @ cells.logit) == pytest.approx(float(these.logit.sum()))
    width = (these.logit.max() - these.logit.min()) / 1000
    assert np.all(np.diff(cells.logit) > 0)
    assert len(cells.logit) <= 1000
    # Cells alone fit the line of the patients, but for their width.
    line = cells.fit(cells.logit[:, None]).coefficients
    exact = recalibration_fit(these).coefficients
    np.testing.assert_allclose(line, exact, atol=width)


@pytest.mark.slow
@pytest.mark.parametrize(("intercept", "slope"), [(0.1, 0.5), (0.6, 1.0)])
def test_the_optimism_of_cells_is_that_of_patients(
    intercept: float, slope: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two bootstraps of 150 resamples each: their means agree within their own scatter."""
    these = cohort(intercept, slope, n=3000)
    patients = recalibrate(these, resamples=150)
    monkeypatch.setattr(ours, "CELLS_ABOVE", 100)
    cells = recalibrate(these, resamples=150)
    assert patients.corrected is not None
    assert cells.corrected is not None
    assert patients.corrected.cells is None
    assert cells.corrected.cells is not None
    assert patients.after == cells.after
    # Scatter of one resample's gain: the standard errors of intercept and slope themselves.
    both = recalibration_fit(these)
    reach = 4 * np.sqrt(2 / 150) * both.standard_errors
    for place, name in ((0, "intercept"), (1, "slope")):
        first = getattr(patients.corrected.performance, name)
        second = getattr(cells.corrected.performance, name)
        assert abs(first - second) < 2 * reach[place]
    assert cells.corrected.performance.brier == pytest.approx(
        patients.corrected.performance.brier, abs=5e-4
    )


def test_above_the_limit_cells_are_drawn() -> None:
    these = cohort(0.1, 0.5, n=ours.CELLS_ABOVE + 1)
    found = recalibrate(these, resamples=5)
    assert found.corrected is not None
    assert found.corrected.cells is not None
    plain = recalibration_as_dict(found, None)["after_corrected"]
    assert plain["cells"] == found.corrected.cells

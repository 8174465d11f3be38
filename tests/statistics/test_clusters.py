"""Intervals where a patient has several rows, beside R (make_clusters.R)."""

from functools import partial
from typing import Any

import numpy as np
import pytest

from scoring.statistics import NotEstimableError, Predictions, resampling, validate
from scoring.statistics import calibration as ours
from scoring.statistics.calibration_curve import calibration_curve
from scoring.statistics.clusters import auc_variance, sums_of
from scoring.statistics.decision_curve import CURVE_THRESHOLDS, decision_curve
from scoring.statistics.discrimination import auc_estimate
from scoring.statistics.resampling import drawn_counts
from tests.statistics.reference.values import EXACT, SETS, logit_interval, predictions_of, reference


def expected(name: str) -> Any:
    return reference("clusters")["sets"][name]


def repeated(name: str) -> Predictions:
    """The set of risks, with the patients of make_clusters.R behind its rows."""
    these = predictions_of(name)
    patients = expected(name)["patients"]
    return Predictions(these.risk, these.event, 7 * np.arange(these.n) % patients)


@pytest.mark.parametrize("name", SETS)
def test_auc_as_obuchowski_has_it(name: str) -> None:
    known = expected(name)["auc"]
    found = auc_estimate(repeated(name))
    assert found.value == pytest.approx(known["auc"], rel=EXACT)
    assert found.se**2 == pytest.approx(known["variance"], rel=EXACT)
    assert found.ci95 == pytest.approx(logit_interval(known["auc"], known["variance"]), rel=EXACT)


@pytest.mark.parametrize("name", SETS)
def test_with_one_row_a_patient_obuchowski_is_delong(name: str) -> None:
    known, these = expected(name), predictions_of(name)
    assert known["auc_of_rows"] == pytest.approx(known["auc_proc"], rel=1e-10)
    events, others = these.risk[these.event], these.risk[~these.event]
    of_row = np.array(
        [
            np.mean((others < risk) + 0.5 * (others == risk))
            if event
            else np.mean((events > risk) + 0.5 * (events == risk))
            for risk, event in zip(these.risk, these.event, strict=True)
        ]
    )
    area = float(of_row[these.event].mean())
    variance = auc_variance(area, of_row, these.event, np.arange(these.n))
    assert variance == pytest.approx(known["auc_proc"], rel=1e-10)


@pytest.mark.parametrize("name", SETS)
def test_calibration_as_the_sandwich_has_it(name: str) -> None:
    these, known = repeated(name), expected(name)
    assert these.patients == known["patients"]
    both = ours.recalibration_fit(these)
    for found, key in (
        (ours.observed_expected(these), "log_observed_expected_se"),
        (ours.calibration_in_the_large(these), "in_the_large_se"),
        (both.estimate(0), "intercept_se"),
        (both.estimate(1), "slope_se"),
    ):
        assert found.se == pytest.approx(known[key], rel=1e-7), key
    # The estimates stay those of the rows.
    rows = predictions_of(name)
    assert ours.observed_expected(these).value == ours.observed_expected(rows).value
    assert both.coefficients.tolist() == ours.recalibration_fit(rows).coefficients.tolist()


@pytest.mark.parametrize("name", ["ties", "odd"])
@pytest.mark.parametrize("of", ["rows", "patients"])
def test_the_bands_of_net_benefit_as_rs_boot_has_them(name: str, of: str) -> None:
    """20,000 resamples each: a percentile's standard error is 0.019 SD, so 0.13 SD is 5 of them.

    Net benefit is discrete: a percentile may fall on the next value, one false positive off.
    """
    known = expected(name)[f"benefit_of_{of}"]
    these = repeated(name) if of == "patients" else predictions_of(name)
    thresholds = reference("clusters")["thresholds"]
    curve = decision_curve(these, thresholds, resamples=20_000, seed=1)
    assert curve.over_all_low is not None
    assert curve.over_all_high is not None
    odds = np.array(thresholds) / (1 - np.array(thresholds))
    spread = 0.13 * np.array(known["sd"]) + np.minimum(odds, 1.0) / these.n + 1e-12
    assert np.all(np.abs(curve.over_all_low - known["over_all_low"]) < spread)
    assert np.all(np.abs(curve.over_all_high - known["over_all_high"]) < spread)
    assert curve.low == pytest.approx(known["low"], abs=0.13 * 0.1)


@pytest.mark.parametrize("name", SETS)
def test_every_row_doubled_gives_the_intervals_of_the_rows_but_for_their_number(name: str) -> None:
    """A row that comes twice says no more: G / (G - 1) is all that differs."""
    these = predictions_of(name)
    twice = Predictions(
        np.repeat(these.risk, 2), np.repeat(these.event, 2), np.repeat(np.arange(these.n), 2)
    )
    assert auc_estimate(twice).se == pytest.approx(auc_estimate(these).se, rel=EXACT)
    scale = (these.n / (these.n - 1)) ** 0.5
    assert ours.observed_expected(twice).se == pytest.approx(
        scale * ours.observed_expected(these).se, rel=EXACT
    )
    curve, other = (decision_curve(one, resamples=4000, seed=1) for one in (these, twice))
    assert curve.low is not None
    assert curve.high is not None
    assert other.low is not None
    at = CURVE_THRESHOLDS.index(0.3)
    assert other.low[at] == pytest.approx(
        curve.low[at], abs=0.1 * float(curve.high[at] - curve.low[at])
    )
    assert other.model == pytest.approx(curve.model, abs=1e-15)


def test_the_band_of_the_smoothed_curve_allows_for_it_too() -> None:
    these = predictions_of("smooth")
    twice = Predictions(
        np.repeat(these.risk, 2), np.repeat(these.event, 2), np.repeat(np.arange(these.n), 2)
    )
    blind = Predictions(twice.risk, twice.event)
    width = [np.mean(c.high - c.low) for c in map(calibration_curve, (these, twice, blind))]
    assert width[1] == pytest.approx(width[0], rel=0.1)
    assert width[2] == pytest.approx(width[0] / 2**0.5, rel=0.1)


def test_a_patient_is_drawn_with_all_rows() -> None:
    """Patient 0 has two events above the threshold, the others one row each below it."""
    these = Predictions([0.9, 0.9, 0.1, 0.1, 0.1], [1, 1, 0, 0, 1], np.array([0, 0, 1, 2, 3]))
    drawn = drawn_counts(these, np.array([0.5]), resamples=500, seed=1)
    assert set(np.unique(drawn[:, 0, 0] % 2)) == {0}
    times = drawn[:, 0, 0] // 2
    # Four patients are drawn each time: those of them that are not patient 0 have one row.
    assert np.all(drawn.sum(axis=(1, 2)) == 2 * times + (4 - times))
    assert times.mean() == pytest.approx(1.0, abs=0.15)


def test_many_patients_with_several_rows_are_drawn_by_their_normal_limit(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Against drawing each kind of patient, and against the sandwich, both of other arithmetic."""
    rng, several = np.random.default_rng(3), 3000
    patient = np.repeat(np.arange(2 * several), [*[1] * several, *rng.integers(2, 5, several)])
    risk = 1 / (1 + np.exp(-rng.normal(size=2 * several)[patient] - rng.normal(size=len(patient))))
    these = Predictions(risk, rng.random(len(patient)) < risk, patient)
    at = np.array([0.05, 0.3, 0.5, 0.7, 0.9])
    drawn = partial(decision_curve, these, at.tolist(), resamples=2000, seed=9)
    by_kind = drawn()
    assert by_kind.low is not None
    monkeypatch.setattr(resampling, "MANY", several // 2)
    limit = drawn()
    # The standard error of such a quantile is 0.06 of the standard deviation.
    benefit = np.where(these.event, 1.0, -at[:, None] / (1 - at[:, None]))
    of_row = np.where(these.risk >= at[:, None], benefit, 0.0)
    sums = sums_of(patient, (of_row - limit.model[:, None]).T)
    sd = np.sqrt((sums**2).sum(axis=0)) / these.n
    for found in (by_kind, limit):
        assert found.low is not None
        assert found.high is not None
        assert np.abs((found.low - limit.model) / sd + 1.96).max() < 0.25
        assert np.abs((found.high - limit.model) / sd - 1.96).max() < 0.25
    monkeypatch.setattr(resampling, "MANY", several)
    again = drawn()
    assert again.low is not None
    assert limit.low is not None
    assert again.low.tolist() == by_kind.low.tolist()
    assert limit.low.tolist() != by_kind.low.tolist()


def test_the_resamples_of_rows_give_the_quantiles() -> None:
    """Each resample written out as patients and judged by the definition."""
    these, thresholds = predictions_of("odd"), np.array([0.184, 0.6])
    drawn = drawn_counts(these, thresholds, resamples=200, seed=5)
    differences = []
    for events, others in drawn:
        event = np.repeat([1, 0], [events.sum(), others.sum()])
        risk = np.concatenate([np.repeat([0.7, 0.3, 0.1], part) for part in (events, others)])
        odds = thresholds / (1 - thresholds)
        positive = risk >= thresholds[:, None]
        model = np.mean(positive * (event - (1 - event) * odds[:, None]), axis=1)
        differences.append(model - (event.mean() - (1 - event.mean()) * odds))
    curve = decision_curve(these, thresholds.tolist(), resamples=200, seed=5)
    low, high = np.quantile(differences, (0.025, 0.975), axis=0)
    assert curve.over_all_low == pytest.approx(low, rel=1e-12)
    assert curve.over_all_high == pytest.approx(high, rel=1e-12)


def test_the_summary_says_how_many_patients() -> None:
    found = validate(repeated("odd"), cutoff=0.184, resamples=100)
    assert (found.n, found.patients, found.repeated) == (103, expected("odd")["patients"], True)
    assert not validate(predictions_of("odd"), resamples=100).repeated
    once = Predictions([0.2, 0.4], [0, 1], np.array([7, 3]))
    assert (once.cluster, once.patients) == (None, 2)


def test_patients_stay_known_with_other_rows_and_risks() -> None:
    these = Predictions([0.2, 0.4, 0.6, 0.8], [0, 1, 0, 1], np.array([7, 3, 7, 5]))
    assert these.with_risk(these.risk / 2).patients == 3
    some = these.subset(np.array([True, False, True, True]))
    assert (some.n, some.patients) == (3, 2)
    assert these.subset(np.array([True, True, False, False])).cluster is None


def test_one_patient_alone_has_no_intervals() -> None:
    these = Predictions([0.1, 0.3, 0.2, 0.6, 0.5], [0, 1, 0, 0, 1], np.zeros(5, dtype=np.int64))
    found = validate(these, resamples=100)
    for name in ("auc_ci95", "observed_expected", "calibration_in_the_large"):
        assert found.not_estimable[name] == "too_few", name
    assert found.auc is not None
    # All resamples of one patient are alike: their band had no width.
    curve = found.decision_curve
    assert curve is not None
    assert (curve.low, curve.over_all_high, curve.resamples) == (None, None, 0)


@pytest.mark.parametrize("judge", [ours.observed_expected, ours.calibration_in_the_large])
def test_the_same_rate_in_every_patient_gives_no_interval(judge: Any) -> None:
    these = Predictions([0.1, 0.3, 0.1, 0.3], [0, 1, 0, 1], np.array([0, 0, 1, 1]))
    with pytest.raises(NotEstimableError, match="no_variation"):
        judge(these)


def test_patients_whose_rows_cancel_out_give_no_interval() -> None:
    """Intervals had a width of 0, or of rounding, or ended at the root of a negative variance."""
    these = Predictions([0.2, 0.2, 0.4, 0.4], [0, 1, 0, 1], np.array([0, 0, 1, 2]))
    found = validate(these, resamples=9)
    for name in ("calibration_slope", "calibration_intercept", "calibration_curve"):
        assert found.not_estimable[name] == "no_variation", name
    # Of each of 21 patients the non-event loses what the event wins.
    ranks = np.arange(21)
    risk, event = np.append(2 * ranks + 3, 2 * ranks + 2) / 47, np.repeat([1, 0], 21)
    with pytest.raises(NotEstimableError, match="no_variation"):
        auc_estimate(Predictions(risk, event, np.append(ranks, ranks)))


def test_two_patients_do_not_determine_two_coefficients() -> None:
    risk, event = np.repeat([0.3, 0.12], [4, 8]), [1, 0, 0, 0, 0, 0, 0, 1, 0, 0, 1, 0]
    patient = np.array([1, 1, 1, 1, 1, 1, 0, 1, 0, 0, 1, 0])
    found = validate(Predictions(risk, event, patient), resamples=9)
    # By the sandwich of two patients the interval of this slope had a width of 0.
    assert found.not_estimable["calibration_slope"] == "too_few"
    assert found.not_estimable["calibration_intercept"] == "too_few"
    assert found.not_estimable["calibration_curve"] == "too_few"
    assert found.calibration_in_the_large is not None

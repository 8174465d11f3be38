import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import roc_auc_score
from sklearn.metrics import roc_curve as sklearn_roc_curve

from scoring.statistics import NotEstimableError, Predictions
from scoring.statistics import discrimination as ours
from tests.statistics.reference.values import (
    EXACT,
    SETS,
    logit_interval,
    predictions_of,
    r_reference,
)

# Hanley and McNeil, Radiology 1982;143:29, table I: ratings of 58 normal and 51 abnormal CT images.
HANLEY_NORMAL, HANLEY_ABNORMAL = (33, 6, 6, 11, 2), (3, 2, 2, 11, 33)


def hanley() -> Predictions:
    ratings = np.arange(1, 6) / 10
    risk = np.concatenate([np.repeat(ratings, HANLEY_NORMAL), np.repeat(ratings, HANLEY_ABNORMAL)])
    return Predictions(risk, np.arange(109) >= 58)


@pytest.mark.parametrize("name", SETS)
def test_auc_and_delong_interval_as_proc_has_them(name: str) -> None:
    expected = r_reference()["sets"][name]
    found = ours.auc_estimate(predictions_of(name))
    assert found.value == ours.auc(predictions_of(name))
    assert found.value == pytest.approx(expected["auc"], rel=EXACT)
    assert found.se**2 == pytest.approx(expected["auc_variance"], rel=EXACT)
    limits = logit_interval(expected["auc"], expected["auc_variance"])
    assert found.ci95 == pytest.approx(limits, rel=EXACT)


@pytest.mark.parametrize("name", SETS)
def test_auc_and_curve_as_scikit_learn_has_them(name: str) -> None:
    these = predictions_of(name)
    assert ours.auc(these) == pytest.approx(roc_auc_score(these.event, these.risk), abs=1e-14)
    false, true, thresholds = sklearn_roc_curve(these.event, these.risk, drop_intermediate=False)
    curve = ours.roc_curve(these)
    np.testing.assert_allclose(curve.false_positive_rate, false, atol=1e-15)
    np.testing.assert_allclose(curve.sensitivity, true, atol=1e-15)
    np.testing.assert_array_equal(curve.threshold, thresholds)


def test_the_published_example_of_hanley_and_mcneil() -> None:
    found = ours.auc_estimate(hanley())
    # They print 0.893 and SE 0.032, by another formula for it.
    assert f"{found.value:.3f}" == "0.893"
    assert found.se == pytest.approx(0.032, abs=0.002)


@given(st.lists(st.tuples(st.integers(0, 6), st.booleans()), min_size=2, max_size=30))
def test_auc_is_the_share_of_pairs_won(patients: list[tuple[int, bool]]) -> None:
    pain = [risk for risk, event in patients if event]
    free = [risk for risk, event in patients if not event]
    if not pain or not free or len({risk for risk, _event in patients}) == 1:
        return
    won = sum(1.0 if a > b else 0.5 if a == b else 0.0 for a, b in itertools.product(pain, free))
    these = Predictions([risk / 6 for risk, _ in patients], [event for _, event in patients])
    assert ours.auc(these) == pytest.approx(won / len(pain) / len(free), abs=1e-15)


@pytest.mark.parametrize("name", SETS)
def test_the_youden_threshold_as_proc_has_it(name: str) -> None:
    these, expected = predictions_of(name), r_reference()["sets"][name]["youden"][0]
    found = ours.youden(these)
    assert found.sensitivity.value == pytest.approx(expected["sensitivity"], rel=EXACT)
    assert found.specificity.value == pytest.approx(expected["specificity"], rel=EXACT)
    # pROC puts it half way to the next lower risk; ours is the risk itself.
    lower = float(these.risk[these.risk < found.threshold].max())
    assert (found.threshold + lower) / 2 == pytest.approx(expected["threshold"], rel=EXACT)


def test_of_equal_youden_thresholds_the_lowest() -> None:
    # At 0.4 and at 0.2 sensitivity + specificity is 1.5.
    found = ours.youden(Predictions([0.1, 0.2, 0.3, 0.4], [0, 1, 0, 1]))
    assert (found.threshold, found.sensitivity.value, found.specificity.value) == (0.2, 1.0, 0.5)


@pytest.mark.parametrize(
    ("risk", "event"),
    [
        ([0.1, 0.2, 0.8, 0.9], [1, 1, 0, 0]),
        # An AUC of exactly 0.5.
        ([0.1, 0.2, 0.3, 0.4], [1, 0, 0, 1]),
    ],
)
def test_a_model_no_better_than_chance_has_no_best_threshold(
    risk: list[float], event: list[int]
) -> None:
    with pytest.raises(NotEstimableError, match="worse_than_chance"):
        ours.youden(Predictions(risk, event))


@pytest.mark.parametrize("name", SETS)
def test_counts_at_the_cutoff_of_the_study(name: str) -> None:
    these, expected = predictions_of(name), r_reference()["sets"][name]["at_0184"][0]
    found = ours.at_threshold(these, 0.184)
    assert found.ppv is not None
    assert found.npv is not None
    assert (found.sensitivity.successes, found.sensitivity.n) == (expected["tp"], these.events)
    assert (found.specificity.successes, found.specificity.n) == (expected["tn"], these.non_events)
    assert (found.ppv.successes, found.ppv.n) == (expected["tp"], expected["tp"] + expected["fp"])
    assert (found.npv.successes, found.npv.n) == (expected["tn"], expected["tn"] + expected["fn"])


def test_a_risk_at_the_threshold_is_positive() -> None:
    these = Predictions([0.184, 0.1], [1, 0])
    assert ours.at_threshold(these, 0.184).sensitivity.value == 1.0


def test_predictive_values_of_nobody_are_left_out() -> None:
    these = Predictions([0.3, 0.4], [0, 1])
    assert ours.at_threshold(these, 0.9).ppv is None
    assert ours.at_threshold(these, 0.1).npv is None


@pytest.mark.parametrize(
    ("risk", "event", "code"),
    [
        ([0.1, 0.2], [0, 0], "no_events"),
        ([0.1, 0.2], [1, 1], "all_events"),
        ([0.3], [1], "all_events"),
        ([0.3, 0.3, 0.3], [0, 1, 0], "constant_risk"),
    ],
)
def test_auc_and_youden_refuse_what_they_cannot_say(
    risk: list[float], event: list[int], code: str
) -> None:
    for statistic in (ours.auc, ours.auc_estimate, ours.youden):
        with pytest.raises(NotEstimableError) as caught:
            statistic(Predictions(risk, event))
        assert caught.value.code == code


@pytest.mark.parametrize(
    ("risk", "event", "code"),
    [
        ([0.1, 0.2, 0.3], [0, 1, 0], "too_few"),
        ([0.1, 0.2, 0.3, 0.4], [0, 0, 1, 1], "complete_separation"),
        ([0.1, 0.2, 0.3, 0.4], [1, 1, 0, 0], "complete_separation"),
    ],
)
def test_an_interval_without_width_is_none(risk: list[float], event: list[int], code: str) -> None:
    these = Predictions(risk, event)
    assert 0.0 <= ours.auc(these) <= 1.0
    with pytest.raises(NotEstimableError) as caught:
        ours.auc_estimate(these)
    assert caught.value.code == code


def test_the_interval_stays_below_1() -> None:
    these = Predictions([0.1, 0.2, 0.3, 0.25, 0.4, 0.5], [0, 0, 0, 1, 1, 1])
    value, se, (low, high) = ours.auc_estimate(these)
    assert value + 1.96 * se > 1.0
    assert low < value < high < 1.0


def test_the_outline_of_a_short_curve_is_the_curve() -> None:
    these = predictions_of("ties")
    outline, curve = ours.simplified_roc(these), ours.roc_curve(these)
    np.testing.assert_array_equal(outline.sensitivity, curve.sensitivity)
    np.testing.assert_array_equal(outline.false_positive_rate, curve.false_positive_rate)


def test_the_outline_of_a_long_curve_keeps_close_to_it() -> None:
    rng = np.random.default_rng(5)
    risk = rng.random(20_000)
    these = Predictions(risk, rng.random(20_000) < risk)
    outline, curve = ours.simplified_roc(these), ours.roc_curve(these)
    assert len(outline.sensitivity) <= ours.SIMPLIFIED_POINTS
    assert (outline.sensitivity[0], outline.false_positive_rate[0]) == (0, 0)
    assert (outline.sensitivity[-1], outline.false_positive_rate[-1]) == (1, 1)
    # Along the curve both rates rise, so that their sum says where one is on it.
    here = curve.sensitivity + curve.false_positive_rate
    drawn = np.interp(here, outline.sensitivity + outline.false_positive_rate, outline.sensitivity)
    assert np.max(np.abs(drawn - curve.sensitivity)) < 0.005

import numpy as np
import pytest

from scoring.statistics import NotEstimableError, Predictions
from scoring.statistics import decision_curve as ours
from tests.statistics.reference.values import EXACT, SETS, predictions_of, r_reference, reference


@pytest.mark.parametrize("name", SETS)
def test_net_benefit_as_its_definition_in_r(name: str) -> None:
    expected = r_reference()["sets"][name]["net_benefit"]
    model, treat_all = ours.net_benefit(predictions_of(name), expected["threshold"])
    np.testing.assert_allclose(model, expected["model"], rtol=EXACT, atol=1e-15)
    np.testing.assert_allclose(treat_all, expected["all"], rtol=EXACT, atol=1e-15)


@pytest.mark.parametrize("name", SETS)
def test_net_benefit_as_dcurves_has_it(name: str) -> None:
    expected = reference("benefit")[name]
    curve = ours.decision_curve(predictions_of(name), expected["threshold"], resamples=0, seed=1)
    np.testing.assert_allclose(curve.model, expected["model"], rtol=EXACT, atol=1e-15)
    difference = np.array(expected["model"]) - np.array(expected["all"])
    np.testing.assert_allclose(curve.over_all, difference, rtol=EXACT, atol=1e-15)


def test_below_the_lowest_risk_the_model_is_treating_all() -> None:
    model, treat_all = ours.net_benefit(Predictions([0.3, 0.4, 0.6], [0, 1, 1]), [0.1, 0.3])
    assert model.tolist() == treat_all.tolist()


def test_the_band_is_that_of_resampled_patients() -> None:
    """Resampling patient by patient, 4,000 times: the ends agree within Monte-Carlo error.

    A 2.5 % percentile of 4,000 values has a standard error of about 0.04 SD; both bootstraps
    have one, so that 0.2 SD is about 3.5 standard errors of their difference.
    """
    these = predictions_of("odd")
    thresholds = [0.1, 0.3, 0.6]
    curve = ours.decision_curve(these, thresholds, resamples=4000, seed=1)
    rng = np.random.default_rng(2)
    drawn = []
    for _ in range(4000):
        rows = rng.integers(0, these.n, these.n)
        risk, event = these.risk[rows], these.event[rows]
        drawn.append(
            [
                np.mean((risk >= t) & event) - np.mean((risk >= t) & ~event) * t / (1 - t)
                for t in thresholds
            ]
        )
    spread = np.std(drawn, axis=0)
    low, high = np.quantile(drawn, (0.025, 0.975), axis=0)
    assert curve.low is not None
    assert curve.high is not None
    assert np.all(np.abs(curve.low - low) < 0.2 * spread)
    assert np.all(np.abs(curve.high - high) < 0.2 * spread)


def test_the_band_is_seeded() -> None:
    these = predictions_of("ties")
    first, again = (ours.decision_curve(these, seed=7) for _ in range(2))
    other = ours.decision_curve(these, seed=8)
    assert first.low is not None
    assert first.high is not None
    assert again.low is not None
    assert other.low is not None
    assert first.low.tolist() == again.low.tolist()
    assert first.low.tolist() != other.low.tolist()
    assert len(first.threshold) == 99
    assert np.all(first.low <= first.high)
    without = ours.decision_curve(these, resamples=0, seed=7)
    assert (without.low, without.high) == (None, None)


def test_where_the_model_wins() -> None:
    # Positive at 0.2 and above: one event, no non-event; below 0.1 everybody is positive.
    these = Predictions([0.1, 0.1, 0.2], [0, 0, 1])
    assert ours.net_benefit_intervals(these) == ((0.101, 0.2),)


def test_every_winning_threshold_and_no_other() -> None:
    these = predictions_of("smooth")
    model, treat_all = ours.net_benefit(these, ours.WIN_THRESHOLDS)
    inside = [
        any(low <= threshold <= high for low, high in ours.net_benefit_intervals(these))
        for threshold in ours.WIN_THRESHOLDS
    ]
    assert inside == [bool(m > 0 and m > a) for m, a in zip(model, treat_all, strict=True)]
    assert any(inside)


def test_a_useless_model_wins_nowhere() -> None:
    assert ours.net_benefit_intervals(Predictions([0.3, 0.3, 0.3], [0, 0, 1])) == ()


@pytest.mark.parametrize("thresholds", [[0.0], [1.0], [0.5, 0.2], [0.2, 0.2], [float("nan")]])
def test_thresholds_ascend_between_0_and_1(thresholds: list[float]) -> None:
    with pytest.raises(ValueError, match="ascend"):
        ours.net_benefit(Predictions([0.1, 0.2], [0, 1]), thresholds)


@pytest.mark.parametrize(("event", "code"), [([0, 0], "no_events"), ([1, 1], "all_events")])
def test_one_outcome_only_is_refused(event: list[int], code: str) -> None:
    these = Predictions([0.1, 0.2], event)
    with pytest.raises(NotEstimableError, match=code):
        ours.decision_curve(these, seed=1)
    with pytest.raises(NotEstimableError, match=code):
        ours.net_benefit_intervals(these)

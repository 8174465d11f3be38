import numpy as np
import pytest
import statsmodels.api as sm
from sklearn.metrics import brier_score_loss
from statsmodels.tools.sm_exceptions import DomainWarning

from scoring.statistics import NotEstimableError, Predictions
from scoring.statistics import calibration as ours
from tests.statistics.reference.values import EXACT, ITERATED, SETS, predictions_of, r_reference


@pytest.mark.parametrize("name", SETS)
def test_intercept_slope_and_in_the_large_as_glm_has_them(name: str) -> None:
    these, expected = predictions_of(name), r_reference()["sets"][name]
    both = ours.recalibration_fit(these)
    found = {
        "in_the_large": ours.calibration_in_the_large(these),
        "intercept": both.estimate(0),
        "slope": both.estimate(1),
    }
    for statistic, estimate in found.items():
        assert estimate.value == pytest.approx(expected[statistic]["value"], rel=ITERATED)
        assert estimate.se == pytest.approx(expected[statistic]["se"], rel=ITERATED)
        half = (estimate.ci95.high - estimate.ci95.low) / 2
        assert half == pytest.approx(1.9599639845 * expected[statistic]["se"], rel=ITERATED)
    # rms::val.prob says the same, by its own fit.
    assert both.estimate(0).value == pytest.approx(
        expected["val_prob"]["intercept"], rel=1e-5, abs=1e-7
    )
    assert both.estimate(1).value == pytest.approx(expected["val_prob"]["slope"], rel=1e-5)


@pytest.mark.parametrize("name", SETS)
def test_brier_as_r_and_scikit_learn_have_it(name: str) -> None:
    these, expected = predictions_of(name), r_reference()["sets"][name]
    assert ours.brier(these) == pytest.approx(expected["brier"], rel=EXACT)
    assert ours.brier(these) == pytest.approx(brier_score_loss(these.event, these.risk), rel=EXACT)
    rate = np.full(these.n, these.events / these.n)
    assert ours.scaled_brier(these) == pytest.approx(
        1 - ours.brier(these) / brier_score_loss(these.event, rate), rel=EXACT
    )


def test_observed_over_expected_by_hand() -> None:
    these = Predictions([0.2, 0.3, 0.5, 0.6], [0, 1, 1, 0])
    found = ours.observed_expected(these)
    # ln(O/E) +/- 1.96 sqrt(1/O - 1/n), with O = 2, n = 4, E = 1.6.
    assert found.value == pytest.approx(1.25)
    assert found.ci95 == pytest.approx(
        1.25 * np.exp([-1.9599639845 * 0.5, 1.9599639845 * 0.5]), rel=1e-9
    )


def test_observed_over_expected_has_the_standard_error_of_a_poisson_like_model() -> None:
    """A log-binomial model with the risk as offset has the same estimate and standard error."""
    these = Predictions(np.full(500, 0.2), np.arange(500) < 130)
    link = sm.families.links.Log()
    with pytest.warns(DomainWarning):
        model = sm.GLM(
            these.outcome, np.ones(500), sm.families.Binomial(link), offset=np.log(these.risk)
        )
    theirs = model.fit(tol=1e-12)
    found = ours.observed_expected(these)
    assert np.log(found.value) == pytest.approx(theirs.params[0], rel=1e-8)
    assert found.se == pytest.approx(theirs.bse[0], rel=1e-6)


@pytest.mark.parametrize("groups", [10, 7])
@pytest.mark.parametrize("name", SETS)
def test_hosmer_lemeshow_groups_and_test_as_in_r(name: str, groups: int) -> None:
    these = predictions_of(name)
    expected = r_reference()["sets"][name]["hosmer" if groups == 10 else f"hosmer_{groups}"]
    found = ours.risk_groups(these, groups)
    assert [group.n for group in found] == expected["n"]
    assert [group.observed.successes for group in found] == expected["observed"]
    np.testing.assert_allclose(
        [group.expected for group in found], expected["expected"], rtol=EXACT
    )
    test = ours.hosmer_lemeshow(these, groups)
    assert test.chi2 == pytest.approx(expected["chi2"], rel=1e-11)
    assert (test.groups, test.df, test.external_df) == (
        expected["groups"],
        expected["groups"] - 2,
        expected["groups"],
    )
    assert test.p == pytest.approx(expected["p"], rel=1e-9)
    assert test.external_p == pytest.approx(expected["external_p"], rel=1e-9)


def test_equal_risks_stay_together_and_empty_groups_fall_away() -> None:
    these = Predictions([0.1] * 6 + [0.2] * 3 + [0.4], [0, 1, 0, 0, 0, 0, 1, 0, 0, 1])
    found = ours.risk_groups(these)
    assert [(group.n, group.observed.successes) for group in found] == [(6, 1), (3, 1), (1, 1)]
    assert [group.mean_risk for group in found] == pytest.approx([0.1, 0.2, 0.4])


def test_fewer_patients_than_groups() -> None:
    found = ours.risk_groups(Predictions([0.1, 0.5, 0.9], [0, 1, 1]))
    assert [group.n for group in found] == [1, 1, 1]


def test_everybody_with_one_risk_is_one_group() -> None:
    these = Predictions([0.3, 0.3], [0, 1])
    (group,) = ours.risk_groups(these)
    assert (group.low, group.high, group.n, group.observed.successes) == (0.3, 0.3, 2, 1)
    with pytest.raises(NotEstimableError, match="too_few_groups"):
        ours.hosmer_lemeshow(these)


def test_every_patient_is_in_one_group_at_any_size() -> None:
    rng = np.random.default_rng(3)
    for n in range(1, 60):
        these = Predictions(np.round(rng.random(n), 1), rng.random(n) < 0.4)
        found = ours.risk_groups(these)
        assert sum(group.n for group in found) == n
        assert sum(group.observed.successes for group in found) == these.events
        assert sum(group.expected for group in found) == pytest.approx(these.risk.sum())
        for group in found:
            assert group.low <= group.mean_risk <= group.high + 1e-15


@pytest.mark.parametrize(
    ("risk", "event", "code"),
    [
        ([0.1, 0.2, 0.3], [0, 0, 0], "no_events"),
        ([0.1, 0.2, 0.3], [1, 1, 1], "all_events"),
    ],
)
def test_one_outcome_only_is_refused(risk: list[float], event: list[int], code: str) -> None:
    for statistic in (
        ours.observed_expected,
        ours.calibration_in_the_large,
        ours.recalibration_fit,
        ours.scaled_brier,
        ours.hosmer_lemeshow,
    ):
        with pytest.raises(NotEstimableError) as caught:
            statistic(Predictions(risk, event))
        assert caught.value.code == code


def test_a_constant_risk_has_no_slope_but_is_judged_in_the_large() -> None:
    these = Predictions([0.2] * 10, [1] * 4 + [0] * 6)
    assert ours.calibration_in_the_large(these).value == pytest.approx(
        np.log(4 / 6) - np.log(0.2 / 0.8)
    )
    with pytest.raises(NotEstimableError, match="constant_risk"):
        ours.recalibration_fit(these)


def test_risks_that_differ_by_rounding_alone_have_no_slope() -> None:
    these = Predictions([0.3, 0.1 + 0.2, 0.3, 0.1 + 0.2], [0, 1, 1, 0])
    with pytest.raises(NotEstimableError, match="constant_risk"):
        ours.recalibration_fit(these)


def test_separated_risks_have_no_slope() -> None:
    with pytest.raises(NotEstimableError, match="separation"):
        ours.recalibration_fit(Predictions([0.1, 0.2, 0.7, 0.8], [0, 0, 1, 1]))


def test_certain_risks_are_named() -> None:
    these = Predictions([0.0] * 5 + [0.2, 0.3, 0.4, 0.6, 1.0], [0, 0, 1, 0, 0, 1, 0, 1, 0, 1])
    for statistic in (ours.calibration_in_the_large, ours.recalibration_fit, ours.hosmer_lemeshow):
        with pytest.raises(NotEstimableError, match="risk_of_0_or_1"):
            statistic(these)


def test_the_spread_counts_everybody_in_a_twentieth() -> None:
    these = Predictions([0.0, 0.0499, 0.05, 0.5, 0.5, 0.999, 1.0], [0, 1, 1, 0, 1, 0, 1])
    spread = ours.risk_histogram(these)
    assert len(spread.events) == len(spread.non_events) == 20
    assert (spread.events[0], spread.non_events[0]) == (1, 1)
    assert (spread.events[1], spread.non_events[1]) == (1, 0)
    assert (spread.events[10], spread.non_events[10]) == (1, 1)
    assert (spread.events[19], spread.non_events[19]) == (1, 1)
    assert sum(spread.events) + sum(spread.non_events) == these.n

import numpy as np
import pytest

from scoring.statistics import NotEstimableError, Predictions
from scoring.statistics import calibration_curve as ours
from tests.statistics.reference.values import SETS, predictions_of, r_reference


@pytest.mark.parametrize("name", SETS)
def test_the_curve_its_band_and_its_distances_as_rms_has_them(name: str) -> None:
    expected = r_reference()["sets"][name]["spline"]
    found = ours.calibration_curve(predictions_of(name))
    np.testing.assert_allclose(found.knots, expected["knots"], rtol=1e-10)
    # R's 7 places are every hundredth / 6 of ours: compare the ends and the middle of 101.
    for theirs, place in ((0, 0), (3, 50), (6, 100)):
        assert found.risk[place] == pytest.approx(expected["at"][theirs], rel=1e-9)
        # lrm stops at a change of 1e-12 in the deviance: about 1e-6 in what is fitted.
        assert found.observed[place] == pytest.approx(expected["observed"][theirs], rel=1e-5)
        assert found.low[place] == pytest.approx(expected["low"][theirs], rel=1e-4)
        assert found.high[place] == pytest.approx(expected["high"][theirs], rel=1e-4)
    for statistic in ("ici", "e50", "e90"):
        assert getattr(found, statistic) == pytest.approx(expected[statistic], rel=1e-5)


def test_a_perfect_model_runs_along_the_diagonal() -> None:
    rng = np.random.default_rng(4)
    risk = 1 / (1 + np.exp(-rng.normal(-1.3, 1.0, 40_000)))
    found = ours.calibration_curve(Predictions(risk, rng.random(40_000) < risk))
    assert found.ici < 0.01
    # The band is pointwise: nowhere more than twice as far from the diagonal as it reaches.
    below, above = found.observed - found.low, found.high - found.observed
    assert np.all(found.risk >= found.observed - 2 * below)
    assert np.all(found.risk <= found.observed + 2 * above)


@pytest.mark.parametrize(
    ("events", "non_events", "knots"),
    [(100, 100, 5), (99, 5000, 4), (50, 50, 4), (500, 49, 3), (1, 1, 3)],
)
def test_how_many_knots(events: int, non_events: int, knots: int) -> None:
    assert ours.knot_count(events, non_events) == knots


@pytest.mark.parametrize("number", range(15))
def test_knots_of_few_and_of_many_as_hmisc_has_them(number: int) -> None:
    expected = r_reference()["knots"][number]
    risk = predictions_of("smooth").risk[: expected["n"]]
    found = ours.knots_of(np.log(risk / (1 - risk)), expected["k"])
    np.testing.assert_allclose(found, expected["knots"], rtol=1e-12)


def test_the_outer_knots_of_few_are_the_fifth_from_either_end() -> None:
    values = np.arange(99.0)
    assert ours.knots_of(values, 3).tolist() == [4.0, 49.0, 94.0]
    # Hmisc takes no fewer than 6.
    assert ours.knots_of(values[:5], 3).tolist() == pytest.approx([0.4, 2.0, 3.6])


def test_ties_leave_fewer_knots_and_at_last_a_straight_line() -> None:
    many_zeros = np.concatenate([np.zeros(40), np.arange(1.0, 61.0)])
    assert len(ours.knots_of(many_zeros, 5)) == 3
    two = np.repeat([0.1, 0.4], 50)
    assert len(ours.knots_of(np.log(two / (1 - two)), 5)) == 0
    these = Predictions(two, ([0] * 8 + [1] * 2) * 10)
    found = ours.calibration_curve(these)
    assert found.knots == ()
    assert (found.observed[0], found.observed[-1]) == pytest.approx((0.2, 0.2), abs=1e-9)


def test_the_spline_is_straight_beyond_the_outer_knots() -> None:
    knots = np.array([-1.0, 0.0, 1.0, 2.0])
    basis = ours.spline_basis(np.array([2.0, 3.0, 4.0, 5.0, -4.0, -3.0, -2.0, -1.0]), knots)
    for end in (basis[:4], basis[4:]):
        np.testing.assert_allclose(np.diff(end, n=2, axis=0), 0.0, atol=1e-12)


@pytest.mark.parametrize(
    ("risk", "event", "code"),
    [
        ([0.1, 0.2], [0, 0], "no_events"),
        ([0.2, 0.2, 0.2], [0, 1, 0], "constant_risk"),
        ([0.3, 0.1 + 0.2, 0.3, 0.1 + 0.2], [0, 1, 1, 0], "constant_risk"),
        ([0.1, 0.2, 0.7, 0.8], [0, 0, 1, 1], "separation"),
        ([0.0, 0.2, 0.7, 0.8], [0, 1, 0, 1], "risk_of_0_or_1"),
    ],
)
def test_no_curve_without_what_it_needs(risk: list[float], event: list[int], code: str) -> None:
    with pytest.raises(NotEstimableError) as caught:
        ours.calibration_curve(Predictions(risk, event))
    assert caught.value.code == code

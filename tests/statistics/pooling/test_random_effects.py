from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from scoring.statistics import NotEstimableError
from scoring.statistics.pooling import random_effects
from tests.statistics.reference.values import r_reference, reference

# metafor was told to iterate to 1e-14.
TOLERANCE = 1e-9


@pytest.mark.parametrize("name", ["bcg", "three", "alike"])
def test_reml_as_metafor_has_it(name: str) -> None:
    expected: dict[str, Any] = r_reference()["random_effects"][name]
    found = random_effects(expected["y"], expected["v"])
    assert found.value == pytest.approx(expected["value"], rel=TOLERANCE)
    assert found.tau2 == pytest.approx(expected["tau2"], rel=1e-7, abs=1e-12)
    assert found.q == pytest.approx(expected["q"], rel=TOLERANCE)
    assert found.q_p == pytest.approx(expected["q_p"], rel=1e-7)
    assert found.i2 == pytest.approx(expected["i2"], rel=1e-7, abs=1e-12)
    assert found.weights == pytest.approx(expected["weights"], rel=1e-7)
    # Hartung and Knapp's standard error, but never below the usual one.
    assert found.se == pytest.approx(max(expected["se"], expected["se_wald"]), rel=1e-7)


@pytest.mark.parametrize("name", ["bcg", "three"])
def test_hartung_knapp_interval_as_metafor_has_it(name: str) -> None:
    expected: dict[str, Any] = r_reference()["random_effects"][name]
    assert expected["se"] > expected["se_wald"]
    found = random_effects(expected["y"], expected["v"])
    assert found.ci95 == pytest.approx((expected["low"], expected["high"]), rel=1e-7)


@pytest.mark.parametrize("name", ["bcg", "three"])
def test_the_prediction_interval_of_higgins_thompson_and_spiegelhalter(name: str) -> None:
    """t with k - 2 df: metafor's "riley", wider than its default, t with k - 1 df."""
    expected: dict[str, Any] = reference("pooling")[name]
    found = random_effects(expected["y"], expected["v"])
    assert found.prediction is not None
    assert found.prediction == pytest.approx(expected["prediction"], rel=1e-7)
    low, high = expected["prediction_default"]
    assert found.prediction.high - found.prediction.low > high - low


@pytest.mark.parametrize("name", ["cycle_to_zero", "cycle_to_zero_of_seven", "slow_circle"])
def test_reml_settles_where_full_steps_run_in_a_circle(name: str) -> None:
    expected: dict[str, Any] = reference("pooling")[name]
    assert name == "slow_circle" or "did not converge" in expected["full_steps"]
    found = random_effects(expected["y"], expected["v"])
    assert found.tau2 == pytest.approx(expected["tau2"], rel=1e-9)
    # R's optimize sees the likelihood only, which is flat at its top.
    assert found.tau2 == pytest.approx(expected["tau2_optimize"], rel=1e-6)
    grid = np.linspace(0.0, 10.0 * found.tau2, 100_001)
    best = grid[np.argmax(restricted_likelihood(expected["y"], expected["v"], grid))]
    assert abs(found.tau2 - best) <= grid[1]


def restricted_likelihood(
    y: list[float], v: list[float], tau2: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Of the differences from the mean, as a multivariate normal; up to a constant."""
    weight = 1.0 / (np.array(v) + tau2[:, None])
    total = weight.sum(axis=1)
    mean = weight @ y / total
    scatter = np.sum(weight * (np.array(y) - mean[:, None]) ** 2, axis=1)
    likelihood: NDArray[np.float64] = np.log(weight).sum(axis=1) - np.log(total) - scatter
    return likelihood


def test_the_published_result_of_the_bcg_trials() -> None:
    """Viechtbauer, J Stat Softw 2010;36(3), section 3.1: tau2 0.3132, I2 92.22 %, Q 152.2330."""
    expected = r_reference()["random_effects"]["bcg"]
    found = random_effects(expected["y"], expected["v"])
    assert f"{found.tau2:.4f}" == "0.3132"
    assert f"{100 * found.i2:.2f}" == "92.22"
    assert f"{found.q:.4f}" == "152.2330"
    assert f"{found.value:.4f}" == "-0.7145"


def test_centres_that_agree_have_no_variance_between_them() -> None:
    found = random_effects([0.5, 0.5, 0.5], [0.01, 0.02, 0.03])
    assert (found.tau2, found.i2, found.q) == (0.0, 0.0, 0.0)
    # The usual fixed-effect weights.
    assert found.weights == pytest.approx(np.array([100, 50, 100 / 3]) / (150 + 100 / 3))


def test_two_centres_have_no_prediction() -> None:
    found = random_effects([0.4, 0.9], [0.01, 0.01])
    assert found.prediction is None
    assert found.ci95.high - found.ci95.low > 1.0


def test_one_centre_is_not_pooled() -> None:
    with pytest.raises(NotEstimableError, match="too_few"):
        random_effects([0.4], [0.1])


def test_a_variance_is_positive() -> None:
    with pytest.raises(ValueError, match="positive"):
        random_effects([0.4, 0.5], [0.1, 0.0])


@pytest.mark.parametrize("ratio", [1e3, 1e6, 1e12])
def test_a_vague_centre_beside_a_sharp_one(ratio: float) -> None:
    """Two centres have REML's tau2 in closed form: (difference² - v1 - v2) / 2, at least 0."""
    found = random_effects([0.0, 3.0 * ratio], [1.0, ratio**2])
    assert found.tau2 == pytest.approx((8.0 * ratio**2 - 1.0) / 2.0, rel=1e-9)
    typical = (1.0 + ratio**2) / 2.0
    assert found.i2 == pytest.approx(found.tau2 / (found.tau2 + typical), rel=1e-9)
    assert random_effects([0.0, 1.0], [1.0, ratio**2]).tau2 == 0.0

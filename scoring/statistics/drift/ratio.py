"""Observed over expected numbers of events: the interval of one ratio, the limits of a funnel."""

from dataclasses import dataclass

import numpy as np

from scoring.nomogram.logistic import Interval
from scoring.statistics.errors import NotEstimableError
from scoring.statistics.predictions import FloatArray

# Below one expected event a ratio says nothing: with 0.2 expected, one event makes it 5.
LEAST_EXPECTED = 1.0
# Two-sided 95 and 99.8 %: Spiegelhalter, Stat Med 2005;24:1185.
FUNNEL_TAILS = (0.025, 0.001)


@dataclass(frozen=True)
class Ratio:
    """Observed / expected with its exact 95 % interval."""

    value: float
    ci95: Interval


def observed_expected_ratio(events: int, expected: float) -> Ratio:
    """``events`` over the sum of the risks, with Garwood's limits (Biometrika 1936;28:437).

    They take the number of events as Poisson and the sum of the risks as known. With risks of 20
    or 30 % the number varies less than that, so that the interval is a little too wide. Raises
    NotEstimableError("too_few") below ``LEAST_EXPECTED``.
    """
    from scipy.special import gammaincinv

    if expected < LEAST_EXPECTED:
        raise NotEstimableError("too_few")
    low = float(gammaincinv(events, 0.025)) if events else 0.0
    high = float(gammaincinv(events + 1, 0.975))
    return Ratio(events / expected, Interval(low / expected, high / expected))


def funnel_limits(expected: FloatArray, tail: float) -> tuple[FloatArray, FloatArray]:
    """Lower and upper limit of observed / expected if the ratio is 1, each of shape (n,).

    Exact Poisson limits with ``tail`` beyond each, interpolated between whole numbers of events
    (Spiegelhalter, Stat Med 2005;24:1185, appendix A.1.1). ``expected`` is above 0.
    """
    return (
        np.maximum(_quantile(expected, tail), 0.0) / expected,
        _quantile(expected, 1.0 - tail) / expected,
    )


def _quantile(expected: FloatArray, probability: float) -> FloatArray:
    """The interpolated number of events that a Poisson number lies below with this probability."""
    from scipy.special import pdtr, pdtrik

    # The continuous inverse is exact to rounding only, so its neighbors are asked, too.
    whole = np.ceil(np.maximum(pdtrik(probability, expected), 0.0)) - 1.0
    whole = np.where(pdtr(np.maximum(whole, 0.0), expected) >= probability, whole, whole + 1.0)
    whole = np.maximum(whole, 0.0)
    up_to = pdtr(whole, expected)
    below = np.where(whole > 0.0, pdtr(np.maximum(whole - 1.0, 0.0), expected), 0.0)
    found: FloatArray = whole - (up_to - probability) / (up_to - below)
    return found

"""Estimates with their 95 % confidence intervals."""

import math
from typing import NamedTuple

from scoring.nomogram.logistic import Z95
from scoring.statistics.errors import NotEstimableError


class Interval(NamedTuple):
    """A 95 % interval, in the unit of what it belongs to."""

    low: float
    high: float


class Estimate(NamedTuple):
    """A value, its standard error and its 95 % confidence interval."""

    value: float
    se: float
    ci95: Interval


class Proportion(NamedTuple):
    """``yes`` out of ``of``, as a share with its Wilson interval."""

    value: float
    yes: int
    of: int
    ci95: Interval


def normal_estimate(value: float, se: float) -> Estimate:
    """Value +/- 1.96 SE (Wald)."""
    return Estimate(value, se, Interval(value - Z95 * se, value + Z95 * se))


def wilson(yes: int, of: int) -> Proportion:
    """A proportion with Wilson's score interval (J Am Stat Assoc 1927;22:209).

    Raises NotEstimableError("too_few") if it is a share of nothing.
    """
    if not of:
        raise NotEstimableError("too_few")
    share = yes / of
    z2 = Z95 * Z95
    middle = (share + z2 / (2 * of)) / (1 + z2 / of)
    half = Z95 / (1 + z2 / of) * math.sqrt(share * (1 - share) / of + z2 / (4 * of * of))
    # At 0 and at all the end is exact; the difference of two roundings must not say otherwise.
    low = 0.0 if yes == 0 else middle - half
    high = 1.0 if yes == of else middle + half
    return Proportion(share, yes, of, Interval(low, high))


def normal_two_sided_p(z: float) -> float:
    """Probability that a standard normal variable lies as far from 0 as z."""
    return math.erfc(abs(z) / math.sqrt(2.0))


def chi_square_p(chi2: float, df: int) -> float:
    """Probability of a chi-square variable with ``df`` degrees of freedom above ``chi2``."""
    from scipy.special import chdtrc

    return float(chdtrc(df, chi2))


def t_two_sided_p(t: float, df: float) -> float:
    """Probability that a variable of Student's distribution lies as far from 0 as t."""
    from scipy.special import stdtr

    return float(2.0 * stdtr(df, -abs(t)))

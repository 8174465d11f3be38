"""Estimates with their 95 % confidence intervals."""

import math
from typing import NamedTuple

from scoring.nomogram.logistic import Z95, Interval, risk_of_logit
from scoring.statistics.errors import NotEstimableError


class Estimate(NamedTuple):
    """A value, its standard error and its 95 % confidence interval."""

    value: float
    se: float
    ci95: Interval


class Proportion(NamedTuple):
    """``successes`` out of ``n``, as a share with its Wilson interval."""

    value: float
    successes: int
    n: int
    ci95: Interval


def normal_estimate(value: float, se: float) -> Estimate:
    """Value +/- 1.96 SE (Wald)."""
    return Estimate(value, se, Interval(value - Z95 * se, value + Z95 * se))


def logit_scale_estimate(value: float, se: float) -> Estimate:
    """A share or AUC between 0 and 1 with its standard error; interval symmetric in its logit.

    Pepe, The Statistical Evaluation of Medical Tests, 2003, section 5.2.4.
    """
    logit = math.log(value / (1.0 - value))
    low, high = normal_estimate(logit, se / (value * (1.0 - value))).ci95
    return Estimate(value, se, Interval(float(risk_of_logit(low)), float(risk_of_logit(high))))


def wilson(successes: int, n: int) -> Proportion:
    """A proportion with Wilson's score interval (J Am Stat Assoc 1927;22:209).

    Raises NotEstimableError("too_few") if ``n`` is 0.
    """
    if not n:
        raise NotEstimableError("too_few")
    share = successes / n
    z2 = Z95 * Z95
    middle = (share + z2 / (2 * n)) / (1 + z2 / n)
    half = Z95 / (1 + z2 / n) * math.sqrt(share * (1 - share) / n + z2 / (4 * n * n))
    # At 0 and n successes the end is exactly 0 or 1; rounding must not move it.
    low = 0.0 if successes == 0 else middle - half
    high = 1.0 if successes == n else middle + half
    return Proportion(share, successes, n, Interval(low, high))


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

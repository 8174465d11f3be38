"""How different two groups of patients are, without a p-value.

Standardised differences: the distance of the means, or shares, in standard deviations (Austin,
Commun Stat Simul Comput 2009;38:1228). They say how far apart groups lie whatever their size, where
a p-value would only say how large the groups are.
"""

import math
from dataclasses import dataclass

import numpy as np

from scoring.nomogram.logistic import Z95, Interval
from scoring.statistics.predictions import BoolArray, FloatArray

# From here on a difference is worth a look (Austin 2009).
NOTICEABLE = 0.1


@dataclass(frozen=True)
class Spread:
    """``n`` patients in whom it is known; mean and standard deviation, or share and its own.

    ``sd`` is None below 2 patients.
    """

    n: int
    mean: float
    sd: float | None


def mean_spread(values: FloatArray) -> Spread | None:
    """Mean and SD (n - 1) of an array of shape (n,); None if it is empty."""
    n = len(values)
    if not n:
        return None
    return Spread(n, float(values.mean()), float(values.std(ddof=1)) if n > 1 else None)


def share_spread(answers: BoolArray) -> Spread | None:
    """Share of "yes" and sqrt(share (1 - share)), of an array of shape (n,); None if it is empty.

    As ``Spread`` for a share, as the standardised difference of shares takes it.
    """
    n = len(answers)
    if not n:
        return None
    share = float(answers.mean())
    return Spread(n, share, math.sqrt(share * (1.0 - share)) if n > 1 else None)


def standardised_difference(one: Spread | None, other: Spread | None) -> float | None:
    """(one - other) / sqrt((SD1² + SD2²) / 2); None where that is not determined."""
    if one is None or other is None or one.sd is None or other.sd is None:
        return None
    pooled = math.sqrt((one.sd**2 + other.sd**2) / 2.0)
    return (one.mean - other.mean) / pooled if pooled > 0.0 else None


def difference_interval(one: Spread | None, other: Spread | None) -> Interval | None:
    """95 % interval of the standardised difference d; None where that is not determined.

    Var d = 1/n1 + 1/n2 + d² / (2 (n1 + n2)) (Hedges and Olkin 1985, chapter 5).
    """
    difference = standardised_difference(one, other)
    if difference is None or one is None or other is None:
        return None
    half = Z95 * math.sqrt(1 / one.n + 1 / other.n + difference**2 / (2 * (one.n + other.n)))
    return Interval(difference - half, difference + half)


def ratio_of_sds(one: Spread, other: Spread) -> float | None:
    """SD of ``one`` / SD of ``other``; None where that is not determined."""
    return one.sd / other.sd if one.sd is not None and other.sd else None


def sd_ratio_interval(one: Spread, other: Spread) -> Interval | None:
    """95 % interval of the ratio of SDs, on the log scale; None where that is not determined.

    Var ln(SD1/SD2) = 1 / (2 (n1 - 1)) + 1 / (2 (n2 - 1)) for normal values (Nakagawa et al.,
    Methods Ecol Evol 2015;6:143).
    """
    ratio = ratio_of_sds(one, other)
    if ratio is None:
        return None
    factor = math.exp(Z95 * math.sqrt(0.5 / (one.n - 1) + 0.5 / (other.n - 1)))
    return Interval(ratio / factor, ratio * factor)


@dataclass(frozen=True)
class OddsRatio:
    """Odds of the outcome with "yes" / odds with "no", and its 95 % confidence interval."""

    value: float
    ci95: Interval


def odds_ratio(answers: BoolArray, event: BoolArray) -> OddsRatio | None:
    """The odds ratio of arrays of shape (n,), with Woolf's interval (Ann Hum Genet 1955;19:251).

    With an empty cell half a patient is added to each (Haldane, Ann Hum Genet 1956;20:309). None
    if nobody, or everybody, has the answer or the outcome: there is nothing to compare.
    """
    cells = np.array(
        [
            np.count_nonzero((answers == a) & (event == e))
            for a in (True, False)
            for e in (True, False)
        ],
        dtype=np.float64,
    )
    a, b, c, d = cells
    if not (a + b and c + d and a + c and b + d):
        return None
    if not cells.all():
        a, b, c, d = cells = cells + 0.5
    log, half = math.log(a * d / (b * c)), Z95 * math.sqrt((1.0 / cells).sum())
    return OddsRatio(math.exp(log), Interval(math.exp(log - half), math.exp(log + half)))

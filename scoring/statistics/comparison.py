"""How different two groups of patients are, without a p-value.

Standardised differences: the distance of the means, or shares, in standard deviations (Austin,
Commun Stat Simul Comput 2009;38:1228). They say how far apart groups lie whatever their size, where
a p-value would only say how large the groups are.
"""

import math
from dataclasses import dataclass

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

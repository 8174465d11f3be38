"""The logistic function, the line from points to risk, and the quantile of a 95 % interval.

Functions with ``Values`` take a float for one patient or an array for a cohort, and return the
same. A float comes back as numpy's, which is a float.
"""

import math
from typing import NamedTuple, TypeAlias, TypeVar

import numpy as np
from numpy.typing import NDArray

FloatArray: TypeAlias = NDArray[np.float64]
# One patient, or all patients of a cohort.
Values = TypeVar("Values", float, FloatArray)

# The 97.5th percentile of the standard normal distribution, to the last digit of a double.
Z95 = 1.959963984540054


class Interval(NamedTuple):
    """From ``low`` to ``high``, in the unit of the value it belongs to (risks: 0 to 1)."""

    low: float
    high: float


def risk_of_logit(logit: Values) -> Values:
    """1 / (1 + exp(-logit)); 0 where the logit is below what a double can say."""
    # Below a logit of -709 exp() is infinite, and 1 / infinity is the right risk.
    with np.errstate(over="ignore"):
        risk: Values = 1.0 / (1.0 + np.exp(-logit))
    return risk


class Line(NamedTuple):
    """risk = 1 / (1 + exp(-(points - p50_points) / k_points_per_logit))."""

    p50_points: float
    k_points_per_logit: float

    @property
    def intercept(self) -> float:
        """The logit at 0 points."""
        return -self.p50_points / self.k_points_per_logit

    def logit(self, points: Values) -> Values:
        """The logit of the risk at these total points."""
        return (points - self.p50_points) / self.k_points_per_logit

    def risk(self, points: Values) -> Values:
        """The risk (0 to 1) at these total points."""
        return risk_of_logit(self.logit(points))

    def points_at(self, risk: float) -> float:
        """The total points that have this risk (0 to 1, both exclusive)."""
        return self.p50_points + self.k_points_per_logit * math.log(risk / (1.0 - risk))

    def recalibrated(self, intercept: float, slope: float) -> "Line":
        """The line of intercept + slope x this line's logit."""
        k = self.k_points_per_logit / slope
        return Line(self.p50_points - intercept * k, k)

"""A logistic model as a nomogram: points for each predictor, points to risk (Table 7, Figure 3).

As ``nomogram`` of R's rms: each continuous axis runs over R's ``pretty`` values of the data's
range (of up to ten distinct values, over these), each predictor has 0 points at its most
favourable end, and the widest axis has 100 points. So every predictor has the same points per
logit.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from scoring.nomogram.logistic import Line
from scoring.statistics.development.univariate import Variable
from scoring.statistics.errors import NotEstimableError
from scoring.statistics.predictions import FloatArray

MAX_POINTS = 100.0
RISKS = (0.01, 0.02, 0.05, *(i / 10 for i in range(1, 10)), 0.95, 0.98, 0.99)
_INTERVALS = 10
_DISTINCT = 10


@dataclass(frozen=True)
class PointsAxis:
    """One predictor: points = ``points_per_unit`` x (value - ``zero_at``).

    The axis runs from ``low`` to ``high``. A yes/no predictor's unit is
    the step from no (0) to yes (1).
    """

    variable: Variable
    low: float
    high: float
    zero_at: float
    points_per_unit: float

    def points(self, value: float) -> float:
        """The points of a value."""
        # + 0.0, so that no axis begins at -0.0.
        return self.points_per_unit * (value - self.zero_at) + 0.0

    @property
    def most_points(self) -> float:
        """The points at the unfavourable end."""
        return abs(self.points_per_unit) * (self.high - self.low)


@dataclass(frozen=True)
class DerivedNomogram:
    """The axes of a model and its line from total points to risk."""

    axes: tuple[PointsAxis, ...]
    line: Line

    @property
    def most_points(self) -> float:
        """The highest total on the axes."""
        return sum(axis.most_points for axis in self.axes)

    def risk(self, total_points: float) -> float:
        """The risk at a total."""
        return float(self.line.risk(total_points))

    def total_points(self, risk: float) -> float:
        """The total that has a risk."""
        return self.line.points_at(risk)

    def total_to_risk(self) -> list[tuple[float, float]]:
        """(total, risk) at round totals over the whole axis."""
        return [(total, self.risk(total)) for total in pretty(0.0, self.most_points, _INTERVALS)]

    def risk_to_total(self) -> list[tuple[float, float]]:
        """(total, risk) at round risks that the axis reaches."""
        found = [(self.total_points(risk), risk) for risk in RISKS]
        return [(total, risk) for total, risk in found if 0.0 <= total <= self.most_points]


def pretty(low: float, high: float, intervals: int) -> list[float]:
    """About ``intervals`` steps of 1, 2 or 5 times a power of ten that cover low to high.

    The values of R's ``pretty`` with its default biases (1.5 and 2.75 for larger steps).
    """
    if low == high:
        return [low]
    cell = (high - low) / intervals
    base = 10.0 ** math.floor(math.log10(cell))
    unit = base
    # A larger step is taken as soon as it is nearer, in a sense that favours larger ones.
    for factor, bias in ((2.0, 1.5), (5.0, 2.75), (10.0, 1.5)):
        if factor * base - cell >= bias * (cell - unit):
            break
        unit = factor * base
    first = math.floor(low / unit + 1e-10)
    last = math.ceil(high / unit - 1e-10)
    lacking = intervals // 3 - (last - first)
    if lacking > 0:
        up, down = lacking // 2, lacking - lacking // 2
        if first < 0:
            up, down = down, up
        first, last = first - down, last + up
    # Divided by a whole number where the step is a fraction: 12 / 5 is 2.4, 12 * 0.2 is not.
    if unit < 1.0:
        return [i / round(1.0 / unit) for i in range(first, last + 1)]
    return [i * unit for i in range(first, last + 1)]


def axis_ends(values: FloatArray) -> tuple[float, float]:
    """Both ends of the axis of a predictor with these values."""
    distinct = np.unique(values)
    if len(distinct) <= _DISTINCT:
        return float(distinct[0]), float(distinct[-1])
    ticks = pretty(float(distinct[0]), float(distinct[-1]), _INTERVALS)
    return ticks[0], ticks[-1]


def nomogram(
    variables: tuple[Variable, ...], x: FloatArray, coefficients: FloatArray
) -> DerivedNomogram:
    """The nomogram of a model: x, shape (n, k), is what it was fitted to; intercept first.

    Raises NotEstimableError("no_variation") if no predictor changes the risk.
    """
    return nomogram_on(variables, [axis_ends(column) for column in x.T], coefficients.tolist())


def nomogram_on(
    variables: tuple[Variable, ...],
    ends: Sequence[tuple[float, float]],
    coefficients: Sequence[float],
) -> DerivedNomogram:
    """The nomogram of a model on axes with these ends, low before high; intercept first.

    Raises as ``nomogram``.
    """
    slopes = [float(slope) for slope in coefficients[1:]]
    widest = max(abs(b) * (high - low) for b, (low, high) in zip(slopes, ends, strict=True))
    if widest == 0.0:
        raise NotEstimableError("no_variation")
    points_per_logit = MAX_POINTS / widest
    axes = tuple(
        PointsAxis(
            variable=variable,
            low=low,
            high=high,
            zero_at=low if slope >= 0.0 else high,
            points_per_unit=slope * points_per_logit,
        )
        for variable, slope, (low, high) in zip(variables, slopes, ends, strict=True)
    )
    logit_at_0 = float(coefficients[0]) + sum(
        slope * axis.zero_at for slope, axis in zip(slopes, axes, strict=True)
    )
    return DerivedNomogram(axes, Line(-logit_at_0 * points_per_logit, points_per_logit))

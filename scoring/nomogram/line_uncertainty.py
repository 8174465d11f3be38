"""What else than its line from points to risk a model allows, in one of two kinds.

Both give the range of the risk at the same points, and the variance that the line adds to the
logit of one patient. Points are a float or an array, as in ``logistic.py``.
"""

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from scoring.nomogram.logistic import Z95, Line, Values, risk_of_logit


@dataclass(frozen=True)
class BracketingLines:
    """Other lines that are possible, too; none of a line that is known. They add no variance."""

    lines: tuple[Line, ...] = ()

    @property
    def line_is_known(self) -> bool:
        """Whether no other line is possible."""
        return not self.lines

    def risk_range(self, line: Line, points: Values) -> tuple[Values, Values]:
        """Low and high end of the risk (0 to 1): the envelope of the line and these."""
        low = high = line.risk(points)
        for other in self.lines:
            risk = other.risk(points)
            low, high = np.minimum(low, risk), np.maximum(high, risk)
        return low, high

    def logit_variance(self, points: Values) -> Values:
        """Zero, for each of the points."""
        return points * 0.0


@dataclass(frozen=True)
class LineCovariance:
    """Variances and covariance of the line's intercept (logit) and slope (logit per point).

    Raises ValueError if they are not those of two variables.
    """

    variance_intercept: float
    covariance: float
    variance_slope: float

    def __post_init__(self) -> None:
        if not (
            self.variance_intercept > 0.0
            and self.variance_slope > 0.0
            and self.variance_intercept * self.variance_slope > self.covariance**2
        ):
            raise ValueError("the covariance of the line is not positive definite")

    @property
    def line_is_known(self) -> bool:
        """False: other lines are possible."""
        return False

    def risk_range(self, line: Line, points: Values) -> tuple[Values, Values]:
        """Low and high end of the central 95 % of the risk (0 to 1): logit +/- 1.96 SD."""
        logit = line.logit(points)
        half_width = Z95 * np.sqrt(self.logit_variance(points))
        return risk_of_logit(logit - half_width), risk_of_logit(logit + half_width)

    def lines_around(self, line: Line, count: int) -> tuple[Line, ...]:
        """Lines evenly around the one given, whose envelope is the range."""
        factor = np.linalg.cholesky(
            [[self.variance_intercept, self.covariance], [self.covariance, self.variance_slope]]
        )
        angle = np.arange(count) * (2.0 * np.pi / count)
        circle = Z95 * np.stack([np.cos(angle), np.sin(angle)])
        intercept, slope = factor @ circle + [
            [line.intercept],
            [1.0 / line.k_points_per_logit],
        ]
        return tuple(map(Line, (-intercept / slope).tolist(), (1.0 / slope).tolist()))

    def logit_variance(self, points: Values) -> Values:
        """The variance of the logit that the line has at these points."""
        return self.variance_intercept + points * (
            2.0 * self.covariance + self.variance_slope * points
        )


LineUncertainty: TypeAlias = BracketingLines | LineCovariance
# Of a line that nobody had to reconstruct.
KNOWN_LINE = BracketingLines()

"""The points of a model with a curve adjusted to one hospital (logistic recalibration).

logit(risk) = intercept + slope x published logit. The points stay those of the model; only the
line from points to risk moves.
"""

import math
from dataclasses import dataclass

from scoring.nomogram.logistic import Z95, Interval, Line, risk_of_logit


@dataclass(frozen=True)
class RecalibratedCurve:
    """Intercept and slope with their variances and covariance (logit squared).

    ``original`` is the model's line. Raises ValueError for a slope that is not positive: more
    points must not mean less risk.
    """

    original: Line
    intercept: float
    slope: float
    variance_intercept: float
    covariance: float
    variance_slope: float

    def __post_init__(self) -> None:
        if not self.slope > 0.0:
            raise ValueError(f"slope {self.slope} is not positive")

    @property
    def line(self) -> Line:
        """The adjusted line from points to risk."""
        return self.original.recalibrated(self.intercept, self.slope)

    def risk_at(self, total_points: float) -> float:
        """The adjusted risk (0 to 1) at these total points."""
        return float(risk_of_logit(self._logit(total_points)))

    def ci95_at(self, total_points: float) -> Interval:
        """95 % interval from the uncertainty of intercept and slope alone."""
        published = self.original.logit(total_points)
        variance = (
            self.variance_intercept
            + 2.0 * self.covariance * published
            + self.variance_slope * published**2
        )
        logit = self._logit(total_points)
        half_width = Z95 * math.sqrt(max(variance, 0.0))
        ends = logit - half_width, logit + half_width
        return Interval(*(float(risk_of_logit(end)) for end in ends))

    def _logit(self, total_points: float) -> float:
        return self.intercept + self.slope * self.original.logit(total_points)

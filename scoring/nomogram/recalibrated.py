"""The published points with a curve adjusted to one hospital (logistic recalibration).

logit(risk) = intercept + slope x published logit. The points stay those of Table 7; only the
line from points to risk moves.
"""

import math
from dataclasses import dataclass

from scoring.nomogram.reconstructed import K_POINTS_PER_LOGIT, P50_POINTS
from scoring.nomogram.risk import Z95, Interval


@dataclass(frozen=True)
class RecalibratedCurve:
    """Intercept and slope with their variances and covariance (logit squared).

    Raises ValueError for a slope that is not positive: more points must not mean less risk.
    """

    intercept: float
    slope: float
    variance_intercept: float
    covariance: float
    variance_slope: float

    def __post_init__(self) -> None:
        if not self.slope > 0.0:
            raise ValueError(f"slope {self.slope} is not positive")

    @property
    def p50_points(self) -> float:
        """Total points at a risk of one half."""
        return P50_POINTS - self.intercept * self.k_points_per_logit

    @property
    def k_points_per_logit(self) -> float:
        """Points that move the logit by 1."""
        return K_POINTS_PER_LOGIT / self.slope

    def risk_at(self, total_points: float) -> float:
        """The adjusted risk (0 to 1) at these total points."""
        return _risk(self.intercept + self.slope * _published_logit(total_points))

    def ci95_at(self, total_points: float) -> Interval:
        """95 % interval from the uncertainty of intercept and slope alone."""
        published = _published_logit(total_points)
        variance = (
            self.variance_intercept
            + 2.0 * self.covariance * published
            + self.variance_slope * published**2
        )
        logit = self.intercept + self.slope * published
        half_width = Z95 * math.sqrt(max(variance, 0.0))
        return Interval(_risk(logit - half_width), _risk(logit + half_width))


def _published_logit(total_points: float) -> float:
    return (total_points - P50_POINTS) / K_POINTS_PER_LOGIT


def _risk(logit: float) -> float:
    return 1.0 / (1.0 + math.exp(-logit))

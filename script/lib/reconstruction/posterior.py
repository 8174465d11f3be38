"""What the draws of many chains say about the line, with their Monte Carlo error."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from scoring.nomogram.logistic import FloatArray, Line
from script.lib.reconstruction.chain import Draws

# Chains are independent, so that the spread between parts of them is the Monte Carlo error.
_PARTS = 16


class Estimate(NamedTuple):
    """A number with its Monte Carlo standard error."""

    value: float
    error: float

    def text(self, digits: int) -> str:
        """As in "155.46 (0.01)"."""
        return f"{self.value:.{digits}f} ({self.error:.{digits}f})"


def share(hits: NDArray[np.bool_]) -> Estimate:
    """A share (0 to 1) with its binomial standard error."""
    value = float(hits.mean())
    return Estimate(value, float(np.sqrt(value * (1.0 - value) / len(hits))))


class Diagnostics(NamedTuple):
    """Split R-hat (Gelman et al., Bayesian Data Analysis, 3rd ed., 11.4) and effective draws."""

    r_hat: float
    effective_draws: float


class Posterior(NamedTuple):
    """The line: mean, spread and range of P50 (points) and K (points per logit).

    ``line_covariance`` is that of intercept (logit) and slope (logit per point), shape (2, 2), and
    ``line_covariance_error`` its Monte Carlo standard error.
    """

    p50: Estimate
    k: Estimate
    p50_sd: Estimate
    k_sd: Estimate
    correlation: Estimate
    p50_range: tuple[float, float]
    intercept: Estimate
    slope: Estimate
    line_covariance: FloatArray
    line_covariance_error: FloatArray
    p50_diagnostics: Diagnostics
    k_diagnostics: Diagnostics

    @property
    def line(self) -> Line:
        """The line of the posterior means of P50 and K."""
        return Line(self.p50.value, self.k.value)


def split_r_hat(draws: FloatArray) -> float:
    """Of draws of shape (sweeps, chains): 1 if both halves of all chains agree."""
    half = len(draws) // 2
    halves = np.concatenate([draws[:half], draws[-half:]], axis=1)
    within = halves.var(axis=0, ddof=1).mean()
    between = half * halves.mean(axis=0).var(ddof=1)
    return float(np.sqrt(((half - 1) / half * within + between / half) / within))


def _diagnostics(draws: FloatArray) -> Diagnostics:
    error = _mean(draws).error
    return Diagnostics(split_r_hat(draws), float(draws.var()) / error**2)


def _mean(draws: FloatArray) -> Estimate:
    means = draws.mean(axis=0)
    return Estimate(float(means.mean()), float(means.std(ddof=1) / np.sqrt(len(means))))


def _covariance(one: FloatArray, other: FloatArray) -> FloatArray:
    return np.cov(one.ravel(), other.ravel())


def _spread(parts: list[FloatArray], whole: FloatArray) -> tuple[Estimate, Estimate, Estimate]:
    """Both SDs and the correlation of covariance matrices."""

    def numbers(matrix: FloatArray) -> FloatArray:
        sd = np.sqrt(np.diag(matrix))
        return np.array([*sd, matrix[0, 1] / sd.prod()])

    error = np.std([numbers(part) for part in parts], axis=0, ddof=1) / np.sqrt(len(parts))
    first, second, correlation = map(Estimate, numbers(whole).tolist(), error.tolist())
    return first, second, correlation


def posterior(draws: Draws) -> Posterior:
    """Summarize the draws; at least 32 chains, so that each of 16 parts has two."""
    p50, k = draws.p50_points, draws.k_points_per_logit
    intercept, slope = -p50 / k, 1.0 / k
    parts = [slice(part, None, _PARTS) for part in range(_PARTS)]
    spread = [_covariance(p50[:, part], k[:, part]) for part in parts]
    line_spread = [_covariance(intercept[:, part], slope[:, part]) for part in parts]
    p50_sd, k_sd, correlation = _spread(spread, _covariance(p50, k))
    low, high = np.percentile(p50, [2.5, 97.5])
    return Posterior(
        p50=_mean(p50),
        k=_mean(k),
        p50_sd=p50_sd,
        k_sd=k_sd,
        correlation=correlation,
        p50_range=(float(low), float(high)),
        intercept=_mean(intercept),
        slope=_mean(slope),
        line_covariance=_covariance(intercept, slope),
        line_covariance_error=np.std(line_spread, axis=0, ddof=1) / np.sqrt(_PARTS),
        p50_diagnostics=_diagnostics(p50),
        k_diagnostics=_diagnostics(k),
    )

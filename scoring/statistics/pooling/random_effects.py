"""One estimate from several centres, and how much the centres differ.

Random effects: between-centre variance by restricted maximum likelihood (REML), interval by
Hartung and Knapp with Student's t (k - 1 df), never narrower than the usual one (Roever, Knapp and
Friede, BMC Med Res Methodol 2015;15:99). The prediction interval has k - 2 df (Higgins, Thompson
and Spiegelhalter, J R Stat Soc A 2009;172:137). With two or three centres both are wide: that is
what they say.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from scoring.nomogram.logistic import Interval
from scoring.statistics.errors import NotEstimableError
from scoring.statistics.intervals import chi_square_p
from scoring.statistics.predictions import FloatArray

METHOD = "REML, Hartung-Knapp"
PREDICTION = "t, centers - 2 df (Higgins, Thompson and Spiegelhalter 2009)"
_TOLERANCE = 1e-12
_MAX_STEPS = 10_000


@dataclass(frozen=True)
class RandomEffects:
    """Pooled estimate of k centres, on the scale of the estimates that went in.

    ``weights`` of the centres add up to 1; ``tau2`` is the variance between centres, ``q``
    Cochran's Q with its p (k - 1 df), ``i2`` the share (0 to 1) of the variance that lies between
    centres. ``prediction`` is where the next centre is expected, None below 3 centres.
    """

    value: float
    se: float
    ci95: Interval
    prediction: Interval | None
    tau2: float
    q: float
    q_p: float
    i2: float
    weights: tuple[float, ...]


def random_effects(values: Sequence[float], variances: Sequence[float]) -> RandomEffects:
    """Pool estimates with their (squared standard error) variances.

    Raises NotEstimableError: "too_few" (fewer than 2 centres), "no_convergence"; ValueError for a
    variance that is not positive.
    """
    y, v = np.asarray(values, dtype=np.float64), np.asarray(variances, dtype=np.float64)
    k = len(y)
    if k < 2:
        raise NotEstimableError("too_few")
    if not (v > 0.0).all():
        raise ValueError("variances are positive")
    tau2 = _reml(y, v)
    weight = 1.0 / (v + tau2)
    value = float(weight @ y / weight.sum())
    # Hartung and Knapp: the scatter of the centres scales the variance, here never downwards.
    scatter = max(1.0, float(weight @ (y - value) ** 2) / (k - 1))
    se = math.sqrt(scatter / float(weight.sum()))
    t = _t_quantile(k - 1)
    spread = math.sqrt(se**2 + tau2)
    # None below 3 centres: no degree of freedom is left.
    reach = _t_quantile(k - 2) * spread if k > 2 else None
    fixed = 1.0 / v
    q = float(fixed @ (y - fixed @ y / fixed.sum()) ** 2)
    typical = (k - 1) * float(fixed.sum()) / float(fixed @ _of_the_others(fixed))
    return RandomEffects(
        value=value,
        se=se,
        ci95=Interval(value - t * se, value + t * se),
        prediction=None if reach is None else Interval(value - reach, value + reach),
        tau2=tau2,
        q=q,
        q_p=chi_square_p(q, k - 1),
        i2=tau2 / (tau2 + typical),
        weights=tuple(float(part) for part in weight / weight.sum()),
    )


def _t_quantile(df: int) -> float:
    from scipy.special import stdtrit

    return float(stdtrit(df, 0.975))


def _of_the_others(weight: FloatArray) -> FloatArray:
    """The sum of all weights but its own: no difference, in which a small one would be lost."""
    others: FloatArray = (1.0 - np.eye(len(weight))) @ weight
    return others


def _fisher_step(y: FloatArray, v: FloatArray, tau2: float) -> float:
    """Score of the restricted likelihood over its expected information."""
    weight = 1.0 / (v + tau2)
    total = float(weight.sum())
    # P = W - W11'W / sum(W): its trace, that of PP, and y'PPy.
    residual = weight * (y - weight @ y / total)
    p = -np.outer(weight, weight) / total
    np.fill_diagonal(p, weight * _of_the_others(weight) / total)
    return (float(residual @ residual) - float(np.trace(p))) / float(np.sum(p * p))


def _reml(y: FloatArray, v: FloatArray) -> float:
    """Between-centre variance by Fisher scoring on the restricted likelihood, at least 0.

    From where a step turns back, steps are half as long: full ones may run in a circle for ever.
    """
    tau2 = max(0.0, float(np.var(y, ddof=1) - v.mean()))
    share, before = 1.0, 0.0
    for _ in range(_MAX_STEPS):
        step = _fisher_step(y, v, tau2)
        full = max(0.0, tau2 + step)
        if abs(full - tau2) <= _TOLERANCE * (full + float(v.mean())):
            return full
        if step * before < 0.0:
            share /= 2.0
        tau2, before = max(0.0, tau2 + share * step), step
    raise NotEstimableError("no_convergence")

"""How many patients it takes to validate a model: the criteria of Riley et al.

Riley et al., Stat Med 2021;40:4230: the 95 % intervals of O/E, AUC, calibration slope and
standardized net benefit are as narrow as their targets, if the model performs as expected.
"""

import math
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from scoring.nomogram.logistic import Z95, risk_of_logit
from scoring.statistics.predictions import FloatArray

# Widths of the 95 % intervals. That of the AUC is the authors'; an O/E of 1 from 0.82 to 1.22 and a
# slope of 1 +/- 0.2 tell a model that fits from one to be adjusted.
TARGET_WIDTHS = {
    "observed_expected": 0.4,
    "auc": 0.1,
    "calibration_slope": 0.4,
    "net_benefit": 0.2,
}


@dataclass(frozen=True, eq=False)
class Expected:
    """The performance that is expected, and the logits of the risks as a weighted sample.

    ``weights``, shape (m,) as ``logits``, add up to 1. ``sensitivity`` and ``specificity`` are
    those at ``threshold``, a risk.
    """

    event_rate: float
    auc: float
    logits: FloatArray
    weights: FloatArray
    sensitivity: float
    specificity: float
    threshold: float


class Need(NamedTuple):
    """What one statistic needs for an interval of ``width``: ``n`` patients, ``events`` of them."""

    statistic: str
    width: float
    n: int
    events: int


def needs(expected: Expected) -> tuple[Need, ...]:
    """The four criteria, in the order of ``TARGET_WIDTHS``."""
    rules = {
        "observed_expected": _observed_expected,
        "auc": _auc,
        "calibration_slope": _slope,
        "net_benefit": _net_benefit,
    }
    found = []
    for statistic, width in TARGET_WIDTHS.items():
        n = math.ceil(rules[statistic](expected, width))
        found.append(Need(statistic, width, n, math.ceil(n * expected.event_rate)))
    return tuple(found)


def _observed_expected(expected: Expected, width: float) -> float:
    """The interval of an O/E of 1 on the log scale; Var ln(O/E) = (1 - rate) / (n rate)."""
    se = math.asinh(width / 2.0) / Z95
    return (1.0 - expected.event_rate) / (expected.event_rate * se**2)


def _auc(expected: Expected, width: float) -> float:
    """Newcombe's variance (Stat Med 2006;25:559), a quadratic equation in n."""
    auc, rate = expected.auc, expected.event_rate
    pairs = (1.0 - auc) / (2.0 - auc) + auc / (1.0 + auc)
    spread = auc * (1.0 - auc) / (rate * (1.0 - rate)) / (width / 2.0 / Z95) ** 2
    half = spread * pairs / 4.0
    return half + math.sqrt(half**2 + spread * (1.0 - pairs))


def _slope(expected: Expected, width: float) -> float:
    """Fisher information of intercept 0 and slope 1, over the logits."""
    risk = risk_of_logit(expected.logits)
    weight = expected.weights * risk * (1.0 - risk)
    total = float(weight.sum())
    middle = float(weight @ expected.logits) / total
    information = float(weight @ (expected.logits - middle) ** 2)
    return 1.0 / (information * (width / 2.0 / Z95) ** 2)


def _net_benefit(expected: Expected, width: float) -> float:
    """Net benefit at the threshold / event rate: 1 is the most that is possible."""
    rate, sensitivity, specificity = (
        expected.event_rate,
        expected.sensitivity,
        expected.specificity,
    )
    odds = expected.threshold / (1.0 - expected.threshold)
    weight = (1.0 - rate) / rate * odds
    variance = (
        sensitivity * (1.0 - sensitivity) / rate
        + weight**2 * specificity * (1.0 - specificity) / (1.0 - rate)
        + weight**2 * (1.0 - specificity) ** 2 / (rate * (1.0 - rate))
    )
    return variance / (width / 2.0 / Z95) ** 2


def mixture_logits(
    weight: FloatArray, mean: FloatArray, sd: float, nodes: int = 64
) -> tuple[FloatArray, FloatArray]:
    """Quadrature points of a mixture of normals and their weights, for ``Expected``."""
    z, z_weight = np.polynomial.hermite_e.hermegauss(nodes)
    logits = (mean[:, None] + sd * z).ravel()
    weights = (weight[:, None] * (z_weight / z_weight.sum())).ravel()
    return logits, weights

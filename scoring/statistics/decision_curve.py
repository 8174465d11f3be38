"""Is acting on the risk worth more than treating all, or none? (Sections 2.5 and 3.7.)

Net benefit of Vickers and Elkin (Med Decis Making 2006;26:565): true positives less false
positives weighed by the odds of the threshold, per patient. Treating none has net benefit 0.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from scoring.nomogram.logistic import Interval
from scoring.statistics.predictions import FloatArray, IntArray, Predictions
from scoring.statistics.resampling import drawn_counts

# For the curve, and, in the paper's own steps of 0.1 %, for the thresholds at which it wins.
CURVE_THRESHOLDS = tuple(round(i / 100, 2) for i in range(1, 100))
_ENDS = (0.025, 0.975)
WIN_THRESHOLDS = tuple(round(i / 1000, 3) for i in range(1, 1000))


@dataclass(frozen=True, eq=False)
class DecisionCurve:
    """Net benefit at thresholds of the risk, arrays of shape (m,).

    ``low`` and ``high``: 95 % percentile band of ``model`` in bootstrap resamples of the patients,
    which is that of model − treat none as well; ``over_all_low`` and ``over_all_high`` that of
    model − treat all in the same resamples. None without resamples.
    """

    threshold: FloatArray
    model: FloatArray
    treat_all: FloatArray
    low: FloatArray | None
    high: FloatArray | None
    over_all_low: FloatArray | None
    over_all_high: FloatArray | None
    resamples: int
    seed: int

    @property
    def over_all(self) -> FloatArray:
        """Net benefit of the model less that of treating all."""
        difference: FloatArray = self.model - self.treat_all
        return difference


def _net_benefit(
    true: IntArray, false: IntArray, n: int | IntArray, threshold: FloatArray
) -> FloatArray:
    odds = threshold / (1.0 - threshold)
    benefit: FloatArray = (true - false * odds) / n
    return benefit


def net_benefit(
    predictions: Predictions, thresholds: Sequence[float]
) -> tuple[FloatArray, FloatArray]:
    """Net benefit of the model and of treating all, each of shape (m,).

    Raises NotEstimableError: "no_events", "all_events"; ValueError for a threshold outside 0 to 1.
    """
    predictions.need_both_outcomes()
    threshold = _checked(thresholds)
    true, false = predictions.tally.at_or_above(threshold)
    n = predictions.n
    everybody = np.full(len(threshold), predictions.events)
    others = np.full(len(threshold), predictions.non_events)
    return (
        _net_benefit(true, false, n, threshold),
        _net_benefit(everybody, others, n, threshold),
    )


def _checked(thresholds: Sequence[float]) -> FloatArray:
    threshold = np.asarray(thresholds, dtype=np.float64)
    if not ((threshold > 0.0) & (threshold < 1.0)).all() or (np.diff(threshold) <= 0.0).any():
        raise ValueError("thresholds ascend between 0 and 1")
    return threshold


def decision_curve(
    predictions: Predictions,
    thresholds: Sequence[float] = CURVE_THRESHOLDS,
    *,
    resamples: int = 1000,
    seed: int,
) -> DecisionCurve:
    """Net benefit at the thresholds, with its bands by bootstrap.

    Patients are resampled with all of their rows (``drawn_counts``). ``resamples`` 0 leaves the
    bands out, and so does a single patient, who is the same in all. Raises as ``net_benefit``.
    """
    model, treat_all = net_benefit(predictions, thresholds)
    threshold = _checked(thresholds)
    if not resamples or predictions.patients == 1:
        return DecisionCurve(threshold, model, treat_all, None, None, None, None, 0, seed)
    drawn = drawn_counts(predictions, threshold, resamples=resamples, seed=seed)
    totals = drawn.sum(axis=2)
    n = totals.sum(axis=1, keepdims=True)
    above = np.cumsum(drawn[:, :, :-1], axis=2)[:, :, ::-1]
    of_model = _net_benefit(above[:, 0], above[:, 1], n, threshold)
    of_all = _net_benefit(totals[:, :1], totals[:, 1:], n, threshold)
    low, high = np.quantile(of_model, _ENDS, axis=0)
    over_all_low, over_all_high = np.quantile(of_model - of_all, _ENDS, axis=0)
    return DecisionCurve(
        threshold, model, treat_all, low, high, over_all_low, over_all_high, resamples, seed
    )


def net_benefit_intervals(
    predictions: Predictions, thresholds: Sequence[float] = WIN_THRESHOLDS
) -> tuple[Interval, ...]:
    """First and last threshold of each stretch in which the model beats treating all and none.

    Only as fine as the thresholds: steps of 0.001, as the paper gives them. Raises as
    ``net_benefit``.
    """
    model, treat_all = net_benefit(predictions, thresholds)
    wins = (model > 0.0) & (model > treat_all)
    edges = np.flatnonzero(np.diff(wins.astype(np.int8), prepend=0, append=0))
    return tuple(
        Interval(float(thresholds[start]), float(thresholds[end - 1]))
        for start, end in zip(edges[::2], edges[1::2], strict=True)
    )

"""Can the risk tell patients with the outcome from those without? (Section 2.5, Table 6.)

A patient is called positive when the risk is at or above the threshold.
"""

import math
from dataclasses import dataclass

import numpy as np

from scoring.statistics.clusters import auc_variance
from scoring.statistics.errors import NotEstimableError
from scoring.statistics.intervals import (
    Estimate,
    Proportion,
    logit_scale_estimate,
    normal_two_sided_p,
    wilson,
)
from scoring.statistics.predictions import FloatArray, IntArray, Predictions, Tally

SIMPLIFIED_POINTS = 401
# On which the interval of an AUC is symmetric.
AUC_SCALE = "logit"


@dataclass(frozen=True, eq=False)
class RocCurve:
    """The ROC curve, from (0, 0) to (1, 1), arrays of shape (m + 1,).

    ``threshold`` descends; the first is infinity, where nobody is positive. The others are the
    distinct risks of the cohort.
    """

    threshold: FloatArray
    sensitivity: FloatArray
    false_positive_rate: FloatArray


@dataclass(frozen=True, eq=False)
class SimplifiedRoc:
    """Points of the ROC curve for drawing, from (0, 0) to (1, 1): at most ``SIMPLIFIED_POINTS``."""

    sensitivity: FloatArray
    false_positive_rate: FloatArray


@dataclass(frozen=True)
class OperatingPoint:
    """How a rule "positive at or above the threshold" does; proportions with Wilson intervals.

    ``ppv`` and ``npv`` are None when nobody is positive, or nobody negative.
    """

    threshold: float
    sensitivity: Proportion
    specificity: Proportion
    ppv: Proportion | None
    npv: Proportion | None

    @property
    def not_estimable(self) -> dict[str, str]:
        """A code for "ppv" ("nobody_positive") or "npv" ("nobody_negative") if it is missing."""
        codes = {"ppv": "nobody_positive", "npv": "nobody_negative"}
        return {name: code for name, code in codes.items() if getattr(self, name) is None}


def roc_curve(predictions: Predictions) -> RocCurve:
    """Every threshold there is. Raises NotEstimableError: "no_events", "all_events"."""
    predictions.need_both_outcomes()
    tally = predictions.tally
    true, false = _positives(tally)
    return RocCurve(
        threshold=np.concatenate([[np.inf], tally.value[::-1]]),
        sensitivity=true / true[-1],
        false_positive_rate=false / false[-1],
    )


def simplified_roc(predictions: Predictions) -> SimplifiedRoc:
    """The curve itself; of a long one, points at even distances along it.

    The simplified curve lies off by less than the distance of two points, 0.005. Raises
    NotEstimableError: "no_events", "all_events".
    """
    curve = roc_curve(predictions)
    places = np.arange(len(curve.sensitivity))
    if len(places) > SIMPLIFIED_POINTS:
        # Both rise, so their sum runs from 0 to 2 without ever falling.
        along = curve.sensitivity + curve.false_positive_rate
        even = np.linspace(0.0, 2.0, SIMPLIFIED_POINTS)
        places = np.unique(np.minimum(np.searchsorted(along, even), len(places) - 1))
    return SimplifiedRoc(curve.sensitivity[places], curve.false_positive_rate[places])


def _positives(tally: Tally) -> tuple[IntArray, IntArray]:
    """True and false positives from "nobody" down to the lowest value."""
    return (
        np.concatenate([[0], np.cumsum(tally.events[::-1])]),
        np.concatenate([[0], np.cumsum(tally.non_events[::-1])]),
    )


def area(tally: Tally) -> float:
    """Share of pairs (event, non-event) in which the event has the higher value; ties half."""
    events, non_events = int(tally.events.sum()), int(tally.non_events.sum())
    below = np.cumsum(tally.non_events) - tally.non_events
    # Twice the number of pairs won, in whole numbers: 2^63 is far beyond any cohort's pairs.
    twice = int(np.sum(tally.events * (2 * below + tally.non_events)))
    return twice / (2 * events * non_events)


def auc(predictions: Predictions) -> float:
    """Area under the ROC curve, ties counted half.

    Raises NotEstimableError: "no_events", "all_events", "constant_risk".
    """
    predictions.need_both_outcomes()
    predictions.need_different_risks()
    return area(predictions.tally)


def auc_estimate(predictions: Predictions) -> Estimate:
    """AUC with DeLong's interval on the logit scale; ``se`` is that of the AUC itself.

    Where patients repeat, the variance is Obuchowski's (Biometrics 1997;53:567). Raises
    NotEstimableError as ``auc``, ``delong`` and ``auc_variance``.
    """
    predictions.need_both_outcomes()
    predictions.need_different_risks()
    if predictions.cluster is None:
        return delong(predictions.tally)
    return _clustered(predictions, predictions.cluster)


def delong(tally: Tally) -> Estimate:
    """AUC with the variance of DeLong et al. (Biometrics 1988;44:837), the interval by the logit.

    On the scale of the AUC itself the interval is too narrow with few events: script/coverage_auc.
    ``se`` is on that scale. Raises NotEstimableError: "too_few" (one event or one non-event),
    "complete_separation" (every event above every non-event, or below: the formula would give an
    interval without width).
    """
    value, of_event, of_non_event = _shares_won(tally)
    variance = sum(
        float(counts @ (part - value) ** 2) / (total - 1) / total
        for counts, part, total in (
            (tally.events, of_event, int(tally.events.sum())),
            (tally.non_events, of_non_event, int(tally.non_events.sum())),
        )
    )
    return logit_scale_estimate(value, math.sqrt(variance))


def _shares_won(tally: Tally) -> tuple[float, FloatArray, FloatArray]:
    """The AUC; what share of the others an event, and a non-event, of each value wins against.

    Raises NotEstimableError as ``delong``.
    """
    events, non_events = int(tally.events.sum()), int(tally.non_events.sum())
    if min(events, non_events) < 2:
        raise NotEstimableError("too_few")
    value = area(tally)
    if value in (0.0, 1.0):
        raise NotEstimableError("complete_separation")
    below = np.cumsum(tally.non_events) - tally.non_events
    above = events - np.cumsum(tally.events)
    return (
        value,
        (below + tally.non_events / 2.0) / non_events,
        (above + tally.events / 2.0) / events,
    )


def _clustered(predictions: Predictions, cluster: IntArray) -> Estimate:
    tally, event = predictions.tally, predictions.event
    value, of_event, of_non_event = _shares_won(tally)
    place = tally.places()
    of_row = np.where(event, of_event[place], of_non_event[place])
    return logit_scale_estimate(value, math.sqrt(auc_variance(value, of_row, event, cluster)))


def auc_p_value(estimate: Estimate) -> float:
    """Two-sided test of an AUC against 0.5, with DeLong's standard error."""
    return normal_two_sided_p((estimate.value - 0.5) / estimate.se)


def at_threshold(predictions: Predictions, threshold: float) -> OperatingPoint:
    """Sensitivity, specificity, PPV and NPV at a threshold of the risk.

    Raises NotEstimableError: "no_events", "all_events".
    """
    predictions.need_both_outcomes()
    positive = predictions.risk >= threshold
    true = int(np.count_nonzero(positive & predictions.event))
    false = int(np.count_nonzero(positive)) - true
    return _operating(threshold, true, false, predictions)


def _operating(threshold: float, true: int, false: int, predictions: Predictions) -> OperatingPoint:
    positive, negative = true + false, predictions.n - true - false
    true_negatives = predictions.non_events - false
    return OperatingPoint(
        threshold=threshold,
        sensitivity=wilson(true, predictions.events),
        specificity=wilson(true_negatives, predictions.non_events),
        ppv=wilson(true, positive) if positive else None,
        npv=wilson(true_negatives, negative) if negative else None,
    )


def best_threshold(tally: Tally) -> float:
    """The value with the highest sensitivity + specificity for "at or above"; of equals the lowest.

    The lowest misses the fewest patients.
    """
    true, false = _positives(tally)
    # In whole numbers, so that equally good thresholds are equal. From below: as "everybody is
    # positive" is no worse than "nobody", the first place, which is no value, never wins.
    index = (true * false[-1] - false * true[-1])[::-1]
    return float(tally.value[int(np.argmax(index))])


def youden(predictions: Predictions) -> OperatingPoint:
    """The rule with the highest Youden index; its threshold is one of the cohort's risks.

    Raises NotEstimableError: "no_events", "all_events", "constant_risk", "worse_than_chance" (the
    AUC is 0.5 or less: no rule "at or above" is the model's).
    """
    if auc(predictions) <= 0.5:
        raise NotEstimableError("worse_than_chance")
    return at_threshold(predictions, best_threshold(predictions.tally))

"""A validation weighted for patients whose outcome is missing: a sensitivity analysis.

Each patient with a known outcome stands for those like him: his weight is the inverse of the
probability that the outcome is known, by logistic regression, stabilised and truncated (Cole and
Hernan, Am J Epidemiol 2008;168:656; Seaman and White, Stat Methods Med Res 2013;22:278). Intervals
are robust: by linearisation, as for a survey with known weights (Binder, Int Stat Rev 1983;51:279)
whose sampling units are the patients.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from scoring.nomogram.logistic import Z95, Interval, risk_of_logit
from scoring.statistics.clusters import auc_variance, sandwich, variance_of_sum
from scoring.statistics.errors import NotEstimableError, found_or_reason
from scoring.statistics.intervals import Estimate, logit_scale_estimate
from scoring.statistics.logistic import fit, fit_counts
from scoring.statistics.predictions import BoolArray, FloatArray, IntArray, Predictions

# Of the weights: those beyond these quantiles are set to them.
TRUNCATED_AT = 0.01, 0.99
# With fewer known or missing outcomes the regression says nothing.
FEWEST = 20


@dataclass(frozen=True)
class Weights:
    """How patients with a known outcome are weighted: ``low`` to ``high``, ``mean`` near 1.

    ``effective_n`` is Kish's: as many patients of equal weight tell as much.
    """

    low: float
    high: float
    mean: float
    effective_n: float


@dataclass(frozen=True)
class WeightedPerformance:
    """As the fields of a Validation; None where ``not_estimable`` has the reason by field name."""

    observed_expected: Estimate | None
    auc: Estimate | None
    calibration_in_the_large: Estimate | None
    calibration_slope: Estimate | None
    not_estimable: dict[str, str] = field(default_factory=dict)


def stabilised_weights(x: FloatArray, known: BoolArray, analysed: FloatArray) -> FloatArray:
    """Share known / P(known | x), truncated, of the patients ``analysed``.

    ``x``, shape (n, k), and ``known``, shape (n,), are who the probability is fitted on;
    ``analysed``, shape (m, k), the same columns of those to weight. Raises NotEstimableError:
    "too_few_missing", "too_few" (known) and as ``logistic.fit``.
    """
    if np.count_nonzero(~known) < FEWEST:
        raise NotEstimableError("too_few_missing")
    if np.count_nonzero(known) < FEWEST:
        raise NotEstimableError("too_few")
    probability = risk_of_logit(fit(x, known).logits(analysed))
    weight = known.mean() / probability
    truncated: FloatArray = np.clip(weight, *np.quantile(weight, TRUNCATED_AT))
    return truncated


def summary_of(weight: FloatArray) -> Weights:
    """What to say of the weights of an array of shape (n,)."""
    return Weights(
        low=float(weight.min()),
        high=float(weight.max()),
        mean=float(weight.mean()),
        effective_n=float(weight.sum() ** 2 / (weight @ weight)),
    )


def weighted_performance(predictions: Predictions, weight: FloatArray) -> WeightedPerformance:
    """Judge predictions by weights above 0, shape (n,). Never raises for degenerate data."""
    reasons: dict[str, str] = {}

    def found(
        name: str, statistic: Callable[[Predictions, FloatArray], Estimate]
    ) -> Estimate | None:
        return found_or_reason(reasons, name, statistic, predictions, weight)

    return WeightedPerformance(
        observed_expected=found("observed_expected", observed_expected),
        auc=found("auc", auc),
        calibration_in_the_large=found("calibration_in_the_large", calibration_in_the_large),
        calibration_slope=found("calibration_slope", calibration_slope),
        not_estimable=reasons,
    )


def observed_expected(predictions: Predictions, weight: FloatArray) -> Estimate:
    """Weighted events over weighted risks; interval on the log scale, ``se`` is that of ln(O/E).

    Raises NotEstimableError: "no_events", "all_events", "too_few" (one patient), "no_variation".
    """
    predictions.need_both_outcomes()
    observed, expected = float(weight @ predictions.outcome), float(weight @ predictions.risk)
    influence = weight * (predictions.outcome / observed - predictions.risk / expected)
    se = math.sqrt(variance_of_sum(influence, _patients(predictions)))
    ratio, factor = observed / expected, math.exp(Z95 * se)
    return Estimate(ratio, se, Interval(ratio / factor, ratio * factor))


def auc(predictions: Predictions, weight: FloatArray) -> Estimate:
    """Weighted share of pairs in which the event has the higher risk, ties half.

    DeLong's variance, or Obuchowski's, with weighted placements; the interval is symmetric in the
    logit, ``se`` is that of the AUC. Raises NotEstimableError: "no_events", "all_events",
    "constant_risk", "too_few" (one event or one non-event, or all of one patient),
    "complete_separation", "no_variation".
    """
    predictions.need_both_outcomes()
    predictions.need_different_risks()
    if min(predictions.events, predictions.non_events) < 2:
        raise NotEstimableError("too_few")
    value, place = np.unique(predictions.risk, return_inverse=True)
    mine, other = weight * predictions.outcome, weight * (1.0 - predictions.outcome)
    events, non_events = (np.bincount(place, part, len(value)) for part in (mine, other))
    below = np.cumsum(non_events) - non_events
    above = events.sum() - np.cumsum(events)
    of_event = (below + non_events / 2.0) / non_events.sum()
    of_non_event = (above + events / 2.0) / events.sum()
    area = float(events @ of_event / events.sum())
    if not 1e-12 < area < 1.0 - 1e-12:
        raise NotEstimableError("complete_separation")
    of_row = np.where(predictions.event, of_event[place], of_non_event[place])
    patients = _patients(predictions)
    variance = auc_variance(area, of_row, predictions.event, patients, weight=weight)
    return logit_scale_estimate(area, math.sqrt(variance))


def calibration_in_the_large(predictions: Predictions, weight: FloatArray) -> Estimate:
    """The weighted intercept with the slope held at 1. Raises as ``calibration_slope``."""
    return _fitted(predictions, weight, np.empty((predictions.n, 0)), predictions.logit)


def calibration_slope(predictions: Predictions, weight: FloatArray) -> Estimate:
    """The weighted slope of logit(risk), fitted with its intercept.

    Raises NotEstimableError: "no_events", "all_events", "constant_risk", "risk_of_0_or_1",
    "no_convergence" (separation included), and as ``clusters.sandwich``.
    """
    predictions.need_both_outcomes()
    predictions.need_different_risks()
    return _fitted(predictions, weight, predictions.logit[:, None], None)


def _fitted(
    predictions: Predictions, weight: FloatArray, x: FloatArray, offset: FloatArray | None
) -> Estimate:
    """The last coefficient with its sandwich standard error."""
    predictions.need_both_outcomes()
    found = fit_counts(x, weight * predictions.outcome, weight, offset)
    patients = _patients(predictions)
    robust = sandwich(found, x, predictions.event, patients, offset, weight=weight)
    return robust.estimate(x.shape[1])


def _patients(predictions: Predictions) -> IntArray:
    """The number of the patient behind each row."""
    return np.arange(predictions.n) if predictions.cluster is None else predictions.cluster

"""Calibration: do as many events happen as predicted? (Sections 2.5 and 3.5.)"""

import math
from dataclasses import dataclass

import numpy as np

from scoring.nomogram.logistic import Z95, Interval
from scoring.statistics.clusters import log_rate_variance, sandwich
from scoring.statistics.errors import NotEstimableError
from scoring.statistics.intervals import (
    Estimate,
    Proportion,
    chi_square_p,
    wilson,
)
from scoring.statistics.logistic import Fit, fit
from scoring.statistics.predictions import FloatArray, IntArray, Predictions

GROUPS = 10
HISTOGRAM_BINS = 20


def observed_expected(predictions: Predictions) -> Estimate:
    """Events over the sum of the risks; interval on the log scale, ``se`` is that of ln(O/E).

    Var ln(O/E) = (1 - O/n) / O (Debray et al., BMJ 2017;356:i6460); where patients repeat, of the
    same rate O/n by the sandwich. Raises NotEstimableError: "no_events", "all_events", "too_few"
    (all rows are of one patient).
    """
    predictions.need_both_outcomes()
    ratio = predictions.events / float(predictions.risk.sum())
    if predictions.cluster is None:
        variance = (1.0 - predictions.events / predictions.n) / predictions.events
    else:
        variance = log_rate_variance(predictions.event, predictions.cluster)
    se = math.sqrt(variance)
    return Estimate(ratio, se, Interval(ratio * math.exp(-Z95 * se), ratio * math.exp(Z95 * se)))


def calibration_in_the_large(predictions: Predictions) -> Estimate:
    """The intercept a of logit(P) = a + logit(risk): 0 if as many events as predicted.

    Where patients repeat, the interval is the sandwich's. Raises NotEstimableError: "no_events",
    "all_events", "risk_of_0_or_1", "too_few" (all rows are of one patient).
    """
    predictions.need_both_outcomes()
    nothing = np.empty((predictions.n, 0))
    found = fit(nothing, predictions.event, offset=predictions.logit)
    if predictions.cluster is not None:
        found = sandwich(found, nothing, predictions.event, predictions.cluster, predictions.logit)
    return found.estimate(0)


def recalibration_fit(predictions: Predictions) -> Fit:
    """Intercept a and slope b of logit(P) = a + b logit(risk) (Cox 1958): ideally 0 and 1.

    Where patients repeat, the covariance is the sandwich's. Raises NotEstimableError: "no_events",
    "all_events", "constant_risk", "risk_of_0_or_1", "separation", "too_few" (all rows are of one
    patient, or of two).
    """
    predictions.need_both_outcomes()
    predictions.need_different_risks()
    x = predictions.logit[:, None]
    try:
        both = fit(x, predictions.event)
    except NotEstimableError as error:
        if error.code == "constant_predictor":
            raise NotEstimableError("constant_risk") from None
        raise
    if predictions.cluster is None:
        return both
    return sandwich(both, x, predictions.event, predictions.cluster)


def brier(predictions: Predictions) -> float:
    """Mean squared distance of risk and outcome: 0 is best."""
    return float(np.mean((predictions.risk - predictions.outcome) ** 2))


def scaled_brier(predictions: Predictions) -> float:
    """1 - Brier / (Brier of the event rate as everybody's risk): 1 is best, 0 is no better.

    Raises NotEstimableError: "no_events", "all_events".
    """
    predictions.need_both_outcomes()
    rate = predictions.events / predictions.n
    return 1.0 - brier(predictions) / (rate * (1.0 - rate))


@dataclass(frozen=True)
class RiskGroup:
    """Patients with risks above ``low`` (in the first group: at it) up to ``high``.

    ``expected`` is the sum of their risks; ``observed`` counts their events.
    """

    low: float
    high: float
    n: int
    expected: float
    observed: Proportion

    @property
    def mean_risk(self) -> float:
        """Mean predicted risk."""
        return self.expected / self.n


@dataclass(frozen=True)
class RiskHistogram:
    """How many patients with and without the outcome have a risk in each twentieth of 0 to 1.

    A risk at an edge belongs above it, 1 to the last twentieth.
    """

    events: tuple[int, ...]
    non_events: tuple[int, ...]


@dataclass(frozen=True)
class HosmerLemeshow:
    """Chi-square of the groups.

    ``df`` and ``p`` follow the paper and R's hoslem.test: groups - 2, also for external data.
    ``external_df`` and ``external_p`` follow the textbook for data the model was not made from:
    as many degrees of freedom as groups (Hosmer and Lemeshow 2013, section 5.2.2).
    """

    chi2: float
    df: int
    p: float
    external_df: int
    external_p: float
    groups: int


def _quantiles(ascending: FloatArray, groups: int) -> FloatArray:
    """Quantiles 0, 1/g ... 1 as R's ``quantile`` (type 7) has them."""
    # Their places in whole numbers: a quantile that is a patient's risk is exactly that.
    place, rest = np.divmod(np.arange(groups + 1) * (len(ascending) - 1), groups)
    low = ascending[place]
    high = ascending[np.minimum(place + 1, len(ascending) - 1)]
    share = rest / groups
    quantiles: FloatArray = np.where(
        (rest == 0) | (low == high), low, (1.0 - share) * low + share * high
    )
    return quantiles


def risk_groups(predictions: Predictions, groups: int = GROUPS) -> tuple[RiskGroup, ...]:
    """Groups of about n/g patients, as R's ``cut(risk, quantile(risk, 0:g/g))`` forms them.

    Equal risks stay in one group: with ties, or fewer patients than groups, fewer groups come
    out; empty ones are dropped. A group takes the risks above one quantile up to the next, the
    first also the lowest risk.
    """
    tally = predictions.tally
    counts = tally.events + tally.non_events
    breaks = np.unique(_quantiles(np.repeat(tally.value, counts), groups))
    ends = np.searchsorted(tally.value, breaks, side="right")
    starts = np.concatenate([[0], ends[1:-1]])
    if len(breaks) > 1:
        ends = ends[1:]
    filled = np.flatnonzero(ends > starts)
    begin = starts[filled]
    n, events = np.add.reduceat(counts, begin), np.add.reduceat(tally.events, begin)
    expected = np.add.reduceat(tally.value * counts, begin)
    last = len(breaks) - 1
    return tuple(
        RiskGroup(
            low=float(breaks[i]),
            high=float(breaks[min(i + 1, last)]),
            n=int(n[place]),
            expected=float(expected[place]),
            observed=wilson(int(events[place]), int(n[place])),
        )
        for place, i in enumerate(filled.tolist())
    )


def risk_histogram(predictions: Predictions) -> RiskHistogram:
    """The histogram of the risks."""
    tally = predictions.tally
    edges = np.arange(HISTOGRAM_BINS + 1) / HISTOGRAM_BINS
    place = np.searchsorted(tally.value, edges, side="left")
    place[-1] = len(tally.value)

    def counts(column: IntArray) -> tuple[int, ...]:
        return tuple(np.diff(np.concatenate([[0], np.cumsum(column)])[place]).tolist())

    return RiskHistogram(counts(tally.events), counts(tally.non_events))


def hosmer_lemeshow(predictions: Predictions, groups: int = GROUPS) -> HosmerLemeshow:
    """The test of Hosmer and Lemeshow on the groups of ``risk_groups``.

    Raises NotEstimableError: "no_events", "all_events", "too_few_groups" (fewer than 3 differ),
    "risk_of_0_or_1" (a group whose risks are all 0 or all 1).
    """
    predictions.need_both_outcomes()
    found = risk_groups(predictions, groups)
    if len(found) < 3:
        raise NotEstimableError("too_few_groups")
    chi2 = 0.0
    for group in found:
        if not 0.0 < group.mean_risk < 1.0:
            raise NotEstimableError("risk_of_0_or_1")
        difference = group.observed.successes - group.expected
        chi2 += difference**2 / (group.expected * (1.0 - group.mean_risk))
    df, external_df = len(found) - 2, len(found)
    return HosmerLemeshow(
        chi2=chi2,
        df=df,
        p=chi_square_p(chi2, df),
        external_df=external_df,
        external_p=chi_square_p(chi2, external_df),
        groups=len(found),
    )

"""Several hospitals' aggregates as one validation.

Two kinds of answer. What is a count or a sum over patients is that of all patients in one file:
event rate and net benefit at the cell edges that all hospitals share to the last digit, O/E and
Brier score but for what each hospital rounded (at most 0.5 of expected events and of squared
errors), and for the AUC of all patients two bounds. What is not is pooled from the hospitals' own
estimates by random effects, with the differences between hospitals: AUC (on the logit scale), O/E
(log), calibration in the large, and slope (Debray et al., BMJ 2017;356:i6460).
"""

import math
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, pairwise
from typing import NamedTuple

from scoring.nomogram.logistic import Z95, Interval, risk_of_logit
from scoring.statistics.errors import DataError, NotEstimableError
from scoring.statistics.intervals import Estimate, Proportion, wilson
from scoring.statistics.pooling.aggregate import SYNTHETIC, Aggregate, ValueSe
from scoring.statistics.pooling.random_effects import RandomEffects, random_effects


class CentreEstimate(NamedTuple):
    """A row of a forest plot, on the natural scale; ``weight`` is its share of the pooled value."""

    centre: str
    value: float
    ci95: Interval
    weight: float


@dataclass(frozen=True)
class PooledEstimate:
    """A statistic pooled over centres, on the natural scale.

    ``effects`` are on the scale of pooling: "logit" (AUC), "log" (O/E) or "identity". Centres whose
    estimate is missing are left out: ``left_out`` has their codes by centre.
    """

    value: float
    ci95: Interval
    prediction: Interval | None
    scale: str
    effects: RandomEffects
    centres: tuple[CentreEstimate, ...]
    left_out: dict[str, str]


class CommonCell(NamedTuple):
    """A stretch of risk whose ends all centres share: mean predicted and observed."""

    low: float
    high: float
    mean_risk: float
    observed: Proportion


class NetBenefit(NamedTuple):
    """At a threshold that is a cell edge in every centre."""

    threshold: float
    model: float
    treat_all: float


@dataclass(frozen=True)
class Pooled:
    """All centres together. ``auc_bounds`` hold for the AUC of all patients in one file."""

    model: str
    centres: tuple[str, ...]
    n: int
    events: int
    observed_expected: Estimate
    brier: float
    scaled_brier: float
    auc_bounds: Interval
    groups: tuple[CommonCell, ...]
    net_benefit: tuple[NetBenefit, ...]
    estimates: dict[str, PooledEstimate]
    not_estimable: dict[str, str]


class _Scale(NamedTuple):
    name: str
    to: Callable[[float], float]
    back: Callable[[float], float]
    # The standard error on this scale, from value and standard error on the natural one.
    se: Callable[[float, float], float]


_LOGIT = _Scale(
    "logit",
    lambda value: math.log(value / (1.0 - value)),
    lambda value: float(risk_of_logit(value)),
    lambda value, se: se / (value * (1.0 - value)),
)
# The standard error of O/E is that of its logarithm already.
_LOG = _Scale("log", math.log, math.exp, lambda _value, se: se)
_IDENTITY = _Scale("identity", float, float, lambda _value, se: se)
_SCALES = {
    "auc": _LOGIT,
    "observed_expected": _LOG,
    "calibration_in_the_large": _IDENTITY,
    "calibration_slope": _IDENTITY,
}
_SOURCES = {
    "auc": "auc",
    "calibration_in_the_large": "in_the_large",
    "calibration_slope": "slope",
}


def pool(aggregates: Sequence[Aggregate]) -> Pooled:
    """Pool the aggregates of different centres, all of one model.

    Names that differ in case or spaces are the same. Raises DataError: "empty",
    "different_models", "same_centre", "same_patients" (all numbers of two centres are equal),
    "synthetic_and_real".
    """
    _check_belong_together(aggregates)
    n = sum(one.n for one in aggregates)
    events = sum(one.events for one in aggregates)
    brier = sum(one.squared_error_sum for one in aggregates) / n
    rate = events / n
    estimates, reasons = _pooled_estimates(aggregates)
    groups = _common_cells(aggregates)
    return Pooled(
        model=aggregates[0].model,
        centres=tuple(one.centre for one in aggregates),
        n=n,
        events=events,
        observed_expected=_observed_expected(n, events, sum(one.risk_sum for one in aggregates)),
        brier=brier,
        scaled_brier=1.0 - brier / (rate * (1.0 - rate)),
        auc_bounds=auc_bounds(aggregates),
        groups=groups,
        net_benefit=_net_benefit(groups, n, events),
        estimates=estimates,
        not_estimable=reasons,
    )


def _check_belong_together(aggregates: Sequence[Aggregate]) -> None:
    if not aggregates:
        raise DataError("empty")
    if len({one.model for one in aggregates}) > 1:
        raise DataError("different_models")
    names = {_plain_name(one.centre) for one in aggregates}
    if len(names) < len(aggregates):
        raise DataError("same_centre")
    if any(
        replace(one, centre="") == replace(other, centre="")
        for one, other in combinations(aggregates, 2)
    ):
        raise DataError("same_patients")
    if len({SYNTHETIC.casefold() in name for name in names}) > 1:
        raise DataError("synthetic_and_real")


def _plain_name(name: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def _observed_expected(n: int, events: int, expected: float) -> Estimate:
    ratio = events / expected
    se = math.sqrt((1.0 - events / n) / events)
    return Estimate(ratio, se, Interval(ratio * math.exp(-Z95 * se), ratio * math.exp(Z95 * se)))


def _centre_estimate(one: Aggregate, name: str) -> ValueSe | None:
    if name == "observed_expected":
        ratio, se, _ci95 = _observed_expected(one.n, one.events, one.risk_sum)
        return ValueSe(ratio, se)
    return one.estimates.get(_SOURCES[name])


def _pooled_estimates(
    aggregates: Sequence[Aggregate],
) -> tuple[dict[str, PooledEstimate], dict[str, str]]:
    found, reasons = {}, {}
    for name, scale in _SCALES.items():
        try:
            found[name] = _pooled_estimate(aggregates, name, scale)
        except NotEstimableError as error:
            reasons[name] = error.code
        except OverflowError:
            reasons[name] = "too_wide"
    return found, reasons


def _pooled_estimate(aggregates: Sequence[Aggregate], name: str, scale: _Scale) -> PooledEstimate:
    rows, left_out = [], {}
    for one in aggregates:
        estimate = _centre_estimate(one, name)
        if estimate is None:
            left_out[one.centre] = one.not_estimable[_SOURCES[name]]
        else:
            rows.append((one.centre, estimate))
    places = [scale.to(value) for _centre, (value, _se) in rows]
    errors = [scale.se(value, se) for _centre, (value, se) in rows]
    effects = random_effects(places, [error**2 for error in errors])

    def back(interval: Interval) -> Interval:
        return Interval(scale.back(interval.low), scale.back(interval.high))

    return PooledEstimate(
        value=scale.back(effects.value),
        ci95=back(effects.ci95),
        prediction=effects.prediction and back(effects.prediction),
        scale=scale.name,
        effects=effects,
        centres=tuple(
            CentreEstimate(
                centre,
                value,
                back(Interval(place - Z95 * error, place + Z95 * error)),
                weight,
            )
            for (centre, (value, _se)), place, error, weight in zip(
                rows, places, errors, effects.weights, strict=True
            )
        ),
        left_out=left_out,
    )


def _common_cells(aggregates: Sequence[Aggregate]) -> tuple[CommonCell, ...]:
    shared = set.intersection(*({cell.low for cell in one.cells} for one in aggregates))
    edges = [*sorted(shared), 1.0]
    cells = [cell for one in aggregates for cell in one.cells]
    found = []
    for low, high in pairwise(edges):
        inside = [cell for cell in cells if low <= cell.low < high]
        events = sum(cell.events for cell in inside)
        n = events + sum(cell.non_events for cell in inside)
        mean = sum(cell.risk_sum for cell in inside) / n
        found.append(CommonCell(low, high, mean, wilson(events, n)))
    return tuple(found)


def _net_benefit(groups: Sequence[CommonCell], n: int, events: int) -> tuple[NetBenefit, ...]:
    found = []
    for place, group in enumerate(groups):
        threshold = group.low
        if not threshold:
            continue
        true = sum(one.observed.successes for one in groups[place:])
        false = sum(one.observed.n for one in groups[place:]) - true
        odds = threshold / (1.0 - threshold)
        found.append(
            NetBenefit(threshold, (true - false * odds) / n, (events - (n - events) * odds) / n)
        )
    return tuple(found)


def auc_bounds(aggregates: Sequence[Aggregate]) -> Interval:
    """Of the AUC of all patients in one file: all undecided pairs lost, and all won.

    A pair is undecided if the cells of its two patients overlap.
    """
    cells = [cell for one in aggregates for cell in one.cells]
    won = undecided = 0
    for event_cell in cells:
        for cell in cells:
            pairs = event_cell.events * cell.non_events
            if cell.high <= event_cell.low:
                won += pairs
            elif cell.low < event_cell.high:
                undecided += pairs
    pairs = sum(cell.events for cell in cells) * sum(cell.non_events for cell in cells)
    return Interval(won / pairs, (won + undecided) / pairs)

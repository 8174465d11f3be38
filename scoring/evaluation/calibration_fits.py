"""How the published and the adjusted curve fit the same patients, and how that is kept.

It is kept with a recalibration for good, so its form is written out here and follows no other one.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from scoring.statistics import Estimate, Interval, NotEstimableError, Predictions, wilson
from scoring.statistics.calibration import (
    RiskGroup,
    RiskHistogram,
    observed_expected,
    risk_groups,
    risk_histogram,
)
from scoring.statistics.calibration_curve import CalibrationCurve, calibration_curve

_ARRAYS = ("risk", "observed", "low", "high")
_DISTANCES = ("ici", "e50", "e90")


@dataclass(frozen=True, eq=False)
class Fit:
    """One calibration plot: groups by risk, smoothed curve, and how many have which risk.

    ``curve`` is None where these outcomes don't determine it.
    """

    groups: tuple[RiskGroup, ...]
    curve: CalibrationCurve | None
    spread: RiskHistogram


@dataclass(frozen=True, eq=False)
class Fits:
    """The same patients by the published and by the adjusted curve.

    ``expected``: how many of them the published risks expect to have the outcome.
    ``observed_expected``: how many had it, over that number.
    """

    expected: float
    observed_expected: Estimate
    before: Fit
    after: Fit


def fits(published: Predictions, adjusted: Predictions) -> Fits:
    """Both fits. Raises NotEstimableError as ``observed_expected``."""
    return Fits(
        expected=float(published.risk.sum()),
        observed_expected=observed_expected(published),
        before=_fit(published),
        after=_fit(adjusted),
    )


def _fit(predictions: Predictions) -> Fit:
    try:
        curve = calibration_curve(predictions)
    except NotEstimableError:
        curve = None
    return Fit(risk_groups(predictions), curve, risk_histogram(predictions))


def as_dict(found: Fits) -> dict[str, Any]:
    """As JSON keeps it."""
    ratio = found.observed_expected
    return {
        "expected": found.expected,
        "observed_expected": [ratio.value, ratio.se, *ratio.ci95],
        "before": _fit_as_dict(found.before),
        "after": _fit_as_dict(found.after),
    }


def _fit_as_dict(fit: Fit) -> dict[str, Any]:
    curve = fit.curve
    return {
        "groups": [[g.low, g.high, g.n, g.expected, g.observed.successes] for g in fit.groups],
        "curve": curve
        and {
            **{name: getattr(curve, name).tolist() for name in _ARRAYS},
            **{name: getattr(curve, name) for name in _DISTANCES},
            "knots": list(curve.knots),
        },
        "spread": [list(fit.spread.events), list(fit.spread.non_events)],
    }


def from_dict(kept: dict[str, Any]) -> Fits:
    """What ``as_dict`` kept."""
    ratio, se, low, high = kept["observed_expected"]
    return Fits(
        expected=kept["expected"],
        observed_expected=Estimate(ratio, se, Interval(low, high)),
        before=_fit_from_dict(kept["before"]),
        after=_fit_from_dict(kept["after"]),
    )


def _fit_from_dict(kept: dict[str, Any]) -> Fit:
    curve = kept["curve"]
    events, non_events = kept["spread"]
    return Fit(
        groups=tuple(
            RiskGroup(low, high, n, expected, wilson(successes, n))
            for low, high, n, expected, successes in kept["groups"]
        ),
        curve=None if curve is None else _curve_from_dict(curve),
        spread=RiskHistogram(tuple(events), tuple(non_events)),
    )


def _curve_from_dict(kept: dict[str, Any]) -> CalibrationCurve:
    risk, observed, low, high = (np.array(kept[name]) for name in _ARRAYS)
    ici, e50, e90 = (float(kept[name]) for name in _DISTANCES)
    knots = tuple(kept["knots"])
    return CalibrationCurve(risk, observed, low, high, knots, ici, e50, e90)

"""A flexible calibration curve, its band, and how far it runs from the diagonal.

Logistic regression of the outcome on a restricted cubic spline of the logit of the risk (Harrell,
Regression Modeling Strategies, section 2.4.5). ICI, E50 and E90 are those of Austin and Steyerberg
(Stat Med 2019;38:4051), there with loess in place of the spline.
"""

from dataclasses import dataclass

import numpy as np

from scoring.nomogram.logistic import Z95, risk_of_logit
from scoring.statistics.clusters import sandwich
from scoring.statistics.errors import NotEstimableError
from scoring.statistics.logistic import Fit, fit
from scoring.statistics.predictions import FloatArray, Predictions

# Quantiles of the knots for 3, 4 and 5 of them (Harrell, table 2.3).
_KNOT_QUANTILES = {
    3: (0.10, 0.50, 0.90),
    4: (0.05, 0.35, 0.65, 0.95),
    5: (0.05, 0.275, 0.50, 0.725, 0.95),
}
# Below so many values an outer quantile would lie among the last few: Hmisc's rcspline.eval takes
# the 5th from either end, and refuses fewer than 6.
_MANY, _OUTER, _FEWEST = 100, 5, 6
_CURVE_PLACES = 101


@dataclass(frozen=True, eq=False)
class CalibrationCurve:
    """The curve at places from the lowest to the highest risk, arrays of shape (101,).

    ``observed`` is the smoothed share of events at ``risk``, ``low`` and ``high`` its pointwise
    95 % band. ``knots`` are on the logit scale. ``ici``, ``e50`` and ``e90``: mean, median and 90th
    percentile of the patients' distances |smoothed share - risk|.
    """

    risk: FloatArray
    observed: FloatArray
    low: FloatArray
    high: FloatArray
    knots: tuple[float, ...]
    ici: float
    e50: float
    e90: float


def knot_count(events: int, non_events: int) -> int:
    """5 knots from 100 events and 100 non-events, 4 from 50, else 3."""
    fewer = min(events, non_events)
    return 5 if fewer >= 100 else 4 if fewer >= 50 else 3


def knots_of(values: FloatArray, count: int) -> FloatArray:
    """Knots at Harrell's quantiles of the values; with ties fewer, and none if fewer than 3.

    Below 100 values the outer ones are the 5th lowest and 5th highest, as in R's Hmisc. Never more
    than there are distinct values, or the curve would not be determined.
    """
    for fewer in range(min(count, len(np.unique(values))), 2, -1):
        places = np.quantile(values, _KNOT_QUANTILES[fewer])
        if _FEWEST <= len(values) < _MANY:
            ascending = np.sort(values)
            places[[0, -1]] = ascending[_OUTER - 1], ascending[-_OUTER]
        knots: FloatArray = np.unique(places)
        if len(knots) == fewer:
            return knots
    return np.empty(0)


def spline_basis(values: FloatArray, knots: FloatArray) -> FloatArray:
    """Restricted cubic spline: shape (n, k - 1), the values first; linear beyond the outer knots.

    Scaled by the square of the knots' span, as rcspline.eval(norm=2) of R's Hmisc does. Without
    knots the values alone.
    """
    if not len(knots):
        return values[:, None]
    last, before = knots[-1], knots[-2]
    span = last - knots[0]
    cube_last, cube_before = _cube_above(values, last), _cube_above(values, before)
    columns = [values]
    for knot in knots[:-2]:
        column = _cube_above(values, knot)
        column -= cube_before * ((last - knot) / (last - before))
        column += cube_last * ((before - knot) / (last - before))
        columns.append(column / span**2)
    return np.column_stack(columns)


def _cube_above(values: FloatArray, knot: float) -> FloatArray:
    above = np.maximum(values - knot, 0.0)
    # Not ** 3: numpy takes twenty times as long for it.
    cube: FloatArray = above * above * above
    return cube


def calibration_curve(predictions: Predictions) -> CalibrationCurve:
    """The curve of these predictions; where patients repeat, its band is the sandwich's.

    Raises NotEstimableError: "no_events", "all_events", "constant_risk", "risk_of_0_or_1",
    "separation", "collinear", "no_convergence", "too_few" (not more patients behind
    the rows than coefficients).
    """
    predictions.need_both_outcomes()
    predictions.need_different_risks()
    logit = predictions.logit
    knots = knots_of(logit, knot_count(predictions.events, predictions.non_events))
    basis = spline_basis(logit, knots)
    spline = _fitted(basis, predictions)
    distance = np.abs(risk_of_logit(spline.logits(basis)) - predictions.risk)
    e50, e90 = np.quantile(distance, (0.5, 0.9))
    places = np.linspace(logit.min(), logit.max(), _CURVE_PLACES)
    observed, low, high = _band(spline, spline_basis(places, knots))
    return CalibrationCurve(
        risk=risk_of_logit(places),
        observed=observed,
        low=low,
        high=high,
        knots=tuple(float(knot) for knot in knots),
        ici=float(distance.mean()),
        e50=float(e50),
        e90=float(e90),
    )


def _fitted(basis: FloatArray, predictions: Predictions) -> Fit:
    try:
        spline = fit(basis, predictions.event)
    except NotEstimableError as error:
        if error.code == "constant_predictor":
            raise NotEstimableError("constant_risk") from None
        raise
    if predictions.cluster is None:
        return spline
    return sandwich(spline, basis, predictions.event, predictions.cluster)


def _band(spline: Fit, basis: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    design = np.column_stack([np.ones(len(basis)), basis])
    logit = design @ spline.coefficients
    half = Z95 * np.sqrt(np.sum((design @ spline.covariance) * design, axis=1))
    return risk_of_logit(logit), risk_of_logit(logit - half), risk_of_logit(logit + half)

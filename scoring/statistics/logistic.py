"""Logistic regression by maximum likelihood, or the reason why there is no maximum.

Newton's method on standardised columns. Own code because it must be fast: a bootstrap refits a
thousand times, and a cohort may have a million patients. Tests compare it with statsmodels and R.
"""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from scoring.nomogram.logistic import Interval
from scoring.statistics.errors import NotEstimableError
from scoring.statistics.intervals import (
    Estimate,
    normal_estimate,
    normal_two_sided_p,
)
from scoring.statistics.predictions import BoolArray, FloatArray, need_both_outcomes

# Newton's steps shrink quadratically: after one this small nothing but rounding noise is left.
_TOLERANCE = 1e-8
_MAX_STEPS = 40
_MAX_HALVINGS = 30
# Beyond this logit a risk is 0 or 1 to a double: the maximum is not finite.
_LOGIT_LIMIT = 35.0
_RANK_TOLERANCE = 1e-11
# What is worked out for a block of rows stays in the processor's cache.
_BLOCK_ROWS = 4096
_SAMPLE_ROWS = 20_000


@dataclass(frozen=True, eq=False)
class Fit:
    """Coefficients (intercept first, logit per unit), covariance, maximised log-likelihood."""

    coefficients: FloatArray
    covariance: FloatArray
    log_likelihood: float

    @property
    def standard_errors(self) -> FloatArray:
        """One for each coefficient."""
        errors: FloatArray = np.sqrt(np.diag(self.covariance))
        return errors

    def estimate(self, index: int) -> Estimate:
        """A coefficient with its Wald interval; 0 is the intercept."""
        return normal_estimate(float(self.coefficients[index]), float(self.standard_errors[index]))

    def odds_ratio(self, index: int) -> tuple[float, Interval]:
        """Odds ratio per unit with its Wald interval."""
        value, _se, (low, high) = self.estimate(index)
        return float(np.exp(value)), Interval(float(np.exp(low)), float(np.exp(high)))

    def p_value(self, index: int) -> float:
        """Wald test of a coefficient against 0."""
        value, se, _ci95 = self.estimate(index)
        return normal_two_sided_p(value / se)

    def logits(self, x: FloatArray) -> FloatArray:
        """Linear predictor of rows x, shape (n, k)."""
        logits: FloatArray = self.coefficients[0] + x @ self.coefficients[1:]
        return logits


def log_likelihood(logit: FloatArray, outcome: FloatArray) -> float:
    """Log-likelihood of the outcomes (1.0 or 0.0), given these logits."""
    return float(
        np.sum(outcome * logit - np.maximum(logit, 0.0) - np.log1p(np.exp(-np.abs(logit))))
    )


def fit(x: FloatArray, event: BoolArray, offset: FloatArray | None = None) -> Fit:
    """Maximum likelihood of an intercept and the columns of x, shape (n, k); k may be 0.

    ``offset``, shape (n,), is added to the logit with coefficient 1. Raises NotEstimableError:
    "no_events", "all_events", "constant_predictor", "collinear" (with the first column that follows
    from those before it), "separation" (with the column if one alone separates), "no_convergence".
    """
    need_both_outcomes(event)
    design, middle, scale = _design(x)
    try:
        return _fitted(design, middle, scale, event.astype(np.float64), offset, None)
    except _NoMaximumError:
        if _is_separated(design, event):
            raise NotEstimableError("separation", _separating_column(x, event)) from None
        raise NotEstimableError("no_convergence") from None


def fit_counts(
    x: FloatArray, events: FloatArray, counts: FloatArray, offset: FloatArray | None = None
) -> Fit:
    """The same for rows of ``counts`` patients each, ``events`` of them with the outcome.

    Rows without patients are allowed. Raises NotEstimableError: "no_events", "all_events",
    "constant_predictor", "collinear", "no_convergence" (separation included).
    """
    if not events.any():
        raise NotEstimableError("no_events")
    if events.sum() >= counts.sum():
        raise NotEstimableError("all_events")
    design, middle, scale = _design(x)
    try:
        return _fitted(design, middle, scale, events, offset, counts)
    except _NoMaximumError:
        raise NotEstimableError("no_convergence") from None


def _design(x: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    middle, scale = _standard(x)
    design = np.empty((len(x), x.shape[1] + 1))
    design[:, 0] = 1.0
    np.subtract(x, middle, out=design[:, 1:])
    design[:, 1:] /= scale
    _need_full_rank(design)
    return design, middle, scale


def _fitted(
    design: FloatArray,
    middle: FloatArray,
    scale: FloatArray,
    outcome: FloatArray,
    offset: FloatArray | None,
    counts: FloatArray | None,
) -> Fit:
    beta, reached = _newton(design, outcome, offset, counts)
    back = np.diag(np.concatenate([[1.0], 1.0 / scale]))
    back[0, 1:] = -middle / scale
    covariance = back @ np.linalg.inv(reached.information) @ back.T
    return Fit(back @ beta, (covariance + covariance.T) / 2.0, reached.log_likelihood)


class _NoMaximumError(ArithmeticError):
    """The steps do not settle at finite coefficients."""


class _LikelihoodAt(NamedTuple):
    """The likelihood and its derivatives at some coefficients."""

    log_likelihood: float
    score: FloatArray
    information: FloatArray
    largest_logit: float


def _standard(x: FloatArray) -> tuple[FloatArray, FloatArray]:
    middle: FloatArray = x.mean(axis=0)
    scale: FloatArray = x.std(axis=0)
    # A column that is constant up to the rounding of its mean counts as constant.
    flat = scale <= 1e-12 * np.maximum(np.abs(middle), 1.0)
    if flat.any():
        raise NotEstimableError("constant_predictor", int(np.argmax(flat)))
    return middle, scale


def _need_full_rank(design: FloatArray) -> None:
    squares = sum(
        (design[rows].T @ design[rows] for rows in _blocks(len(design))),
        np.zeros((design.shape[1], design.shape[1])),
    )
    eigenvalues = np.linalg.eigvalsh(squares / len(design))
    if eigenvalues[0] <= _RANK_TOLERANCE * eigenvalues[-1]:
        raise NotEstimableError("collinear", _dependent_column(squares))


def _dependent_column(squares: FloatArray) -> int:
    """The first column that follows from those before it and the constant."""
    last = len(squares) - 1
    for column in range(1, last):
        eigenvalues = np.linalg.eigvalsh(squares[: column + 1, : column + 1])
        if eigenvalues[0] <= _RANK_TOLERANCE * eigenvalues[-1]:
            return column - 1
    return last - 1


def _blocks(n: int) -> Iterator[slice]:
    return (slice(first, first + _BLOCK_ROWS) for first in range(0, n, _BLOCK_ROWS))


def _likelihood_at(
    design: FloatArray,
    outcome: FloatArray,
    offset: FloatArray | None,
    counts: FloatArray | None,
    beta: FloatArray,
) -> _LikelihoodAt:
    size = len(beta)
    likelihood = largest = 0.0
    score, information = np.zeros(size), np.zeros((size, size))
    for rows in _blocks(len(design)):
        x, y = design[rows], outcome[rows]
        fitted = x @ beta
        largest = max(largest, float(np.max(np.abs(fitted))))
        logit = fitted if offset is None else fitted + offset[rows]
        tail = np.exp(-np.abs(logit))
        inverse = 1.0 / (1.0 + tail)
        risk = np.where(logit >= 0.0, inverse, tail * inverse)
        trials = 1.0 if counts is None else counts[rows]
        expected = trials * risk
        likelihood += float(
            y @ logit - (trials * (np.maximum(logit, 0.0) + np.log(1.0 + tail))).sum()
        )
        score += x.T @ (y - expected)
        information += (x * (trials * (tail * inverse * inverse))[:, None]).T @ x
    return _LikelihoodAt(likelihood, score, information, largest)


def _start(
    design: FloatArray, outcome: FloatArray, offset: FloatArray | None, counts: FloatArray | None
) -> FloatArray:
    """Where the steps begin: for very many rows, at the coefficients of a sample of them."""
    stride = len(design) // _SAMPLE_ROWS
    if stride > 1 and counts is None:
        every = slice(None, None, stride)
        shift = None if offset is None else offset[every]
        # Without a maximum in the sample, start as for few rows.
        with suppress(_NoMaximumError):
            return _newton(design[every], outcome[every], shift, None)[0]
    beta = np.zeros(design.shape[1])
    rate = outcome.mean() if counts is None else outcome.sum() / counts.sum()
    if 0.0 < rate < 1.0:
        beta[0] = np.log(rate / (1.0 - rate)) - (0.0 if offset is None else offset.mean())
    return beta


def _newton(
    design: FloatArray, outcome: FloatArray, offset: FloatArray | None, counts: FloatArray | None
) -> tuple[FloatArray, _LikelihoodAt]:
    """The coefficients of the maximum and the likelihood there. Raises _NoMaximumError."""
    beta = _start(design, outcome, offset, counts)
    here = _likelihood_at(design, outcome, offset, counts, beta)
    for _ in range(_MAX_STEPS):
        try:
            step = np.linalg.solve(here.information, here.score)
        except np.linalg.LinAlgError:
            break
        if not np.isfinite(step).all() or here.largest_logit > _LOGIT_LIMIT:
            break
        if np.max(np.abs(step)) < _TOLERANCE:
            return beta + step, here
        there = _likelihood_at(design, outcome, offset, counts, beta + step)
        # A step too far is halved until the likelihood does not fall (beyond rounding).
        for _halving in range(_MAX_HALVINGS):
            if there.log_likelihood >= here.log_likelihood - 1e-12 * abs(here.log_likelihood):
                break
            step = step / 2.0
            there = _likelihood_at(design, outcome, offset, counts, beta + step)
        beta, here = beta + step, there
    raise _NoMaximumError


def _is_separated(design: FloatArray, event: BoolArray) -> bool:
    """Whether a hyperplane has all events on one side and all non-events on the other.

    Points may lie on it, but not all (quasi-complete separation; Albert and Anderson, Biometrika
    1984;71:1). A linear programme decides.
    """
    from scipy.optimize import linprog

    signed = design * np.where(event, 1.0, -1.0)[:, None]
    answer = linprog(
        -signed.sum(axis=0), A_ub=-signed, b_ub=np.zeros(len(signed)), bounds=(-1.0, 1.0)
    )
    return bool(answer.status == 0 and -answer.fun > 1e-7 * len(signed))


def _separating_column(x: FloatArray, event: BoolArray) -> int | None:
    """The first column of which a threshold alone separates, if there is one."""
    with_event, without = x[event], x[~event]
    above = without.max(axis=0) <= with_event.min(axis=0)
    below = with_event.max(axis=0) <= without.min(axis=0)
    found = np.flatnonzero(above | below)
    return int(found[0]) if len(found) else None

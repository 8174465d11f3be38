"""Logits and outcomes to fit to and to draw from: patients, or for very many of them cells.

A logistic recalibration has two coefficients, and a cell is narrow: the patients of one differ by a
thousandth of the range of logits. Drawing how many patients with and without the outcome fall into
each cell is drawing the patients again, but for this width, in a thousandth of the time.
"""

from typing import NamedTuple

import numpy as np

from scoring.statistics.logistic import Fit, fit, fit_counts, log_likelihood
from scoring.statistics.predictions import BoolArray, FloatArray

_CELLS = 1000


class Patients(NamedTuple):
    """Logits and outcomes of patients, one a row."""

    logit: FloatArray
    event: BoolArray

    def fit(self, x: FloatArray, offset: FloatArray | None = None) -> Fit:
        """Logistic regression on the columns of x, shape (rows, k); see ``logistic.fit``."""
        return fit(x, self.event, offset)

    def log_likelihood(self) -> float:
        """Log-likelihood of the outcomes, given the logits."""
        return log_likelihood(self.logit, self.event.astype(np.float64))

    def brier(self, risk: FloatArray) -> float:
        """Mean squared distance of these risks and the outcomes."""
        return float(np.mean((risk - self.event) ** 2))

    def drawn(self, rng: np.random.Generator) -> "Patients":
        """As many patients drawn again with replacement."""
        rows = rng.integers(0, len(self.event), len(self.event))
        return Patients(self.logit[rows], self.event[rows])


class Cells(NamedTuple):
    """Patients of nearly one logit to a row: their mean logit, events and number."""

    logit: FloatArray
    events: FloatArray
    counts: FloatArray

    def fit(self, x: FloatArray, offset: FloatArray | None = None) -> Fit:
        """Logistic regression on the columns of x, shape (rows, k); see ``logistic.fit``."""
        return fit_counts(x, self.events, self.counts, offset)

    def log_likelihood(self) -> float:
        """Log-likelihood of the outcomes, given the logits."""
        return float(self.events @ self.logit - self.counts @ np.logaddexp(0.0, self.logit))

    def brier(self, risk: FloatArray) -> float:
        """Mean squared distance of these risks and the outcomes."""
        squares = self.events @ (1.0 - risk) ** 2 + (self.counts - self.events) @ risk**2
        return float(squares / self.counts.sum())

    def drawn(self, rng: np.random.Generator) -> "Cells":
        """As many patients drawn again with replacement."""
        kinds = np.concatenate([self.events, self.counts - self.events])
        n = int(self.counts.sum())
        again = rng.multinomial(n, kinds / n).astype(np.float64)
        events, non_events = np.split(again, 2)
        return Cells(self.logit, events, events + non_events)


def bin_by_logit(logit: FloatArray, event: BoolArray) -> Cells:
    """Cells of one width from the lowest to the highest logit, without the empty ones."""
    low, high = float(logit.min()), float(logit.max())
    cell = np.minimum(((logit - low) * (_CELLS / (high - low))).astype(np.int64), _CELLS - 1)
    counts = np.bincount(cell, minlength=_CELLS)
    filled = counts > 0
    sums = np.bincount(cell, weights=logit, minlength=_CELLS)
    events = np.bincount(cell[event], minlength=_CELLS).astype(np.float64)
    return Cells(sums[filled] / counts[filled], events[filled], counts[filled].astype(np.float64))

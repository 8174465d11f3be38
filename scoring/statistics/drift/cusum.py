"""Risk-adjusted CUSUM: does the outcome come more, or less, often than the risks say?"""

import math
from dataclasses import dataclass

import numpy as np

from scoring.statistics.predictions import BoolArray, FloatArray, Predictions


@dataclass(frozen=True)
class Signal:
    """A stretch of patients that made the chart signal; places count from 0.

    ``first`` follows the last place where the chart was at 0, the usual estimate of when a change
    began (Page, Biometrika 1954;41:100); at ``last`` the chart reached the limit. ``expected`` is
    the sum of the risks, ``events`` the observed number among the ``n`` patients in between.
    """

    first: int
    last: int
    events: int
    expected: float

    @property
    def n(self) -> int:
        """Number of patients from the first to the last."""
        return self.last - self.first + 1


@dataclass(frozen=True, eq=False)
class Path:
    """The chart after each patient, shape (n,); after a signal the next patient starts from 0."""

    value: FloatArray
    signals: tuple[Signal, ...]


def weights(risk: FloatArray, odds_ratio: float) -> tuple[FloatArray, FloatArray]:
    """Log-likelihood ratios of an event and of a non-event, each of the shape of ``risk``.

    Odds ``odds_ratio`` times the model's against those of the model: Steiner, Cook, Farewell and
    Treasure, Biostatistics 2000;1:441, equation (2) with R0 = 1 and RA = ``odds_ratio``.
    """
    non_event = -np.log1p((odds_ratio - 1.0) * risk)
    return non_event + math.log(odds_ratio), non_event


def cusum(predictions: Predictions, *, odds_ratio: float, limit: float) -> Path:
    """The one-sided chart of patients in their order: X = max(0, X + W), a signal at ``limit``.

    ``odds_ratio`` above 1 looks for more events than expected, below 1 for fewer.
    """
    with_event, without = weights(predictions.risk, odds_ratio)
    steps = np.where(predictions.event, with_event, without).tolist()
    values, ends = [], []
    at, first = 0.0, 0
    for place, step in enumerate(steps):
        at += step
        if at <= 0.0:
            at, first = 0.0, place + 1
        values.append(at)
        if at >= limit:
            ends.append((first, place))
            at, first = 0.0, place + 1
    return Path(
        value=np.array(values),
        signals=tuple(_signal(predictions.risk, predictions.event, *end) for end in ends),
    )


def _signal(risk: FloatArray, event: BoolArray, first: int, last: int) -> Signal:
    rows = slice(first, last + 1)
    return Signal(
        first, last, events=int(np.count_nonzero(event[rows])), expected=float(risk[rows].sum())
    )

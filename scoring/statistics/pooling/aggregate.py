"""What a hospital may share: counts and sums from which no patient can be read.

Everything in it is either over all patients or over a cell of at least ``MIN_CELL`` events and
``MIN_CELL`` non-events; cells that would be smaller are joined with their neighbours.
"""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from scoring.statistics.calibration import in_the_large, recalibration_fit
from scoring.statistics.discrimination import auc_estimate
from scoring.statistics.errors import NotEstimableError
from scoring.statistics.intervals import Estimate
from scoring.statistics.predictions import Predictions

MIN_CELL = 5
# Cells begin and end at whole per cent of risk.
_GRID = 100


class Cell(NamedTuple):
    """Patients with ``low`` <= risk < ``high``; in the last cell also those at 1."""

    low: float
    high: float
    events: int
    non_events: int
    risk_sum: float


class ValueSe(NamedTuple):
    """An estimate and its standard error."""

    value: float
    se: float


@dataclass(frozen=True)
class Aggregate:
    """The patients of one centre, without the patients.

    ``risk_sum``, and ``squared_error_sum`` of (risk - outcome), are over all patients.
    ``estimates`` has the centre's own "auc", "in_the_large", "intercept" and "slope";
    ``not_estimable`` has a code for each that is missing. The cells cover 0 to 1 without a gap.
    """

    centre: str
    model: str
    n: int
    events: int
    risk_sum: float
    squared_error_sum: float
    estimates: dict[str, ValueSe]
    not_estimable: dict[str, str]
    cells: tuple[Cell, ...]

    @property
    def non_events(self) -> int:
        """Number of patients without the outcome."""
        return self.n - self.events


def aggregate(predictions: Predictions, *, centre: str, model: str) -> Aggregate:
    """The aggregate of one centre's patients; ``model`` says whose risks they are.

    Raises NotEstimableError: "no_events", "all_events", "too_few" (fewer than ``MIN_CELL`` events
    or non-events: nothing can be shared).
    """
    predictions.need_both_outcomes()
    if min(predictions.events, predictions.non_events) < MIN_CELL:
        raise NotEstimableError("too_few")
    found: dict[str, ValueSe] = {}
    reasons: dict[str, str] = {}
    sources: dict[tuple[str, ...], Callable[[], tuple[Estimate, ...]]] = {
        ("auc",): lambda: (auc_estimate(predictions),),
        ("in_the_large",): lambda: (in_the_large(predictions),),
        ("intercept", "slope"): lambda: _intercept_and_slope(predictions),
    }
    for names, estimates in sources.items():
        try:
            found |= {
                name: ValueSe(estimate.value, estimate.se)
                for name, estimate in zip(names, estimates(), strict=True)
            }
        except NotEstimableError as error:
            reasons |= dict.fromkeys(names, error.code)
    return Aggregate(
        centre=centre,
        model=model,
        n=predictions.n,
        events=predictions.events,
        risk_sum=float(predictions.risk.sum()),
        squared_error_sum=float(np.sum((predictions.risk - predictions.outcome) ** 2)),
        estimates=found,
        not_estimable=reasons,
        cells=_cells(predictions),
    )


def _intercept_and_slope(predictions: Predictions) -> tuple[Estimate, ...]:
    both = recalibration_fit(predictions)
    return both.estimate(0), both.estimate(1)


def _cells(predictions: Predictions) -> tuple[Cell, ...]:
    edges = np.arange(_GRID + 1) / _GRID
    tally = predictions.tally
    place = np.searchsorted(tally.value, edges, side="left")
    place[-1] = len(tally.value)
    columns = [
        np.concatenate([[0], np.cumsum(column)])[place]
        for column in (
            tally.events,
            tally.non_events,
            tally.value * (tally.events + tally.non_events),
        )
    ]
    joined = _joined(np.diff(columns[0]).tolist(), np.diff(columns[1]).tolist())
    return tuple(
        Cell(
            low=float(edges[start]),
            high=float(edges[end]),
            events=int(columns[0][end] - columns[0][start]),
            non_events=int(columns[1][end] - columns[1][start]),
            risk_sum=float(columns[2][end] - columns[2][start]),
        )
        for start, end in pairwise(joined)
    )


def _joined(events: list[int], non_events: list[int]) -> list[int]:
    """Where cells begin, and the last one ends, so that none is too small."""
    starts, in_cell = [0], [0, 0]
    for end, counts in enumerate(zip(events, non_events, strict=True), start=1):
        in_cell = [a + b for a, b in zip(in_cell, counts, strict=True)]
        if min(in_cell) >= MIN_CELL:
            starts.append(end)
            in_cell = [0, 0]
    # What is left over at the top goes to the cell below.
    return [*starts[:-1], len(events)]

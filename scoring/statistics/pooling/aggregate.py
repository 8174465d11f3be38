"""What a hospital may share: counts and sums, none of them of few patients.

Everything in it is either over all patients or over a cell of at least ``MIN_CELL`` events and
``MIN_CELL`` non-events; cells that would be smaller are joined with their neighbours. Sums are
rounded: that of a cell's risks to a multiple of the cell's width, that of the squared errors to a
whole number. So they tell no more of a patient by whom two aggregates differ than which cell counts
one more. That much their counts do tell, and the estimates his rank: of aggregates whose patients
differ by few, only one may be shared.
"""

from bisect import bisect
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from scoring.statistics.calibration import calibration_in_the_large, recalibration_fit
from scoring.statistics.discrimination import auc_estimate
from scoring.statistics.errors import NotEstimableError
from scoring.statistics.intervals import Estimate
from scoring.statistics.predictions import Predictions

MIN_CELL = 5
# Cells begin and end at whole per cent of risk.
GRID = 100
_DECIMALS = 2
# As much as one patient can add: whoever is added is lost in the rounding.
SQUARED_ERROR_STEP = 1.0
ESTIMATES = frozenset({"auc", "in_the_large", "intercept", "slope"})
# In the name of a centre whose patients are made up.
SYNTHETIC = "(SYNTHETIC)"


class Cell(NamedTuple):
    """Patients with ``low`` <= risk < ``high``; in the last cell also those at 1."""

    low: float
    high: float
    events: int
    non_events: int
    risk_sum: float

    @property
    def n(self) -> int:
        """Number of patients."""
        return self.events + self.non_events

    @property
    def width(self) -> float:
        """From ``low`` to ``high``."""
        return self.high - self.low


class ValueSe(NamedTuple):
    """An estimate and its standard error."""

    value: float
    se: float


@dataclass(frozen=True)
class Aggregate:
    """The patients of one centre, without the patients.

    ``risk_sum``, the sum of those of the cells, and ``squared_error_sum`` of (risk - outcome) are
    over all patients: off by 0.5 at most, as cells of ``risk_sum`` are by half their width.
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

    Several rows of one patient count as independent.

    Raises NotEstimableError: "no_events", "all_events", "too_few" (fewer than ``MIN_CELL`` events
    or non-events: nothing can be shared), "nothing_expected" (the sum of the risks is rounded to
    0).
    """
    # Rows count as independent: whoever reads the file checks it by their number.
    predictions = Predictions(predictions.risk, predictions.event)
    predictions.need_both_outcomes()
    if min(predictions.events, predictions.non_events) < MIN_CELL:
        raise NotEstimableError("too_few")
    cells = _cells(predictions)
    risk_sum = round(sum(cell.risk_sum for cell in cells), _DECIMALS)
    if not risk_sum:
        raise NotEstimableError("nothing_expected")
    squared_error_sum = float(np.sum((predictions.risk - predictions.outcome) ** 2))
    found: dict[str, ValueSe] = {}
    reasons: dict[str, str] = {}
    sources: dict[tuple[str, ...], Callable[[], tuple[Estimate, ...]]] = {
        ("auc",): lambda: (auc_estimate(predictions),),
        ("in_the_large",): lambda: (calibration_in_the_large(predictions),),
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
        risk_sum=risk_sum,
        squared_error_sum=_to_steps(squared_error_sum, SQUARED_ERROR_STEP),
        estimates=found,
        not_estimable=reasons,
        cells=cells,
    )


def _intercept_and_slope(predictions: Predictions) -> tuple[Estimate, ...]:
    both = recalibration_fit(predictions)
    return both.estimate(0), both.estimate(1)


def _cells(predictions: Predictions) -> tuple[Cell, ...]:
    edges = np.arange(GRID + 1) / GRID
    tally = predictions.tally
    place = np.searchsorted(tally.value, edges, side="left")
    place[-1] = len(tally.value)
    events, non_events, risk_sum = (
        np.concatenate([[0], np.cumsum(column)])[place].tolist()
        for column in (
            tally.events,
            tally.non_events,
            tally.value * (tally.events + tally.non_events),
        )
    )
    return tuple(
        Cell(
            low=start / GRID,
            high=end / GRID,
            events=events[end] - events[start],
            non_events=non_events[end] - non_events[start],
            risk_sum=_to_steps(risk_sum[end] - risk_sum[start], (end - start) / GRID),
        )
        for start, end in pairwise(_allowed_edges(events, non_events))
    )


def _to_steps(value: float, step: float) -> float:
    """The nearest multiple of a step in hundredths."""
    return round(round(value / step) * step, _DECIMALS)


def _allowed_edges(events: list[int], non_events: list[int]) -> list[int]:
    """Edges on the grid that leave no cell too small; counts are those below each place.

    Tens of per cent are tried first, then fives, then the others: so hospitals of different size
    share as many edges as they can.
    """
    edges = [0, GRID]
    for step in (10, 5, 1):
        for edge in range(step, GRID, step):
            if edge in edges:
                continue
            after = bisect(edges, edge)
            low, high = edges[after - 1], edges[after]
            if all(
                min(counts[edge] - counts[low], counts[high] - counts[edge]) >= MIN_CELL
                for counts in (events, non_events)
            ):
                edges.insert(after, edge)
    return edges

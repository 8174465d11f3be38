"""Whether an aggregate can be what ``aggregate`` made of some patients.

Checked is what follows from its own counts and cells; sums may be rounded as ``aggregate`` rounds
them. What passes can be pooled: no division by 0, no logarithm of nothing, no overflow.
"""

import math
from itertools import pairwise

from scoring.statistics.pooling.aggregate import (
    ESTIMATES,
    GRID,
    MIN_CELL,
    SQUARED_ERROR_STEP,
    Aggregate,
    Cell,
    ValueSe,
)
from scoring.statistics.pooling.pool import auc_bounds

# Why an estimate of a centre may be missing.
REASONS = frozenset(
    {
        "collinear",
        "complete_separation",
        "constant_predictor",
        "constant_risk",
        "no_convergence",
        "risk_of_0_or_1",
        "separation",
    }
)
# Sums of doubles written in full and added in another order.
_SUM_TOLERANCE = 1e-9
# No logit of a double lies farther from 0.
_LARGEST_LOGIT = 745.0
# Far beyond any estimate, near enough for its square to be a number.
_LARGEST = 1e15


def is_consistent(one: Aggregate) -> bool:
    """Whether totals, cells, sums and estimates can be those of the same patients."""
    return (
        _cells_cover_everybody(one)
        and _sums_fit_the_cells(one)
        and _estimates_fit(one)
        and _missing_ones_are_explained(one)
    )


def _cells_cover_everybody(one: Aggregate) -> bool:
    edges = [(0.0, 0.0), *((cell.low, cell.high) for cell in one.cells), (1.0, 1.0)]
    return (
        bool(one.cells)
        and all(before[1] == after[0] for before, after in pairwise(edges))
        and all(cell.low < cell.high and cell.low == _on_grid(cell.low) for cell in one.cells)
        and all(min(cell.events, cell.non_events) >= MIN_CELL for cell in one.cells)
        and sum(cell.events for cell in one.cells) == one.events
        and sum(cell.non_events for cell in one.cells) == one.non_events
    )


def _on_grid(edge: float) -> float:
    return round(edge * GRID) / GRID


def _sums_fit_the_cells(one: Aggregate) -> bool:
    slack = _SUM_TOLERANCE * one.n
    errors = [_squared_errors(cell) for cell in one.cells]
    least, most = (sum(ends) for ends in zip(*errors, strict=True))
    rounding = slack + SQUARED_ERROR_STEP / 2.0
    return (
        one.risk_sum > 0.0
        and all(
            cell.low * cell.n - slack <= cell.risk_sum + cell.width / 2.0
            and cell.risk_sum - cell.width / 2.0 <= cell.high * cell.n + slack
            for cell in one.cells
        )
        and abs(sum(cell.risk_sum for cell in one.cells) - one.risk_sum) <= slack
        and least - rounding <= one.squared_error_sum <= most + rounding
    )


def _squared_errors(cell: Cell) -> tuple[float, float]:
    """The least and the most that the patients of a cell can add to the sum."""
    least = cell.events * (1.0 - cell.high) ** 2 + cell.non_events * cell.low**2
    most = cell.events * (1.0 - cell.low) ** 2 + cell.non_events * cell.high**2
    return least, most


def _estimates_fit(one: Aggregate) -> bool:
    return all(
        abs(estimate.value) <= _LARGEST
        and _least_se(name, one) * (1.0 - _SUM_TOLERANCE) <= estimate.se <= _LARGEST
        and (name != "auc" or _auc_fits(estimate, one))
        and (name != "in_the_large" or _in_the_large_fits(estimate, one))
        for name, estimate in one.estimates.items()
    )


def _least_se(name: str, one: Aggregate) -> float:
    """The smallest standard error that so many patients can give."""
    if name == "auc":
        # DeLong's shares are multiples of half a pair, and not all the same.
        return 1.0 / (2.0 * one.events * one.non_events)
    # A patient informs by risk (1 - risk) <= 1/4, of the slope by that times the squared logit.
    return 2.0 / math.sqrt(one.n) / (_LARGEST_LOGIT if name == "slope" else 1.0)


def _auc_fits(auc: ValueSe, one: Aggregate) -> bool:
    """Between the bounds of the cells; shares of mean AUC have no more variance than 0s and 1s."""
    low, high = auc_bounds([one])
    most = auc.value * (1.0 - auc.value) * (1.0 / (one.events - 1) + 1.0 / (one.non_events - 1))
    return (
        0.0 < auc.value < 1.0
        and low - _SUM_TOLERANCE <= auc.value <= high + _SUM_TOLERANCE
        and auc.se**2 <= most * (1.0 + _SUM_TOLERANCE)
    )


def _in_the_large_fits(estimate: ValueSe, one: Aggregate) -> bool:
    """More events than expected, or fewer, as O/E says: where rounding leaves no doubt."""
    excess = one.events - one.risk_sum
    doubt = sum(cell.width for cell in one.cells) / 2.0 + _SUM_TOLERANCE * one.n
    return abs(excess) <= doubt or (estimate.value > 0.0) == (excess > 0.0)


def _missing_ones_are_explained(one: Aggregate) -> bool:
    return (
        set(one.estimates).isdisjoint(one.not_estimable)
        and {*one.estimates, *one.not_estimable} == ESTIMATES
        and REASONS.issuperset(one.not_estimable.values())
    )

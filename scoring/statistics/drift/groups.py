"""Observed and expected numbers of groups of patients: months, or who assessed them."""

from dataclasses import dataclass

import numpy as np

from scoring.statistics.drift.ratio import Ratio, observed_expected_ratio
from scoring.statistics.errors import NotEstimableError
from scoring.statistics.predictions import BoolArray, FloatArray, IntArray


@dataclass(frozen=True)
class GroupFigures:
    """One group: ``expected`` is the sum of its risks; ``ratio`` None if too few are expected."""

    n: int
    events: int
    expected: float
    ratio: Ratio | None


def grouped_figures(
    group: IntArray, risk: FloatArray, event: BoolArray, *, groups: int
) -> list[GroupFigures]:
    """The figures of groups 0 to ``groups`` - 1; the arrays have shape (n,), perhaps of nobody."""
    counts = np.bincount(group, minlength=groups)
    events = np.bincount(group, event, groups)
    expected = np.bincount(group, risk, groups)
    return [
        group_figures(int(n), int(observed), float(total))
        for n, observed, total in zip(counts, events, expected, strict=True)
    ]


def group_figures(n: int, events: int, expected: float) -> GroupFigures:
    """The figures of one group, perhaps of nobody."""
    try:
        ratio = observed_expected_ratio(events, expected)
    except NotEstimableError:
        ratio = None
    return GroupFigures(n, events, expected, ratio)

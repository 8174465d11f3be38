"""Whether a model keeps holding: observed and expected over time, and when to look closer."""

from scoring.statistics.drift.cusum import Path, Signal, cusum
from scoring.statistics.drift.groups import GroupFigures, group_figures, grouped_figures
from scoring.statistics.drift.ratio import (
    FUNNEL_TAILS,
    LEAST_EXPECTED,
    Ratio,
    funnel_limits,
    observed_expected_ratio,
)
from scoring.statistics.drift.run_length import control_limit, run_length

__all__ = [
    "FUNNEL_TAILS",
    "LEAST_EXPECTED",
    "GroupFigures",
    "Path",
    "Ratio",
    "Signal",
    "control_limit",
    "cusum",
    "funnel_limits",
    "group_figures",
    "grouped_figures",
    "observed_expected_ratio",
    "run_length",
]

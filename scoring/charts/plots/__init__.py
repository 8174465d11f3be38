"""Plots of a validation, one a module. Words and shapes, no colors.

All of them are drawn by ``scoring/charts/plot.svg`` and hold in black and white: what is the
hospital's own is a thick line or a filled dot, what was published an open mark.
"""

from scoring.charts.plots.calibration import calibration_svg
from scoring.charts.plots.cusum import cusum_svg
from scoring.charts.plots.decision import decision_curve_svg
from scoring.charts.plots.forest import ForestLayout, ForestRow, forest_svg
from scoring.charts.plots.funnel import FunnelPoint, funnel_svg
from scoring.charts.plots.lines import PrintedMark, lines_svg
from scoring.charts.plots.months import months_svg
from scoring.charts.plots.roc import RocMark, roc_svg

__all__ = [
    "ForestLayout",
    "ForestRow",
    "FunnelPoint",
    "PrintedMark",
    "RocMark",
    "calibration_svg",
    "cusum_svg",
    "decision_curve_svg",
    "forest_svg",
    "funnel_svg",
    "lines_svg",
    "months_svg",
    "roc_svg",
]

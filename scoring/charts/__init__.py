"""Numbers to SVG: geometry is worked out here, templates in ``scoring/charts`` draw it.

The same drawing serves the page and the PDF: presentation attributes only, no style, no script.
"""

from scoring.charts.bars import bar_percent, bar_scale, bar_svg
from scoring.charts.blank_nomogram import blank_nomogram_svg
from scoring.charts.blank_nomogram import row_labels as blank_nomogram_labels
from scoring.charts.data_uri import as_data_uri
from scoring.charts.examples import example_svg
from scoring.charts.icon_array import icon_array_svg, icon_array_title
from scoring.charts.nomogram import (
    NomogramLayout,
    PrintLabel,
    RowWords,
    nomogram_svg,
    print_labels,
    row_words,
)
from scoring.charts.palette import PRINT_FONTS
from scoring.charts.plots import (
    ForestLayout,
    ForestRow,
    FunnelPoint,
    PrintedMark,
    RocMark,
    calibration_svg,
    cusum_svg,
    decision_curve_svg,
    forest_svg,
    funnel_svg,
    lines_svg,
    months_svg,
    roc_svg,
)
from scoring.charts.qr import qr_svg
from scoring.charts.risk_scale import risk_scale_svg
from scoring.charts.trend import TrendPoint, trend_svg
from scoring.charts.watermark import watermark_svg

__all__ = [
    "PRINT_FONTS",
    "ForestLayout",
    "ForestRow",
    "FunnelPoint",
    "NomogramLayout",
    "PrintLabel",
    "PrintedMark",
    "RocMark",
    "RowWords",
    "TrendPoint",
    "as_data_uri",
    "bar_percent",
    "bar_scale",
    "bar_svg",
    "blank_nomogram_labels",
    "blank_nomogram_svg",
    "calibration_svg",
    "cusum_svg",
    "decision_curve_svg",
    "example_svg",
    "forest_svg",
    "funnel_svg",
    "icon_array_svg",
    "icon_array_title",
    "lines_svg",
    "months_svg",
    "nomogram_svg",
    "print_labels",
    "qr_svg",
    "risk_scale_svg",
    "roc_svg",
    "row_words",
    "trend_svg",
    "watermark_svg",
]

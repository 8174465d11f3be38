"""An assessment in words and on paper."""

from scoring.report.pdf import render_report, warm_up
from scoring.report.sheet import Sheet

__all__ = ["Sheet", "render_report", "warm_up"]

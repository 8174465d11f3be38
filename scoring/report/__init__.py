"""An assessment in words and on paper."""

from scoring.report.pdf import ReportFetchRefusedError, render_report, warm_up
from scoring.report.sheet import Sheet

__all__ = ["ReportFetchRefusedError", "Sheet", "render_report", "warm_up"]

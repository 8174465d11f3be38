"""An assessment in words and on paper."""

from scoring.report.patient_sheet import render_patient_sheet
from scoring.report.pdf import render_report
from scoring.report.sheet import Sheet

__all__ = ["Sheet", "render_patient_sheet", "render_report"]

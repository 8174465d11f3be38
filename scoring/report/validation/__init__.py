"""The validation in words: figures beside the published ones, who counts, plots with their tables.

Page, paper and command line say the same because all of them ask here.
"""

from scoring.report.validation.by_user import by_user_context
from scoring.report.validation.cohort import Chosen, attrition_table, participant_flow
from scoring.report.validation.context import page_context
from scoring.report.validation.drift import drift_context
from scoring.report.validation.figures import FigureRow, figure_rows
from scoring.report.validation.plots import Plot, groups_table, plots_of

__all__ = [
    "Chosen",
    "FigureRow",
    "Plot",
    "attrition_table",
    "by_user_context",
    "drift_context",
    "figure_rows",
    "groups_table",
    "page_context",
    "participant_flow",
    "plots_of",
]

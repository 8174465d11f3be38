"""A model made from a cohort: its tables and plots, on a terminal, as HTML and as PDF."""

from django.template.loader import render_to_string

from scoring import charts
from scoring.evaluation.statistic_text import percent
from scoring.nomogram.rong2025.model import RONG_2025
from scoring.report.validation.figures import hosmer_lemeshow_rule
from scoring.statistics import Validation
from scoring.statistics.development import Development
from scoring.study.cautions import cautions_of
from scoring.study.cohort_file import CohortFile
from scoring.study.development_report.plots import development_plots
from scoring.study.development_report.tables import (
    fit_table,
    points_table,
    predictor_name,
    regression_table,
    risk_table,
    roc_table,
    tables,
)
from scoring.study.wording import cohort_caution_text

# Vergouwe et al., J Clin Epidemiol 2005;58:475: at least 100 events and 100 non-events.
_FEWEST_OF_A_CLASS = 100

__all__ = [
    "development_html",
    "development_plots",
    "fit_table",
    "points_table",
    "predictor_name",
    "regression_table",
    "risk_table",
    "roc_table",
    "tables",
]


def development_html(
    made: Development, judged: Validation, patients: CohortFile, *, name: str
) -> str:
    """The report as HTML that carries everything it shows."""
    return render_to_string(
        "scoring/development_report.html",
        {
            "name": name,
            "tables": tables(made, judged),
            "plots": [
                (plot, plot.svg and charts.as_data_uri(plot.svg))
                for plot in development_plots(judged)
            ],
            "rule": judged.hosmer_lemeshow and hosmer_lemeshow_rule(judged.hosmer_lemeshow),
            "n": judged.n,
            "events": judged.events,
            "rate": percent(judged.events / judged.n),
            "cautions": [cohort_caution_text(one) for one in cautions_of(patients)],
            "conclusive": min(judged.events, judged.non_events) >= _FEWEST_OF_A_CLASS,
            "screened": made.screen_alpha is not None,
            "seed": made.optimism and made.optimism.seed,
            "sha256": patients.sha256,
            "citation": RONG_2025.citation.text,
            "doi": RONG_2025.citation.doi,
        },
    )

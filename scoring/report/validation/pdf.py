"""The validation on paper: holds in black and white, says who asked for what and when."""

from collections.abc import Iterator

from django.template.loader import render_to_string
from django.utils import timezone

from scoring import charts
from scoring.evaluation.local import LocalValidation
from scoring.models.codes import PaperSize
from scoring.report.validation.cohort import Chosen
from scoring.report.validation.context import page_context
from scoring.report.validation.drift import drift_context
from scoring.report.validation.plots import Plot
from scoring.words.dates import moment_text


def validation_html(
    found: LocalValidation, chosen: Chosen, *, printed_by: str, ward: str, paper: PaperSize
) -> str:
    """The report as HTML that carries everything it shows.

    Hospital and ward stand at its head, ``printed_by`` in its foot.
    """
    context = page_context(found, chosen, fonts=charts.PRINT_FONTS)
    months = drift_context(found.drift, fonts=charts.PRINT_FONTS)
    plots: list[Plot] = context["plots"]
    return render_to_string(
        "scoring/validation_report.html",
        {
            **context,
            **months,
            "drift_drawings": [
                (plot.title, charts.as_data_uri(plot.svg)) for plot in months["drift_plots"]
            ],
            "sheets": [(plot, list(_in_pairs(plot))) for plot in plots],
            "subgroup_drawings": [
                charts.as_data_uri(drawing)
                for drawing in (context["subgroups"].drawings if context["subgroups"] else ())
            ],
            "ward": ward,
            "paper": paper,
            "printed_by": printed_by,
            "printed_at": moment_text(timezone.now()),
        },
    )


def _in_pairs(plot: Plot) -> Iterator[list[dict[str, object]]]:
    """Drawing and tables two by two; the last may stand alone."""
    cells: list[dict[str, object]] = []
    if plot.svg:
        cells.append({"drawing": charts.as_data_uri(plot.svg)})
    cells += [{"table": table} for table in plot.tables]
    for place in range(0, len(cells), 2):
        yield cells[place : place + 2]

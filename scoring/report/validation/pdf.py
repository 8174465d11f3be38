"""The validation on paper: holds in black and white, says who asked for what and when."""

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

# How high a drawing is, and title and head of a table, in rows of a table.
_DRAWING_ROWS, _HEAD_ROWS = 21.0, 2.5


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
            "sheets": [(plot, _in_columns(plot)) for plot in plots],
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


def _in_columns(plot: Plot) -> list[list[dict[str, object]]]:
    """Drawing and tables in their order, in two columns of about the same height."""
    cells: list[tuple[float, dict[str, object]]] = []
    if plot.svg:
        cells.append((_DRAWING_ROWS, {"drawing": charts.as_data_uri(plot.svg)}))
    cells += [(len(table.rows) + _HEAD_ROWS, {"table": table}) for table in plot.tables]
    if not cells:
        return []

    def higher(first: int) -> float:
        heights = [height for height, _cell in cells]
        return max(sum(heights[:first]), sum(heights[first:]))

    split = min(range(1, len(cells) + 1), key=higher)
    columns = ([cell for _height, cell in part] for part in (cells[:split], cells[split:]))
    return [column for column in columns if column]

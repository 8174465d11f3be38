"""The validation on paper: A4, holds in black and white, says who asked for what and when."""

from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.formats import date_format

from scoring import charts
from scoring.evaluation.local import LocalValidation
from scoring.report.validation.cohort import Chosen
from scoring.report.validation.context import page_context


def validation_html(found: LocalValidation, chosen: Chosen, *, printed_by: str) -> str:
    """The report as HTML that carries everything it shows."""
    context = page_context(found, chosen, fonts=charts.PRINT_FONTS)
    plots = context["plots"]
    return render_to_string(
        "scoring/validation_report.html",
        {
            **context,
            "drawings": [(plot, plot.svg and charts.as_data_uri(plot.svg)) for plot in plots],
            "printed_by": printed_by,
            "printed_at": date_format(timezone.localtime(), "d-M-Y H:i"),
        },
    )


def render_validation(found: LocalValidation, chosen: Chosen, *, printed_by: str) -> bytes:
    """The report as PDF; ``printed_by`` stands in its foot."""
    from scoring.report.renderer import pdf_of

    return pdf_of(validation_html(found, chosen, printed_by=printed_by))

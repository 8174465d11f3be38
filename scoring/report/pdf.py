"""An assessment to PDF bytes: one A4 page for the chart."""

import threading
from functools import cache
from typing import Any

from django.conf import settings
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from scoring import charts
from scoring.models import Assessment
from scoring.report.sheet import Sheet

# WeasyPrint's font configuration is shared and not made for threads.
_rendering = threading.Lock()


class ReportFetchRefusedError(ValueError):
    """The report asked for a file or an address; it may only hold what it carries itself."""


def _own_data_only(url: str, *_args: Any, **_kwargs: Any) -> dict[str, Any]:
    """Fetch inline data and nothing else, neither network nor disk."""
    from weasyprint.urls import default_url_fetcher

    if not url.startswith("data:"):
        raise ReportFetchRefusedError("the report tried to load something from outside itself")
    fetched: dict[str, Any] = default_url_fetcher(url)
    return fetched


@cache
def _styles() -> tuple[Any, Any]:
    """The parsed stylesheet and the fonts it found, once a process."""
    from weasyprint import CSS
    from weasyprint.text.fonts import FontConfiguration

    fonts = FontConfiguration()
    path = finders.find("scoring/report.css")
    if path is None:
        raise FileNotFoundError("static/scoring/report.css")
    return CSS(filename=path, font_config=fonts), fonts


def _qr_text(assessment: Assessment) -> str:
    """The address of the result page where the site has a public one, else the report number."""
    if settings.PUBLIC_URL:
        page = reverse("assessment-result", args=[assessment.pk])
        return f"{settings.PUBLIC_URL.rstrip('/')}{page}"
    return f"{assessment.chain.report_number} v{assessment.version}"


def report_html(assessment: Assessment, *, printed_by: str) -> str:
    """The report as HTML that carries everything it shows."""
    sheet = Sheet(assessment)
    return render_to_string(
        "scoring/report.html",
        {
            "sheet": sheet,
            "assessment": assessment,
            "patient": assessment.patient,
            "age_years": assessment.age_years,
            "printed_by": printed_by,
            "printed_at": date_format(timezone.localtime(), "d-M-Y H:i"),
            "nomogram": charts.as_data_uri(sheet.nomogram("print")),
            "labels": charts.print_labels(sheet.result),
            "icons": [
                charts.as_data_uri(
                    charts.icon_array_svg(text.scenario.risk, size=105, uid=text.code)
                )
                for text in sheet.scenarios
            ],
            "qr": charts.as_data_uri(charts.qr_svg(_qr_text(assessment))),
        },
    )


def render_report(assessment: Assessment, *, printed_by: str) -> bytes:
    """The report as PDF; ``printed_by`` stands in its foot."""
    return _pdf(report_html(assessment, printed_by=printed_by))


def _pdf(html: str) -> bytes:
    from weasyprint import HTML

    with _rendering:
        css, fonts = _styles()
        document = HTML(string=html, url_fetcher=_own_data_only)
        pdf: bytes = document.write_pdf(
            stylesheets=[css], font_config=fonts, pdf_variant="pdf/ua-1"
        )
    return pdf


def warm_up() -> None:
    """Import and render once at the start of the server, so that nobody waits for it later."""
    _pdf("<!doctype html><html lang='en'><head><title>-</title></head><body>-</body></html>")

"""An assessment on paper: one page for the chart."""

from datetime import UTC

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from scoring import charts
from scoring.models import Assessment
from scoring.models.codes import PaperSize
from scoring.report.enclosed import enclosed_files
from scoring.report.sheet import Sheet
from scoring.words.dates import moment_text


def _qr_text(assessment: Assessment) -> str:
    """The address of the result page where the site has a public one, else the report number."""
    if settings.PUBLIC_URL:
        page = reverse("assessment-result", args=[assessment.pk])
        return f"{settings.PUBLIC_URL.rstrip('/')}{page}"
    return f"{assessment.chain.report_number} v{assessment.version}"


def report_html(
    assessment: Assessment,
    *,
    printed_by: str | None,
    ward: str,
    size: PaperSize = PaperSize.A4,
) -> str:
    """The report as HTML that carries everything it shows, and the assessment for programs.

    Hospital and ward stand at its head, ``printed_by`` in its foot; None leaves room for a foot
    that is drawn later (``scoring.report.stamp``).
    """
    sheet = Sheet(assessment)
    return render_to_string(
        "scoring/report.html",
        {
            "sheet": sheet,
            "assessment": assessment,
            "paper": size,
            "patient": assessment.patient,
            "age_years": assessment.age_years,
            "ward": ward,
            "created": assessment.created_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "files": list(enclosed_files(assessment, ward)),
            "printed_by": printed_by,
            "printed_at": moment_text(timezone.now()),
            "nomogram": charts.as_data_uri(sheet.nomogram("print")),
            "labels": charts.print_labels(sheet.result),
            "icons": [
                charts.as_data_uri(
                    charts.icon_array_svg(text.scenario.risk, size=105, uid=text.code)
                )
                for text in sheet.scenarios
            ],
            "watermark": sheet.watermark and charts.as_data_uri(sheet.watermark_drawing),
            "qr": charts.as_data_uri(charts.qr_svg(_qr_text(assessment), size=46)),
        },
    )

"""The sheet for the patient: what the risk means in plain words, as one page."""

from django.template.loader import render_to_string
from django.utils import timezone

from scoring import charts
from scoring.models import Assessment
from scoring.models.codes import PaperSize
from scoring.report.sheet import Sheet
from scoring.words.dates import moment_text

_FINAL_PX, _ONE_OF_TWO_PX = 320, 220


def patient_sheet_html(
    assessment: Assessment,
    *,
    printed_by: str | None,
    ward: str,
    size: PaperSize = PaperSize.A4,
) -> str:
    """The sheet as HTML that carries everything it shows. It has no points and no cut-off.

    For a version of which ``Sheet.is_for_patient`` holds.
    """
    sheet = Sheet(assessment)
    side = _ONE_OF_TWO_PX if sheet.provisional else _FINAL_PX
    drawings = (
        charts.icon_array_svg(text.scenario.risk, size=side, uid=text.code)
        for text in sheet.scenarios
    )
    return render_to_string(
        "scoring/patient_sheet.html",
        {
            "sheet": sheet,
            "assessment": assessment,
            "paper": size,
            "patient": assessment.patient,
            "ward": ward,
            "printed_by": printed_by,
            "printed_at": moment_text(timezone.now()),
            "pictures": list(zip(sheet.scenarios, map(charts.as_data_uri, drawings), strict=True)),
        },
    )

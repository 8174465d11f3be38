"""An assessment on paper: its kinds, what their PDF depends on, and the foot of each print."""

import json
from collections.abc import Iterator
from hashlib import sha256
from html import unescape
from pathlib import Path
from typing import Any, Protocol

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Model
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.html import strip_tags
from django.utils.translation import get_language

from scoring.models import Assessment, PaperKind, WardSettings
from scoring.models.codes import PaperSize
from scoring.report.fonts import printable
from scoring.report.patient_sheet import patient_sheet_html
from scoring.report.pdf import report_html
from scoring.report.sheet import Sheet
from scoring.words.dates import moment_text


class _Html(Protocol):
    def __call__(
        self,
        assessment: Assessment,
        *,
        printed_by: str | None,
        ward: str,
        size: PaperSize = PaperSize.A4,
    ) -> str: ...


HTML: dict[PaperKind, _Html] = {
    PaperKind.REPORT: report_html,
    PaperKind.PATIENT_SHEET: patient_sheet_html,
}


def kinds(assessment: Assessment) -> list[PaperKind]:
    """What can be printed of a version."""
    is_for_patient = Sheet(assessment).is_for_patient
    return [kind for kind in PaperKind if kind is PaperKind.REPORT or is_for_patient]


def foot_text(kind: PaperKind, assessment: Assessment, printed_by: str) -> str:
    """The line at the foot of a sheet: which version, who prints it, and when."""
    context = {
        "assessment": assessment,
        "foot": Sheet(assessment).result.model.name if kind is PaperKind.PATIENT_SHEET else "",
        "printed_by": printed_by,
        "printed_at": moment_text(timezone.now()),
    }
    html = render_to_string("scoring/includes/paper_foot.html", context)
    return " ".join(unescape(strip_tags(html)).split())


def digest(kind: PaperKind, assessment: Assessment, ward: WardSettings, size: PaperSize) -> str:
    """SHA-256 of all that the PDF without its foot depends on.

    Versions, outcomes, recalibrations and results never change: their keys stand for them. Of what
    changes, whole rows count: a column too many makes a report once more, one too few would print
    what does not hold any more.
    """
    inputs = [
        kind,
        get_language(),
        size,
        timezone.get_current_timezone_name(),
        ward.heading,
        settings.PUBLIC_URL,
        assessment.pk,
        _row(assessment.patient),
        _row(assessment.chain),
        sorted(str(outcome.pk) for outcome in assessment.chain.outcomes.all()),
        [one.result.newest.pk for one in assessment.sources_by_predictor.values()],
        _PROGRAM,
        printable(),
    ]
    return sha256(json.dumps(inputs, cls=DjangoJSONEncoder).encode()).hexdigest()


def _row(row: Model) -> dict[str, Any]:
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}


def _program_files() -> Iterator[Path]:
    """What makes reports, and which versions of the packages it uses."""
    yield from (settings.BASE_DIR / "scoring").rglob("*.py")
    yield from (settings.BASE_DIR / "scoring").rglob("*.mo")
    yield from (settings.BASE_DIR / "scoring").rglob("*.css")
    yield from (settings.BASE_DIR / "scoring").rglob("*.xml")
    yield from (settings.BASE_DIR / "templates").rglob("*.*")
    yield settings.BASE_DIR / "static/scoring/report.css"
    yield settings.BASE_DIR / "requirements.txt"


def _program_digest() -> str:
    found = sha256(settings.VERSION.encode())
    for path in sorted(_program_files()):
        found.update(path.read_bytes())
    return found.hexdigest()


# When the process starts: from what it loaded, not from what an upgrade wrote since.
_PROGRAM = _program_digest()

"""What a row of the record is called, for those who look after the database."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from scoring.words.types import Words

_ROWS: dict[str, Words] = {
    "patient": _("Patient %(number)s"),
    "patientcorrection": _("Correction %(revision)s of patient %(number)s"),
    "assessmentchain": _("%(report)s (report number, state, dates)"),
    "assessment": _("%(report)s version %(version)s"),
    "outcome": _("%(report)s, outcome of day %(day)s, version %(version)s"),
    "recalibration": _("Recalibration %(number)s"),
    "recalibrationdecision": _("Recalibration %(number)s, decision “%(decision)s”"),
    "recalibratedrisk": _("%(report)s version %(version)s, recalibrated risk"),
    "wardsettings": _("Ward settings, revision %(revision)s"),
    "reportcounter": _("The counter of report numbers of %(year)s"),
    "indexassessment": _("%(report)s, copy for the validation"),
}


def row_text(model: str, about: Mapping[str, object], key: str) -> str:
    """RBP-2026-000347 version 2; model and key of a row that nothing names."""
    words = dict(about)
    year, serial = words.get("year"), words.get("serial")
    if isinstance(year, int) and isinstance(serial, int):
        words["report"] = f"RBP-{year}-{serial:06d}"
    try:
        return str(_ROWS[model]) % words
    except KeyError:
        return f"{model} {key}"

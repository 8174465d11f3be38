"""What differs between two versions: old and new of every input, effect on points and risk."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from scoring.display import number_text, signed_text
from scoring.entry import AssessmentEntry, PatientEntry
from scoring.models import Assessment, Patient
from scoring.models.codes import DxaSite, OperationStatus
from scoring.nomogram.eligibility import Answer
from scoring.nomogram.rong2025.model import RONG_2025
from scoring.report.rows import day_text
from scoring.report.sheet import Sheet
from scoring.words.answers import yes_no
from scoring.words.eligibility import CRITERION_NAMES
from scoring.words.types import Words

ANSWERS: dict[Answer, Words] = {
    Answer.YES: gettext_lazy("yes"),
    Answer.NO: gettext_lazy("no"),
    Answer.NOT_ASSESSED: gettext_lazy("not assessed"),
}


@dataclass(frozen=True)
class Change:
    """Something that differs, in words."""

    name: str
    old: str
    new: str


def patient_words(patient: Patient | PatientEntry) -> str:
    """Who, with what tells two people apart."""
    if isinstance(patient, PatientEntry):
        family = patient.family_name.upper() or _("Name not known")
        name = f"{family}, {patient.given_name}" if patient.given_name else family
    else:
        name = str(patient)
    born = day_text(patient.birth_date) if patient.birth_date else _("date of birth not known")
    return f"{name}, {born}, {patient.hospital_number}"


def entry_words(entry: AssessmentEntry, patient: Patient | PatientEntry) -> dict[str, str]:
    """Every input of an assessment, in words by its name, in the order of the form."""
    status = OperationStatus(entry.operation_status).label
    time = f" {entry.operation_time:%H:%M}" if entry.operation_time else ""
    sources = {
        _("Date of DXA"): entry.t_score.source_date,
        _("Date of trauma history"): entry.trauma_history_date,
        _("Date of MRI"): entry.mri_date,
        _("Date of PDW"): entry.pdw.source_date,
        _("Date of chloride"): entry.chloride.source_date,
        _("Date of radiograph"): entry.radiograph_date,
    }
    stated = entry.age_years
    return {
        _("Patient"): patient_words(patient),
        _("Operation"): f"{status}, {day_text(entry.operation_date)}{time}",
        _("Fractured vertebra"): entry.fracture_level,
        **{
            str(CRITERION_NAMES[criterion]): str(ANSWERS[answer])
            for criterion, answer in entry.answers.items()
        },
        _("Age, as stated"): "–" if stated is None else number_text(stated),
        _("T-score"): signed_text(entry.t_score.value),
        _("Site of DXA"): str(DxaSite(entry.dxa_site).label) if entry.dxa_site else "–",
        _("Trauma history"): yes_no(entry.trauma_history),
        _("Posterior fascia edema"): yes_no(entry.posterior_fascia_edema),
        _("Platelet distribution width"): f"{number_text(entry.pdw.value)}\u00a0fL",
        _("Serum chloride"): f"{number_text(entry.chloride.value)}\u00a0mmol/L",
        _("Middle vertebral height restored"): yes_no(entry.mvh_restored),
        **{name: day_text(day) if day else _("not stated") for name, day in sources.items()},
    }


def differences(old: Mapping[str, str], new: Mapping[str, str]) -> list[Change]:
    """What stands differently in the two."""
    return [Change(name, old[name], new[name]) for name in new if old[name] != new[name]]


def between(old: Assessment, new: Assessment) -> list[Change]:
    """Every input that differs between two versions."""
    found = differences(entry_words(old.entry, old.patient), entry_words(new.entry, new.patient))
    if old.patient_id == new.patient_id and old.birth_date != new.birth_date:
        # Corrected in between: each version keeps the one its age was made with.
        found.insert(0, Change(_("Date of birth"), *map(_born, (old.birth_date, new.birth_date))))
    return found


def _born(day: date | None) -> str:
    return day_text(day) if day else _("not known")


def effects(old: Assessment, new: Assessment) -> list[Change]:
    """Points, total and risk that differ between two versions."""
    before, after = Sheet(old), Sheet(new)
    old_rows = {row.predictor: row for row in before.rows}
    new_rows = {row.predictor: row for row in after.rows}
    found = [
        Change(
            _("Points, %(predictor)s") % {"predictor": new_rows[predictor].name},
            old_rows[predictor].points_range,
            new_rows[predictor].points_range,
        )
        for predictor in RONG_2025.predictors
        if old_rows[predictor].points_range != new_rows[predictor].points_range
    ]
    if before.total_text != after.total_text:
        found.append(Change(_("Total points"), before.total_text, after.total_text))
    if before.risk_text != after.risk_text:
        found.append(Change(_("Risk"), before.risk_text, after.risk_text))
    return found

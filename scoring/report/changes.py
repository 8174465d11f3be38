"""What differs between two versions: old and new of every input, effect on points and risk."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from scoring.display import number_text
from scoring.entry import AssessmentEntry, Input, PatientEntry
from scoring.models import Assessment, Patient
from scoring.models.codes import DxaSite, OperationStatus
from scoring.models.patient import full_name
from scoring.nomogram.eligibility import Answer
from scoring.nomogram.predictor import NumericPredictor, Predictor
from scoring.nomogram.rong2025.model import RONG_2025
from scoring.report.sheet import Sheet
from scoring.words.answers import yes_no
from scoring.words.dates import day_text
from scoring.words.eligibility import CRITERION_NAMES
from scoring.words.marks import parts, spaced
from scoring.words.predictors import provenance_words, words_of
from scoring.words.types import Words
from scoring.words.values import measured_text

ANSWERS: dict[Answer, Words] = {
    Answer.YES: gettext_lazy("yes"),
    Answer.NO: gettext_lazy("no"),
    Answer.NOT_ASSESSED: gettext_lazy("not assessed"),
}


@dataclass(frozen=True)
class ChangedValue:
    """Something that differs, in words."""

    name: str
    old: str
    new: str


def patient_words(patient: Patient | PatientEntry) -> str:
    """Who, with what tells two people apart."""
    if isinstance(patient, PatientEntry):
        name = full_name(patient.family_name, patient.given_name)
    else:
        name = str(patient)
    born = day_text(patient.birth_date) if patient.birth_date else _("date of birth not known")
    return parts(name, born, patient.hospital_number)


def entry_words(entry: AssessmentEntry, patient: Patient | PatientEntry) -> dict[str, str]:
    """Every input of an assessment, in words by its name, in the order of the form."""
    status = OperationStatus(entry.operation_status).label
    day = day_text(entry.operation_date)
    moment = spaced(day, f"{entry.operation_time:%H:%M}") if entry.operation_time else day
    stated = entry.age_years
    entered = [(RONG_2025.by_field[field], one) for field, one in entry.inputs_by_field.items()]
    sources = {str(provenance_words(p).date_name): one.source_date for p, one in entered}
    return {
        _("Patient"): patient_words(patient),
        _("Operation"): parts(status, moment),
        _("Fractured vertebra"): entry.fracture_level,
        **{
            str(CRITERION_NAMES[criterion]): str(ANSWERS[answer])
            for criterion, answer in entry.answers.items()
        },
        _("Age, as stated"): "–" if stated is None else number_text(stated),
        **{name: text for p, one in entered for name, text in _input_words(p, one)},
        **{name: day_text(day) if day else _("not stated") for name, day in sources.items()},
    }


def _input_words(predictor: Predictor, entered: Input) -> Iterator[tuple[str, str]]:
    words = provenance_words(predictor)
    if isinstance(predictor, NumericPredictor):
        text = measured_text(predictor, float(entered.number))
    else:
        text = yes_no(entered.answer)
    yield str(words_of(predictor).entered_name), text
    if words.site_name:
        yield str(words.site_name), str(DxaSite(entered.site).label) if entered.site else "–"


def differences(old: Mapping[str, str], new: Mapping[str, str]) -> list[ChangedValue]:
    """The values that differ between the two."""
    return [ChangedValue(name, old[name], new[name]) for name in new if old[name] != new[name]]


def between(old: Assessment, new: Assessment) -> list[ChangedValue]:
    """Every input that differs between two versions."""
    found = differences(entry_words(old.entry, old.patient), entry_words(new.entry, new.patient))
    if old.patient_id == new.patient_id and old.birth_date != new.birth_date:
        # Corrected in between: each version keeps the one its age was made with.
        found.insert(
            0, ChangedValue(_("Date of birth"), *map(_born, (old.birth_date, new.birth_date)))
        )
    return found


def _born(day: date | None) -> str:
    return day_text(day) if day else _("not known")


def effects(old: Sheet, new: Sheet) -> list[ChangedValue]:
    """Points, total, risk and model that differ between two versions."""
    return differences(result_words(old), result_words(new))


def result_words(sheet: Sheet) -> dict[str, str]:
    """Points of every predictor in the order of the form, total, risk and model, by names."""
    rows = {row.predictor: row for row in sheet.rows}
    points = _("Points, %(predictor)s")
    return {
        **{
            points % {"predictor": rows[predictor].name}: rows[predictor].points_range
            for predictor in sheet.result.model.predictors
        },
        _("Total points"): sheet.total_text,
        _("Risk"): sheet.risk_text,
        _("Model"): sheet.result.model.name,
    }

"""What is asked back before it is saved: possible, but more often a slip.

A tick answers a question about these very values; with others it is asked anew.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from scoring import queries
from scoring.display import signed_text
from scoring.entry import AssessmentEntry, OutcomeEntry, PatientEntry
from scoring.entry.rules import AskBack, asked_back
from scoring.models import Assessment, Patient
from scoring.models.outcome import window_cautions
from scoring.nomogram.rong2025.model import BMD
from scoring.report.rows import identity_text
from scoring.words.dates import day_text

FIELD = "confirmed"


@dataclass(frozen=True)
class Question:
    """One box to tick. ``key`` names what is asked and the values it is asked about."""

    key: str
    text: str
    # What to look at before answering.
    address: str = ""
    ticked: bool = False


def asked(request: HttpRequest, questions: Iterator[Question]) -> list[Question]:
    """The questions with the ticks that were sent; none at all if each has its tick."""
    sent = set(request.POST.getlist(FIELD))
    found = [replace(question, ticked=question.key in sent) for question in questions]
    return [] if all(question.ticked for question in found) else found


def about_assessment(
    patient: Patient | PatientEntry, entry: AssessmentEntry, amended: Assessment | None = None
) -> Iterator[Question]:
    """A positive T-score, a second assessment of one operation, a move to another patient."""
    other = None
    if isinstance(patient, Patient):
        other = queries.same_operation(
            patient, entry.operation_date, entry.fracture_level, besides=amended
        )
    asked = asked_back(
        entry,
        before=None if amended is None else amended.entry,
        is_moved=amended is not None and patient != amended.patient,
        is_second=other is not None,
    )
    for code in asked:
        if code is AskBack.MOVED and amended is not None:
            yield _about_the_move(patient, amended)
        elif code is AskBack.SECOND_OF_OPERATION and other is not None:
            yield _about_the_operation(entry, other)
        elif code is AskBack.POSITIVE_T_SCORE:
            yield _about_the_sign(entry[BMD.field].number)


def _about_the_sign(t_score: Decimal) -> Question:
    return Question(
        f"t_score {t_score}",
        _(
            "The T-score %(value)s is positive: is the minus sign missing? Tick if it is "
            "really above 0."
        )
        % {"value": signed_text(t_score)},
    )


def _about_the_move(patient: Patient | PatientEntry, amended: Assessment) -> Question:
    return Question(
        f"move {patient.hospital_number}",
        _(
            "This moves the assessment and its outcomes from %(before)s to %(after)s. Tick if "
            "this is the right patient."
        )
        % {"before": _identity(amended.patient), "after": _identity(patient)},
    )


def _identity(patient: Patient | PatientEntry) -> str:
    who = identity_text(patient.family_name, patient.given_name, patient.birth_date)
    return _("%(who)s, hospital no. %(number)s") % {"who": who, "number": patient.hospital_number}


def _about_the_operation(entry: AssessmentEntry, other: Assessment) -> Question:
    values = {
        "number": other.chain.report_number,
        "level": entry.fracture_level,
        "day": day_text(entry.operation_date),
    }
    return Question(
        f"second {other.chain_id} {entry.operation_date} {entry.fracture_level}",
        _(
            "%(number)s is already on record for this operation, %(level)s on %(day)s. "
            "Complete or amend it instead. Tick to save a second assessment of the same "
            "operation."
        )
        % values,
        reverse("assessment-result", args=[other.pk]),
    )


def about_outcome(assessment: Assessment, entry: OutcomeEntry) -> Iterator[Question]:
    """A VAS outside the window of its time point."""
    for caution in window_cautions(entry.time_point, entry.measured_on, assessment.operation_date):
        yield Question(
            f"window {entry.measured_on}",
            _(
                "This VAS is from day %(day)s after the operation, not from days %(first)s to "
                "%(last)s. Tick to save it as the day-%(point)s VAS anyway."
            )
            % {"point": int(entry.time_point), **caution},
        )

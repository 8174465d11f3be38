"""What is possible but unusual, and must be confirmed before saving.

A tick answers a question about these very values; with others it is asked anew.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from scoring import queries
from scoring.display import signed_text
from scoring.entry import AssessmentEntry, OutcomeEntry, PatientEntry
from scoring.entry.identity import Identity, SamePerson
from scoring.entry.rules import AskBack, asked_back
from scoring.forms.identity_texts import likeness_text, merge_text, who_text
from scoring.models import Assessment, NumberMerge, Outcome, Patient
from scoring.models.outcome import window_cautions
from scoring.nomogram.rong2025.model import BMD
from scoring.queries import Likeness
from scoring.report.laboratory import value_text
from scoring.report.windows import doubt_question
from scoring.words.dates import born_text, day_text, moment_text

FIELD = "confirmed"


@dataclass(frozen=True)
class Question:
    """One box to tick. ``key`` names what is asked and the values it is asked about."""

    key: str
    text: str
    # What to look at before answering.
    address: str = ""
    # The number on record to go on with instead, by one press of a button.
    use_number: str = ""
    # Whom it shows.
    patient: Patient | None = None
    ticked: bool = False


def unanswered(questions: Iterable[Question], confirmed: Collection[str]) -> list[Question]:
    """All questions with the ticks that were sent; none at all if each has its tick."""
    found = [replace(question, ticked=question.key in confirmed) for question in questions]
    return [] if all(question.ticked for question in found) else found


def about_assessment(
    patient: Patient | PatientEntry, entry: AssessmentEntry, amended: Assessment | None = None
) -> Iterator[Question]:
    """All that is asked about an assessment: about a new patient, a move, an operation, a value."""
    other = earlier = death = None
    if isinstance(patient, PatientEntry):
        yield from about_new_patient(patient)
    else:
        other = queries.same_operation(
            patient, entry.operation_date, entry.fracture_level, besides=amended
        )
        earlier = queries.earlier_operation(patient, entry.operation_date, besides=amended)
        death = queries.death_of(patient)
    asked = asked_back(
        entry,
        today=timezone.localdate(),
        before=None if amended is None else amended.entry,
        is_moved=amended is not None and patient != amended.patient,
        is_second=other is not None,
        had_surgery=earlier is not None,
        has_died=death is not None,
        is_same_patient=amended is not None
        and patient == amended.patient
        and patient.birth_date == amended.birth_date,
    )
    for code, day in asked:
        if code is AskBack.MOVED and amended is not None:
            yield _about_the_move(patient, amended)
        elif code is AskBack.SECOND_OF_OPERATION and other is not None:
            yield _about_the_operation(entry, other)
        elif code is AskBack.EARLIER_SURGERY and earlier is not None:
            yield _about_earlier_surgery(earlier)
        elif code is AskBack.AFTER_DEATH and death is not None:
            yield _about_the_death(death)
        elif code is AskBack.NOTHING_CHANGED:
            yield Question(code.value, _("Nothing was changed. Tick to save it anyway."))
        elif code is AskBack.POSITIVE_T_SCORE:
            yield _about_the_sign(entry[BMD.field].number)
        elif day is not None:
            yield Question(day.key, doubt_question(day))


def about_taken(
    patient: Patient | PatientEntry, entry: AssessmentEntry, taken: Mapping[str, int]
) -> Iterator[Question]:
    """Values of laboratories, by the keys of their results, whose message has another birth date.

    The number of a new patient may be mistyped, and be somebody else's at the laboratory.
    """
    found = queries.results(taken.values()) if taken and patient.birth_date else []
    numbers = queries.numbers_of(patient.hospital_number) if found else frozenset()
    recorded = queries.birth_dates(numbers - {patient.hospital_number})
    for result in found:
        is_in_form = result.value == entry[result.predictor].number
        is_theirs = result.hospital_number in numbers
        born = result.birth_date or recorded.get(result.hospital_number)
        if is_in_form and is_theirs and born is not None and born != patient.birth_date:
            yield Question(
                f"laboratory {result.pk} {patient.birth_date}",
                _(
                    "%(value)s was taken from a laboratory message about somebody %(born)s. Check "
                    "the hospital number. Tick to save the value anyway."
                )
                % {"value": value_text(result), "born": born_text(born)},
            )


def about_completion(assessment: Assessment, entry: AssessmentEntry) -> Iterator[Question]:
    """Days that come with the finding of the radiograph, and a death; the rest was asked before."""
    if death := queries.death_of(assessment.patient):
        yield _about_the_death(death)
    for _code, day in asked_back(entry, today=timezone.localdate(), before=assessment.entry):
        if day is not None:
            yield Question(day.key, doubt_question(day))


def _about_the_death(death: Outcome) -> Question:
    return Question(
        f"died {death.pk}",
        _("This patient died (recorded %(moment)s by %(by)s). Tick to save the entry anyway.")
        % {"moment": moment_text(death.created_at), "by": death.created_by_name},
    )


def about_new_patient(entry: PatientEntry) -> Iterator[Question]:
    """Everybody on record who may be the new patient; whether the number is still used."""
    found = queries.likenesses(_entered(entry))
    for likeness in found:
        number = likeness.patient.hospital_number
        yield replace(_about_likeness(likeness, entry), use_number=number)
    if (merge := queries.merge_shown(entry.hospital_number)) is not None:
        is_on_record = any(one.why is SamePerson.MERGED_NUMBER for one in found)
        now = "" if is_on_record else queries.surviving_number(merge.prior_number)
        yield replace(_about_merge(merge), use_number=now)


def _about_merge(merge: NumberMerge) -> Question:
    return Question(
        f"merged {merge.prior_number} {merge.surviving_number}",
        _("%(reason)s Tick if %(number)s is right.")
        % {"reason": merge_text(merge), "number": merge.prior_number},
    )


def about_correction(entry: PatientEntry, corrected: Patient) -> Iterator[Question]:
    """Everybody else on record who may be the patient corrected; whether the number is still used.

    Whoever might have been the patient before for the same reason is not asked about again.
    """
    before = queries.likenesses(queries.identity_of(corrected), besides=corrected)
    known = {(likeness.patient, likeness.why) for likeness in before}
    for likeness in queries.likenesses(_entered(entry), besides=corrected):
        if (likeness.patient, likeness.why) not in known:
            yield _about_likeness(likeness, entry)
    merge = queries.merge_shown(entry.hospital_number)
    if merge is not None and merge.prior_number != corrected.hospital_number:
        yield _about_merge(merge)


def _entered(entry: PatientEntry) -> Identity:
    return queries.identity_entered(
        entry.hospital_number, entry.family_name, entry.given_name, entry.birth_date
    )


def _about_likeness(likeness: Likeness, entry: PatientEntry) -> Question:
    patient = likeness.patient
    entered = (entry.hospital_number, entry.family_name, entry.given_name, entry.birth_date)
    return Question(
        " ".join(map(str, (likeness.why, patient.pk, *entered))),
        _("%(reason)s Tick if %(number)s is somebody else.")
        % {"reason": likeness_text(likeness, entry.hospital_number), "number": entered[0]},
        reverse("patient-detail", args=[patient.pk]),
        patient=patient,
    )


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
        % {"before": who_text(amended.patient), "after": who_text(patient)},
    )


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


def _about_earlier_surgery(earlier: Assessment) -> Question:
    return Question(
        f"earlier {earlier.chain_id}",
        _(
            "PKP of %(level)s on %(day)s is on record, but “Previous spinal surgery” is answered "
            "no. Correct the answer, or tick to keep it."
        )
        % {"level": earlier.fracture_level, "day": day_text(earlier.operation_date)},
        reverse("assessment-result", args=[earlier.pk]),
    )


def about_outcome(
    assessment: Assessment,
    entry: OutcomeEntry,
    replaced_vas: int | None = None,
    *,
    opened: Assessment | None = None,
) -> Iterator[Question]:
    """An answer about another patient than that of the version whose form was ``opened``.

    A VAS after the patient's death, outside its window, or replaced by a new fracture.
    """
    if opened is not None and opened.patient != assessment.patient:
        yield Question(
            f"moved {opened.pk} {assessment.patient_id}",
            _(
                "This assessment was moved from %(before)s to %(after)s. Tick if the answer is "
                "about the latter."
            )
            % {"before": who_text(opened.patient), "after": who_text(assessment.patient)},
        )
    if replaced_vas is not None:
        yield Question(
            f"{entry.not_evaluable} {replaced_vas}",
            _(
                "After a new vertebral fracture residual back pain is not evaluable. Tick to save "
                "“new vertebral fracture” in place of the VAS %(vas)s."
            )
            % {"vas": replaced_vas},
        )
    death = queries.death_of(assessment.patient)
    is_corrected = death is not None and (death.chain_id, death.time_point) == (
        assessment.chain_id,
        entry.time_point,
    )
    if death is not None and entry.vas is not None and not is_corrected:
        yield _about_the_death(death)
    for caution in window_cautions(entry.time_point, entry.measured_on, assessment.operation_date):
        yield Question(
            f"window {entry.measured_on}",
            _(
                "This VAS is from day %(day)s after the operation, not from days %(first)s to "
                "%(last)s. Tick to save it as the day-%(point)s VAS anyway."
            )
            % {"point": int(entry.time_point), **caution},
        )

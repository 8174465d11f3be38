"""What the ward measured, drawn from the published tables."""

from dataclasses import replace
from datetime import date, time, timedelta
from decimal import Decimal
from random import Random

from scoring.entry import AssessmentEntry, Measured
from scoring.models.codes import DxaSite, OperationStatus
from scoring.nomogram.cohort import Cohort
from scoring.nomogram.eligibility import Answer, Criterion, study_answer

_LEVELS = ("T8", "T10", "T11", "T11", "T12", "T12", "T12", "L1", "L1", "L1", "L1", "L2", "L2", "L3")
_SITES = (DxaSite.LUMBAR_SPINE,) * 5 + (DxaSite.FEMORAL_NECK,) * 3 + (DxaSite.TOTAL_HIP,) * 2
_OUTSIDE_STUDY = 0.06
_NOT_DATED = 0.08


def draw_entry(
    random: Random, cohort: Cohort, place: int, *, operated_on: date, seen_on: date
) -> AssessmentEntry:
    """The final entry of one patient of a synthetic cohort; sources lie before ``seen_on``.

    The age is left open: it follows from the birth date, or is stated.
    """

    def before(most_days: int) -> date | None:
        if random.random() < _NOT_DATED:
            return None
        return seen_on - timedelta(days=random.randint(0, most_days))

    def measured(value: float, source_date: date | None) -> Measured:
        number = Decimal(f"{value:.1f}")
        return Measured(value=number, entered=str(number), source_date=source_date)

    trauma_history = bool(cohort["trauma_history"][place])
    laboratory = before(3)
    return AssessmentEntry(
        operation_date=operated_on,
        operation_time=None if random.random() < 0.6 else time(random.randint(8, 16), 30),
        operation_status=OperationStatus.DONE.value,
        fracture_level=random.choice(_LEVELS),
        answers=_answers(random),
        age_years=None,
        t_score=measured(float(cohort["t_score"][place]), before(20)),
        dxa_site=random.choice(_SITES).value,
        trauma_history=trauma_history,
        trauma_history_date=seen_on - timedelta(days=random.randint(1, 20))
        if trauma_history
        else None,
        posterior_fascia_edema=bool(cohort["posterior_fascia_edema"][place]),
        mri_date=before(4),
        pdw=measured(float(cohort["pdw_fl"][place]), laboratory),
        chloride=measured(float(cohort["chloride_mmol_l"][place]), laboratory),
        mvh_restored=bool(cohort["mvh_restored"][place]),
        radiograph_date=operated_on + timedelta(days=1),
    )


def _answers(random: Random) -> dict[Criterion, Answer]:
    answers = {criterion: study_answer(criterion) for criterion in Criterion}
    if random.random() < _OUTSIDE_STUDY:
        criterion = random.choice(
            (Criterion.CHRONIC_LOW_BACK_PAIN, Criterion.PREVIOUS_SPINAL_SURGERY)
        )
        answers[criterion] = Answer.YES
    return answers


def before_the_radiograph(entry: AssessmentEntry, *, is_planned: bool) -> AssessmentEntry:
    """The same entry while the middle vertebral height is not known yet."""
    status = OperationStatus.PLANNED if is_planned else OperationStatus.DONE
    return replace(entry, mvh_restored=None, radiograph_date=None, operation_status=status.value)


def mistaken(random: Random, entry: AssessmentEntry) -> tuple[AssessmentEntry, str]:
    """The same entry with a slip in it, and the reason with which it is amended later."""
    slip = random.randrange(3)
    if slip == 0:
        wrong = entry.chloride.value - random.randint(2, 4)
        chloride = replace(entry.chloride, value=wrong, entered=str(wrong))
        return replace(entry, chloride=chloride), "Chloride was read from an earlier result"
    if slip == 1:
        wrong = entry.t_score.value + Decimal("0.7")
        t_score = replace(entry.t_score, value=wrong, entered=str(wrong))
        return replace(entry, t_score=t_score), "The T-score was that of another site"
    others = [level for level in _LEVELS if level != entry.fracture_level]
    return replace(entry, fracture_level=random.choice(others)), "The level was miscounted"

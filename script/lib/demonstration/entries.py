"""What the ward measured, drawn from the published tables."""

from dataclasses import replace
from datetime import date, time, timedelta
from decimal import Decimal
from random import Random

from scoring.entry import AssessmentEntry, Input
from scoring.models.codes import DxaSite, OperationStatus
from scoring.nomogram.cohort import Cohort
from scoring.nomogram.eligibility import Answer, Criterion, study_answer
from scoring.nomogram.predictor import Measured, Predictor
from scoring.nomogram.rong2025.model import (
    BMD,
    CHLORIDE,
    MVH,
    POSTERIOR_FASCIA_EDEMA,
    RONG_2025,
    TRAUMA_HISTORY,
)
from script.lib.demonstration.texts import texts

_LEVELS = ("T8", "T10", "T11", "T11", "T12", "T12", "T12", "L1", "L1", "L1", "L1", "L2", "L2", "L3")
_SITES = (DxaSite.LUMBAR_SPINE,) * 5 + (DxaSite.FEMORAL_NECK,) * 3 + (DxaSite.TOTAL_HIP,) * 2
_BLOOD = [p for p in RONG_2025.predictors if isinstance(p, Measured) and p.provenance is not None]
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

    def number(predictor: Predictor, source_date: date | None, site: str = "") -> Input:
        value = Decimal(f"{float(cohort[predictor.field][place]):.1f}")
        return Input(value=value, typed=str(value), source_date=source_date, site=site)

    def answer(predictor: Predictor, source_date: date | None) -> Input:
        return Input(value=bool(cohort[predictor.field][place]), source_date=source_date)

    laboratory = before(3)
    return AssessmentEntry(
        operation_date=operated_on,
        operation_time=None if random.random() < 0.6 else time(random.randint(8, 16), 30),
        operation_status=OperationStatus.DONE.value,
        fracture_level=random.choice(_LEVELS),
        answers=_answers(random),
        age_years=None,
        inputs_by_field={
            BMD.field: number(BMD, before(20), random.choice(_SITES).value),
            TRAUMA_HISTORY.field: answer(
                TRAUMA_HISTORY,
                seen_on - timedelta(days=random.randint(1, 20))
                if cohort[TRAUMA_HISTORY.field][place]
                else None,
            ),
            POSTERIOR_FASCIA_EDEMA.field: answer(POSTERIOR_FASCIA_EDEMA, before(4)),
            **{predictor.field: number(predictor, laboratory) for predictor in _BLOOD},
            MVH.field: answer(MVH, operated_on + timedelta(days=1)),
        },
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
    return replace(
        entry.with_input(MVH.field, value=None, source_date=None), operation_status=status.value
    )


def mistaken(random: Random, entry: AssessmentEntry) -> tuple[AssessmentEntry, str]:
    """The same entry with a slip in it, and the reason with which it is amended later."""
    slip = random.randrange(3)
    if slip == 0:
        wrong = entry[CHLORIDE.field].number - random.randint(2, 4)
        slipped = entry.with_input(CHLORIDE.field, value=wrong, typed=str(wrong))
        return slipped, texts().chloride_slip
    if slip == 1:
        wrong = entry[BMD.field].number + Decimal("0.7")
        slipped = entry.with_input(BMD.field, value=wrong, typed=str(wrong))
        return slipped, texts().t_score_slip
    others = [level for level in _LEVELS if level != entry.fracture_level]
    return replace(entry, fracture_level=random.choice(others)), texts().level_slip

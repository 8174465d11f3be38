"""Who counts in the validation: one index assessment a chain, made before any VAS was known.

The acts go through the site's own actions; what is asked is what the page reads.
"""

from dataclasses import replace
from datetime import timedelta
from unittest.mock import patch

import numpy as np
import pytest
from django.db import InternalError, connection, transaction
from django.utils import timezone

from scoring import actions, queries
from scoring.evaluation.local import counts_of
from scoring.evaluation.outcome_cohort import SEXES, InclusionStatus
from scoring.models import Assessment, AssessmentChain, IndexAssessment
from scoring.nomogram.eligibility import Answer, Population
from tests import cast
from tests.life import acts
from tests.validation.ward import ASSESSED_AT, early, found, only, statuses, with_pain

pytestmark = pytest.mark.django_db


def _current(made: Assessment) -> Assessment:
    return queries.assessments().get(current_of=made.chain_id)


def test_a_final_assessment_with_both_vas_counts() -> None:
    made = with_pain(early())
    cohort = found()
    assert only(cohort) is InclusionStatus.ANALYSED
    rows = cohort.analysed
    assert cohort.risk[rows].tolist() == [made.result.scenarios[0].risk]
    assert cohort.event[rows].tolist() == [True]
    values = {field: column[rows][0] for field, column in cohort.inputs.items()}
    assert values == {
        "age_years": 80,
        "t_score": -2.0,
        "trauma_history": True,
        "posterior_fascia_edema": True,
        "pdw_fl": 12.8,
        "chloride_mmol_l": 105.0,
        "mvh_restored": False,
    }


@pytest.mark.parametrize(("day_3", "day_30", "event"), [(4, 4, True), (3, 9, False), (9, 3, False)])
def test_the_outcome_is_the_papers(day_3: int, day_30: int, event: bool) -> None:
    with_pain(early(), day_3, day_30)
    cohort = found()
    assert cohort.event[cohort.analysed].tolist() == [event]


def test_a_missing_vas_is_pending() -> None:
    made = early()
    assert only(found()) is InclusionStatus.PENDING
    acts.outcome(made, acts.measured(3, 6))
    assert only(found()) is InclusionStatus.PENDING


def test_a_patient_lost_is_not_evaluable() -> None:
    made = early()
    acts.outcome(made, acts.measured(3, 6))
    acts.outcome(made, acts.not_evaluable(30))
    assert only(found()) is InclusionStatus.NOT_EVALUABLE


def test_a_provisional_assessment_judges_nothing() -> None:
    with_pain(acts.provisional())
    assert only(found()) is InclusionStatus.PROVISIONAL
    assert not IndexAssessment.objects.exists()


def test_a_cancelled_operation_counts_as_such_and_not_as_an_index_assessment() -> None:
    planned = acts.provisional()
    acts.cancelled(planned)
    assert only(found()) is InclusionStatus.CANCELLED
    assert not IndexAssessment.objects.exists()
    final = acts.completed(acts.resumed(_current(planned)))
    assert IndexAssessment.objects.get().assessment_id == final.pk
    # Final by mistake, then open again, then cancelled: what was copied then does not count either.
    acts.cancelled(acts.amended(final, cast.before_the_radiograph()))
    assert only(found()) is InclusionStatus.CANCELLED


def test_without_a_radiograph_there_is_no_index_assessment_until_it_turns_up() -> None:
    without = with_pain(acts.without_radiograph(early(entry=cast.before_the_radiograph())))
    assert only(found()) is InclusionStatus.NO_RADIOGRAPH
    assert not IndexAssessment.objects.exists()
    acts.completed(without)
    assert only(found()) is InclusionStatus.AFTER_OUTCOME


def test_a_voided_chain_never_counts() -> None:
    made = with_pain(early())
    acts.voided(made)
    assert only(found()) is InclusionStatus.VOIDED
    acts.reinstated(_current(made))
    assert only(found()) is InclusionStatus.ANALYSED


def test_the_index_assessment_counts_whatever_follows() -> None:
    made = early()
    entry = cast.changed(made.entry, chloride_mmol_l=cast.measured("99"))
    later = acts.amended(made, entry)
    assert later.result.scenarios[0].risk != made.result.scenarios[0].risk
    with_pain(later)
    cohort = found()
    rows = cohort.analysed
    assert cohort.risk[rows].tolist() == [made.result.scenarios[0].risk]
    assert cohort.corrected_since[rows].tolist() == [True]
    assert counts_of(cohort).corrected_since == 1


def test_a_completed_assessment_counts_as_it_was_completed() -> None:
    first = acts.provisional()
    final = acts.completed(first, restored=True)
    kept = IndexAssessment.objects.get(chain=first.chain_id)
    assert kept.assessment_id == final.pk
    assert kept.mvh_restored
    assert kept.risk == final.risk_min


def test_a_final_result_taken_back_stands_no_more() -> None:
    """Amended to a height not known: nothing final stands, though it once did."""
    made = early()
    acts.amended(made, cast.changed(made.entry, mvh_restored=None, radiograph_date=None))
    assert only(found()) is InclusionStatus.PROVISIONAL


# ---- Which patients -----------------------------------------------------------------------------


def test_the_period_goes_by_the_operation() -> None:
    with_pain(early())
    day = cast.OPERATION
    for inside in ({"operated_from": day}, {"operated_to": day}, {}):
        assert counts_of(found(**inside)).analysed == 1
    later, earlier = day + timedelta(days=1), day - timedelta(days=1)
    for outside in ({"operated_from": later}, {"operated_to": earlier}):
        assert len(found(**outside)) == 0


def test_the_period_goes_by_the_operation_as_it_was_corrected() -> None:
    made = early()
    acts.amended(made, replace(made.entry, operation_date=cast.OPERATION - timedelta(days=1)))
    with_pain(_current(made))
    yesterday = cast.OPERATION - timedelta(days=1)
    assert counts_of(found(operated_to=yesterday)).analysed == 1


def test_eligibility_is_that_of_the_assessment_that_counts() -> None:
    answers = cast.study_answers(infection=Answer.YES)
    first = cast.recorded(entry=cast.worked_example(answers=answers))
    acts.amended(first, cast.worked_example())
    assert len(found(population=Population.AS_STUDY)) == 0
    assert len(found(population=Population.OUTSIDE)) == 1
    # A chain without a final version goes by its current one.
    acts.provisional("H2", answers=answers)
    assert statuses(found(population=Population.OUTSIDE)) == [
        InclusionStatus.PENDING,
        InclusionStatus.PROVISIONAL,
    ]


def test_another_model_is_another_cohort() -> None:
    cast.recorded()
    acts.provisional("H2")
    assert len(found(model=("rong-2025", "0"))) == 0
    assert len(found()) == 2


def test_synthetic_patients_never_count_with_real_ones() -> None:
    cast.recorded()
    cast.recorded(cast.person("SYN-1", synthetic=True))
    assert len(found()) == 1
    assert len(found(synthetic=True)) == 1


def test_a_chain_that_ever_was_a_synthetic_patients_never_counts_as_real() -> None:
    """The site refuses such a move; a row that came by another way is not taken for a patient."""
    made = cast.recorded(cast.person("SYN-1", synthetic=True))
    real = cast.recorded(cast.person("H2"))
    for of, patient in (
        (made, cast.registered("H1")),
        (real, cast.registered("SYN-2", synthetic=True)),
    ):
        with pytest.raises(actions.MixedPatientsError):
            acts.amended(of, patient=patient)
        cast.next_version(of, patient=patient)
    assert len(found()) == 0
    assert len(found(synthetic=True)) == 2


def test_everybody_stands_somewhere_once() -> None:
    with_pain(early(cast.person("H1")))
    acts.provisional("H2")
    cast.recorded(cast.person("H3"))
    acts.voided(cast.recorded(cast.person("H4")))
    acts.cancelled(acts.provisional("H5"))
    acts.without_radiograph(acts.provisional("H6"))
    counts = counts_of(found())
    parts = (
        counts.analysed,
        counts.pending,
        counts.not_evaluable,
        counts.after_outcome,
        counts.provisional,
        counts.no_radiograph,
        counts.cancelled,
        counts.voided,
    )
    assert sum(parts) == counts.total == AssessmentChain.objects.count() == 6
    assert parts == (1, 1, 0, 0, 1, 1, 1, 1)


def test_a_second_assessment_of_one_operation_is_counted_and_told() -> None:
    first = with_pain(early())
    with_pain(early(first.patient))
    counts = counts_of(found())
    assert (counts.analysed, counts.patients, counts.repeated) == (2, 1, 1)


def test_an_outcome_is_of_the_patient_to_whom_its_assessment_moved() -> None:
    """Entered for another patient of the same day, who has an assessment of her own since."""
    moved = early(cast.person("H1", sex="female"))
    with_pain(acts.amended(moved, patient=cast.registered("H2", sex="male")))
    with_pain(early(moved.patient), 2, 2)
    cohort = found()
    counts = counts_of(cohort)
    assert (counts.analysed, counts.patients, counts.repeated) == (2, 2, 0)
    sexes = [SEXES[place] for place in cohort.sex.tolist()]
    assert sorted(zip(sexes, cohort.event.tolist(), strict=True)) == [
        ("female", False),
        ("male", True),
    ]


@pytest.mark.parametrize(("day", "missing"), [(44, 0), (45, 1)])
def test_no_vas_is_pending_after_another_assessment_told_of_a_death(day: int, missing: int) -> None:
    """Nobody asks for it any more. Who lived through the window could have been asked."""
    first = early()
    second = early(first.patient, replace(first.entry, fracture_level="L4"))
    told = ASSESSED_AT.replace(hour=1) + timedelta(days=day - 1)
    with patch.object(timezone, "now", return_value=told):
        acts.outcome(second, acts.not_evaluable(3, "died"))
    cohort = found()
    assert statuses(cohort) == [InclusionStatus.NOT_EVALUABLE] * 2
    assert np.count_nonzero(cohort.missing) == missing
    acts.voided(second)
    assert statuses(found()) == [InclusionStatus.PENDING, InclusionStatus.VOIDED]


def test_overdue_is_pending_after_the_window_of_day_30() -> None:
    today = timezone.localdate()
    for number, days in (("H1", 44), ("H2", 45)):
        operated = today - timedelta(days=days)
        entry = cast.worked_example(operation_date=operated, radiograph_date=None)
        cast.recorded(cast.person(number), entry)
    counts = counts_of(found())
    assert (counts.pending, counts.overdue) == (2, 1)


# ---- Kept by the database -----------------------------------------------------------------------


@pytest.mark.as_owner
@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE scoring_indexassessment SET risk = 0.5",
        "DELETE FROM scoring_indexassessment",
        "INSERT INTO scoring_indexassessment SELECT * FROM scoring_indexassessment",
        "UPDATE scoring_assessmentchain SET synthetic = true",
        "UPDATE scoring_assessmentchain SET vas_known_at = NULL",
    ],
)
def test_nobody_else_writes_what_the_database_keeps(sql: str) -> None:
    cast.recorded()
    with (
        pytest.raises(InternalError, match="pgtrigger"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql)


def test_nobody_is_an_empty_cohort() -> None:
    cohort = found()
    assert len(cohort) == 0
    assert counts_of(cohort).total == 0
    assert cohort.risk.dtype == np.float64

"""Who counts goes by what was known when: a VAS known before the assessment leaves it out."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from scoring.evaluation.outcome_cohort import InclusionStatus
from tests import cast
from tests.life import acts
from tests.validation.ward import found, made_at, only, with_pain

pytestmark = pytest.mark.django_db


def test_a_vas_recorded_before_the_assessment_leaves_it_out() -> None:
    first = acts.provisional()
    acts.outcome(first, acts.measured(3, 6))
    final = acts.completed(first)
    acts.outcome(final, acts.measured(30, 5))
    assert only(found()) is InclusionStatus.AFTER_OUTCOME


@pytest.mark.parametrize("vas", [2, 6])
def test_it_leaves_it_out_whatever_the_vas_was(vas: int) -> None:
    """Else only patients without pain would go: a VAS below 4 settles the outcome alone."""
    first = acts.provisional()
    acts.outcome(first, acts.measured(3, vas))
    acts.completed(first)
    assert only(found()) is InclusionStatus.AFTER_OUTCOME


@pytest.mark.parametrize(
    ("assessed", "status"),
    [
        (datetime(2025, 3, 16, 23, 59), InclusionStatus.ANALYSED),
        (datetime(2025, 3, 17, 0, 0), InclusionStatus.AFTER_OUTCOME),
    ],
)
def test_a_vas_of_an_earlier_day_leaves_it_out(assessed: datetime, status: InclusionStatus) -> None:
    """Day 3 is 16 March; the day ends at midnight of the ward, not of Greenwich."""
    made = made_at(timezone.make_aware(assessed))
    with_pain(made)
    assert only(found()) is status


def test_a_corrected_date_counts_as_corrected() -> None:
    made = made_at(timezone.make_aware(datetime(2025, 3, 17, 9, 0)))
    wrong = acts.outcome(made, acts.measured(3, 6))
    acts.outcome(made, acts.measured(30, 5))
    assert only(found()) is InclusionStatus.AFTER_OUTCOME
    on = cast.OPERATION + timedelta(days=5)
    acts.outcome(made, acts.measured(3, 6, on=on), expected=wrong)
    assert only(found()) is InclusionStatus.ANALYSED


def test_a_vas_withdrawn_was_known_all_the_same() -> None:
    first = acts.provisional()
    known = acts.outcome(first, acts.measured(3, 6))
    acts.outcome(first, acts.not_evaluable(3), expected=known)
    acts.completed(first)
    assert only(found()) is InclusionStatus.AFTER_OUTCOME

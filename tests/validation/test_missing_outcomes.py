"""Whose outcome is missing, and what page and paper say of it."""

from dataclasses import replace
from datetime import timedelta
from unittest.mock import patch

import numpy as np
import pytest
from django.utils import timezone

from scoring import queries
from scoring.evaluation.local import counts_of, judge_cohort
from scoring.evaluation.outcome_cohort import InclusionStatus, OutcomeCohort
from scoring.models.codes import NotEvaluable
from scoring.report.validation.cohort import participant_flow
from tests import cast
from tests.life import acts
from tests.validation.cohorts import analysed
from tests.validation.ward import early, found, reviewer, with_pain
from tests.web.html import Page, signed_in

N = 300


def _ward(missing: int) -> OutcomeCohort:
    """Patients of whom every third of the oldest, up to a number, never answered."""
    ward = analysed(N)
    oldest = np.argsort(ward.inputs["age_years"], kind="stable")[::-1][: 3 * missing : 3]
    status = ward.status.copy()
    status[oldest] = InclusionStatus.PENDING
    return replace(ward, status=status)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("reason", "missing"),
    [
        (NotEvaluable.LOST, True),
        (NotEvaluable.NOT_ASKED, True),
        (NotEvaluable.DIED, False),
        (NotEvaluable.REOPERATED, False),
        (NotEvaluable.NEW_FRACTURE, False),
    ],
)
def test_who_is_missing_and_who_has_no_outcome(reason: NotEvaluable, missing: bool) -> None:
    acts.outcome(early(), acts.not_evaluable(30, reason))
    cohort = found()
    assert cohort.where(InclusionStatus.NOT_EVALUABLE).tolist() == [True]
    assert cohort.missing.tolist() == [missing]


def test_the_participant_flow_names_every_reason_without_an_outcome() -> None:
    rows = {row.name: row.note for row in participant_flow(counts_of(analysed(3)))}
    for reason in NotEvaluable:
        assert str(reason.label) in rows["Not evaluable"]


@pytest.mark.django_db
def test_a_reason_that_was_corrected_counts_as_corrected() -> None:
    made = early()
    wrong = acts.outcome(made, acts.not_evaluable(30, NotEvaluable.DIED))
    acts.outcome(made, acts.not_evaluable(30, NotEvaluable.NOT_ASKED), expected=wrong)
    assert found().missing.tolist() == [True]


@pytest.mark.django_db
def test_an_outcome_is_missing_only_when_its_window_has_passed() -> None:
    today = timezone.localdate()
    for number, days in (("H1", 44), ("H2", 45)):
        entry = cast.worked_example(
            operation_date=today - timedelta(days=days), radiograph_date=None
        )
        cast.recorded(cast.person(number), entry)
    with_pain(early(cast.person("H3")))
    assert sorted(found().missing.tolist()) == [False, False, True]
    judged = judge_cohort(found()).missing_outcomes
    assert (judged.known, judged.missing, judged.reason) == (1, 1, "too_few_missing")


def test_the_old_who_answered_count_for_those_who_did_not() -> None:
    judged = judge_cohort(_ward(60)).missing_outcomes
    assert (judged.known, judged.missing, judged.reason) == (240, 60, "")
    assert judged.weights is not None
    assert judged.weights.mean == pytest.approx(1.0, abs=0.03)
    assert judged.weights.high > 1.2
    assert judged.weights.effective_n < 240
    assert judged.weighted is not None
    assert judged.weighted.not_estimable == {}


def test_follow_up_that_still_runs_is_weighted_but_not_fitted_on() -> None:
    running = np.arange(N) % 10 != 0
    ward = _ward(60)
    judged = judge_cohort(replace(ward, overdue=running | ward.missing)).missing_outcomes
    assert judged.missing == 60
    assert judged.known == int(np.count_nonzero(running & ward.analysed)) < 240
    assert judged.weights is not None


def test_eligibility_that_differs_helps_to_explain_who_is_missing() -> None:
    ward = _ward(60)
    turn = np.arange(N)
    outside = np.where(np.where(ward.missing, turn % 5 > 0, turn % 4 == 0), 2, 0).astype(np.int32)
    plain, by_population = (
        judge_cohort(one).missing_outcomes.weights
        for one in (ward, replace(ward, population=outside))
    )
    assert plain is not None
    assert by_population is not None
    assert by_population.high > 1.2 * plain.high


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("missing", "said"),
    [
        (0, "Not weighted: fewer than 20 outcomes are missing."),
        (19, "Not weighted: fewer than 20 outcomes are missing."),
        (60, "Weighting corrects for what predictors, date of operation"),
    ],
)
def test_page_and_paper_say_it(missing: int, said: str) -> None:
    client = signed_in(reviewer())
    with patch.object(queries, "validation_cohort", return_value=_ward(missing)):
        page = Page(client.get("/validation"))
        with patch("scoring.http.printing.pdf_of", side_effect=str.encode):
            paper = Page(client.get("/validation/report"))
    counted = f"The outcome of {N - missing} is known, of {missing} it is missing"
    for text in (page.text, paper.text):
        assert counted in text
        assert said in text
        assert ("Weighted for missing outcomes" in text) == (missing == 60)


def test_nobody_analysed_gives_a_reason() -> None:
    for ward in (analysed(0), replace(analysed(30), status=np.full(30, 1, dtype=np.int32))):
        judged = judge_cohort(ward).missing_outcomes
        assert (judged.weights, judged.weighted, judged.reason) == (None, None, "empty")

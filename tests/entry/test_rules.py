"""The rules across fields without a form: what an import or an interface is told."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pytest

from scoring.entry import AssessmentEntry, OutcomeEntry
from scoring.entry.rules import (
    AskBack,
    BrokenRule,
    Rule,
    asked_back,
    birth_day_rule,
    broken_rules,
    outcome_rule,
)
from scoring.forms.rule_texts import RULE_TEXTS
from scoring.nomogram.eligibility import Answer
from tests import cast

TODAY = date(2025, 3, 20)
NOW = datetime.combine(TODAY, time(12))
BEFORE = ("dxa_date", "mri_date", "pdw_date", "chloride_date")


def _broken(*, birth_date: date | None = cast.BORN, **changes: Any) -> list[tuple[Rule, str]]:
    entered = cast.worked_example().recorded() | changes
    found = broken_rules(entered, birth_date=birth_date, now=NOW)
    return [(broken.rule, broken.field) for broken in found]


def test_a_sound_entry_breaks_none() -> None:
    assert _broken() == []


def test_what_is_not_entered_yet_breaks_none() -> None:
    assert list(broken_rules({}, birth_date=None, now=NOW)) == []


@pytest.mark.parametrize(
    ("status", "day", "rule"),
    [
        ("done", TODAY, None),
        ("done", TODAY + timedelta(days=1), Rule.DONE_BUT_AHEAD),
        ("done", date(2000, 1, 1), None),
        ("done", date(1999, 12, 31), Rule.OPERATION_DAY),
        ("planned", TODAY, None),
        ("planned", TODAY + timedelta(days=365), None),
        ("planned", TODAY + timedelta(days=366), Rule.OPERATION_DAY),
        ("planned", TODAY - timedelta(days=1), Rule.PLANNED_BUT_PAST),
    ],
)
def test_the_operation(status: str, day: date, rule: Rule | None) -> None:
    entered = {"operation_status": status, "operation_date": day}
    found = [broken.rule for broken in broken_rules(entered, birth_date=None, now=NOW)]
    assert found == ([] if rule is None else [rule])


def test_nothing_is_compared_with_a_day_that_is_refused() -> None:
    ahead = TODAY + timedelta(days=30)
    assert _broken(operation_date=ahead) == [(Rule.DONE_BUT_AHEAD, "operation_date")]


@pytest.mark.parametrize("name", BEFORE)
def test_a_source_of_the_model_lies_before_the_operation(name: str) -> None:
    after = cast.OPERATION + timedelta(days=1)
    assert _broken(**{name: cast.OPERATION}) == []
    assert _broken(**{name: after}) == [(Rule.SOURCE_AFTER_OPERATION, name)]
    assert _broken(**{name: TODAY + timedelta(days=1)}) == [(Rule.SOURCE_DAY, name)]
    assert _broken(**{name: date(1999, 12, 31)}) == [(Rule.SOURCE_DAY, name)]


def test_the_history_of_a_trauma_may_be_taken_after_the_operation() -> None:
    assert _broken(trauma_history_date=TODAY) == []
    ahead = TODAY + timedelta(days=1)
    assert _broken(trauma_history_date=ahead) == [(Rule.SOURCE_DAY, "trauma_history_date")]


@pytest.mark.parametrize(
    ("status", "day", "at", "is_broken"),
    [
        ("done", TODAY, time(12, 1), True),
        ("done", TODAY, time(12), False),
        ("done", TODAY, None, False),
        ("done", TODAY - timedelta(days=1), time(12, 1), False),
        ("planned", TODAY, time(12, 1), False),
    ],
)
def test_an_operation_is_not_done_at_a_time_still_ahead(
    status: str, day: date, at: time | None, is_broken: bool
) -> None:
    entered = {"operation_status": status, "operation_date": day, "operation_time": at}
    found = [broken.rule for broken in broken_rules(entered, birth_date=None, now=NOW)]
    assert found == ([Rule.DONE_BUT_LATER] if is_broken else [])


def test_no_trauma_has_no_date() -> None:
    found = _broken(trauma_history=False)
    assert found == [(Rule.DAY_OF_NO_TRAUMA, "trauma_history_date")]
    assert _broken(trauma_history=False, trauma_history_date=None) == []


def test_the_radiograph_comes_after_the_operation() -> None:
    assert _broken(radiograph_date=cast.OPERATION) == []
    for day in (cast.OPERATION - timedelta(days=1), TODAY + timedelta(days=1)):
        found = _broken(radiograph_date=day)
        assert found == [(Rule.SOURCE_BEFORE_OPERATION, "radiograph_date")]
    assert _broken(mvh_restored=None) == [(Rule.SOURCE_OF_UNKNOWN, "radiograph_date")]


def test_the_height_is_not_known_of_a_planned_operation() -> None:
    found = _broken(operation_status="planned", operation_date=TODAY, radiograph_date=None)
    assert found == [(Rule.KNOWN_BEFORE_OPERATION, "mvh_restored")]


def test_the_age_on_the_day_of_the_operation_must_be_one_that_is_scored() -> None:
    broken = broken_rules({"operation_date": cast.OPERATION}, birth_date=date(1975, 3, 14), now=NOW)
    assert list(broken) == [BrokenRule(Rule.AGE_AT_OPERATION, "age_years", {"age": 49})]
    assert _broken(birth_date=date(1975, 3, 13)) == []


def test_the_form_has_words_for_every_rule() -> None:
    assert set(RULE_TEXTS) == set(Rule)


def _asked(entry: AssessmentEntry, **more: Any) -> list[AskBack]:
    return [asked.code for asked in asked_back(entry, **{"today": TODAY} | more)]


def test_a_positive_t_score_is_asked_about_once() -> None:
    positive = cast.worked_example(t_score=cast.measured("2.0"))
    assert _asked(cast.worked_example()) == []
    assert _asked(cast.worked_example(t_score=cast.measured("0"))) == []
    assert _asked(positive) == [AskBack.POSITIVE_T_SCORE]
    assert _asked(positive, before=positive) == []
    assert _asked(positive, before=cast.worked_example()) == [AskBack.POSITIVE_T_SCORE]


def test_an_earlier_pkp_is_asked_about_where_no_surgery_is_said_to_be_before() -> None:
    entry = cast.worked_example()
    assert _asked(entry, had_surgery=True) == [AskBack.EARLIER_SURGERY]
    assert _asked(entry, before=cast.worked_example(t_score=Decimal(-3)), had_surgery=True) == []
    answers = cast.study_answers(previous_spinal_surgery=Answer.YES)
    assert _asked(cast.worked_example(answers=answers), had_surgery=True) == []


def test_a_move_and_a_second_assessment_are_asked_about() -> None:
    entry = cast.worked_example()
    assert _asked(entry, is_moved=True, is_second=True) == [
        AskBack.MOVED,
        AskBack.SECOND_OF_OPERATION,
    ]


@pytest.mark.parametrize(
    ("day", "is_broken"),
    [
        (date(1899, 12, 31), True),
        (date(1900, 1, 1), False),
        (TODAY, False),
        (TODAY + timedelta(days=1), True),
    ],
)
def test_a_birth_date_lies_between_1900_and_today(day: date, is_broken: bool) -> None:
    assert (birth_day_rule(day, TODAY) is not None) == is_broken


def _day(days: int) -> date:
    return cast.OPERATION + timedelta(days=days)


@pytest.mark.parametrize(
    ("time_point", "vas", "days", "reason", "other", "rule"),
    [
        (3, 4, 3, "", None, None),
        (3, None, None, "lost", None, None),
        (3, 4, 0, "", None, Rule.VAS_DAY),
        (3, 4, 8, "", None, Rule.VAS_DAY),
        (3, 4, 3, "lost", None, Rule.VAS_BESIDE_REASON),
        (3, None, 3, "lost", None, Rule.VAS_BESIDE_REASON),
        (3, None, None, "", None, Rule.VAS_OPEN),
        (3, 0, None, "", None, Rule.VAS_DAY_OPEN),
        (3, 4, 3, "", 4, None),
        (3, 4, 3, "", 3, Rule.DAY_3_VAS_LATE),
        (30, 4, 4, "", 3, None),
        (30, 4, 3, "", 3, Rule.DAY_30_VAS_EARLY),
    ],
)
def test_an_outcome(
    time_point: int,
    vas: int | None,
    days: int | None,
    reason: str,
    other: int | None,
    rule: Rule | None,
) -> None:
    entry = OutcomeEntry(
        time_point=time_point,
        vas=vas,
        measured_on=None if days is None else _day(days),
        not_evaluable=reason,
    )
    broken = outcome_rule(
        entry,
        operated_on=cast.OPERATION,
        other=None if other is None else _day(other),
        today=TODAY,
    )
    assert (broken and broken.rule) == rule

"""A new vertebral fracture is asked again with the VAS of day 30."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from scoring import queries
from scoring.models import Assessment, Outcome
from scoring.nomogram.eligibility import Answer, Criterion, Population, study_answer
from tests import cast
from tests.life import acts, browse
from tests.validation import ward
from tests.web.html import Page

pytestmark = pytest.mark.django_db
DAY_30 = {"vas": "5", "measured_on": "12-Apr-2025"}
ASKED_AGAIN = "New vertebral fracture: asked again with the day-30 VAS."


def _left_open(number: str = "H100234", **others: Answer) -> Assessment:
    answers = {criterion: study_answer(criterion) for criterion in Criterion}
    answers[Criterion.NEW_VERTEBRAL_FRACTURE] = Answer.NOT_ASSESSED
    answers |= {Criterion(name): answer for name, answer in others.items()}
    return ward.early(cast.person(number), entry=cast.worked_example(answers=answers))


def _saved(client: Client, of: Assessment, **entered: str) -> Outcome:
    data = browse.filled(client, "outcome-day-30", of, **entered)
    browse.led_to(browse.sent(client, "outcome-day-30", of, data))
    return Outcome.objects.latest("created_at")


def test_what_was_left_open_is_asked_again_and_then_answered(client: Client) -> None:
    of = _left_open()
    page = browse.opened(client, "assessment-result", of)
    assert ASKED_AGAIN in page.text
    assert "Eligibility not fully assessed." not in page.text
    assert ASKED_AGAIN in browse.printed(client, of)
    made = _saved(client, of, **DAY_30, new_vertebral_fracture="no")
    assert (made.vas, made.new_vertebral_fracture) == (5, False)
    page = browse.opened(client, "assessment-result", of)
    eligibility = browse.section(page, "h-eligibility")
    assert "New vertebral fracture: none by day 30." in eligibility
    assert "All 10 criteria answered as in the study population." in eligibility
    assert "5 no new vertebral fracture" in browse.section(page, "h-outcome")
    assert "New vertebral fracture: none by day 30." in browse.printed(client, of)
    assert Assessment.objects.get().answers[Criterion.NEW_VERTEBRAL_FRACTURE] == "not_assessed"


def test_left_open_on_day_30_it_is_not_assessed(client: Client) -> None:
    of = _left_open()
    assert _saved(client, of, **DAY_30).new_vertebral_fracture is None
    page = browse.opened(client, "assessment-result", of)
    assert ASKED_AGAIN not in page.text
    assert "Eligibility not fully assessed." in page.text


def test_a_new_fracture_takes_the_place_of_the_vas_and_asks_before(client: Client) -> None:
    of = _left_open()
    entered = DAY_30 | {"new_vertebral_fracture": "yes"}
    data = browse.filled(client, "outcome-day-30", of, **entered)
    asked = browse.sent(client, "outcome-day-30", of, data)
    assert asked.status_code == 422
    page = Page(asked)
    assert "Tick to save “new vertebral fracture” in place of the VAS 5." in page.text
    assert page.value("vas") == "5"
    assert not Outcome.objects.exists()
    browse.led_to(browse.sent(client, "outcome-day-30", of, data | {"confirmed": "new_fracture 5"}))
    made = Outcome.objects.get()
    assert (made.vas, made.not_evaluable, made.new_vertebral_fracture) == (
        None,
        "new_fracture",
        True,
    )
    page = browse.opened(client, "assessment-result", of)
    assert "New vertebral fracture: yes, by day 30." in page.text


def test_a_new_fracture_without_a_vas_is_one_press(client: Client) -> None:
    made = _saved(client, _left_open(), new_vertebral_fracture="yes")
    assert (made.not_evaluable, made.new_vertebral_fracture) == ("new_fracture", True)


def test_the_answer_and_the_reason_agree(client: Client) -> None:
    of = _left_open()
    entered = {"not_evaluable": "new_fracture", "new_vertebral_fracture": "no"}
    data = browse.filled(client, "outcome-day-30", of, **entered)
    refused = browse.sent(client, "outcome-day-30", of, data)
    assert refused.status_code == 422
    assert "you answered that there is no new vertebral fracture" in Page(refused).text


def test_a_correction_of_the_vas_keeps_the_answer(client: Client) -> None:
    of = _left_open()
    _saved(client, of, **DAY_30, new_vertebral_fracture="no")
    made = _saved(client, of, **(DAY_30 | {"vas": "6"}), reason="misread")
    assert (made.version, made.vas, made.new_vertebral_fracture) == (2, 6, False)


def test_it_is_not_asked_with_day_3(client: Client) -> None:
    page = browse.opened(client, "outcome-day-3", _left_open())
    assert "new_vertebral_fracture" not in {control.name for control in page.controls}


def test_the_answer_of_day_30_counts_for_the_eligibility_of_the_validation() -> None:
    of = _left_open()
    acts.outcome(of, acts.measured(3, 6))
    first = acts.outcome(of, acts.measured(30, 5))
    as_study = ward.everybody(population=Population.AS_STUDY)
    assert len(queries.validation_cohort(as_study)) == 0
    acts.outcome(of, acts.measured(30, 5, new_fracture=False), expected=first)
    assert len(queries.validation_cohort(as_study)) == 1
    open_still = ward.everybody(population=Population.NOT_FULLY_ASSESSED)
    assert len(queries.validation_cohort(open_still)) == 0
    # Another open question stays open.
    other = _left_open("H2", infection=Answer.NOT_ASSESSED)
    acts.outcome(other, acts.measured(30, 5, new_fracture=False))
    assert len(queries.validation_cohort(open_still)) == 1


def test_in_the_row_of_the_worklist_it_is_asked_too(client: Client) -> None:
    today = timezone.localdate()
    of = cast.recorded(
        entry=cast.worked_example(operation_date=today - timedelta(days=31), radiograph_date=None)
    )
    acts.outcome(of, acts.not_evaluable(3, "not_asked"))
    page = Page(client.get("/"))
    names = [control.name for control in page.controls]
    assert names.count("new_vertebral_fracture") == 1
    sent = {
        "form_token": page.value("form_token"),
        "board": "list=day_30",
        "in_row": "",
        "vas": "2",
        "measured_on": cast.written(today),
        "new_vertebral_fracture": "yes",
    }
    refused = browse.sent(client, "outcome-day-30", of, sent)
    assert refused.status_code == 422
    again = Page(refused)
    assert "in place of the VAS 2" in again.text
    assert again.value("new_vertebral_fracture") == "yes"
    sent["new_vertebral_fracture"] = "no"
    browse.led_to(browse.sent(client, "outcome-day-30", of, sent))
    made = Outcome.objects.latest("created_at")
    assert (made.vas, made.new_vertebral_fracture) == (2, False)

"""Died means died: nothing is due, and whatever is entered later must be confirmed."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from scoring import actions, queries
from scoring.models import Assessment, AssessmentChain, Outcome, Patient
from scoring.queries import TaskList
from scoring.queries.record_derived import disagreements
from tests import cast
from tests.life import acts, browse
from tests.web.html import Page

pytestmark = pytest.mark.django_db
SAID = "This patient died (recorded "


def _operated(days_ago: int, patient: Patient | None = None, level: str = "L1") -> Assessment:
    entry = cast.before_the_radiograph(
        operation_date=timezone.localdate() - timedelta(days=days_ago), fracture_level=level
    )
    return cast.recorded(patient, entry)


def _due() -> dict[str, int]:
    return {
        "radiographs": len(queries.due_page(TaskList.RADIOGRAPHS, size=9).tasks),
        "day 3": len(queries.due_page(TaskList.DAY_3, size=9).tasks),
        "day 30": len(queries.due_page(TaskList.DAY_30, size=9).tasks),
        "total": queries.due_counts().total,
    }


@pytest.mark.parametrize("day", [3, 30])
def test_after_a_death_nothing_is_due_in_any_assessment_of_the_patient(day: int) -> None:
    first = _operated(31)
    _operated(30, first.patient, "L2")
    assert _due() == {"radiographs": 2, "day 3": 2, "day 30": 2, "total": 6}
    died = acts.outcome(first, acts.not_evaluable(day, "died"))
    assert _due() == {"radiographs": 0, "day 3": 0, "day 30": 0, "total": 0}
    # Entered for the wrong patient: with the correction all is due again but what was answered.
    acts.outcome(first, acts.not_evaluable(day, "not_asked"), expected=died)
    assert _due()["total"] == 5


def _said() -> list[tuple[bool, bool]]:
    """Of each assessment: follow-up ended, patient died; nothing else than the outcomes say."""
    assert list(disagreements()) == []
    chains = AssessmentChain.objects.order_by("report_serial")
    return list(chains.values_list("follow_up_ended", "patient_died"))


def test_a_death_is_kept_with_every_assessment_of_the_patient_while_it_stands() -> None:
    first = _operated(31)
    second, other = _operated(31, first.patient, "L2"), _operated(31, cast.registered("H9"))
    died = acts.outcome(first, acts.not_evaluable(3, "died"))
    assert _said() == [(True, True), (False, True), (False, False)]
    # Whoever is assessed again is told of, too.
    _operated(31, first.patient, "L3")
    assert _said() == [(True, True), (False, True), (False, False), (False, True)]
    actions.undo_outcome(by=cast.alice(), outcome=died, submission=cast.submission())
    alive = [(False, False)] * 4
    assert _said() == alive
    died = acts.outcome(first, acts.not_evaluable(3, "died"))
    acts.outcome(second, acts.not_evaluable(30, "died"))
    acts.outcome(first, acts.not_evaluable(3, "lost"), expected=died)
    # The other assessment says so still.
    assert _said() == [(True, True), (True, True), (False, False), (False, True)]
    voided = acts.voided(second)
    assert _said() == [(True, False), (True, False), (False, False), (False, False)]
    back = acts.reinstated(voided)
    assert _said() == [(True, True), (True, True), (False, False), (False, True)]
    # It was the other patient's.
    acts.amended(back, patient=other.patient)
    assert _said() == [(True, False), (True, True), (False, True), (False, False)]
    acts.amended(first, patient=other.patient)
    assert _said() == [(True, True), (True, True), (False, True), (False, False)]


@pytest.mark.parametrize("why", ["lost", "reoperated", "new_fracture"])
def test_once_it_is_not_evaluable_no_vas_is_due(why: str) -> None:
    acts.outcome(_operated(31), acts.not_evaluable(3, why))
    assert _due() == {"radiographs": 1, "day 3": 0, "day 30": 0, "total": 1}


def test_a_vas_that_was_not_asked_leaves_the_other_one_due(client: Client) -> None:
    of = _operated(31)
    acts.outcome(of, acts.measured(30, 5, on=timezone.localdate() - timedelta(days=3)))
    data = browse.filled(client, "outcome-day-3", of, not_evaluable="not_asked")
    browse.led_to(browse.sent(client, "outcome-day-3", of, data))
    assert _due() == {"radiographs": 1, "day 3": 0, "day 30": 0, "total": 1}
    shown = browse.section(browse.opened(client, "assessment-result", of), "h-outcome")
    assert "not asked / not documented" in shown
    assert "Residual back pain: not evaluable" in shown
    acts.outcome(_operated(31, of.patient, "L2"), acts.not_evaluable(3, "not_asked"))
    assert _due()["day 30"] == 1


def test_the_banner_says_so_and_a_voided_assessment_says_nothing(client: Client) -> None:
    of = _operated(31)
    page = browse.opened(client, "patient-detail", of.patient)
    assert "Died (recorded" not in page.text
    acts.outcome(of, acts.not_evaluable(3, "died"))
    for name, about in (("patient-detail", of.patient), ("assessment-result", of)):
        assert "Died (recorded" in browse.opened(client, name, about).text
    new = Page(client.get(reverse("assessment-new") + f"?patient={of.patient_id}"))
    assert "Died (recorded" in new.text
    acts.voided(of)
    assert "Died (recorded" not in browse.opened(client, "patient-detail", of.patient).text


def test_a_vas_after_death_is_asked_back(client: Client) -> None:
    of = _operated(31)
    died = acts.outcome(of, acts.not_evaluable(3, "died"))
    on = cast.written(timezone.localdate() - timedelta(days=3))
    data = browse.filled(client, "outcome-day-30", of, vas="3", measured_on=on)
    response = browse.sent(client, "outcome-day-30", of, data)
    assert response.status_code == 422
    page = Page(response)
    assert SAID in page.text
    data["confirmed"] = page.offered("confirmed")
    browse.led_to(browse.sent(client, "outcome-day-30", of, data))
    assert Outcome.objects.get(time_point=30).vas == 3
    # What says that the patient died can be corrected to a VAS unasked.
    on = cast.written(of.operation_date + timedelta(days=3))
    data = browse.filled(client, "outcome-day-3", of, vas="3", measured_on=on)
    data |= {"not_evaluable": "", "reason": "another patient"}
    browse.led_to(browse.sent(client, "outcome-day-3", of, data))
    assert Outcome.objects.get(supersedes=died).vas == 3


def test_completing_and_a_new_assessment_after_death_are_asked_back(client: Client) -> None:
    of = _operated(2)
    acts.outcome(of, acts.not_evaluable(3, "died"))
    data = browse.filled(client, "assessment-complete", of, mvh_restored="no")
    response = browse.sent(client, "assessment-complete", of, data)
    assert response.status_code == 422
    assert SAID in Page(response).text
    data["confirmed"] = Page(response).offered("confirmed")
    browse.led_to(browse.sent(client, "assessment-complete", of, data))
    page = Page(client.post(reverse("assessment-new"), cast.form_data(known_patient=of.patient_id)))
    assert SAID in page.text
    assert Assessment.objects.count() == 2

"""No radiograph was taken, or the operation was cancelled: true ways to end the waiting."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from scoring import actions, queries
from scoring.display import percent_text
from scoring.models import Assessment
from scoring.queries import DisplayState, HistoryFilter
from scoring.report.sheet import Sheet
from tests import cast, worked_example
from tests.life import acts, browse
from tests.web.html import Page

pytestmark = pytest.mark.django_db


def _pressed(client: Client, name: str, of: Assessment, **entered: str) -> Assessment:
    data = browse.filled(client, name, of, **entered)
    at = browse.led_to(browse.sent(client, name, of, data))
    made = acts.read(Assessment.objects.get(current_of=of.chain_id).pk)
    assert at == browse.address("assessment-result", made)
    return made


def _lately(status: str = "done") -> Assessment:
    """Operated three days ago: its radiograph is late, its first VAS due today."""
    day = timezone.localdate() - timedelta(days=3)
    return acts.provisional(operation_date=day, operation_status=status, radiograph_date=None)


def _exported(of: Assessment) -> str:
    listed = HistoryFilter(state=DisplayState(of.state)).streamed(["state", "chain__rbp"])
    return ",".join(str(state) for state, _rbp in listed)


def test_without_a_radiograph_it_stays_provisional_and_waits_no_more(client: Client) -> None:
    of = _lately()
    assert queries.due_counts().radiographs == 1
    offered = browse.links(browse.opened(client, "assessment-complete", of))
    assert offered["No radiograph was taken"] == browse.address("assessment-no-radiograph", of)
    made = _pressed(client, "assessment-no-radiograph", of, reason="Went home early")
    assert (made.state, made.change, made.reason) == (
        "no_radiograph",
        "no_radiograph",
        "Went home early",
    )
    assert (made.result, made.operation_status) == (of.result, "done")
    assert queries.due_counts().radiographs == 0
    # Its pain is asked for all the same.
    assert [row.version for row in _vas_due()] == [made]
    page = browse.opened(client, "assessment-result", made)
    assert "No radiograph was taken: Went home early. The result stays provisional." in page.text
    assert "Provisional, no radiograph" in page.text
    assert "Two results until the radiograph." not in page.text
    assert "Complete after radiograph" in browse.links(page)
    said = browse.printed(client, made)
    assert "Provisional, no radiograph, version 2 without a 24-hour radiograph" in said
    assert "No radiograph was taken: Went home early. The result stays provisional." in said
    assert "one of the two results then becomes final" not in said
    assert "No radiograph was taken: Went home early." in browse.section(page, "h-model")
    assert _exported(made) == "no_radiograph"
    history = Page(client.get("/history"))
    assert "Provisional, no radiograph" in history.text


def _vas_due() -> list[queries.Due]:
    return list(queries.due_page(queries.TaskList.DAY_3, size=20).tasks)


def test_a_radiograph_that_turned_up_completes_it_all_the_same(client: Client) -> None:
    of = acts.without_radiograph(acts.provisional())
    data = browse.filled(client, "assessment-complete", of, mvh_restored="no")
    browse.led_to(browse.sent(client, "assessment-complete", of, data))
    made = Assessment.objects.get(current_of=of.chain_id)
    assert (made.state, made.version) == ("final", 3)
    assert percent_text(made.result.scenarios[0].risk) == worked_example.RISK


def test_an_amended_value_does_not_ask_for_the_radiograph_again() -> None:
    of = acts.without_radiograph(acts.provisional())
    amended = acts.amended(of, cast.changed(of.entry, chloride_mmol_l=cast.measured("99")))
    assert amended.state == "no_radiograph"
    # The reason of the amendment is not why there is no radiograph.
    title, _effect = Sheet(amended).ended_texts or ("", "")
    assert title == "No radiograph was taken"
    planned = acts.amended(amended, cast.before_the_radiograph(operation_status="planned"))
    assert planned.state == "provisional"
    again = acts.resumed(acts.without_radiograph(planned))
    assert (again.state, again.change) == ("provisional", "resume")


def test_a_void_is_undone_to_what_stood_there() -> None:
    for ended in (
        acts.without_radiograph(acts.provisional("H1")),
        acts.cancelled(acts.provisional("H2")),
    ):
        back = acts.reinstated(acts.voided(ended))
        assert (back.state, back.entry) == (ended.state, ended.entry)


def test_a_radiograph_of_an_operation_to_come_cannot_be_missing() -> None:
    ahead = timezone.localdate() + timedelta(days=1)
    of = acts.provisional(operation_date=ahead, operation_status="planned")
    with pytest.raises(actions.OperationAheadError):
        acts.without_radiograph(of)


@pytest.mark.parametrize("status", ["planned", "done"])
def test_a_cancelled_operation_is_due_nowhere_and_says_so(client: Client, status: str) -> None:
    of = _lately(status)
    assert queries.due_counts().total == 2
    made = _pressed(client, "assessment-cancel", of, reason="Fever")
    assert (made.state, made.change, made.operation_status) == ("cancelled", "cancel", "planned")
    assert made.result == of.result
    assert queries.due_counts().total == 0
    page = browse.opened(client, "assessment-result", made)
    assert "Operation cancelled: Fever. No prediction applies." in page.text
    assert "Residual back pain: not counted" in page.text
    offered = set(browse.links(page))
    assert "Undo the cancellation" in offered
    refused = {"Amend", "Complete after radiograph", "Patient sheet", "Record VAS day 3"}
    assert refused.isdisjoint(offered)
    said = browse.printed(client, made)
    assert "OPERATION CANCELLED" in said
    assert "Operation cancelled: Fever. No prediction applies." in said
    assert "Do not use" not in said
    assert "No prediction applies." in browse.section(page, "h-model")
    assert _exported(made) == "cancelled"
    back = _pressed(client, "assessment-resume", made)
    assert (back.state, back.version, back.reason) == ("provisional", 3, "")
    assert queries.due_counts().total == 2


def test_a_cancelled_operation_takes_no_outcome_and_no_amendment(client: Client) -> None:
    of = acts.cancelled(acts.provisional())
    for name in ("outcome-day-3", "assessment-amend", "assessment-complete"):
        at = browse.led_to(client.get(browse.address(name, of)))
        assert at == browse.address("assessment-result", of), name
    with pytest.raises(actions.NotAllowedInStateError):
        acts.outcome(of, acts.measured(3, 5))
    with pytest.raises(actions.NotAllowedInStateError):
        acts.amended(of)


def test_an_operation_with_a_vas_after_it_was_not_cancelled(client: Client) -> None:
    of = acts.provisional()
    acts.outcome(of, acts.measured(3, 5, date(2025, 3, 16)))
    data = browse.filled(client, "assessment-cancel", of)
    at = browse.led_to(browse.sent(client, "assessment-cancel", of, data))
    assert browse.messages(client, at)[0].startswith("A VAS after the operation is on record.")
    assert Assessment.objects.get().state == "provisional"


def test_another_assessment_of_a_cancelled_operation_is_not_asked_about() -> None:
    of = acts.cancelled(acts.provisional())
    patient, day, level = of.patient, of.operation_date, of.fracture_level
    assert queries.same_operation(patient, day, level, besides=None) is None

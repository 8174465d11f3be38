"""Undo within ten minutes: a new version by the same user, never an erasure."""

from datetime import timedelta
from unittest.mock import patch
from uuid import UUID, uuid4

import pytest
from django.test import Client
from django.utils import timezone

from scoring import actions, queries
from scoring.models import Assessment, AuditEvent, IndexAssessment, Outcome
from scoring.models.codes import TimePoint
from tests import cast
from tests.life import acts, browse
from tests.web.html import Page

pytestmark = pytest.mark.django_db
REFUSED = "This can't be undone"


def _later(minutes: float) -> object:
    """The clock of the server, some minutes on."""
    return patch(
        "django.utils.timezone.now", return_value=timezone.now() + timedelta(minutes=minutes)
    )


def _undo(client: Client, name: str, of: Assessment, expected: object = "") -> str:
    """Press "Undo"; what the page says afterwards."""
    data = {"form_token": str(uuid4()), "expected": str(expected)}
    return browse.messages(client, browse.led_to(browse.sent(client, name, of, data)))[0]


def test_a_completion_is_undone_by_its_button(client: Client) -> None:
    waiting = acts.provisional()
    final = acts.completed(waiting)
    page = browse.opened(client, "assessment-result", final)
    assert browse.address("assessment-undo", final) in page.html
    assert (
        _undo(client, "assessment-undo", final) == "Undone. What stood there before stands again."
    )
    now = queries.current_version(final.chain)
    assert (now.version, now.state, now.change) == (3, "provisional", "undo")
    assert (now.mvh_restored, now.radiograph_date) == (None, None)
    assert now.entry == waiting.entry
    # Appended: the final version stays readable, and the log tells of all three.
    assert acts.read(final.pk).mvh_restored is False
    assert AuditEvent.objects.latest("id").action == "assessment_viewed"
    assert AuditEvent.objects.filter(action="completion_undone").count() == 1
    page = browse.opened(client, "assessment-result", now)
    assert "version 3 (completion undone), replaces version 2" in page.text
    assert "Reason: undone within ten minutes" in page.text
    assert "Undo" not in page.text
    # And completed again, the other way.
    assert acts.completed(now, restored=True).state == "final"


def test_a_completion_that_was_a_slip_is_not_the_index_assessment() -> None:
    slip = acts.completed(acts.provisional(), restored=False)
    undone = actions.undo(by=cast.alice(), assessment=slip, submission=cast.submission())
    final = acts.completed(acts.read(undone.pk), restored=True)
    index = IndexAssessment.objects.get()
    assert (index.assessment_id, index.mvh_restored) == (final.pk, True)
    # What follows is a correction, and changes it no more.
    acts.amended(final, cast.changed(final.entry, pdw_fl=cast.measured("13.1")))
    assert IndexAssessment.objects.get().assessment_id == final.pk


def test_a_void_is_undone(client: Client) -> None:
    of = cast.recorded()
    voided = acts.voided(of)
    assert _undo(client, "assessment-undo", voided).startswith("Undone.")
    now = queries.current_version(of.chain)
    assert (now.state, now.change, now.reason) == (
        "final",
        "reinstate",
        "undone_within_ten_minutes",
    )


@pytest.mark.parametrize("time_point", [3, 30])
def test_a_vas_is_undone_and_its_time_point_open_again(client: Client, time_point: int) -> None:
    of = cast.recorded()
    kept = acts.outcome(of, acts.measured(time_point, 7))
    page = browse.opened(client, "assessment-result", of)
    name = f"outcome-day-{time_point}-undo"
    assert browse.address(name, of) in page.html
    assert _undo(client, name, of, kept.pk).startswith("Undone.")
    of.chain.refresh_from_db()
    state = (of.chain.day_3, of.chain.vas_day_3, of.chain.vas_day_3_on)
    if time_point == 30:
        state = (of.chain.day_30, of.chain.vas_day_30, of.chain.vas_day_30_on)
    assert state == ("open", None, None)
    assert of.chain.rbp == "pending"
    assert queries.current_outcome(of.chain, TimePoint(time_point)) is None
    versions = queries.outcome_versions(of.chain, TimePoint(time_point))
    assert [(v.vas, v.withdrawn) for v in versions] == [(None, True), (7, False)]
    page = browse.opened(client, f"outcome-day-{time_point}", of)
    assert "undone within ten minutes" in page.text
    # Recorded anew as if nothing stood there: no reason is asked for.
    assert not [control for control in page.controls if control.name == "reason"]
    again = acts.outcome(of, acts.measured(time_point, 6))
    assert (again.version, again.reason) == (3, "recorded_after_undo")
    actions_logged = AuditEvent.objects.filter(action__startswith="outcome").order_by("id")
    assert [event.action for event in actions_logged] == [
        "outcome_recorded",
        "outcome_undone",
        "outcome_recorded",
    ]


def test_the_undo_of_a_correction_brings_back_what_stood_there() -> None:
    of = cast.recorded()
    first = acts.outcome(of, acts.measured(3, 7))
    second = acts.outcome(of, acts.not_evaluable(3, "died"), expected=first)
    undone = actions.undo_outcome(by=cast.alice(), outcome=second, submission=cast.submission())
    assert (undone.vas, undone.measured_on, undone.withdrawn) == (7, first.measured_on, False)
    with pytest.raises(actions.UndoRefusedError):
        actions.undo_outcome(by=cast.alice(), outcome=undone, submission=cast.submission())


@pytest.mark.parametrize(("minutes", "is_undone"), [(9.9, True), (10.1, False)])
def test_after_ten_minutes_it_is_refused_with_a_sentence(
    client: Client, minutes: float, is_undone: bool
) -> None:
    final = acts.completed(acts.provisional())
    kept = acts.outcome(final, acts.measured(3, 7))
    with _later(minutes):  # type: ignore[attr-defined]
        page = browse.opened(client, "assessment-result", final)
        assert ("Undo" in page.text) is is_undone
        said = _undo(client, "outcome-day-3-undo", final, kept.pk)
        assert said.startswith("Undone." if is_undone else REFUSED)
        said = _undo(client, "assessment-undo", final)
        assert said.startswith("Undone." if is_undone else REFUSED)
    assert Assessment.objects.count() == (3 if is_undone else 2)
    assert Outcome.objects.count() == (2 if is_undone else 1)


def test_nobody_undoes_what_a_colleague_saved(bobs: Client) -> None:
    final = acts.completed(acts.provisional())
    kept = acts.outcome(final, acts.measured(3, 7))
    assert "Undo" not in browse.opened(bobs, "assessment-result", final).text
    assert _undo(bobs, "assessment-undo", final).startswith(REFUSED)
    assert _undo(bobs, "outcome-day-3-undo", final, kept.pk).startswith(REFUSED)


def test_what_was_changed_since_is_not_undone(client: Client) -> None:
    final = acts.completed(acts.provisional())
    acts.amended(final, by=cast.bob())
    assert _undo(client, "assessment-undo", final).startswith(REFUSED)
    kept = acts.outcome(final, acts.measured(3, 7))
    acts.outcome(final, acts.measured(3, 6), expected=kept, by=cast.bob())
    assert _undo(client, "outcome-day-3-undo", final, kept.pk).startswith(REFUSED)
    # Only these are undone by a button: others have their own way back.
    assert _undo(client, "assessment-undo", cast.recorded(cast.person("H9"))).startswith(REFUSED)


def test_pressed_twice_it_is_undone_once() -> None:
    final = acts.completed(acts.provisional())
    kept = acts.outcome(final, acts.measured(3, 7))
    tokens = cast.submission(UUID(int=1)), cast.submission(UUID(int=2))
    for _ in range(2):
        actions.undo(by=cast.alice(), assessment=final, submission=tokens[0])
        actions.undo_outcome(by=cast.alice(), outcome=kept, submission=tokens[1])
    assert (Assessment.objects.count(), Outcome.objects.count()) == (3, 2)


def test_undo_from_the_board_leaves_one_in_the_row_that_is_open_again(client: Client) -> None:
    day = timezone.localdate() - timedelta(days=3)
    of = cast.recorded(entry=cast.worked_example(operation_date=day, radiograph_date=None))
    kept = acts.outcome(of, acts.measured(3, 7, timezone.localdate()))
    page = Page(client.get(f"/?list=day-3&saved={kept.pk}"))
    address = browse.address("outcome-day-3-undo", of)
    assert address in page.html
    data = {"form_token": str(uuid4()), "expected": str(kept.pk), "board": "list=day-3"}
    page = Page(client.get(browse.led_to(client.post(address, data))))
    (said,) = browse.notes(page)
    assert said.startswith("Undone.")
    assert [row[1] for row in browse.rows(page, "h-day-3")] == ["H100234"]
    assert page.html.partition("</main>")[0].count("autofocus") == 1
    # The row records again, though there is an undone version.
    row = {
        "form_token": str(uuid4()),
        "board": "list=day-3",
        "in_row": "",
        "vas": "4",
        "measured_on": cast.from_today(0),
    }
    assert "saved=" in browse.led_to(browse.sent(client, "outcome-day-3", of, row))
    assert queries.current_outcome(of.chain, TimePoint.DAY_3).vas == 4  # type: ignore[union-attr]

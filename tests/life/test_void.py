"""Void and its undoing: everything stays readable, and nobody takes it for valid."""

from datetime import date

import pytest
from django.test import Client

from scoring import queries
from scoring.models import Assessment
from tests import cast
from tests.life import acts, browse
from tests.web.html import Page

pytestmark = pytest.mark.django_db
REASON = "entered for the wrong patient"


def _void(client: Client, of: Assessment) -> Assessment:
    data = browse.filled(client, "assessment-void", of, reason=REASON)
    at = browse.led_to(browse.sent(client, "assessment-void", of, data))
    made = acts.read(Assessment.objects.latest("created_at").pk)
    assert at == browse.address("assessment-result", made)
    return made


@pytest.mark.parametrize("provisional", [False, True])
def test_a_voided_one_says_so_wherever_it_is_seen(client: Client, provisional: bool) -> None:
    of = acts.provisional() if provisional else cast.recorded()
    voided = _void(client, of)
    assert (voided.state, voided.change, voided.reason) == ("voided", "void", REASON)
    assert (voided.entry, voided.result) == (of.entry, of.result)
    page = browse.opened(client, "assessment-result", voided)
    assert f"Voided: {REASON}. Do not use it." in page.text
    assert browse.section(page, "h-changes").endswith("Voided; no value changed.")
    assert {"Amend", "Void", "Complete after radiograph"}.isdisjoint(browse.links(page))
    said = browse.printed(client, voided)
    assert "VOIDED" in said
    assert "Voided, version 2" in said
    assert "SUPERSEDED" in browse.printed(client, of)
    time_line = browse.opened(client, "patient-detail", of.patient)
    assert "voided-text" in time_line.html
    assert "due 16-Mar-2025" not in time_line.text
    assert "Residual back pain not counted" in time_line.text
    assert "Residual back pain: not counted" in page.text
    assert "Two results until the radiograph." not in page.text
    assert f"voided: {REASON}" in time_line.text
    history = Page(client.get("/history"))
    assert 'class="voided"' in history.html


def test_a_reason_with_a_stop_gets_no_second_one(client: Client) -> None:
    voided = acts.voided(cast.recorded(), reason="Entered twice.")
    said = browse.opened(client, "assessment-result", voided).text
    assert "Voided: Entered twice. Do not use it." in said
    cancelled = acts.cancelled(acts.provisional("H7"), reason="Deferred。")
    said = browse.opened(client, "assessment-result", cancelled).text
    assert "Operation cancelled: Deferred. No prediction applies." in said


def test_a_voided_one_is_in_no_worklist(client: Client) -> None:
    _void(client, acts.provisional())
    page = Page(client.get("/"))
    assert "Wang" not in page.text
    assert queries.due_counts().total == 0


def test_undone_it_is_as_it_was(client: Client) -> None:
    of = acts.provisional()
    voided = _void(client, of)
    data = browse.filled(client, "assessment-reinstate", voided, reason="it was right after all")
    at = browse.led_to(browse.sent(client, "assessment-reinstate", voided, data))
    back = acts.read(Assessment.objects.get(version=3).pk)
    assert at == browse.address("assessment-result", back)
    assert (back.state, back.change, back.reason) == (
        "provisional",
        "reinstate",
        "it was right after all",
    )
    assert (back.entry, back.result, back.age_years) == (of.entry, of.result, of.age_years)
    page = browse.opened(client, "assessment-result", back)
    assert "(void undone), replaces version 2" in page.text
    changed = browse.section(page, "h-changes")
    assert changed.endswith("The void was undone; no value changed.")
    assert "Voided:" not in page.text
    assert {"Amend", "Void", "Complete after radiograph"} <= set(browse.links(page))
    assert "Complete Wang, Xiulan" in browse.links(Page(client.get("/")))
    for earlier in (of, voided):
        said = browse.printed(client, earlier)
        assert "SUPERSEDED" in said
    said = browse.printed(client, back)
    assert "VOIDED" not in said
    assert "SUPERSEDED" not in said


def test_undone_after_a_corrected_birth_date_it_keeps_its_numbers() -> None:
    of = cast.recorded()
    voided = acts.voided(of)
    acts.corrected(of.patient, cast.person(birth_date=date(1934, 7, 14)))
    back = acts.reinstated(voided)
    assert (back.result, back.age_years, back.birth_date) == (of.result, 80, cast.BORN)


@pytest.mark.parametrize("reason", ["", "  "])
@pytest.mark.parametrize("name", ["assessment-void", "assessment-reinstate"])
def test_both_need_a_reason(client: Client, name: str, reason: str) -> None:
    of = cast.recorded() if name.endswith("void") else acts.voided(cast.recorded())
    data = browse.filled(client, name, of, reason=reason)
    response = browse.sent(client, name, of, data)
    assert response.status_code == 422
    page = Page(response)
    assert any("a reason is needed" in error for error in page.beside("reason"))
    assert page.value("form_token") == data["form_token"]
    assert Assessment.objects.count() == of.version


def test_only_a_voided_one_can_be_undone_and_only_once_voided(client: Client) -> None:
    of = cast.recorded()
    at = browse.led_to(client.get(browse.address("assessment-reinstate", of)))
    assert at == browse.address("assessment-result", of)
    assert browse.messages(client, at)[0].endswith("Nothing was changed.")
    voided = _void(client, of)
    at = browse.led_to(client.get(browse.address("assessment-void", voided)))
    assert at == browse.address("assessment-result", voided)
    assert Assessment.objects.count() == 2


def test_the_outcomes_of_a_voided_one_are_not_asked_for_but_kept(client: Client) -> None:
    of = cast.recorded()
    acts.outcome(of, acts.measured(3, 5))
    voided = _void(client, of)
    page = browse.opened(client, "assessment-result", voided)
    assert "16-Mar-2025" in browse.section(page, "h-outcome")
    assert not [text for text in browse.links(page) if "day 3" in text or "day 30" in text]
    assert acts.reinstated(voided).chain.vas_day_3 == 5

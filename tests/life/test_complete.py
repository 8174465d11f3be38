"""The 24-hour radiograph is in: two clicks from the worklist to the final version."""

import re
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from scoring.models import Assessment, AssessmentChain
from scoring.words.dates import day_text
from tests import cast
from tests import worked_example as worked
from tests.life import acts, browse
from tests.web.html import Page, classes, elements, text

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("answer", "risk"), [("no", worked.RISK), ("yes", worked.RISK_RESTORED)])
def test_two_clicks_from_the_worklist(client: Client, answer: str, risk: str) -> None:
    waiting = acts.provisional()
    first_click = browse.links(Page(client.get("/")))["Complete Wang, Xiulan"]
    assert first_click.split("?")[0] == browse.address("assessment-complete", waiting)
    page = Page(client.get(first_click))
    # The second click is the answer: the button carries it, nothing else has to be filled in.
    # Each button stands in the card of its result.
    assert re.search(rf'name="mvh_restored"\s+value="{answer}"', page.html)
    assert "save as final" in browse.section(page, "h-if_restored")
    assert "save as final" in browse.section(page, "h-if_not_restored")
    response = client.post(first_click, browse.as_shown(page) | {"mvh_restored": answer})
    made = Assessment.objects.select_related("chain").get(version=2)
    # Back to the board, where it is said.
    assert browse.led_to(response) == f"/?list=radiographs&saved={made.pk}"
    assert (made.state, made.change, made.reason) == ("final", "complete", "")
    assert made.supersedes_id == waiting.pk
    assert (made.mvh_restored, made.radiograph_date) == (answer == "yes", None)
    assert made.is_current
    result = browse.opened(client, "assessment-result", made)
    assert risk in result.text
    assert "(completed after the radiograph), replaces version 1" in result.text


def test_everything_else_stays_as_it_was(client: Client) -> None:
    waiting = acts.provisional()
    data = browse.filled(client, "assessment-complete", waiting, mvh_restored="no")
    data["radiograph_date"] = "14.03.2025"
    browse.sent(client, "assessment-complete", waiting, data)
    made = acts.read(Assessment.objects.get(version=2).pk)
    assert made.entry == cast.worked_example()
    assert made.result == cast.recorded(made.patient).result


def test_the_provisional_one_stays_readable_under_it(client: Client) -> None:
    waiting = acts.provisional()
    final = acts.completed(waiting)
    page = browse.opened(client, "assessment-result", waiting)
    assert "Superseded. Version 2 is the current version. Do not use this one." in page.text
    assert worked.WHOLE_RESTORED in page.text
    assert "148.21" in page.text
    assert browse.links(page)["Open the current version"] == browse.address(
        "assessment-result", final
    )
    for offered in ("Amend", "Void", "Complete after radiograph"):
        assert offered not in browse.links(page)
    said = browse.printed(client, waiting)
    assert "SUPERSEDED" in said
    assert "Provisional" in said
    assert "SUPERSEDED" not in browse.printed(client, final)


def test_the_result_says_what_the_radiograph_changed(client: Client) -> None:
    final = acts.completed(acts.provisional(), radiograph_date=date(2025, 3, 14))
    changed = browse.section(browse.opened(client, "assessment-result", final), "h-changes")
    for said in (
        "Middle vertebral height restored not known yet no",
        "Date of radiograph not stated 14-Mar-2025",
        "Points, MVH restored at 24 h 0 or 35.68 35.68",
        "Total points 148.21 or 183.89 183.89",
        f"Risk {worked.EITHER} {worked.RISK}",
    ):
        assert said in changed, changed


@pytest.mark.parametrize(
    "typed",
    ["12-Mar-2025", (timezone.localdate() + timedelta(days=1)).isoformat(), "soon"],
    ids=["before the operation", "ahead", "no date"],
)
def test_a_radiograph_that_cannot_be_is_refused_with_all_kept(client: Client, typed: str) -> None:
    waiting = acts.provisional()
    data = browse.filled(client, "assessment-complete", waiting, mvh_restored="no")
    response = browse.sent(
        client, "assessment-complete", waiting, data | {"radiograph_date": typed}
    )
    assert response.status_code == 422
    page = Page(response)
    assert page.value("radiograph_date") == typed
    assert page.value("form_token") == data["form_token"]
    assert any(typed in error for error in page.beside("radiograph_date"))
    assert Assessment.objects.count() == 1


@pytest.mark.parametrize(
    ("days_ago", "dated", "said"),
    [
        (0, None, "The operation was today; the radiograph at 24 h can't be in yet."),
        (0, 0, "It is the day of the operation. Usual is day 1 to 3 after the operation."),
        (272, 272, "It lies 272 days after the operation."),
    ],
)
def test_a_radiograph_that_is_not_of_24_h_is_asked_back(
    client: Client, days_ago: int, dated: int | None, said: str
) -> None:
    operated = timezone.localdate() - timedelta(days=days_ago)
    waiting = acts.provisional(operation_date=operated)
    typed = "" if dated is None else cast.written(operated + timedelta(days=dated))
    data = browse.filled(
        client, "assessment-complete", waiting, mvh_restored="no", radiograph_date=typed
    )
    response = browse.sent(client, "assessment-complete", waiting, data)
    assert response.status_code == 422
    page = Page(response)
    assert said in page.text
    assert Assessment.objects.count() == 1
    data["confirmed"] = page.offered("confirmed")
    browse.led_to(browse.sent(client, "assessment-complete", waiting, data))
    made = Assessment.objects.get(version=2)
    cautioned = "It is the day of the operation" if dated == 0 else said
    if dated is None:
        cautioned = "The finding was entered on the day of the operation, without a date"
    shown = browse.opened(client, "assessment-result", made)
    # On the page and in the text to copy, and on paper.
    assert shown.text.count(cautioned) == 2
    assert cautioned in browse.printed(client, made)


def test_without_an_answer_nothing_is_saved(client: Client) -> None:
    waiting = acts.provisional()
    data = browse.filled(client, "assessment-complete", waiting)
    response = browse.sent(client, "assessment-complete", waiting, data)
    assert response.status_code == 422
    assert "Middle vertebral height restored: not answered." in Page(response).text
    assert Assessment.objects.count() == 1


def test_an_operation_that_lies_ahead_has_no_radiograph(client: Client) -> None:
    ahead = timezone.localdate() + timedelta(days=3)
    waiting = acts.provisional(operation_status="planned", operation_date=ahead)
    data = browse.filled(client, "assessment-complete", waiting, mvh_restored="no")
    response = browse.sent(client, "assessment-complete", waiting, data)
    assert response.status_code == 422
    page = Page(response)
    assert "The operation is planned for" in page.text
    leads_to = browse.links(page)["Change the date of the operation"]
    assert leads_to == browse.address("assessment-amend", waiting)
    assert Assessment.objects.count() == 1


def test_a_new_fracture_is_asked_after_the_operation_only(client: Client) -> None:
    data = cast.form_data(
        operation_status="planned",
        operation_date=cast.from_today(0),
        mvh_restored="not_known_yet",
        radiograph_date="",
        birth_date="14-Jul-1950",
        new_vertebral_fracture=None,
        **dict.fromkeys(["dxa_date", "trauma_history_date", "mri_date", "pdw_date"], ""),
        chloride_date="",
    )
    led = browse.led_to(client.post(reverse("assessment-new"), data))
    waiting = acts.read(Assessment.objects.get().pk)
    assert waiting.new_vertebral_fracture == "not_assessed"
    page = Page(client.get(led))
    assert "not fully assessed" not in page.text
    assert "All 10 criteria" not in page.text
    data = browse.filled(client, "assessment-complete", waiting, mvh_restored="no")
    data["confirmed"] = f"radiograph_not_yet radiograph_date {waiting.operation_date} 0"
    data["new_vertebral_fracture"] = "no"
    led = browse.led_to(browse.sent(client, "assessment-complete", waiting, data))
    assert "All 10 criteria answered as in the study population." in Page(client.get(led)).text
    assert Assessment.objects.get(version=2).population == "as_study"


def test_before_the_operation_printing_comes_first_and_nothing_else_is_offered(
    client: Client,
) -> None:
    ahead = timezone.localdate() + timedelta(days=3)
    waiting = acts.provisional(operation_status="planned", operation_date=ahead)
    page = browse.opened(client, "assessment-result", waiting)
    assert f"Complete after radiograph, from {day_text(ahead)}" in page.text
    assert not {"Complete after radiograph", "Record VAS day 3"} & set(browse.links(page))
    (primary,) = [e for e in elements(page.root) if "btn-primary" in classes(e) and e.name == "a"]
    assert text(primary) == "Print report"
    assert "Complete" not in browse.links(browse.opened(client, "patient-detail", waiting.patient))


def test_a_planned_operation_whose_day_has_come_is_done_by_its_radiograph(client: Client) -> None:
    today = timezone.localdate()
    waiting = acts.provisional(operation_status="planned", operation_date=today)
    data = browse.filled(client, "assessment-complete", waiting, mvh_restored="yes")
    data["confirmed"] = f"radiograph_not_yet radiograph_date {today} 0"
    browse.led_to(browse.sent(client, "assessment-complete", waiting, data))
    made = Assessment.objects.get(version=2)
    assert (made.state, made.operation_status) == ("final", "done")


def test_whoever_comes_second_is_shown_what_the_first_one_made(
    client: Client, bobs: Client
) -> None:
    waiting = acts.provisional()
    mine = browse.filled(client, "assessment-complete", waiting, mvh_restored="yes")
    his = browse.filled(bobs, "assessment-complete", waiting, mvh_restored="no")
    browse.sent(bobs, "assessment-complete", waiting, his)
    at = browse.led_to(browse.sent(client, "assessment-complete", waiting, mine))
    current = AssessmentChain.objects.get().current
    assert current is not None
    assert current.mvh_restored is False
    assert at == browse.address("assessment-result", current)
    assert browse.messages(client, at) == [
        "Version 1 is no longer current. This is the current version. Nothing was changed."
    ]
    assert Assessment.objects.count() == 2


@pytest.mark.parametrize("state", ["final", "voided"])
def test_what_is_not_provisional_is_not_completed(client: Client, state: str) -> None:
    of = cast.recorded() if state == "final" else acts.voided(acts.provisional())
    data = {"form_token": str(uuid4()), "mvh_restored": "no"}
    for ask in (client.get, client.post):
        at = browse.led_to(ask(browse.address("assessment-complete", of), data))
        assert at == browse.address("assessment-result", of)
        (said,) = browse.messages(client, at)
        assert said.endswith("Nothing was changed.")
        assert "no longer current" not in said
    assert Assessment.objects.count() == of.version

"""Work on the board: the VAS typed in its row, and back on the board after saving."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from scoring.models import Assessment, Outcome
from scoring.words.dates import day_text
from tests import cast
from tests.life import acts, browse
from tests.web.html import Page, classes, elements

pytestmark = pytest.mark.django_db


def _operated(days_ago: int, number: str, *, provisional: bool = False) -> Assessment:
    day = timezone.localdate() - timedelta(days=days_ago)
    make = cast.before_the_radiograph if provisional else cast.worked_example
    entry = make(operation_date=day, radiograph_date=None)
    return cast.recorded(cast.person(number, family_name=f"W{number}"), entry)


def _row(of: Assessment, **changes: str) -> dict[str, str]:
    """What the form in a row of the board sends."""
    usual = {
        "form_token": str(uuid4()),
        "board": "list=day-3",
        "in_row": "",
        "vas": "4",
        "measured_on": day_text(timezone.localdate()),
    }
    return usual | changes


def _sent(client: Client, of: Assessment, **changes: str) -> Any:
    return client.post(reverse("outcome-day-3", args=[of.pk]), _row(of, **changes))


def _next(page: Page) -> str:
    """What is said on top after saving."""
    (said,) = [note for note in browse.notes(page) if "Saved" in note]
    return said


def test_a_vas_is_saved_in_its_row_and_the_next_row_is_ready(client: Client) -> None:
    first, second, third = (_operated(days, f"H{days}") for days in (3, 4, 5))
    response = _sent(client, second)
    kept = Outcome.objects.get()
    assert (kept.chain_id, kept.vas, kept.time_point) == (second.chain_id, 4, 3)
    assert kept.measured_on == timezone.localdate()
    assert browse.led_to(response) == f"/?list=day-3&saved={kept.pk}"
    page = Page(client.get(browse.led_to(response)))
    assert _next(page) == "Saved: VAS 4 of day 3. WH4, Xiulan Next: WH5, Xiulan Undo"
    assert browse.links(page)["WH5, Xiulan"] == browse.address("assessment-result", third)
    # The keyboard stands in the next row, without script too.
    assert page.html.partition("</main>")[0].count("autofocus") == 1
    assert f'id="day-3-{third.chain_id}"' in page.html.partition("autofocus")[0][-3000:]
    _sent(client, third)
    page = Page(client.get(f"/?saved={Outcome.objects.latest('created_at').pk}"))
    # The last of the list leads to its beginning.
    assert _next(page).endswith("Next: WH3, Xiulan Undo")
    assert first.chain.day_3 == "open"


def test_what_is_saved_is_told_to_nobody_else(client: Client, bobs: Client) -> None:
    _sent(client, _operated(3, "H1"))
    assert "Saved" not in Page(bobs.get(f"/?saved={Outcome.objects.get().pk}")).text


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"vas": "11"}, "you entered “11”; allowed is a whole number from 0 to 10."),
        ({"vas": ""}, "VAS"),
        ({"measured_on": ""}, "Date of the VAS"),
        ({"measured_on": "31-Feb-2025"}, "31"),
    ],
)
def test_an_error_stands_beside_its_row_and_nothing_typed_is_lost(
    client: Client, changes: dict[str, str], said: str
) -> None:
    _operated(5, "H9")
    of = _operated(3, "H1")
    typed = _row(of, **changes)
    response = _sent(client, of, **typed)
    assert response.status_code == 422
    page = Page(response)
    row = next(row for row in browse.rows(page, "h-day-3") if row[1] == "H1")
    assert "Error:" in row[-1]
    assert said in row[-1]
    values = [control.attributes.get("value", "") for control in page.controls]
    assert typed["vas"] in values
    assert typed["measured_on"] in values
    assert not Outcome.objects.exists()
    # The same form, corrected: its token is kept too.
    tokens = {control.value for control in page.controls if control.name == "form_token"}
    assert typed["form_token"] in tokens


def test_a_row_asks_about_the_patient_of_a_moved_assessment_until_it_is_ticked(
    client: Client,
) -> None:
    """The board was opened before the assessment was moved."""
    of = _operated(3, "H1")
    moved = acts.amended(of, patient=cast.person("H8", family_name="Li"), reason="mixed up")
    address, typed = reverse("outcome-day-3", args=[of.pk]), _row(of)
    for _pressed in range(2):
        page = Page(client.post(address, typed))
        (row,) = browse.rows(page, "h-day-3")
        assert "moved from WH1, Xiulan" in row[-1]
        (form,) = [one for one in elements(page.root) if "in-row" in classes(one)]
        address = dict(form.attributes)["action"] or ""
        assert not Outcome.objects.exists()
    browse.led_to(client.post(address, typed | {"confirmed": page.offered("confirmed")}))
    assert Outcome.objects.get().chain_id == moved.chain_id


def test_a_vas_of_another_day_is_asked_back_in_its_row(client: Client) -> None:
    of = _operated(9, "H1")
    response = _sent(client, of)
    assert response.status_code == 422
    page = Page(response)
    (row,) = browse.rows(page, "h-day-3")
    assert "This VAS is from day 9 after the operation, not from days 2 to 5." in row[-1]
    confirmed = next(c.value for c in page.controls if c.name == "confirmed")
    assert browse.led_to(_sent(client, of, confirmed=confirmed))
    assert Outcome.objects.get().vas == 4


def test_a_row_that_somebody_else_did_meanwhile_is_shown_on_the_page_of_the_outcome(
    client: Client,
) -> None:
    of = _operated(3, "H1")
    acts.outcome(of, acts.measured(3, 8, timezone.localdate()), by=cast.bob())
    response = _sent(client, of)
    assert response.status_code == 409
    assert "Dr Bob Keller recorded this outcome" in Page(response).text


def test_the_form_in_a_row_does_its_work_once(client: Client) -> None:
    of, token = _operated(3, "H1"), str(uuid4())
    first, again = (_sent(client, of, form_token=token) for _ in range(2))
    assert browse.led_to(first) == browse.led_to(again)
    assert Outcome.objects.count() == 1


def test_the_page_of_an_outcome_leads_back_to_the_board_it_was_opened_on(client: Client) -> None:
    of = _operated(3, "H1")
    address = f"{browse.address('outcome-day-3', of)}?board=list%3Dday-3"
    data = browse.as_shown(Page(client.get(address))) | {"not_evaluable": "died"}
    assert data["board"] == "list=day-3"
    page = Page(client.get(browse.led_to(browse.sent(client, "outcome-day-3", of, data))))
    assert _next(page).startswith("Saved: no VAS of day 3, died. WH1, Xiulan")


def test_completing_from_the_board_leads_back_to_it(client: Client) -> None:
    of, other = (_operated(days, f"H{days}", provisional=True) for days in (1, 2))
    link = browse.links(Page(client.get("/")))["Complete WH1, Xiulan"]
    data = browse.as_shown(Page(client.get(link))) | {"mvh_restored": "yes"}
    response = browse.sent(client, "assessment-complete", of, data)
    page = Page(client.get(browse.led_to(response)))
    risk = f"{Assessment.objects.get(version=2).restored_risk:.0%}".replace("%", " %")
    assert _next(page) == f"Saved: final result, risk {risk}. WH1, Xiulan Next: WH2, Xiulan Undo"
    assert f'id="radiographs-{other.chain_id}"' in page.html.partition("autofocus")[0][-3000:]
    again = browse.sent(client, "assessment-complete", of, data)
    assert browse.led_to(again) == browse.led_to(response)


def test_a_place_on_the_board_is_no_way_out_of_the_site(client: Client) -> None:
    of = _operated(3, "H1")
    response = _sent(client, of, board="https://elsewhere.example/?list=day-3&before=//x")
    assert browse.led_to(response).startswith("/?saved=")

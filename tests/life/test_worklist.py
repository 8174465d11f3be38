"""What is due, the most overdue first, each row with the one thing to do."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from scoring import queries
from scoring.models import Assessment
from scoring.queries.worklist import COUNT_LIMIT, FORGOTTEN_DAYS, SHOWN_ROWS
from scoring.words.dates import day_text
from tests import cast
from tests.life import acts, browse
from tests.web.html import Page, elements, text

pytestmark = pytest.mark.django_db
RADIOGRAPHS, DAY_3, DAY_30 = "h-radiographs", "h-day-3", "h-day-30"


def _operated(days_ago: int, number: str, *, provisional: bool = False) -> Assessment:
    """An assessment of somebody operated on some days ago."""
    changes = {
        "operation_date": timezone.localdate() - timedelta(days=days_ago),
        "radiograph_date": None,
    }
    make = cast.before_the_radiograph if provisional else cast.worked_example
    return cast.recorded(cast.person(number, family_name=f"W{number}"), make(**changes))


def _worklist(client: Client) -> Page:
    return Page(client.get("/"))


def _numbers(page: Page, heading: str) -> list[str]:
    """Hospital numbers of a list, top to bottom; nothing where there is no such list."""
    if not page.has_id(heading):
        return []
    return [row[1] for row in browse.rows(page, heading)]


def _badge(page: Page) -> str:
    found = [e for e in elements(page.root) if dict(e.attributes).get("class") == "badge-due"]
    return text(found[0]) if found else ""


def test_where_nothing_is_due_there_is_no_list_and_no_count(client: Client) -> None:
    page = _worklist(client)
    assert not any(page.has_id(heading) for heading in (RADIOGRAPHS, DAY_3, DAY_30))
    assert _badge(page) == ""


@pytest.mark.parametrize(
    ("days_ago", "due", "said"),
    [(0, False, ""), (1, True, "today"), (2, True, "1 day late"), (9, True, "8 days late")],
)
def test_a_radiograph_is_awaited_from_the_day_after(
    client: Client, days_ago: int, due: bool, said: str
) -> None:
    _operated(days_ago, "H1", provisional=True)
    page = _worklist(client)
    assert _numbers(page, RADIOGRAPHS) == (["H1"] if due else [])
    if due:
        assert said in browse.section(page, RADIOGRAPHS)


@pytest.mark.parametrize(
    ("days_ago", "listed", "said"),
    [
        (1, [], ""),
        (2, [DAY_3], "tomorrow"),
        (3, [DAY_3], "today"),
        (4, [DAY_3], "1 day late"),
        (28, [DAY_3], "25 days late"),
        (29, [DAY_3, DAY_30], "tomorrow"),
        (30, [DAY_3, DAY_30], "today"),
        (31, [DAY_3, DAY_30], "1 day late"),
        (3 + FORGOTTEN_DAYS, [DAY_3, DAY_30], "90 days late"),
        (4 + FORGOTTEN_DAYS, [DAY_30], "64 days late"),
        (30 + FORGOTTEN_DAYS, [DAY_30], "90 days late"),
        (31 + FORGOTTEN_DAYS, [], ""),
    ],
)
def test_vas_is_due_from_the_day_before(
    client: Client, days_ago: int, listed: list[str], said: str
) -> None:
    _operated(days_ago, "H1")
    page = _worklist(client)
    for heading in (DAY_3, DAY_30):
        assert _numbers(page, heading) == (["H1"] if heading in listed else [])
    assert said in page.text
    assert _badge(page) == (f"{len(listed)} due" if listed else "")


def test_vas_lists_tell_the_day_of_surgery_and_the_one_of_day_30_the_first_vas(
    client: Client,
) -> None:
    of, today = _operated(30, "H1"), timezone.localdate()
    acts.outcome(of, acts.measured(3, 6, on=today - timedelta(days=27)))
    page = _worklist(client)
    (row,) = browse.rows(page, DAY_30)
    surgery = day_text(today - timedelta(days=30))
    assert row[1:5] == ["H1", surgery, "today", "6"]
    assert "VAS day 3" in browse.section(page, DAY_30)
    (listed,) = browse.rows(page, "h-mine")
    assert listed[8] == "not yet"


def test_the_most_overdue_comes_first(client: Client) -> None:
    for days_ago in (5, 40, 3, 33, 60):
        _operated(days_ago, f"H{days_ago}", provisional=True)
    page = _worklist(client)
    assert _numbers(page, RADIOGRAPHS) == ["H60", "H40", "H33", "H5", "H3"]
    assert _numbers(page, DAY_3) == ["H60", "H40", "H33", "H5", "H3"]
    assert _numbers(page, DAY_30) == ["H60", "H40", "H33"]
    assert _badge(page) == "13 due"


def test_each_row_leads_to_the_one_thing_to_do(client: Client) -> None:
    of = _operated(30, "H1", provisional=True)
    page = _worklist(client)
    for heading, link, name in (
        (RADIOGRAPHS, "Complete WH1, Xiulan", "assessment-complete"),
        (DAY_3, "Record VAS WH1, Xiulan", "outcome-day-3"),
        (DAY_30, "Record VAS WH1, Xiulan", "outcome-day-30"),
    ):
        section = next(
            e
            for e in elements(page.root)
            if e.name == "section" and dict(e.attributes).get("aria-labelledby") == heading
        )
        buttons = {
            text(e): str(dict(e.attributes)["href"])
            for e in elements(section)
            if e.name == "a" and "btn" in str(dict(e.attributes).get("class"))
        }
        assert buttons == {link: browse.address(name, of)}
        assert client.get(buttons[link]).status_code == 200


def test_what_is_done_leaves_the_list(client: Client) -> None:
    of = _operated(30, "H1", provisional=True)
    final = acts.completed(of)
    page = _worklist(client)
    assert _numbers(page, RADIOGRAPHS) == []
    assert _numbers(page, DAY_3) == _numbers(page, DAY_30) == ["H1"]
    today = timezone.localdate()
    acts.outcome(final, acts.measured(3, 5, today - timedelta(days=27)))
    page = _worklist(client)
    assert (_numbers(page, DAY_3), _numbers(page, DAY_30)) == ([], ["H1"])
    assert "Nothing is due." in browse.section(page, DAY_3)
    acts.outcome(final, acts.not_evaluable(30))
    page = _worklist(client)
    assert not page.has_id(DAY_30)
    assert _badge(page) == ""


def test_a_voided_one_is_in_no_list_until_the_void_is_undone(client: Client) -> None:
    voided = acts.voided(_operated(30, "H1", provisional=True))
    page = _worklist(client)
    assert "H1" not in page.text
    assert _badge(page) == ""
    acts.reinstated(voided)
    page = _worklist(client)
    assert _numbers(page, RADIOGRAPHS) == _numbers(page, DAY_3) == _numbers(page, DAY_30) == ["H1"]
    assert _badge(page) == "3 due"


def test_only_the_current_version_is_listed(client: Client) -> None:
    of = _operated(5, "H1", provisional=True)
    amended = acts.amended(of)
    page = _worklist(client)
    assert _numbers(page, RADIOGRAPHS) == ["H1"]
    assert browse.address("assessment-complete", amended) in page.html
    assert browse.address("assessment-complete", of) not in page.html


def test_an_amended_operation_date_moves_the_day_it_is_due(client: Client) -> None:
    of = _operated(3, "H1")
    later = timezone.localdate() - timedelta(days=1)
    acts.amended(of, cast.worked_example(operation_date=later, radiograph_date=None))
    assert _badge(_worklist(client)) == ""


def test_a_planned_operation_is_not_asked_for(client: Client) -> None:
    ahead = timezone.localdate() + timedelta(days=5)
    acts.provisional(operation_status="planned", operation_date=ahead)
    assert _badge(_worklist(client)) == ""


@pytest.mark.parametrize("name", ["/history", "/about", "/assessments/new"])
def test_the_count_stands_in_the_navigation_of_every_page(client: Client, name: str) -> None:
    _operated(3, "H1", provisional=True)
    assert _badge(Page(client.get(name))) == "2 due"


def test_signed_out_nothing_is_counted(client: Client) -> None:
    _operated(3, "H1")
    client.logout()
    assert _badge(Page(client.get("/sign-in"))) == ""


def test_a_long_list_shows_the_most_overdue_and_says_that_there_are_more(client: Client) -> None:
    patient = cast.registered("H1")
    for days_ago in range(SHOWN_ROWS + 2):
        day = timezone.localdate() - timedelta(days=30 - days_ago)
        cast.recorded(patient, cast.worked_example(operation_date=day, radiograph_date=None))
    page = _worklist(client)
    rows = browse.rows(page, DAY_3)
    assert len(rows) == SHOWN_ROWS
    assert rows[0][3].endswith(", 27 days late")
    assert f"The {SHOWN_ROWS} most overdue" in browse.section(page, DAY_3)
    assert f"{SHOWN_ROWS + 2} patients" in browse.section(page, DAY_3)


def test_counting_stops_at_a_hundred(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scoring.queries.worklist.COUNT_LIMIT", 2)
    for number in range(3):
        _operated(3, f"H{number}")
    assert queries.due_counts().day_3 == 2
    assert COUNT_LIMIT == 100
    page = _worklist(client)
    assert _badge(page) == "2+ due"
    assert "2+ patients" in browse.section(page, DAY_3)
    assert "0 radiographs, 2+ VAS of day 3 and 0 of day 30 due" in page.text

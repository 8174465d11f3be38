"""The ward's board: today and newly overdue first, each row with the one next step."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from scoring.queries.worklist import FORGOTTEN_DAYS, OVERDUE_DAYS
from scoring.web.board import SHOWN_ROWS
from scoring.words.dates import day_text
from tests import cast
from tests.life import acts, browse
from tests.life.due import badge, operated, worklist
from tests.web.html import Page, elements, signed_in, text

pytestmark = pytest.mark.django_db
PLANNED, RADIOGRAPHS, DAY_3, DAY_30 = "h-planned", "h-radiographs", "h-day-3", "h-day-30"


def _numbers(page: Page, heading: str) -> list[str]:
    """Hospital numbers of a list, top to bottom; nothing where there is no such list."""
    if not page.has_id(heading):
        return []
    return [row[1] for row in browse.rows(page, heading)]


def test_where_nothing_is_due_there_is_no_list_and_no_count(client: Client) -> None:
    page = worklist(client)
    assert not any(page.has_id(heading) for heading in (RADIOGRAPHS, DAY_3, DAY_30))
    assert badge(page) == ""


@pytest.mark.parametrize(
    ("days_ago", "due", "said"),
    [(0, False, ""), (1, True, "today"), (2, True, "1 day late"), (9, True, "8 days late")],
)
def test_a_radiograph_is_awaited_from_the_day_after(
    client: Client, days_ago: int, due: bool, said: str
) -> None:
    operated(days_ago, "H1", provisional=True)
    page = worklist(client)
    assert _numbers(page, RADIOGRAPHS) == (["H1"] if due else [])
    if due:
        assert said in browse.section(page, RADIOGRAPHS)


@pytest.mark.parametrize(
    ("days_ago", "listed", "said", "counted"),
    [
        (1, [], "", 0),
        # What is due tomorrow can be recorded already, and is not counted.
        (2, [DAY_3], "tomorrow", 0),
        (3, [DAY_3], "today", 1),
        (4, [DAY_3], "1 day late", 1),
        (28, [DAY_3], "25 days late", 1),
        (29, [DAY_3, DAY_30], "tomorrow", 1),
        (30, [DAY_3, DAY_30], "today", 2),
        (31, [DAY_3, DAY_30], "1 day late", 2),
        (3 + OVERDUE_DAYS, [DAY_3, DAY_30], "30 days late", 2),
        # Folded, and not counted either.
        (4 + OVERDUE_DAYS, [DAY_3, DAY_30], "31 days late", 1),
        (3 + FORGOTTEN_DAYS, [DAY_3, DAY_30], "90 days late", 0),
        (4 + FORGOTTEN_DAYS, [DAY_30], "64 days late", 0),
        (30 + FORGOTTEN_DAYS, [DAY_30], "90 days late", 0),
        (31 + FORGOTTEN_DAYS, [], "", 0),
    ],
)
def test_vas_is_due_from_the_day_before(
    client: Client, days_ago: int, listed: list[str], said: str, counted: int
) -> None:
    operated(days_ago, "H1")
    page = worklist(client)
    for heading in (DAY_3, DAY_30):
        assert _numbers(page, heading) == (["H1"] if heading in listed else [])
    assert said in page.text
    assert badge(page) == (f"{counted} due" if counted else "")


def test_vas_lists_tell_the_day_of_surgery_and_the_one_of_day_30_the_first_vas(
    client: Client,
) -> None:
    of, today = operated(30, "H1"), timezone.localdate()
    acts.outcome(of, acts.measured(3, 6, on=today - timedelta(days=27)))
    page = worklist(client)
    (row,) = browse.rows(page, DAY_30)
    surgery = day_text(today - timedelta(days=30))
    assert row[1:5] == ["H1", surgery, "today", "6"]
    assert "VAS day 3" in browse.section(page, DAY_30)
    (listed,) = browse.rows(page, "h-ward")
    assert listed[8] == "not yet"


def test_today_comes_first_then_the_newly_overdue_and_the_older_are_folded(client: Client) -> None:
    for days_ago in (5, 40, 3, 2, 33, 60):
        operated(days_ago, f"H{days_ago}", provisional=True)
    page = worklist(client)
    assert _numbers(page, RADIOGRAPHS) == ["H2", "H3", "H5", "H33", "H40", "H60"]
    assert "Older (3)" in browse.section(page, RADIOGRAPHS)
    # Tomorrow's stands after what is due, before what is folded.
    assert _numbers(page, DAY_3) == ["H3", "H5", "H33", "H2", "H40", "H60"]
    assert "Older (2)" in browse.section(page, DAY_3)
    assert _numbers(page, DAY_30) == ["H33", "H40", "H60"]
    assert "Older" not in browse.section(page, DAY_30)
    assert badge(page) == f"{3 + 3 + 3} due"


def test_planned_operations_stand_in_the_order_of_their_days(client: Client) -> None:
    for days, status in ((5, "planned"), (1, "planned"), (0, "done"), (40, "planned")):
        day = timezone.localdate() + timedelta(days=days)
        entry = cast.before_the_radiograph(operation_date=day, operation_status=status)
        cast.recorded(cast.person(f"H{days}", family_name=f"W{days}"), entry)
    page = worklist(client)
    assert _numbers(page, PLANNED) == ["H0", "H1", "H5", "H40"]
    said = [row[4] for row in browse.rows(page, PLANNED)]
    assert said == ["today", "tomorrow", "in 5 days", "in 40 days"]
    assert [row[-1] for row in browse.rows(page, PLANNED)] == [
        "radiograph due tomorrow",
        "Postpone W1, Xiulan",
        "Postpone W5, Xiulan",
        "Postpone W40, Xiulan",
    ]
    assert badge(page) == ""


def test_each_row_has_its_next_step(client: Client) -> None:
    of = operated(30, "H1", provisional=True)
    page = worklist(client)
    links = browse.links(page)
    complete = links["Complete WH1, Xiulan"]
    assert complete.split("?")[0] == browse.address("assessment-complete", of)
    assert client.get(complete).status_code == 200
    assert "Save WH1, Xiulan" in browse.section(page, DAY_3)
    assert "Save WH1, Xiulan" in browse.section(page, DAY_30)
    assert client.get(links["No VAS WH1, Xiulan"]).status_code == 200


def test_a_reviewer_sees_no_steps_and_no_empty_columns() -> None:
    operated(30, "H1", provisional=True)
    page = worklist(signed_in(cast.rita()))
    assert _numbers(page, RADIOGRAPHS) == _numbers(page, DAY_3) == ["H1"]
    said = " ".join(browse.section(page, heading) for heading in (RADIOGRAPHS, DAY_3, DAY_30))
    for absent in ("Complete", "Save", "No VAS", "Next step"):
        assert absent not in said
    assert "Before surgery" not in page.text
    assert not [control for control in page.controls if control.name in {"vas", "measured_on"}]


def test_what_is_done_leaves_the_list(client: Client) -> None:
    of = operated(30, "H1", provisional=True)
    final = acts.completed(of)
    page = worklist(client)
    assert _numbers(page, RADIOGRAPHS) == []
    assert _numbers(page, DAY_3) == _numbers(page, DAY_30) == ["H1"]
    today = timezone.localdate()
    acts.outcome(final, acts.measured(3, 5, today - timedelta(days=27)))
    page = worklist(client)
    assert (_numbers(page, DAY_3), _numbers(page, DAY_30)) == ([], ["H1"])
    assert not page.has_id(DAY_3)
    acts.outcome(final, acts.not_evaluable(30))
    page = worklist(client)
    assert not page.has_id(DAY_30)
    assert badge(page) == ""


def test_a_voided_one_is_in_no_list_until_the_void_is_undone(client: Client) -> None:
    voided = acts.voided(operated(30, "H1", provisional=True))
    page = worklist(client)
    assert "H1" not in page.text
    assert badge(page) == ""
    acts.reinstated(voided)
    page = worklist(client)
    assert _numbers(page, RADIOGRAPHS) == _numbers(page, DAY_3) == _numbers(page, DAY_30) == ["H1"]
    assert badge(page) == "3 due"


def test_only_the_current_version_is_listed(client: Client) -> None:
    of = operated(5, "H1", provisional=True)
    amended = acts.amended(of)
    page = worklist(client)
    assert _numbers(page, RADIOGRAPHS) == ["H1"]
    assert browse.address("assessment-complete", amended) in page.html
    assert browse.address("assessment-complete", of) not in page.html


def test_an_amended_operation_date_moves_the_day_it_is_due(client: Client) -> None:
    of = operated(3, "H1")
    later = timezone.localdate() - timedelta(days=1)
    acts.amended(of, cast.worked_example(operation_date=later, radiograph_date=None))
    assert badge(worklist(client)) == ""


def _linked(page: Page, heading: str) -> dict[str, str]:
    """The addresses of the links of a list, without their marks."""
    found = [e for e in elements(page.root) if dict(e.attributes).get("aria-labelledby") == heading]
    section = next(e for e in found if e.name == "section")
    hrefs = {text(e): str(dict(e.attributes).get("href")) for e in elements(section)}
    return {name: href.partition("#")[0] for name, href in hrefs.items()}


def test_every_list_is_reachable_to_its_end(
    client: Client,
) -> None:
    patient = cast.registered("H1")
    for days_ago in range(1, SHOWN_ROWS + 32):
        day = timezone.localdate() - timedelta(days=days_ago)
        cast.recorded(patient, cast.before_the_radiograph(operation_date=day))
    page = worklist(client)
    seen = browse.rows(page, RADIOGRAPHS)
    assert len(seen) == SHOWN_ROWS
    assert (seen[0][4], seen[1][4][-11:]) == ("today", " 1 day late")
    older = Page(client.get("/" + _linked(page, RADIOGRAPHS)[f"Older ({SHOWN_ROWS})"]))
    assert len(browse.rows(older, RADIOGRAPHS)) == SHOWN_ROWS
    assert "31 days late" in browse.section(older, RADIOGRAPHS)
    assert "30 days late" not in browse.section(older, RADIOGRAPHS)
    while "Next" in _linked(page, RADIOGRAPHS):
        page = Page(client.get("/" + _linked(page, RADIOGRAPHS)["Next"]))
        seen += browse.rows(page, RADIOGRAPHS)
    assert [row[4] for row in seen] == sorted({row[4] for row in seen}, key=_days_late)
    assert len(seen) == SHOWN_ROWS + 31
    back = Page(client.get("/" + _linked(page, RADIOGRAPHS)["Back"]))
    assert len(browse.rows(back, RADIOGRAPHS)) == SHOWN_ROWS
    everything = Page(client.get("/?rows=100"))
    assert len(browse.rows(everything, RADIOGRAPHS)) == SHOWN_ROWS + 31


def test_many_due_tomorrow_leave_the_first_page_to_what_is_due(client: Client) -> None:
    for number in range(SHOWN_ROWS):
        operated(2, f"T{number}")
    for days_ago in (3, 5):
        operated(days_ago, f"H{days_ago}")
    page = worklist(client)
    assert _numbers(page, DAY_3)[:2] == ["H3", "H5"]
    assert len(_numbers(page, DAY_3)) == SHOWN_ROWS
    back = Page(client.get("/" + _linked(page, DAY_3)["Back"]))
    tomorrow = _numbers(back, DAY_3)
    assert sorted(tomorrow) == sorted(f"T{number}" for number in range(SHOWN_ROWS))
    again = Page(client.get("/" + _linked(back, DAY_3)["Next"]))
    assert _numbers(again, DAY_3) == ["H3", "H5"]


def _days_late(due: str) -> int:
    return 0 if due == "today" else int(due.split()[1])


def test_a_list_costs_one_statement_however_much_is_due(client: Client) -> None:
    operated(3, "H1", provisional=True)
    with CaptureQueriesContext(connection) as few:
        client.get("/")
    for number in range(2, 12):
        operated(number, f"H{number}", provisional=True)
    with CaptureQueriesContext(connection) as many:
        client.get("/")
    assert len(many) == len(few)


@pytest.mark.parametrize(
    "query",
    ["list=x", "list=day-3&before=x", "list=day-3&before=2025-01-01_x", "rows=-1", "saved=%00"],
)
def test_any_address_of_the_board_is_met_with_a_page(client: Client, query: str) -> None:
    assert client.get(f"/?{query}").status_code == 200

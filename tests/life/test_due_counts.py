"""How much is due: the count in the navigation of every page, and where counting stops."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from scoring import queries
from scoring.queries.counts import COUNT_LIMIT
from scoring.words.dates import day_text
from tests.life import browse
from tests.life.due import badge, operated, worklist
from tests.web.html import Page

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("name", ["/history", "/about", "/assessments/new"])
def test_the_count_stands_in_the_navigation_of_every_page(client: Client, name: str) -> None:
    operated(3, "H1", provisional=True)
    assert badge(Page(client.get(name))) == "2 due"


@pytest.mark.parametrize("day", ["3", "30"])
def test_the_count_stands_in_the_navigation_of_an_outcome(client: Client, day: str) -> None:
    of = operated(3, "H1", provisional=True)
    page = browse.opened(client, f"outcome-day-{day}", of)
    assert badge(page) == "2 due"
    due = of.operation_date + timedelta(days=int(day))
    assert f"due on {day_text(due)}" in page.text


def test_signed_out_nothing_is_counted(client: Client) -> None:
    operated(3, "H1")
    client.logout()
    assert badge(Page(client.get("/sign-in"))) == ""


def test_counting_stops_at_a_hundred(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scoring.queries.counts.COUNT_LIMIT", 2)
    for number in range(3):
        operated(3, f"H{number}")
    assert queries.due_counts().day_3 == 2
    assert COUNT_LIMIT == 100
    page = worklist(client)
    assert badge(page) == "2+ due"
    assert "2+ due" in browse.section(page, "h-day-3")
    assert "0 radiographs, 2+ VAS of day 3 and 0 of day 30 due" in page.text


def test_other_pages_count_the_same_and_nothing_that_is_folded(client: Client) -> None:
    operated(3, "H1")
    operated(60, "H2")
    with CaptureQueriesContext(connection) as asked:
        other = Page(client.get("/history"))
    (counting,) = (query["sql"] for query in asked if "'day_3'" in query["sql"])
    assert "older" not in counting
    assert badge(other) == badge(worklist(client))

"""Keyset pages visit every row once; counts stop where they tell nothing any more."""

from datetime import UTC, datetime, timedelta
from unittest.mock import patch

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from scoring.models import Assessment
from scoring.queries import Cursor, DisplayState, HistoryFilter
from tests import cast
from tests.history.ward import seeded

pytestmark = pytest.mark.django_db
MOMENT = datetime(2025, 3, 14, 1, 42, tzinfo=UTC)


@pytest.mark.parametrize(
    "chosen",
    [
        HistoryFilter(),
        HistoryFilter(state=DisplayState.FINAL),
        HistoryFilter(outcome="no", population="as_study"),
        HistoryFilter(text="l"),
    ],
)
def test_every_row_once_forward_and_back(chosen: HistoryFilter) -> None:
    seeded(120)
    expected = list(chosen.found())
    forward: list[Assessment] = []
    page = chosen.page(size=7, before=None, after=None)
    assert page.newer is None
    while True:
        forward += page.rows
        last = page
        if page.older is None:
            break
        page = chosen.page(size=7, before=page.older, after=None)
    assert forward == expected
    assert len(expected) > 7
    backward, page = list(last.rows), last
    while page.newer is not None:
        page = chosen.page(size=7, before=None, after=page.newer)
        backward = [*page.rows, *backward]
    assert backward == expected


def test_equal_moments_and_rows_that_arrive_meanwhile() -> None:
    patient = cast.registered()
    with patch("django.utils.timezone.now", return_value=MOMENT):
        there = {cast.recorded(patient).pk for _ in range(11)}
    seen, cursor, arrived = [], None, []
    while True:
        page = HistoryFilter().page(size=3, before=cursor, after=None)
        seen += [row.id for row in page.rows]
        with patch("django.utils.timezone.now", return_value=MOMENT + timedelta(seconds=len(seen))):
            arrived.append(cast.recorded(patient).pk)
        cursor = page.older
        if cursor is None:
            break
    assert len(seen) == len(set(seen))
    assert set(seen) == there
    newest = HistoryFilter().page(size=50, before=None, after=None)
    assert [row.id for row in newest.rows[: len(arrived)]] == arrived[::-1]


def test_a_page_has_no_offset() -> None:
    cast.recorded()
    cursor = Cursor(MOMENT + timedelta(days=3000), Assessment.objects.get().pk)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert len(HistoryFilter().page(size=15, before=cursor, after=None).rows) == 1
    assert len(queries) == 1
    assert "OFFSET" not in queries[0]["sql"]


@pytest.mark.parametrize(
    ("limit", "count", "is_more", "text"),
    [(13, 12, False, "12"), (12, 12, False, "12"), (11, 11, True, "11"), (0, 0, True, "0")],
)
def test_hits_are_counted_up_to_a_limit(limit: int, count: int, is_more: bool, text: str) -> None:
    seeded(12)
    hits = HistoryFilter().hits(limit)
    assert (hits.count, hits.is_more, hits.text) == (count, is_more, text)


@pytest.mark.parametrize(
    ("versions", "said"),
    [(999, (999, False, "999")), (1000, (1000, False, "1,000")), (1001, (1000, True, "1,000"))],
)
def test_hits_around_a_thousand(versions: int, said: tuple[int, bool, str]) -> None:
    seeded(versions)
    hits = HistoryFilter().hits()
    assert (hits.count, hits.is_more, hits.text) == said


def test_a_count_stops_at_the_limit() -> None:
    seeded(30)
    with CaptureQueriesContext(connection) as queries:
        HistoryFilter(state=DisplayState.CURRENT).hits(limit=5)
    assert "LIMIT 6" in queries[0]["sql"]

"""What may be entered about pain: a whole number with its date, or why there is none."""

import pytest
from django.test import Client

from scoring.models import Assessment, Outcome
from tests import cast
from tests.life import browse
from tests.life.outcome_pages import NAMES, record_outcome, written_day
from tests.web.html import Page

pytestmark = pytest.mark.django_db


@pytest.fixture
def of() -> Assessment:
    return cast.recorded()


@pytest.mark.parametrize(
    ("typed", "vas"),
    [("0", 0), ("10", 10), ("07", 7), (" 4 ", 4), ("４", 4), ("１０", 10), ("4\u3000", 4)],
)
def test_whole_numbers_are_read_as_people_type_them(
    client: Client, of: Assessment, typed: str, vas: int
) -> None:
    assert record_outcome(client, of, vas=typed).vas == vas


@pytest.mark.parametrize(
    "typed",
    ["4.5", "4,5", "11", "-1", "−1", "four", "四", "1e1", "4/10", "4 5", "+4", "０x4", "100"],
)
def test_anything_else_is_refused_and_kept(client: Client, of: Assessment, typed: str) -> None:
    data = browse.filled(client, NAMES[3], of, vas=typed, measured_on=written_day(3))
    response = browse.sent(client, NAMES[3], of, data)
    assert response.status_code == 422
    page = Page(response)
    (said,) = page.beside("vas")
    assert f"you entered “{typed}”; allowed is a whole number from 0 to 10." in said
    assert (page.value("vas"), page.value("measured_on")) == (typed, written_day(3))
    assert Outcome.objects.count() == 0


@pytest.mark.parametrize(
    ("day", "after", "caution"),
    [
        *((3, after, after not in range(2, 6)) for after in (1, 2, 3, 5, 6, 30)),
        *((30, after, after not in range(23, 45)) for after in (3, 22, 23, 30, 44, 45)),
    ],
)
def test_outside_its_window_it_is_kept_with_a_caution(
    client: Client, of: Assessment, day: int, after: int, caution: bool
) -> None:
    first, last = (2, 5) if day == 3 else (23, 44)
    said = f"day {after}, outside day {first} to {last}"
    data = browse.filled(client, NAMES[day], of, vas="5", measured_on=written_day(after))
    if caution:
        response = browse.sent(client, NAMES[day], of, data)
        assert response.status_code == 422
        page = Page(response)
        assert f"This VAS is from day {after} after the operation" in page.text
        assert f"not from days {first} to {last}" in page.text
        assert not Outcome.objects.exists()
        asked = browse.as_shown(page)
        assert (asked["vas"], asked["measured_on"]) == ("5", written_day(after))
        assert "confirmed" not in asked
        # A tick is for this date alone.
        other = asked | {"confirmed": "window 2025-01-01"}
        assert browse.sent(client, NAMES[day], of, other).status_code == 422
        data = asked | {"confirmed": page.offered("confirmed")}
    browse.led_to(browse.sent(client, NAMES[day], of, data))
    kept = Outcome.objects.get()
    expected = {"code": "outside_window", "day": after, "first": first, "last": last}
    assert kept.cautions == ([expected] if caution else [])
    for name in ("assessment-result", NAMES[day]):
        assert (said in browse.opened(client, name, of).text) is caution


@pytest.mark.parametrize("after", [0, -1])
def test_a_day_before_the_operation_is_refused(client: Client, of: Assessment, after: int) -> None:
    data = browse.filled(client, NAMES[3], of, vas="5", measured_on=written_day(after))
    response = browse.sent(client, NAMES[3], of, data)
    assert response.status_code == 422
    (said,) = Page(response).beside("measured_on")
    assert "allowed is after the operation and up to today." in said


def test_a_day_ahead_is_refused(client: Client, of: Assessment) -> None:
    for typed in (cast.from_today(1), "31-Feb-2025", "soon"):
        data = browse.filled(client, NAMES[3], of, vas="5", measured_on=typed)
        response = browse.sent(client, NAMES[3], of, data)
        assert response.status_code == 422
        assert Page(response).value("measured_on") == typed


@pytest.mark.parametrize(
    ("changes", "at", "said"),
    [
        ({"vas": "", "measured_on": ""}, "vas", "nothing entered; enter 0 to 10"),
        ({"vas": "5", "measured_on": ""}, "measured_on", "nothing entered; enter a date"),
        ({"vas": ""}, "vas", "nothing entered; enter 0 to 10"),
        ({"not_evaluable": "died"}, "not_evaluable", "clear VAS and date, or"),
        ({"vas": "", "not_evaluable": "died"}, "not_evaluable", "clear VAS and date, or"),
        ({"measured_on": "", "not_evaluable": "died"}, "not_evaluable", "clear VAS and date, or"),
        (
            {"vas": "", "measured_on": "", "not_evaluable": "moved"},
            "not_evaluable",
            "moved is not one of the available choices",
        ),
    ],
)
def test_either_vas_and_date_or_why_not(
    client: Client, of: Assessment, changes: dict[str, str], at: str, said: str
) -> None:
    data = browse.filled(client, NAMES[3], of, vas="5", measured_on=written_day(3)) | changes
    response = browse.sent(client, NAMES[3], of, data)
    assert response.status_code == 422
    assert any(said in error for error in Page(response).beside(at)), Page(response).beside(at)
    assert Outcome.objects.count() == 0


@pytest.mark.parametrize("expected", ["x", "00000000-0000-0000-0000-000000000000", "\x00"])
def test_a_made_up_predecessor_is_nobodys(client: Client, of: Assessment, expected: str) -> None:
    data = browse.filled(client, NAMES[3], of, vas="5", measured_on=written_day(3))
    response = browse.sent(client, NAMES[3], of, data | {"expected": expected})
    assert response.status_code in {302, 422}
    assert Outcome.objects.filter(supersedes__isnull=False).count() == 0

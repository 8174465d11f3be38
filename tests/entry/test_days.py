"""Dates as people type them: one way to read them, or a refusal that says why."""

from datetime import date

import pytest
from django.utils.translation import override

from scoring.entry.days import DayUnreadError, Unread, read_day
from scoring.forms.rule_texts import unread_text
from scoring.words.dates import (
    birth_reading,
    day_reading,
    day_text,
    month_numbers,
    operation_reading,
)

JULY = date(1945, 7, 14)


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("14-Jul-1945", JULY),
        ("14 July 1945", JULY),
        ("14jul1945", JULY),
        ("14.JUL.1945", JULY),
        ("1945-07-14", JULY),
        ("1945/7/14", JULY),
        ("19450714", JULY),
        ("1945年7月14日", JULY),
        ("14.7.1945", JULY),
        ("04.05.1945", date(1945, 5, 4)),
        # A month has no 14: only one way to read it.
        ("14/07/1945", JULY),
        ("14-07-1945", JULY),
        ("07/14/1945", JULY),
        ("05/05/1945", date(1945, 5, 5)),
        ("29-Feb-2024", date(2024, 2, 29)),
    ],
)
def test_read(typed: str, day: date) -> None:
    assert read_day(typed, month_numbers()) == day


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("04/05/1945", "which could be 4 May or 5 April; enter a date such as 14-Mar-2026."),
        ("04-05-1945", "which could be 4 May or 5 April; enter a date such as 14-Mar-2026."),
        ("31-Feb-1945", "; there is no 31 February."),
        ("31/02/1945", "; there is no 31 February."),
        ("31.04.1945", "; there is no 31 April."),
        ("1945-02-30", "; there is no 30 February."),
        ("29-Feb-2025", "; there is no 29 February in 2025."),
    ],
)
def test_refused_with_the_reason(typed: str, said: str) -> None:
    with pytest.raises(DayUnreadError) as error:
        read_day(typed, month_numbers())
    assert unread_text(typed, error.value) == f"you entered “{typed}”" + (
        f", {said}" if said.startswith("which") else said
    )


def test_a_day_that_was_said_in_one_language_is_said_in_another() -> None:
    assert day_text(date(2026, 3, 14)) == "14-Mar-2026"
    with override("zh-hans"):
        assert day_text(date(2026, 3, 14)) == "2026年3月14日"
    assert day_text(date(2026, 3, 14)) == "14-Mar-2026"


def test_a_day_that_does_not_exist_has_its_month_in_digits_in_chinese() -> None:
    with pytest.raises(DayUnreadError) as error:
        read_day("31-Feb-1945", month_numbers())
    with override("zh-hans"):
        assert "没有2月31日" in unread_text("31-Feb-1945", error.value)


@pytest.mark.parametrize(
    "typed",
    [
        # Names of months are taken whole: this is November, in Finnish.
        "14-Marraskuu-1946",
        "12-Maybe-1946",
        "14-Septober-1946",
        "14.7.45",
        "14-Jul-45",
        "soon",
        "0",
        "2025-13-01",
        "2025-03/01",
        "00/03/1945",
        "32-Jan-1945",
        "13/13/1945",
        "9" * 500,
    ],
)
def test_no_date(typed: str) -> None:
    with pytest.raises(DayUnreadError) as error:
        read_day(typed, month_numbers())
    assert error.value.why is Unread.NO_DATE


def test_how_it_was_read() -> None:
    assert birth_reading(JULY, 81) == "= 14-Jul-1945 (81 y)"
    today = date(2026, 11, 8)
    assert operation_reading(today, today) == "= 08-Nov-2026, today"
    assert operation_reading(date(2026, 11, 9), today) == "= 09-Nov-2026, in 1 day"
    assert operation_reading(date(2025, 11, 8), today) == "= 08-Nov-2025, 365 days ago"
    before = date(2026, 11, 3)
    assert day_reading(before, today) == "= 03-Nov-2026, 5 days before the operation"
    assert day_reading(today, today) == "= 08-Nov-2026, day of the operation"
    assert day_reading(date(2026, 11, 9), today) == "= 09-Nov-2026, 1 day after the operation"
    assert day_reading(before, None) == "= 03-Nov-2026"

"""Dates as people type them: what can be read in one way only is read, all else is refused."""

import re
from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import NamedTuple

_YEAR_FIRST = re.compile(
    r"(\d{4})(?:([-./])(\d{1,2})\2(\d{1,2})|\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日?|(\d{2})(\d{2}))",
    re.ASCII,
)
_WITH_DOTS = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})", re.ASCII)
_EITHER_WAY = re.compile(r"(\d{1,2})([-/])(\d{1,2})\2(\d{4})", re.ASCII)
_NAMED = re.compile(r"(?P<d>[0-9]{1,2})[-. ]?(?P<name>[^\W\d_]+)[-. ]?(?P<y>[0-9]{4})")
LAST_MONTH = 12
LONGEST_MONTH = 31


class Unread(StrEnum):
    """Why a text is not taken for a date."""

    NO_DATE = "no_date"
    TWO_WAYS = "two_ways"
    NO_SUCH_DAY = "no_such_day"


class DayParts(NamedTuple):
    """A day of a calendar, whether there is such a day or not."""

    year: int
    month: int
    day: int

    @property
    def is_in_a_month(self) -> bool:
        """Whether month and day are at least numbers that a month and a day can have."""
        return 1 <= self.month <= LAST_MONTH and 1 <= self.day <= LONGEST_MONTH


class DayUnreadError(ValueError):
    """The text is no date, or could be two; ``readings`` are what it could be or would be."""

    def __init__(self, why: Unread, *readings: DayParts) -> None:
        super().__init__(why)
        self.why, self.readings = why, readings


def read_day(text: str, months: Mapping[str, int]) -> date:
    """The date a text stands for; ``months``: numbers of months by their names in small letters.

    Raises DayUnreadError. ``text`` is folded: plain digits, no blanks at the ends.
    """
    readings = _readings(text, months)
    # "05/05/1945" is read the same either way.
    possible = [parts for parts in dict.fromkeys(readings) if parts.is_in_a_month]
    days = [day for parts in possible if (day := _day(parts))]
    if len(days) == 1:
        return days[0]
    if days:
        raise DayUnreadError(Unread.TWO_WAYS, *possible)
    if possible:
        raise DayUnreadError(Unread.NO_SUCH_DAY, possible[0])
    raise DayUnreadError(Unread.NO_DATE)


def _readings(text: str, months: Mapping[str, int]) -> list[DayParts]:
    """What the text could be, day before month first."""
    if found := _YEAR_FIRST.fullmatch(text):
        year, month, day = (part for part in found.groups() if part and part.isdigit())
        return [DayParts(int(year), int(month), int(day))]
    if found := _WITH_DOTS.fullmatch(text):
        return [DayParts(int(found[3]), int(found[2]), int(found[1]))]
    if found := _EITHER_WAY.fullmatch(text):
        first, second, year = int(found[1]), int(found[3]), int(found[4])
        return [DayParts(year, second, first), DayParts(year, first, second)]
    if found := _NAMED.fullmatch(text):
        month = months.get(found["name"].lower())
        return [] if month is None else [DayParts(int(found["y"]), month, int(found["d"]))]
    return []


def _day(parts: DayParts) -> date | None:
    try:
        return date(*parts)
    except ValueError:
        return None

"""Time stamps of messages: days and moments, in the ward's time zone where they name none."""

import re
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from typing import NamedTuple

_OFFSET = r"(?:Z|(?P<sign>[+-])(?P<hours>\d{2}):?(?P<minutes>\d{2}))?"
# As HL7 has them, 202611270800; and as laboratory systems write them, 2026-11-27 8:00:00.
_TIMES = tuple(
    re.compile(form + _OFFSET)
    for form in (
        r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})"
        r"(?:(?P<hour>\d{2})(?:(?P<minute>\d{2})(?:(?P<second>\d{2})(?:\.\d+)?)?)?)?",
        r"(?P<year>\d{4})(?P<mark>[-/])(?P<month>\d{1,2})(?P=mark)(?P<day>\d{1,2})"
        r"(?:[ T](?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:\.\d+)?)?)?",
    )
)
# Systems write 0001-01-01 or 9999-12-31 where no day is known. Moments near these can be kept, but
# not be read again in another time zone.
_YEARS = range(1900, 2200)


class Time(NamedTuple):
    """The day as it stands in a time stamp, and the moment where one is said."""

    on: date | None = None
    at: datetime | None = None


def read_time(text: str, zone: tzinfo) -> Time:
    """Day and moment of a time stamp, which may be a day alone; neither where it can't be read."""
    found = next(filter(None, (form.fullmatch(text) for form in _TIMES)), None)
    if found is None or int(found["year"]) not in _YEARS:
        return Time()
    try:
        on = date(int(found["year"]), int(found["month"]), int(found["day"]))
        if found["hour"] is None:
            return Time(on)
        offset = timedelta(hours=int(found["hours"] or 0), minutes=int(found["minutes"] or 0))
        if found["sign"]:
            zone = timezone(offset if found["sign"] == "+" else -offset)
        elif text.endswith("Z"):
            zone = UTC
        hour, minute, second = (int(found[name] or 0) for name in ("hour", "minute", "second"))
        at = datetime(on.year, on.month, on.day, hour, minute, second, tzinfo=zone)
    except ValueError:
        return Time()
    # A moment in the hour that comes twice is equal to none of another zone, not even to itself as
    # the database gives it back.
    return Time(on, at.astimezone(UTC))


def taken(text: str, zone: tzinfo) -> Time:
    """When a specimen was taken; the day is the ward's, whatever the sender's offset."""
    on, at = read_time(text, zone)
    return Time(at.astimezone(zone).date() if at else on, at)

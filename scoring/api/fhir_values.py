"""The values of search parameters: tokens, references and dates as FHIR R4 writes them."""

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from scoring.entry.ids import uuid_in
from scoring.http.problems import Problem

# A comma or bar behind a backslash belongs to the value.
_LISTED = re.compile(r"((?:\\.|[^\\,])*),", re.DOTALL)
_TOKEN = re.compile(r"(?:(?P<of>(?:\\.|[^\\])*)\|)?(?P<value>(?:\\.|[^\\|])+)", re.DOTALL)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_MOMENT = re.compile(
    r"(?P<prefix>eq|gt|ge|lt|le|sa|eb)?(?P<day>[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?)"
    r"(?P<time>T[0-9]{2}:[0-9]{2}(?P<seconds>:[0-9]{2}(\.(?P<part>[0-9]{1,9}))?)?)?"
    r"(?P<zone>Z|[+-][0-9]{2}:[0-9]{2})?",
    re.ASCII,
)
# The record has no smaller part of a second.
_PART_DIGITS = 6


def refused(name: str, example: str) -> Problem:
    """A value that is not written as it must be."""
    said = _("%(name)s can't be read. It is written like %(example)s.") % {
        "name": name,
        "example": example,
    }
    return Problem(400, "parameter", said)


def listed(text: str) -> list[str]:
    """The values between commas, with their backslashes."""
    return _LISTED.findall(f"{text},")


def tokens(text: str, system: str, name: str) -> frozenset[str]:
    """The values of ``system|value`` and ``value``; those of another system find nothing.

    Raises Problem: 400.
    """
    found = set()
    for one in listed(text):
        read = _TOKEN.fullmatch(one)
        if read is None:
            raise refused(name, f"{system}|…" if system else "…")
        of, value = read["of"], _ESCAPED.sub(r"\1", read["value"])
        # No value has U+0000, and no database takes it.
        if (of is None or _ESCAPED.sub(r"\1", of) == system) and "\0" not in value:
            found.add(value)
    return frozenset(found)


def references(text: str, base: str, kind: str, name: str) -> list[str]:
    """What is named in ``Patient/…``, in an address of this site or by its id alone.

    A reference without an id, as of a variable that was left empty, would find nothing, which
    reads as an answer. Raises Problem: 400.
    """
    found = [one.removeprefix(f"{base}/").removeprefix(f"{kind}/") for one in listed(text)]
    if not all(found):
        raise refused(name, f"{kind}/…")
    return found


def uuids(texts: Iterable[str]) -> Iterator[UUID]:
    """The ids of resources; what is no id of ours finds nothing."""
    return filter(None, map(uuid_in, texts))


def moments(texts: Iterable[str], name: str) -> Iterator[tuple[str, datetime]]:
    """The comparisons that all of these dates stand for. Raises Problem: 400."""
    for text in texts:
        # Of "+" in an address a blank is left.
        found = _MOMENT.fullmatch(text.replace(" ", "+"))
        try:
            if found is None or (found["time"] is None) is not (found["zone"] is None):
                raise ValueError
            yield from _compared(found["prefix"] or "eq", *_span(found))
        except (ValueError, OverflowError) as error:
            raise refused(name, "ge2026-11-28T08:00:00Z") from error


def _span(found: re.Match[str]) -> tuple[datetime, datetime]:
    """A year, month, day, minute, second or a part of one from its beginning to its end.

    Resources tell milliseconds, and the record has microseconds.
    """
    if found["time"] is None:
        return _days(found["day"])
    part = found["part"] or ""
    kept, rest = part[:_PART_DIGITS], part[_PART_DIGITS:].strip("0")
    time = found["time"].partition(".")[0] + (f".{kept}" if kept else "")
    # In UTC: the database knows no offsets beyond 16 hours.
    start = datetime.fromisoformat(found["day"] + time + found["zone"]).astimezone(UTC)
    if rest:
        # Between two moments of the record.
        return (start + timedelta(microseconds=1),) * 2
    if found["seconds"] is None:
        return start, start + timedelta(minutes=1)
    return start, start + timedelta(seconds=1) / 10 ** len(kept)


def _days(text: str) -> tuple[datetime, datetime]:
    """A year, a month or a day of the ward."""
    first = datetime.fromisoformat(f"{text}-01-01"[:10])
    match text.count("-"):
        case 0:
            following = first.replace(year=first.year + 1)
        case 1:
            following = (first + timedelta(days=31)).replace(day=1)
        case _:
            following = first + timedelta(days=1)
    return timezone.make_aware(first), timezone.make_aware(following)


def _compared(prefix: str, start: datetime, end: datetime) -> Iterator[tuple[str, datetime]]:
    if prefix in {"eq", "ge"}:
        yield "gte", start
    if prefix in {"eq", "le"}:
        yield "lt", end
    # A change has a moment, so that it starts after a span where it is greater.
    if prefix in {"gt", "sa"}:
        yield "gte", end
    if prefix in {"lt", "eb"}:
        yield "lt", start

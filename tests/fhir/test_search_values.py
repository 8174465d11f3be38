"""How the values of search parameters are read: dates in every precision, lists, tokens."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from scoring.api.fhir_values import listed, moments, references, tokens
from scoring.http.problems import Problem

_WARD = ZoneInfo("Asia/Shanghai")
# The first minute of a month in the ward: in UTC it is still February.
_MOMENT = datetime(2026, 3, 1, 0, 0, 30, 500_000, _WARD)


def _holds(text: str, moment: datetime = _MOMENT) -> bool:
    """Whether a search for this date finds a change of this moment."""
    with timezone.override(_WARD):
        compared = list(moments([text], "_lastUpdated"))
    return all(moment >= at if how == "gte" else moment < at for how, at in compared)


def _prefixes(date: str, moment: datetime = _MOMENT) -> set[str]:
    """Those under which a search for the date finds the change."""
    names = ("", "eq", "ge", "le", "gt", "lt", "sa", "eb")
    return {prefix for prefix in names if _holds(f"{prefix}{date}", moment)}


@pytest.mark.parametrize(
    "date",
    [
        "2026",
        "2026-03",
        "2026-03-01",
        "2026-03-01T00:00+08:00",
        "2026-02-28T16:00Z",
        "2026-02-28T16:00:30Z",
        "2026-02-28T16:00:30.5Z",
        "2026-02-28T16:00:30.500000Z",
        # What .NET and Java write.
        "2026-02-28T16:00:30.5000000Z",
        "2026-02-28T16:00:30.500000000Z",
        # "+" in an address that was not encoded.
        "2026-03-01T00:00:30 08:00",
    ],
)
def test_a_date_stands_for_all_of_its_span(date: str) -> None:
    assert _prefixes(date) == {"", "eq", "ge", "le"}


@pytest.mark.parametrize("date", ["2025", "2026-02", "2026-02-28", "2026-02-28T15:59Z"])
def test_a_span_ends_where_the_next_begins(date: str) -> None:
    assert _prefixes(date) == {"ge", "gt", "sa"}
    # The last moment before the month of the ward.
    before = datetime(2026, 2, 28, 15, 59, 59, 999_999, UTC)
    assert _holds(f"le{date}", before) is (date != "2025")
    assert _prefixes("2026-03", before) == {"le", "lt", "eb"}
    assert _holds("2028-02", datetime(2028, 2, 29, 12, 0, tzinfo=_WARD))


def test_parts_of_a_second_that_the_record_does_not_have() -> None:
    text = "2026-02-28T16:00:30.5000001Z"
    assert _prefixes(text) == {"le", "lt", "eb"}
    assert _prefixes(text, _MOMENT + timedelta(microseconds=1)) == {"ge", "gt", "sa"}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2026-13",
        "2026-02-30",
        "2026-03-01Z",
        "2026-03-01T10Z",
        "2026-03-01T10:00",
        "2026-03T10:00Z",
        "ap2026-03-01",
        "ne2026-03-01",
        "2026-03-01,2026-03-02",
        "0000",
        "9999",
        "२०२६",
    ],
)
def test_other_dates_are_refused(text: str) -> None:
    with pytest.raises(Problem, match="parameter"):
        _holds(text)


def test_commas_and_bars_of_a_value_are_escaped() -> None:
    assert listed(r"a,b\,c,\\,d") == ["a", r"b\,c", r"\\", "d"]
    assert tokens(r"a\,b,c\|d,e\\,s|f,t|g,s\|s|h", "s", "identifier") == {"a,b", "c|d", "e\\", "f"}
    assert tokens(r"urn:x\,y|1", "urn:x,y", "identifier") == {"1"}
    for text in ("", "a,", ",a", "s|", "|", "a\\"):
        with pytest.raises(Problem):
            tokens(text, "s", "identifier")


def test_references_need_an_id() -> None:
    base = "https://rbp.hospital.example/fhir"
    text = f"Patient/1,2,{base}/Patient/3"
    assert references(text, base, "Patient", "patient") == ["1", "2", "3"]
    for text in ("", "Patient/", "1,", f"{base}/Patient/"):
        with pytest.raises(Problem):
            references(text, base, "Patient", "patient")

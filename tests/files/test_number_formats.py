"""Number formats of spreadsheets: dates, per cents, and the zeros and texts that are shown."""

import pytest

from scoring.files.number_formats import NumberFormat, Shown, number_format, number_shown


@pytest.mark.parametrize("number", [14, *range(27, 37), *range(50, 59)])
def test_dates_by_number_alone(number: int) -> None:
    assert number_format(number, None).shown is Shown.DATE


@pytest.mark.parametrize(
    ("code", "shown"),
    [
        ("General", Shown.NUMBER),
        ("0.00E+00", Shown.NUMBER),
        ("#,##0.0", Shown.NUMBER),
        ('0.0" days"', Shown.NUMBER),
        ("[Red]0.0;[Blue]-0.0", Shown.NUMBER),
        ("@", Shown.NUMBER),
        ("0.0%;-0.0%", Shown.PER_CENT),
        ("yyyy/m/d", Shown.DATE),
        ('yyyy"年"m"月"d"日"', Shown.DATE),
        ("[$-F800]dddd, mmmm dd, yyyy", Shown.DATE),
        ("[h]:mm", Shown.DATE),
        ("yyyy-mm-dd hh:mm:ss.000", Shown.DATE),
    ],
)
def test_number_formats(code: str, shown: Shown) -> None:
    assert number_format(164, code).shown is shown


@pytest.mark.parametrize(
    ("code", "number", "shown"),
    [
        ("000000", "123", "000123"),
        ('"H"000000', "200555", "H200555"),
        ("\\H00\\-", "7", "H07-"),
        ("[Red]0000", "12", "0012"),
        ("000000", "12.8", "12.8"),
        ('0" fL"', "12.8", "12.8 fL"),
        ('0.0" fL"', "12.8", "12.8"),
    ],
)
def test_zeros_and_texts_of_a_format_are_shown(code: str, number: str, shown: str) -> None:
    assert number_shown(number, number_format(164, code), from_1904=False) == shown


def test_calendars() -> None:
    date = NumberFormat(Shown.DATE)
    assert number_shown("46095", date, from_1904=False) == "2026-03-14"
    assert number_shown("44633", date, from_1904=True) == "2026-03-14"
    assert number_shown("59", date, from_1904=False) == "1900-02-28"
    assert number_shown("9e99", date, from_1904=False) == "9e99"
    assert number_shown("nan", date, from_1904=False) == "nan"

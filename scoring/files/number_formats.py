"""How a spreadsheet shows a number: as it is, in per cent, or as a date."""

import re
from datetime import datetime, timedelta
from enum import Enum, auto
from typing import NamedTuple


class Shown(Enum):
    """What a number format makes of a number."""

    NUMBER = auto()
    PER_CENT = auto()
    # The sign stands behind a number that is per cent already.
    PER_CENT_SIGN = auto()
    DATE = auto()


# Formats that a file names by number alone. 27 to 36 and 50 to 58 are the dates of Chinese Excel,
# 45 to 47 times.
_PER_CENTS = (9, 10)
_DATES = (*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59))
_QUOTED = re.compile(r'"([^"]*)"|\\(.)|_.|\*.')
# Colors, conditions and languages; a time that runs over 24 hours is one, too: [h].
_BRACKETED = re.compile(r"\[(?![hms]+\])[^\]]*\]", re.IGNORECASE)
_DATE_LETTERS = re.compile(r"[ymdhseg年月日]", re.IGNORECASE)
_NUMBER_PLACES = re.compile(r"general|e[+-]", re.IGNORECASE)
_SECOND_PARTS = re.compile(r"(?<=s)[.,]0+", re.IGNORECASE)
# Digits alone, with texts before and behind: "H"000000. Zeros lead a number that has fewer.
_TEXTS = r'((?:"[^"]*"|\\.)*)'
_DIGITS = re.compile(rf"(?:\[[^\]]*\])*{_TEXTS}(0+){_TEXTS}")
_SECONDS_A_DAY = 86_400
# The calendar of spreadsheets has a 29 February 1900.
_BEFORE_MARCH_1900 = 60


class NumberFormat(NamedTuple):
    """What a number format does: of a number, at least so many ``digits`` between two texts."""

    shown: Shown = Shown.NUMBER
    before: str = ""
    digits: int = 1
    behind: str = ""


def number_format(number: int, code: str | None) -> NumberFormat:
    """A number format; ``code`` is None where the file names it by number alone."""
    if code is None:
        if number in _PER_CENTS:
            return NumberFormat(Shown.PER_CENT)
        return NumberFormat(Shown.DATE if number in _DATES else Shown.NUMBER)
    first = code.split(";", 1)[0]
    shown = _shown_as(first)
    if shown is Shown.NUMBER and (found := _DIGITS.fullmatch(first)):
        return NumberFormat(shown, _said(found[1]), len(found[2]), _said(found[3]))
    return NumberFormat(shown)


def _shown_as(first: str) -> Shown:
    bare = _SECOND_PARTS.sub("", _BRACKETED.sub("", _QUOTED.sub("", first)))
    if "%" in bare:
        return Shown.PER_CENT
    if "%" in _said(first):
        return Shown.PER_CENT_SIGN
    if "0" in bare or "#" in bare or "?" in bare:
        return Shown.NUMBER
    return Shown.DATE if _DATE_LETTERS.search(_NUMBER_PLACES.sub("", bare)) else Shown.NUMBER


def _said(code: str) -> str:
    """The texts in a format."""
    return "".join(quoted + escaped for quoted, escaped in _QUOTED.findall(code))


def number_shown(text: str, by: NumberFormat, *, from_1904: bool) -> str:
    """A number of a file as the spreadsheet shows it, with all its digits, up to 15.

    A date is 2026-03-14, with its time if it has one. What is no number stays as it is.
    """
    try:
        value = float(text)
    except ValueError:
        return text
    if by.shown is Shown.DATE:
        return _day(value, from_1904=from_1904) or text
    if by.shown is Shown.PER_CENT:
        return f"{value * 100:.15g}%"
    # 15 digits is what a spreadsheet works with; 12.800000000000001 is 12.8 there.
    written = f"{value:.15g}"
    if by.shown is Shown.PER_CENT_SIGN:
        return f"{written}%"
    return by.before + (written.zfill(by.digits) if written.isdigit() else written) + by.behind


def _day(serial: float, *, from_1904: bool) -> str:
    if from_1904:
        first = datetime(1904, 1, 1)
    else:
        first = datetime(1899, 12, 31 if serial < _BEFORE_MARCH_1900 else 30)
    try:
        at = first + timedelta(seconds=round(serial * _SECONDS_A_DAY))
    except (OverflowError, ValueError):
        return ""
    return f"{at:%Y-%m-%d}" if at.time() == datetime.min.time() else f"{at:%Y-%m-%d %H:%M:%S}"

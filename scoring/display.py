"""How numbers are written for people: the same on page, paper and command line.

Scores are computed unrounded; only the text is rounded, half up. Digits are the same in every
language; the marks around them are not: "77 %" and "77%".
"""

from decimal import Decimal
from functools import lru_cache
from unicodedata import east_asian_width

from django.utils.translation import gettext as _

MINUS = "\u2212"
NBSP = "\u00a0"
# Binary noise of a double sits near the 14th digit; nine decimals are past it and exact for
# anything typed with up to four.
_NOISE_DECIMALS = 9


def _units(value: float, decimals: int) -> int:
    """How many units of the last decimal, rounded half up without the noise of binary fractions."""
    # In whole numbers: several times as fast as to quantize a Decimal.
    fine: int = round(abs(value) * 10**_NOISE_DECIMALS)
    step: int = 10 ** (_NOISE_DECIMALS - decimals)
    units: int = (fine + step // 2) // step
    return units if value >= 0 else -units


def rounded(value: float, decimals: int) -> Decimal:
    """Round half up, as one does by hand, after removing the noise of binary fractions."""
    return Decimal(_units(value, decimals)).scaleb(-decimals)


@lru_cache(maxsize=4096)
def points_text(points: float) -> str:
    """Points with two decimals: 183.886 is "183.89"."""
    return f"{rounded(points, 2)}"


def whole_percent(risk: float) -> int:
    """A risk (0 to 1) in whole per cent, kept inside 1 to 99 unless it lies beyond them."""
    if risk < 0.01:
        return 0
    if risk > 0.99:
        return 100
    return _units(risk * 100, 0)


def percent_number(risk: float) -> str:
    """A risk (0 to 1) in whole per cent without the sign: "77", "< 1", "> 99"."""
    if risk < 0.01:
        return _("< %(number)s") % {"number": 1}
    if risk > 0.99:
        return _("> %(number)s") % {"number": 99}
    return f"{whole_percent(risk)}"


def per_cent(number: str) -> str:
    """A number of per cent with the sign: "18.4 %"."""
    return _("%(number)s %%") % {"number": number}


def unbroken_per_cent(number: str) -> str:
    """The same where lines wrap: none ends before the sign. "44 or 77 %" may end elsewhere."""
    return no_break_spaces(per_cent("{}")).format(number)


def percent_text(risk: float) -> str:
    """A risk (0 to 1) as a page says it: "77 %", "< 1 %", "> 99 %"."""
    return per_cent(percent_number(risk))


def per_cent_range(low: str, high: str) -> str:
    """Two numbers of per cent and all between them: "0.5–1.2 %"."""
    return _("%(low)s–%(high)s %%") % {"low": low, "high": high}


def range_text(low: str, high: str) -> str:
    """Two numbers and all between them: "70–79"."""
    return _("%(low)s–%(high)s") % {"low": low, "high": high}


def percent_range_text(low: float, high: float) -> str:
    """An interval of risks: "60–88 %"; spaced out at the ends, "< 1 – 2 %", "97 – > 99 %"."""
    ends = [percent_number(value) for value in (low, high)]
    if ends[0] == ends[1]:
        return per_cent(ends[0])
    if all(end.isdigit() for end in ends):
        return per_cent_range(*ends)
    return _("%(low)s – %(high)s %%") % {"low": ends[0], "high": ends[1]}


def percent_range_number(low: float, high: float) -> str:
    """The same without the sign, where the axis has it: "60–88"."""
    ends = [percent_number(value) for value in (low, high)]
    if ends[0] == ends[1]:
        return ends[0]
    if all(end.isdigit() for end in ends):
        return range_text(*ends)
    return _("%(low)s – %(high)s") % {"low": ends[0], "high": ends[1]}


def no_break_spaces(text: str) -> str:
    """The same text where lines wrap: no end of a line parts a number from its unit."""
    return text.replace(" ", NBSP)


def plain(text: str) -> str:
    """The same for a terminal or another program's record, which may know plain spaces alone."""
    return text.replace(NBSP, " ")


def printed_letters(text: str) -> int:
    """How wide a text is in print, in letters; Chinese characters are twice as wide."""
    return sum(2 if east_asian_width(character) in "WF" else 1 for character in text)


def count_text(count: int) -> str:
    """How many, with a mark between thousands: "436,660"."""
    return f"{count:,}"


def number_text(value: float | Decimal) -> str:
    """A measured value without trailing zeros and with a real minus sign: "12.8", "−2.0".

    Whole values of a T-score keep one decimal through :func:`signed_text`.
    """
    text = f"{Decimal(repr(value)) if isinstance(value, float) else value:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return text.replace("-", MINUS)


def signed_text(value: float | Decimal) -> str:
    """A T-score: its sign, and at least one decimal: "−2.0", "−3.51", "+0.4"."""
    text = number_text(value)
    if "." not in text:
        text += ".0"
    return text if value <= 0 else f"+{text}"


def domain_texts(low: float, high: float) -> tuple[str, str]:
    """Both ends of what is allowed: 6 and 34.8; with their signs where these differ, −10 and +4."""
    plus = "+" if low < 0 < high else ""
    return number_text(low), plus + number_text(high)

"""A measured value as people type it: a number with or without its unit, read in one way."""

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from scoring.entry.folding import folded_number
from scoring.nomogram.predictor import NumericPredictor

# As many decimals as the record keeps.
MOST_DECIMALS = 4
# No unit has larger values; numbers that are far larger can't be rounded.
_LARGEST = 10_000
_NUMBER = re.compile(r"(?P<sign>[+-]?) *(?P<number>[0-9]{1,4}(?:[.,][0-9]{1,12})?) *(?P<unit>\D*)")
_BOUNDS = ("<", ">", "≤", "≥", "≦", "≧", "~", "≈")
# Unit in UCUM by the ways it is written, without spaces and in small letters.
_SPELLINGS = {
    "fl": "fL",
    "µm3": "fL",
    "µm³": "fL",
    "%": "%",
    "mmol/l": "mmol/L",
    "meq/l": "meq/L",
    "mg/dl": "mg/dL",
    "a": "a",
    "y": "a",
    "yr": "a",
    "yrs": "a",
    "year": "a",
    "years": "a",
    "岁": "a",
    "周岁": "a",
    "歲": "a",
    "sd": "",
}


class NumberRead(NamedTuple):
    """A number, and its unit in UCUM where one was typed."""

    value: Decimal
    unit: str | None = None


class NumberUnreadError(ValueError):
    """What was typed is no value of the predictor.

    ``code``: "not_a_number", "bound" ("> 12"), "decimals" (more than are kept), "other_unit" (a
    unit that is not scored; ``read`` has the number in it).
    """

    def __init__(self, code: str, read: NumberRead | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.read = read


def without_arrow(text: str) -> str:
    """A number without the arrow that laboratories print beside one outside its range."""
    return text.strip("↑↓ \t\u3000")


def read_number(text: str, predictor: NumericPredictor) -> NumberRead:
    """The number that was typed, in the predictor's unit; whether it can be scored is not asked.

    Raises NumberUnreadError.
    """
    plain = folded_number(text)
    if plain.startswith(_BOUNDS):
        raise NumberUnreadError("bound")
    found = _NUMBER.fullmatch(plain)
    if found is None:
        raise NumberUnreadError("not_a_number")
    value = _value(found["sign"] + found["number"].replace(",", "."))
    if not found["unit"]:
        return NumberRead(value)
    spelled = "".join(found["unit"].split()).casefold().replace("μ", "µ")
    unit = _SPELLINGS.get(spelled)
    if unit is None:
        raise NumberUnreadError("not_a_number")
    if unit not in (predictor.unit, *predictor.equal_units):
        raise NumberUnreadError("other_unit", NumberRead(value, unit))
    return NumberRead(value, unit)


def _value(text: str) -> Decimal:
    value = Decimal(text)
    exponent = value.normalize().as_tuple().exponent
    if isinstance(exponent, int) and exponent < -MOST_DECIMALS:
        raise NumberUnreadError("decimals")
    # Zeros at the end say how exact a laboratory is; so many of them no column keeps.
    return min(value, round(value, MOST_DECIMALS), key=lambda one: len(str(one)))


def converted(value: Decimal, unit: str, predictor: NumericPredictor) -> Decimal | None:
    """The value of another unit in the predictor's; None where the two can't be converted."""
    factor = dict(predictor.other_units).get(unit)
    return None if factor is None else round(value / Decimal(str(factor)), predictor.decimals)


def likely_units(value: Decimal, predictor: NumericPredictor) -> Iterator[tuple[str, Decimal]]:
    """Units in which a refused value could be scored, each with the value converted."""
    if abs(value) > _LARGEST:
        return
    for unit, _factor in predictor.other_units:
        other = converted(value, unit, predictor)
        if other is not None and predictor.domain.low <= other <= predictor.domain.high:
            yield unit, other


def are_exchanged(
    first: Decimal, of: NumericPredictor, second: Decimal, other: NumericPredictor
) -> bool:
    """Whether each of two refused values could be scored in the other's place."""
    return (
        other.domain.low <= first <= other.domain.high and of.domain.low <= second <= of.domain.high
    )

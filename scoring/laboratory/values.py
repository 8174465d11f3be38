"""Value, unit and specimen of a result: what can be used as it is, and why not."""

from collections.abc import Iterable
from decimal import Decimal

from scoring.entry.numbers import NumberUnreadError, read_number, without_arrow
from scoring.laboratory.message import Order, Segment
from scoring.laboratory.reasons import Unusable
from scoring.nomogram.coded import names_gsd, plain_unit, range_ends
from scoring.nomogram.predictor import NumericPredictor
from scoring.nomogram.rong2025.coded import coded_as
from scoring.nomogram.rong2025.model import RONG_2025

_SERUM_CODES = {"ser", "plas", "119364003", "119361006"}
_SERUM_WORDS = ("serum", "plasma", "血清", "血浆")


class UnusableError(ValueError):
    """A result is kept with this reason."""

    def __init__(self, why: Unusable) -> None:
        super().__init__(why.value)
        self.why = why


def checked_value(result: Segment, field: str) -> Decimal:
    """The value of an OBX in the predictor's unit. Raises UnusableError."""
    predictor = RONG_2025.numeric[field]
    value, own_unit = _number(result, predictor)
    _check_unit(predictor, result.component(6) or own_unit, result.text(7))
    if not predictor.domain.low <= value <= predictor.domain.high:
        raise UnusableError(Unusable.OUTSIDE_DOMAIN)
    return value


def check_specimen(order: Order, *, is_needed: bool) -> None:
    """Raise UnusableError unless the order says serum or plasma, or nothing where nothing need be.

    An electrode measures chloride in urine and whole blood, too.
    """
    named = [set(_words(each.components(4))) for each in order.specimens]
    named += [set(_words(order.header.components(15)))]
    named = [words for words in named if words]
    if not named and is_needed:
        raise UnusableError(Unusable.SPECIMEN_MISSING)
    if not all(any(_is_serum(word) for word in words) for words in named):
        raise UnusableError(Unusable.SPECIMEN_OTHER)


def _words(components: Iterable[str]) -> list[str]:
    parts = [part.strip().casefold() for each in components for part in each.split("&")]
    return [part for part in parts if part]


def _is_serum(word: str) -> bool:
    return word in _SERUM_CODES or any(each in word for each in _SERUM_WORDS)


def _number(result: Segment, predictor: NumericPredictor) -> tuple[Decimal, str]:
    """The number of OBX-5, and the unit where one stands in the same field."""
    values = result.repetitions(5)
    if not values or values == [['""']]:
        raise UnusableError(Unusable.NO_VALUE)
    if len(values) > 1:
        raise UnusableError(Unusable.SEVERAL_VALUES)
    parts = values[0]
    if result.text(2) == "SN" and len(parts) > 1:
        # Comparator and number; a range or a ratio has more.
        if parts[0] not in {"", "="}:
            raise UnusableError(Unusable.BOUND)
        parts = parts[1:]
    if len(parts) > 1:
        raise UnusableError(Unusable.NOT_A_NUMBER)
    try:
        read = read_number(without_arrow(parts[0]), predictor)
    except NumberUnreadError as error:
        raise UnusableError(_UNREAD[error.code]) from error
    return read.value, read.unit or ""


_UNREAD = {
    "not_a_number": Unusable.NOT_A_NUMBER,
    "bound": Unusable.BOUND,
    "decimals": Unusable.DECIMALS,
    "other_unit": Unusable.UNIT_OTHER,
}


def _check_unit(predictor: NumericPredictor, unit: str, range_text: str) -> None:
    coded = coded_as(predictor)
    if names_gsd(unit):
        raise UnusableError(Unusable.UNIT_GSD)
    if range_ends(range_text) == coded.other_range:
        raise UnusableError(Unusable.RANGE_GSD)
    if not coded.has_unit(unit):
        raise UnusableError(Unusable.UNIT_OTHER if plain_unit(unit) else Unusable.UNIT_MISSING)

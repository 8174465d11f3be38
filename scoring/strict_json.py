"""JSON that other programs send: strict, numbers as they were written."""

import json
from decimal import Decimal
from typing import Any, NoReturn

# Written out, as FHIR's whole numbers are, 1e999999999 would stop the process.
_MOST_DIGITS = 10_000


class NotJsonError(ValueError):
    """No JSON in UTF-8, a name twice in an object, NaN, half a character, or too many levels.

    Also a number that has more than 10,000 digits when it is written out.
    """


def read_json(content: bytes) -> Any:
    """What it says; numbers with a point are Decimal, with the digits that were sent.

    Raises NotJsonError.
    """
    try:
        found = json.loads(
            content.decode("utf-8-sig"),
            parse_float=_decimal,
            parse_constant=_no_number,
            object_pairs_hook=_unique,
        )
        # "\ud800" alone is no character, and no database takes it.
        json.dumps(found, ensure_ascii=False, default=str).encode()
    except (ValueError, ArithmeticError, RecursionError) as error:
        raise NotJsonError from error
    return found


def _decimal(text: str) -> Decimal:
    found = Decimal(text)
    if abs(found.adjusted()) > _MOST_DIGITS:
        raise ValueError(text)
    return found


def _no_number(name: str) -> NoReturn:
    raise ValueError(name)


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("one name twice")
    return found

"""JSON that other programs send: strict, numbers as they were written."""

import json
from decimal import Decimal
from typing import Any, NoReturn


class NotJsonError(ValueError):
    """No JSON in UTF-8, a name twice in an object, NaN, half a character, or too many levels."""


def read_json(content: bytes) -> Any:
    """What it says; numbers with a point are Decimal, with the digits that were sent.

    Raises NotJsonError.
    """
    try:
        found = json.loads(
            content.decode("utf-8-sig"),
            parse_float=Decimal,
            parse_constant=_no_number,
            object_pairs_hook=_unique,
        )
        # "\ud800" alone is no character, and no database takes it.
        json.dumps(found, ensure_ascii=False, default=str).encode()
    except (ValueError, RecursionError) as error:
        raise NotJsonError from error
    return found


def _no_number(name: str) -> NoReturn:
    raise ValueError(name)


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("one name twice")
    return found

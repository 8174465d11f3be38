"""Resources as JSON: what is read keeps every digit, what is written holds nothing FHIR forbids."""

import json
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, TypeAlias

from django.utils import timezone
from django.utils.translation import get_language

from scoring.strict_json import NotJsonError, read_json

# One resource, or an element of it.
Resource: TypeAlias = dict[str, Any]

MEDIA_TYPE = "application/fhir+json"


# Resources in a Bundle in Parameters have about twenty levels; what checks them goes down by calls.
_MOST_LEVELS = 60


def read(text: bytes) -> Resource:
    """The resource in a text. Raises NotJsonError, also where it is no object."""
    found = read_json(text)
    if not isinstance(found, dict) or not _is_flat(found):
        raise NotJsonError
    return found


def _is_flat(found: Resource) -> bool:
    level: list[Any] = [found]
    for _depth in range(_MOST_LEVELS):
        inside = [one.values() if isinstance(one, dict) else one for one in level]
        level = [each for one in inside for each in one if isinstance(each, dict | list)]
        if not level:
            return True
    return False


def written(value: object) -> str:
    """The JSON of a resource or a part of it; a Decimal keeps its digits.

    Raises ValueError for a number that is not finite.
    """
    if isinstance(value, Mapping):
        pairs = (f"{json.dumps(key)}:{written(one)}" for key, one in value.items())
        return f"{{{','.join(pairs)}}}"
    if isinstance(value, list | tuple):
        return f"[{','.join(map(written, value))}]"
    if isinstance(value, Decimal):
        if not value.is_finite():
            raise ValueError("not finite")
        return str(value)
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


def without_empty(resource: Resource) -> Resource:
    """The same without elements that are None, "", [] or {}: FHIR has no empty elements."""
    return {name: value for name, value in resource.items() if value not in (None, "", [], {})}


def without_null(element: Any) -> Any:
    """The same without what is null: FHIR has no null there, and some servers send it."""
    if isinstance(element, dict):
        return {name: without_null(one) for name, one in element.items() if one is not None}
    if isinstance(element, list):
        return [without_null(one) for one in element if one is not None]
    return element


def instant(moment: datetime) -> str:
    """A moment with the zone of the ward, to the millisecond."""
    return timezone.localtime(moment).isoformat(timespec="milliseconds")


def language() -> str:
    """The language of the texts in a resource, as R4's list of common languages has it."""
    return "zh-CN" if get_language() == "zh-hans" else "en"


def day(value: date | None) -> str | None:
    """A day without a time."""
    return None if value is None else value.isoformat()

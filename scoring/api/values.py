"""The kinds of values in requests: what is read, what the schema says, why it is refused.

Whether a value can be scored or recorded is not asked here but of the model and the forms: these
kinds tell a number from a text.
"""

import json
import re
from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from django.utils.translation import gettext as _
from pydantic import PlainValidator, WithJsonSchema
from pydantic.fields import FieldInfo
from pydantic_core import PydanticCustomError

from scoring.display import number_text
from scoring.nomogram.predictor import NumericPredictor
from scoring.words.marks import listed

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TIME = r"^([01][0-9]|2[0-3]):[0-5][0-9]$"
_SHOWN = 20
# No value has as many digits before or after the decimal point.
_FAR = 40

JsonSchema = dict[str, Any]


def refusal(code: str, said: str) -> PydanticCustomError:
    """The error that a value is refused with, in words for people."""
    return PydanticCustomError(code, "{said}", {"said": said})


def _kind(
    read: Callable[[Any], Any], schema: JsonSchema, *, nullable: bool, description: str
) -> Any:
    """A field for pydantic. None is let through: what is missing is told by whoever needs it."""
    if nullable:
        schema = {**schema, "type": [schema["type"], "null"]}
        if "enum" in schema:
            schema["enum"] = [*schema["enum"], None]
    if description:
        schema = {**schema, "description": description}

    def checked(value: Any) -> Any:
        return None if value is None else read(value)

    field = FieldInfo(default=None)
    field.metadata += [PlainValidator(checked), WithJsonSchema(schema)]
    return field


def shown(value: object) -> str:
    """What was sent, cut where it is long; what is no text as JSON has it."""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


def digits(value: Decimal) -> str:
    """A number as it was written, without an exponent unless it is far from any value."""
    far = value.adjusted() > _FAR or int(value.as_tuple().exponent) < -_FAR
    return str(value) if far else f"{value:f}"


def number(schema: JsonSchema, *, nullable: bool = False, description: str = "") -> Any:
    """A JSON number, read as a Decimal with the digits it was written with."""
    return _kind(_number, {"type": "number", **schema}, nullable=nullable, description=description)


def of_predictor(predictor: NumericPredictor) -> Any:
    """A number with the unit and the domain of a predictor; the model judges it."""
    low, high = predictor.domain
    schema = {"minimum": _plain(low), "maximum": _plain(high)}
    kind = {"type": "integer"} if predictor.whole else {}
    unit = predictor.unit or "1"
    said = f"{number_text(low)} to {number_text(high)}; unit (UCUM): {unit}."
    return number(schema | kind, description=said)


def _plain(value: float) -> float:
    return int(value) if value.is_integer() else value


def _number(value: Any) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        said = _("you sent “%(entered)s”; send a JSON number.")
        raise refusal("not_a_number", said % {"entered": shown(value)})
    return Decimal(value)


def answer(*, nullable: bool = False, description: str = "") -> Any:
    """A JSON true or false."""
    return _kind(_answer, {"type": "boolean"}, nullable=nullable, description=description)


def _answer(value: Any) -> bool:
    if not isinstance(value, bool):
        said = _("you sent “%(entered)s”; send true or false.")
        raise refusal("not_yes_or_no", said % {"entered": shown(value)})
    return value


def text(*, longest: int, nullable: bool = False, description: str = "") -> Any:
    """A text; what letters it may have is for the forms to say."""
    schema = {"type": "string", "maxLength": longest}
    return _kind(_text, schema, nullable=nullable, description=description)


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise refusal("not_a_text", _("you sent “%(entered)s”; send a text.") % _sent(value))
    return value


def _sent(value: Any) -> dict[str, str]:
    return {"entered": shown(value)}


def texts(*, longest: int, most: int, description: str = "") -> Any:
    """A list of texts, perhaps empty."""

    def read(value: Any) -> list[str]:
        if not isinstance(value, list) or len(value) > most:
            said = _("send a list of at most %(most)s texts.")
            raise refusal("not_a_list", said % {"most": most})
        return [_text(one) for one in value]

    items = {"type": "string", "maxLength": longest}
    schema = {"type": "array", "items": items, "maxItems": most}
    return _kind(read, schema, nullable=False, description=description)


def day(*, nullable: bool = False, description: str = "") -> Any:
    """A date, 2026-03-14 alone: what people type in other ways, programs don't send."""
    schema = {"type": "string", "format": "date"}
    return _kind(_day, schema, nullable=nullable, description=description)


def _day(value: Any) -> str:
    said = _("you sent “%(entered)s”; send a date such as 2026-03-14.")
    if not isinstance(value, str) or not _DAY.fullmatch(value):
        raise refusal("invalid", said % _sent(value))
    try:
        date.fromisoformat(value)
    except ValueError as error:
        raise refusal("invalid", said % _sent(value)) from error
    return value


def clock(*, description: str = "") -> Any:
    """A time of day, 08:30; may be null."""
    schema = {"type": "string", "pattern": _TIME}
    return _kind(_clock, schema, nullable=True, description=description)


def _clock(value: Any) -> str:
    if not isinstance(value, str) or not re.fullmatch(_TIME, value):
        said = _("you sent “%(entered)s”; send a time such as 08:30.")
        raise refusal("invalid", said % _sent(value))
    return value


def choice(codes: Sequence[Any], *, nullable: bool = False, description: str = "") -> Any:
    """One of these codes."""

    def read(value: Any) -> Any:
        # True is 1 to Python.
        if isinstance(value, bool) or value not in codes:
            raise refusal(*not_one_of(value, codes))
        return value

    kind = "integer" if isinstance(codes[0], int) else "string"
    schema = {"type": kind, "enum": list(codes)}
    return _kind(read, schema, nullable=nullable, description=description)


def not_one_of(value: Any, codes: Sequence[Any]) -> tuple[str, str]:
    """The code of this error, and what is allowed instead."""
    said = _("you sent “%(entered)s”; allowed is one of %(allowed)s.")
    return "invalid_choice", said % (_sent(value) | {"allowed": listed(map(str, codes))})


def unit(scored: str) -> Any:
    """The unit that a laboratory reports; the form refuses all but the one that is scored."""
    return _kind(_text, {"type": "string", "enum": [scored]}, nullable=False, description="UCUM.")


def _record(value: Any) -> UUID | None:
    try:
        return UUID(value)
    except (ValueError, AttributeError, TypeError):
        return None


# The id in an address; None where it is none: there is no such record then. It is read after the
# token, so that nobody learns without one what an address takes.
RecordId = Annotated[
    UUID | None,
    PlainValidator(_record),
    WithJsonSchema({"type": "string", "format": "uuid"}),
]


def identifier(*, nullable: bool = False, description: str = "") -> Any:
    """The id of a record (UUID)."""
    schema = {"type": "string", "format": "uuid"}
    return _kind(_identifier, schema, nullable=nullable, description=description)


def _identifier(value: Any) -> str:
    try:
        return str(UUID(value))
    except (ValueError, AttributeError, TypeError) as error:
        said = _("you sent “%(entered)s”; send the id of a record (UUID).")
        raise refusal("invalid", said % _sent(value)) from error

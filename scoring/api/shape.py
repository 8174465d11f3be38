"""What requests are made of: objects without unknown keys, and why one is refused."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _
from pydantic import BaseModel, ConfigDict, ValidationError

from scoring.http.problems import FieldError


def needing(*names: str) -> ConfigDict:
    """What the schema says is needed, though model or form tell what is missing."""

    def tidy(schema: dict[str, Any]) -> None:
        for described in schema.get("properties", {}).values():
            # Pydantic's own: nothing is taken for what is left out.
            described.pop("default", None)
            described.pop("title", None)
        if names:
            schema["required"] = list(names)

    return ConfigDict(extra="forbid", json_schema_extra=tidy)


class Body(BaseModel):
    """An object of a request. Unknown keys are refused: a misspelled one would be lost."""

    model_config = needing()


def errors_of(error: ValidationError) -> list[FieldError]:
    """The refused values of an object that pydantic read."""
    return field_errors(error.errors(include_url=False), above=0)


def field_errors(errors: Sequence[Any], *, above: int) -> list[FieldError]:
    """The same of errors as pydantic lists them, without the first ``above`` steps of the way."""
    return [
        FieldError(pointer(*error["loc"][above:]), _code(error), _said(error)) for error in errors
    ]


def pointer(*steps: str | int) -> str:
    """A JSON pointer."""
    return "".join(f"/{str(step).replace('~', '~0').replace('/', '~1')}" for step in steps)


_CODES = {
    "missing": "required",
    "extra_forbidden": "unknown_field",
    "model_type": "not_an_object",
    "model_attributes_type": "not_an_object",
    "dict_type": "not_an_object",
    "list_type": "not_a_list",
}


def _code(error: Any) -> str:
    return _CODES.get(error["type"], str(error["type"]))


def _said(error: Any) -> str:
    match _code(error):
        case "required":
            return _("nothing sent; a value is needed.")
        case "unknown_field":
            return _("there is no field of this name.")
        case "not_an_object":
            return _("send a JSON object.")
        case "not_a_list" if "said" not in error.get("ctx", {}):
            return _("send a JSON list.")
        case "too_long":
            return _("at most %(most)s are allowed.") % {"most": error["ctx"]["max_length"]}
        case "too_short":
            return _("at least %(least)s is needed.") % {"least": error["ctx"]["min_length"]}
    return str(error["msg"])

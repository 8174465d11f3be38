"""JSON as it comes in: strict, numbers as they were written."""

import json
from decimal import Decimal
from typing import Any, NoReturn, cast

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja.parser import Parser

from scoring.http.problems import Problem

_JSON = "application/json"


class StrictParser(Parser):
    """Takes JSON in UTF-8 alone: no key twice, no NaN, no half characters; decimals stay."""

    def parse_body(self, request: HttpRequest) -> dict[str, Any]:
        """What the body says. Raises Problem: 400, 415."""
        charset = (request.content_params or {}).get("charset", "utf-8").lower()
        if request.content_type != _JSON or charset != "utf-8":
            said = _("Send JSON in UTF-8, with “Content-Type: application/json”.")
            raise Problem(415, "content_type", said, headers={"Accept-Post": _JSON})
        try:
            text = request.body.decode()
            content = json.loads(
                text,
                parse_float=Decimal,
                parse_constant=_no_number,
                object_pairs_hook=_without_doubles,
            )
            # "\ud800" alone is no character, and no database takes it.
            json.dumps(content, ensure_ascii=False, default=str).encode()
        except (ValueError, RecursionError) as error:
            said = _("The request is not JSON, or has a key twice.")
            raise Problem(400, "not_json", said) from error
        return cast(dict[str, Any], content)


def _no_number(name: str) -> NoReturn:
    raise ValueError(name)


def _without_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    content = dict(pairs)
    if len(content) != len(pairs):
        raise ValueError("a key stands twice")
    return content

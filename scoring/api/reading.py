"""JSON as it comes in: strict, numbers as they were written."""

from typing import Any, cast

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja.parser import Parser

from scoring.http.problems import Problem
from scoring.strict_json import NotJsonError, read_json

_JSON = "application/json"
# The second is how many programs write the first.
_UTF_8 = {"utf-8", "utf8"}


class StrictParser(Parser):
    """Takes JSON in UTF-8 alone: no key twice, no NaN, no half characters; decimals stay."""

    def parse_body(self, request: HttpRequest) -> dict[str, Any]:
        """What the body says. Raises Problem: 400, 415."""
        charset = (request.content_params or {}).get("charset", "utf-8").lower()
        if request.content_type != _JSON or charset not in _UTF_8:
            said = _("Send JSON in UTF-8, with “Content-Type: application/json”.")
            raise Problem(415, "content_type", said, headers={"Accept-Post": _JSON})
        try:
            content = read_json(request.body)
        except NotJsonError as error:
            said = _("The request is not JSON, or has a key twice.")
            raise Problem(400, "not_json", said) from error
        return cast(dict[str, Any], content)

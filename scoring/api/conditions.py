"""What a request depends on: its key against doing it twice, the version it was meant for."""

import re
from hashlib import sha256
from typing import Any
from uuid import UUID, uuid4, uuid5

from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _

from scoring.api.writing import json_response, json_text
from scoring.entry import Submission
from scoring.http.actor import actor, origin
from scoring.http.problems import Problem

KEY = "Idempotency-Key"
_LONGEST_KEY = 255
_TAG = re.compile(r'(?:W/)?"[^"]*"')
_TAG_CHARACTERS = 32

# For the description of the API.
KEY_PARAMETER: dict[str, Any] = {
    "in": "header",
    "name": KEY,
    "required": False,
    "description": "The same request with the same key does its work once.",
    "schema": {"type": "string", "minLength": 1, "maxLength": _LONGEST_KEY},
}
MATCH_PARAMETER: dict[str, Any] = {
    "in": "header",
    "name": "If-Match",
    "required": True,
    "description": "The ETag of what the change was meant for; “*” names no version.",
    "schema": {"type": "string"},
}
KNOWN_PARAMETER: dict[str, Any] = {
    "in": "header",
    "name": "If-None-Match",
    "required": False,
    "description": "The ETag of what is known already: answered 304 while that still stands.",
    "schema": {"type": "string"},
}
FIRST_PARAMETER: dict[str, Any] = KNOWN_PARAMETER | {
    "description": "“*”: only where nothing stands yet, else 412."
}


def submission(request: HttpRequest) -> Submission:
    """This request as a press of a save button: the same key gives the same one-time token.

    A key holds for one application and one address. Without a key nothing is known of the request.
    """
    key = request.headers.get(KEY)
    if key is not None and not 0 < len(key) <= _LONGEST_KEY:
        said = _("“Idempotency-Key” may have 1 to %(longest)s characters.")
        raise Problem(400, "key", said % {"longest": _LONGEST_KEY})
    token = uuid4() if key is None else _token(request, key)
    return Submission(token=token, origin=origin(request))


def _token(request: HttpRequest, key: str) -> UUID:
    return uuid5(actor(request).uuid, f"{request.method} {request.path} {key}")


def key_used() -> Problem:
    """The key came with another request before."""
    said = _("This “Idempotency-Key” was used for another request. Nothing was changed.")
    return Problem(422, "key_used", said)


def tagged_response(
    request: HttpRequest, content: Any, *, status: int = 200, **headers: str
) -> HttpResponse:
    """An answer with its ETag; 304 where whoever reads has just that already.

    Raises Problem (412) where something else was to be read (If-Match).
    """
    tag = etag(content)
    response = json_response(content, status=status, ETag=tag, **headers)
    if request.method != "GET":
        return response
    answer = get_conditional_response(request, etag=tag, response=response) or response
    if answer.status_code == 412:
        raise stale()
    return answer


def etag(content: Any) -> str:
    """A digest of what is shown: it changes with all that can be seen in it, and nothing else."""
    return f'"{sha256(json_text(content).encode()).hexdigest()[:_TAG_CHARACTERS]}"'


def need_match(request: HttpRequest, content: Any) -> None:
    """Raise Problem unless the request names what is shown: 428 if it names nothing, else 412.

    "*" is true of whatever stands there, so it does not say what the change was meant for.
    """
    asked = request.headers.get("If-Match", "*")
    if asked.strip() == "*":
        said = _(
            "Send “If-Match” with the ETag of what you read; “*” is not enough. Nothing was "
            "changed."
        )
        raise Problem(428, "if_match", said)
    strong = [tag for tag in _TAG.findall(asked) if not tag.startswith("W/")]
    if not strong:
        said = _(
            "“If-Match” names no ETag: send it as it came, in quotation marks and without “W/”. "
            "Nothing was changed."
        )
        raise Problem(412, "stale", said)
    if etag(content) not in strong:
        raise stale()


def need_nothing(request: HttpRequest) -> None:
    """Raise Problem where the request is meant for what stands there, and nothing does."""
    if "If-Match" in request.headers:
        raise stale()


def stale() -> Problem:
    """Somebody else was faster."""
    said = _("It was changed since you read it: read it again. Nothing was changed.")
    return Problem(412, "stale", said)

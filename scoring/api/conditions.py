"""What a change depends on: its key against doing it twice, the version it was meant for."""

import re
from typing import Any
from uuid import UUID, uuid4, uuid5

from django.http import HttpRequest
from django.utils.translation import gettext as _

from scoring.entry import Submission
from scoring.http.actor import actor, origin
from scoring.http.problems import Problem
from scoring.models import Assessment, Outcome

KEY = "Idempotency-Key"
_LONGEST_KEY = 255
_TAG = re.compile(r'(?:W/)?"[^"]*"')

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
    "description": "The ETag of the version that the change was meant for.",
    "schema": {"type": "string"},
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


def etag(record: Assessment | Outcome) -> str:
    """What changes with all that is shown of a record."""
    if isinstance(record, Outcome):
        return f'"{record.pk}"'
    return f'"{record.pk}.{record.chain.current_id}.{record.patient.revision}"'


def need_match(request: HttpRequest, tag: str) -> None:
    """Raise Problem unless the request names this version: 428 if it names none, else 412."""
    asked = request.headers.get("If-Match")
    if asked is None:
        said = _("Send “If-Match” with the ETag of what you read. Nothing was changed.")
        raise Problem(428, "if_match", said)
    if asked.strip() != "*" and tag not in _TAG.findall(asked):
        raise stale()


def stale() -> Problem:
    """Somebody else was faster."""
    said = _("It was changed since you read it: read it again. Nothing was changed.")
    return Problem(412, "stale", said)

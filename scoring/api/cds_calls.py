"""What clients of CDS Hooks send: a call for cards, or feedback about them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext as _

from scoring.fhir.resource import Resource, read
from scoring.http.problems import Problem
from scoring.smart.addresses import is_safe
from scoring.strict_json import NotJsonError

HOOK = "patient-view"
_JSON = {"application/json", "application/fhir+json"}
_OUTCOMES = ("accepted", "overridden")
_CODE = re.compile(r"[\x21-\x7e]{1,100}")
_MOST_REPORTS = 100


@dataclass(frozen=True)
class Call:
    """A call for cards: what the client fetched before, by the keys of the service.

    ``patient`` is the id of the patient at the client's FHIR server, ``server`` the base address of
    that, "" where the client names none that is safe.
    """

    patient: str
    server: str
    prefetch: Mapping[str, Any]


def call(request: HttpRequest) -> Call:
    """A sound call; fields that a later version of CDS Hooks adds are let pass.

    Raises Problem: 400, 415.
    """
    asked = _body(request)
    context, prefetch = asked.get("context"), asked.get("prefetch", {})
    if asked.get("hook") != HOOK:
        raise Problem(400, "hook", _("This service is for the hook patient-view."))
    if not _is_uuid(asked.get("hookInstance")):
        raise Problem(400, "hook_instance", _("hookInstance must be a UUID."))
    if not isinstance(context, dict) or not isinstance(context.get("patientId"), str):
        raise Problem(400, "context", _("The context must name patientId."))
    if not isinstance(prefetch, dict):
        raise Problem(400, "prefetch", _("prefetch must be a JSON object."))
    patient = prefetch.get("patient")
    if (
        isinstance(patient, dict)
        and patient.get("id", context["patientId"]) != context["patientId"]
    ):
        raise Problem(400, "context", _("prefetch has another patient than the context."))
    named = asked.get("fhirServer")
    server = named.removesuffix("/") if isinstance(named, str) else ""
    return Call(context["patientId"], server if is_safe(server) else "", prefetch)


def reports(request: HttpRequest) -> list[dict[str, object]]:
    """What is kept of feedback: no free text, which may be about the patient.

    Raises Problem: 400, 415.
    """
    sent = _body(request).get("feedback")
    if not isinstance(sent, list) or not 0 < len(sent) <= _MOST_REPORTS:
        said = _("Send 1 to %(most)s reports as feedback.") % {"most": _MOST_REPORTS}
        raise Problem(400, "feedback", said)
    return [_report(one) for one in sent]


def _report(one: object) -> dict[str, object]:
    sent = one if isinstance(one, dict) else {}
    card, outcome, at = (sent.get(name) for name in ("card", "outcome", "outcomeTimestamp"))
    if not _is_uuid(card) or outcome not in _OUTCOMES or not _is_moment(at):
        said = _(
            "Each report needs card (a UUID), outcome (accepted or overridden) and "
            "outcomeTimestamp (with its time zone)."
        )
        raise Problem(400, "feedback", said)
    kept: dict[str, object] = {"card": card, "card_outcome": outcome, "reported": at}
    override = sent.get("overrideReason")
    reason = override.get("reason") if isinstance(override, dict) else None
    code = reason.get("code") if isinstance(reason, dict) else None
    return kept | {"reason": code} if isinstance(code, str) and _CODE.fullmatch(code) else kept


def _is_uuid(text: object) -> bool:
    try:
        return isinstance(text, str) and str(UUID(text)) == text.lower()
    except ValueError:
        return False


def _is_moment(text: object) -> bool:
    # Between day and time Python takes any character, and the access log no null character.
    if not isinstance(text, str) or text[10:11] != "T":
        return False
    try:
        return datetime.fromisoformat(text).tzinfo is not None
    except ValueError:
        return False


def _body(request: HttpRequest) -> Resource:
    if request.content_type not in _JSON:
        raise Problem(
            415, "content_type", _("Send JSON in UTF-8, with “Content-Type: application/json”.")
        )
    try:
        return read(request.body)
    except NotJsonError as error:
        raise Problem(400, "not_json", _("The request is not JSON, or has a key twice.")) from error

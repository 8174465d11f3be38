"""Answers in FHIR: resources as they are checked, and OperationOutcome for what can't be done."""

import json
from typing import Any

from django.http import HttpResponse

from scoring.fhir.leaving import checked
from scoring.fhir.outcome import Issue, outcome
from scoring.fhir.resource import MEDIA_TYPE, Resource, written

# R4 wants the encoding named: HTTP's own is another, and some clients take that.
_SENT_AS = f"{MEDIA_TYPE}; charset=utf-8"
# FHIR's type of issue by the status.
_KINDS = {
    400: "invalid",
    401: "login",
    403: "forbidden",
    404: "not-found",
    405: "not-supported",
    406: "not-supported",
    411: "not-supported",
    412: "incomplete",
    413: "too-long",
    415: "not-supported",
    429: "throttled",
    500: "exception",
    503: "transient",
}


def resource_response(resource: Resource, *, status: int = 200, **headers: str) -> HttpResponse:
    """A resource that is sound; names of headers are written with underscores."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return HttpResponse(checked(resource), status=status, content_type=_SENT_AS, headers=named)


def json_response(content: dict[str, Any]) -> HttpResponse:
    """Plain JSON, in which numbers keep their digits."""
    return HttpResponse(written(content), content_type="application/json")


def as_outcome(problem: HttpResponse) -> HttpResponse:
    """A problem (RFC 9457) of the API as OperationOutcome, with its status and headers."""
    said = json.loads(problem.content)
    kind = _KINDS.get(problem.status_code, "processing")
    found = outcome([Issue(kind, said["detail"], said["code"].replace("_", "-"))])
    response = resource_response(found, status=problem.status_code)
    for name, value in problem.items():
        if name != "Content-Type":
            response[name] = value
    return response

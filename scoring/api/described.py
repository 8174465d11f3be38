"""What the OpenAPI document says of answers."""

from typing import Any

from scoring.api.conditions import KNOWN_PARAMETER
from scoring.http.problems import CONTENT_TYPE
from scoring.nomogram.rong2025.model import RONG_2025

Schema = dict[Any, Any]

_NUMBER: Schema = {"type": "number"}
_TEXT: Schema = {"type": "string"}


def an_object(properties: Schema) -> Schema:
    """An object that has all these keys and no others."""
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def or_null(schema: Schema) -> Schema:
    """The same, or null."""
    return {**schema, "type": [schema["type"], "null"]}


def a_list(items: Schema) -> Schema:
    """A list of these."""
    return {"type": "array", "items": items}


_ERROR = an_object({"pointer": _TEXT, "code": _TEXT, "detail": _TEXT})
_QUESTION = an_object({"key": _TEXT, "detail": _TEXT})
PROBLEM: Schema = {
    "type": "object",
    "properties": {
        "type": _TEXT,
        "title": _TEXT,
        "status": {"type": "integer"},
        "code": _TEXT,
        "detail": _TEXT,
        "request": _TEXT,
        "errors": a_list(_ERROR),
        "questions": a_list(_QUESTION),
    },
    "required": ["type", "title", "status", "code", "detail", "request"],
}

_RISK = {
    "total_points": _NUMBER,
    "risk": _NUMBER,
    "ci95": a_list(_NUMBER),
    "band": a_list(_NUMBER),
    "at_or_above_cutoff": {"type": "boolean"},
}
_LATE = RONG_2025.late
_SCENARIO = an_object({**({} if _LATE is None else {f"points_{_LATE.key}": _NUMBER}), **_RISK})
_CAUTION = an_object(
    {
        "code": _TEXT,
        "predictor": _TEXT,
        "value": _NUMBER,
        "low": or_null(_NUMBER),
        "high": or_null(_NUMBER),
    }
)
_COMMON = {
    "provisional": {"type": "boolean"},
    "points": an_object({p.key: or_null(_NUMBER) for p in RONG_2025.predictors}),
    "cautions": a_list(_CAUTION),
    "model": an_object({"identifier": _TEXT, "version": _TEXT}),
}
# A final result has its risk, a provisional one a scenario for each answer that is not known yet.
RESULT: Schema = {
    "anyOf": [
        an_object({**_COMMON, **_RISK}),
        an_object({**_COMMON, "scenarios": {"type": "object", "additionalProperties": _SCENARIO}}),
    ]
}
RESULTS = an_object({"results": a_list({"anyOf": [RESULT, an_object({"errors": a_list(_ERROR)})]})})

TOKEN = an_object(
    {
        "name": _TEXT,
        "account": _TEXT,
        "roles": a_list(_TEXT),
        "ward": or_null(_TEXT),
        "last_day": {"type": "string", "format": "date"},
    }
)

_REFUSALS = {
    400: "The request can't be read as JSON",
    401: "No valid token",
    403: "Not allowed for the role or the ward of the application",
    404: "No such record",
    405: "Another method",
    409: "The record stands against it, or something must be confirmed",
    411: "The content comes in chunks, without its length",
    412: "It is no longer what If-Match names",
    413: "Too large",
    415: "Not JSON",
    422: "A value is refused",
    428: "If-Match is missing, or names no version",
    429: "Too many requests in this minute",
    500: "The site made a mistake",
    503: "The site can't answer just now",
}
# What every operation may answer, and those with a body.
ALWAYS = (401, 403, 429, 500, 503)
WITH_BODY = (400, 411, 413, 415, 422)


def refusals(*statuses: int) -> Schema:
    """Problems by status."""
    content = {CONTENT_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {status: {"description": _REFUSALS[status], "content": content} for status in statuses}


def answers(
    status: int,
    schema: Schema,
    *others: int,
    has_body: bool = True,
    media_type: str = "application/json",
    links: Schema | None = None,
) -> Schema:
    """What an operation answers, for ``openapi_extra``; ``others`` are statuses besides."""
    done: Schema = {status: {"content": {media_type: {"schema": schema}}}}
    if links:
        done[status]["links"] = links
    bodies = WITH_BODY if has_body else ()
    return {"responses": done | refusals(*ALWAYS, *bodies, *others)}


def read(schema: Schema, *others: int) -> Schema:
    """What an operation answers that reads: 304 where it is known already."""
    found = answers(200, schema, 412, *others, has_body=False)
    found["responses"][304] = {"description": "It still is what If-None-Match names"}
    return found | {"parameters": [KNOWN_PARAMETER]}


def pdf(*others: int) -> Schema:
    """What an operation answers that prints."""
    schema = {"type": "string", "contentMediaType": "application/pdf"}
    return answers(200, schema, *others, has_body=False, media_type="application/pdf")

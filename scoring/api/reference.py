"""The page that shows people what the OpenAPI document says."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

_Schema = dict[str, Any]


@dataclass(frozen=True)
class Field:
    """One key or header of a request."""

    name: str
    kind: str
    needed: str
    description: str


@dataclass(frozen=True)
class Operation:
    """One operation with what it takes, and answers besides what each may answer."""

    method: str
    path: str
    summary: str
    description: str
    fields: list[Field]
    answers: list[tuple[str, str]]


def api_reference(request: HttpRequest) -> HttpResponse:
    """Every operation, as the document describes it: nothing is loaded from elsewhere."""
    # With the first look: pages cost nothing of the API.
    from scoring.api.described import ALWAYS, refusals
    from scoring.api.v1 import document

    described = document()
    operations = [
        _operation(path, method, one, described, ALWAYS)
        for path, methods in described["paths"].items()
        for method, one in methods.items()
    ]
    context = {
        "operations": operations,
        "always": _answers(refusals(*ALWAYS)),
        "version": described["openapi"],
    }
    return render(request, "scoring/api_reference.html", context)


def _answers(said: _Schema) -> list[tuple[str, str]]:
    return sorted((str(status), one["description"]) for status, one in said.items())


def _operation(
    path: str, method: str, said: _Schema, document: _Schema, always: Collection[int]
) -> Operation:
    content = said.get("requestBody", {}).get("content", {})
    body = content.get("application/json", {}).get("schema", {})
    return Operation(
        method=method.upper(),
        path=path,
        summary=said["summary"],
        # What is code in Markdown stands as it is.
        description=said.get("description", "").replace("``", ""),
        fields=[*_headers(said), *_fields(body, document)],
        answers=_answers(
            {status: one for status, one in said["responses"].items() if int(status) not in always}
        ),
    )


def _headers(said: _Schema) -> Iterator[Field]:
    for one in said.get("parameters", []):
        if one["in"] == "header":
            about = one.get("description", "")
            yield _field(one["name"], one["schema"], one["required"], about)


def _fields(schema: _Schema, document: _Schema, above: str = "") -> Iterator[Field]:
    """The keys of an object and of those within it."""
    whole = _resolved(schema, document)
    needed = whole.get("required", [])
    for name, one in whole.get("properties", {}).items():
        place, inner = f"{above}{name}", _resolved(one, document)
        yield _field(place, inner, name in needed, inner.get("description", ""))
        yield from _fields(inner, document, f"{place}.")


def _resolved(schema: _Schema, document: _Schema) -> _Schema:
    """The schema that a reference names; of an object or null the object."""
    for choice in schema.get("anyOf", []):
        if "$ref" in choice:
            schema = choice
    name = schema.get("$ref", "").rpartition("/")[2]
    found: _Schema = document["components"]["schemas"][name] if name else schema
    return found


def _field(name: str, schema: _Schema, is_needed: bool, description: str) -> Field:
    kinds = schema.get("type", "")
    kind = " or ".join(kinds) if isinstance(kinds, list) else kinds
    if "enum" in schema:
        codes = [str(code) for code in schema["enum"] if code is not None]
        kind = f"{kind}: {', '.join(codes)}"
    elif "format" in schema:
        kind = f"{kind} ({schema['format']})"
    return Field(name, kind, "yes" if is_needed else "no", description)

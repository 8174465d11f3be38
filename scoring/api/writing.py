"""Answers as JSON: strict, so that no NaN leaves the site."""

import json
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja.renderers import BaseRenderer


def json_text(content: Any) -> str:
    """Raises ValueError for NaN and infinity, TypeError for what JSON has no word for."""
    return json.dumps(content, ensure_ascii=False, allow_nan=False)


def json_response(content: Any, *, status: int = 200, **headers: str) -> HttpResponse:
    """An answer; names of headers are written with underscores."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return HttpResponse(
        json_text(content), status=status, content_type="application/json", headers=named
    )


class StrictRenderer(BaseRenderer):
    """For django-ninja, whose own writes NaN."""

    media_type = "application/json"

    def render(self, request: HttpRequest, data: Any, *, response_status: int) -> str:
        """The text of an answer."""
        return json_text(data)

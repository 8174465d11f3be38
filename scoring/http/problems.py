"""What is answered where a request can't be done: problem details (RFC 9457).

``code`` is for programs and stays the same; ``detail`` is for people, in the language of the
request. ``errors`` names each value that is refused, by a JSON pointer (RFC 6901) into the request.
"""

import json
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from django.core.exceptions import BadRequest, RequestDataTooBig, TooManyFieldsSent
from django.http import Http404, HttpRequest, HttpResponse, UnreadablePostError
from django.utils.log import log_response
from django.utils.translation import gettext as _

from scoring.http.causes import RETRY_SECONDS, Cause, cause_of

CONTENT_TYPE = "application/problem+json"
_logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class FieldError:
    """A value that is refused: where it stands in the request, a code, and what is wrong."""

    pointer: str
    code: str
    detail: str

    def below(self, place: str) -> "FieldError":
        """The same, of a value that stands further down in the request."""
        return FieldError(f"{place}{self.pointer}", self.code, self.detail)


class Problem(Exception):  # noqa: N818 - the word of RFC 9457
    """Why a request is not done. ``more`` are members of the answer besides."""

    def __init__(
        self,
        status: int,
        code: str,
        detail: str,
        *,
        errors: Sequence[FieldError] = (),
        headers: Mapping[str, str] | None = None,
        **more: Any,
    ) -> None:
        super().__init__(code)
        self.status, self.code, self.detail = status, code, detail
        self.errors, self.headers, self.more = errors, headers or {}, more


def refused(errors: Sequence[FieldError], **more: Any) -> Problem:
    """The values of a request are not accepted."""
    said = _("Nothing was saved: correct the values that “errors” names.")
    return Problem(422, "refused", said, errors=errors, **more)


def need_length(request: HttpRequest) -> None:
    """Raise Problem (411) for content in chunks: Django would read none of it.

    A server in front, as the example of nginx, sends it on in one piece.
    """
    if "Transfer-Encoding" in request.headers:
        said = _("Send “Content-Length”: content in chunks is not read here.")
        raise Problem(411, "length", said)


def problem_response(request: HttpRequest, problem: Problem) -> HttpResponse:
    """The problem as JSON, with the number under which the site's log has the request."""
    content: dict[str, Any] = {
        "type": "about:blank",
        "title": HTTPStatus(problem.status).phrase,
        "status": problem.status,
        "code": problem.code,
        "detail": problem.detail,
        "request": getattr(request, "number", ""),
    }
    if problem.errors:
        content["errors"] = [vars(error) for error in problem.errors]
    text = json.dumps(content | problem.more, ensure_ascii=False, allow_nan=False)
    return HttpResponse(
        text, status=problem.status, content_type=CONTENT_TYPE, headers=dict(problem.headers)
    )


def answer_to(request: HttpRequest, error: Exception) -> HttpResponse:
    """The problem that an error stands for; what nobody expected is logged."""
    match error:
        case Problem():
            return problem_response(request, error)
        case Http404():
            said = _("There is no such record.")
            return problem_response(request, Problem(404, "not_found", said))
        case RequestDataTooBig():
            said = _("The request is too large. Send fewer rows at once.")
            return problem_response(request, Problem(413, "too_large", said))
        case UnreadablePostError() | BadRequest() | TooManyFieldsSent():
            said = _("The request can't be read.")
            return problem_response(request, Problem(400, "unreadable", said))
    cause = cause_of(error)
    if cause is not None:
        return unavailable(request, cause)
    response = problem_response(
        request, Problem(500, "failed", _("The site made a mistake. It is in its log."))
    )
    log_response(
        "Internal Server Error: %s",
        request.path,
        response=response,
        request=request,
        exception=error,
    )
    return response


def unavailable(request: HttpRequest, cause: Cause) -> HttpResponse:
    """Database, disk or PDFs fail, or others are busy: the same request may be sent again."""
    problem = Problem(
        503,
        cause.value,
        _("The site can't answer just now. Send the same request again later."),
        headers={"Retry-After": str(RETRY_SECONDS)},
    )
    response = problem_response(request, problem)
    log_response("Not available, %s: %s", cause, request.path, response=response, request=request)
    return response

"""What holds for every answer of the site, static files included: a line in the log, headers."""

import logging
import time
from collections.abc import Callable
from uuid import uuid4

from django.core.exceptions import BadRequest
from django.core.signals import request_finished
from django.http import HttpRequest, UnreadablePostError
from django.http.response import HttpResponseBase

from rbpsite.logs import REQUEST_ID, REQUESTS

_log = logging.getLogger(REQUESTS)
_METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"}
# What no page of the site needs of the browser.
_UNUSED = (
    "accelerometer", "autoplay", "camera", "display-capture", "encrypted-media", "fullscreen",
    "geolocation", "gyroscope", "hid", "magnetometer", "microphone", "midi", "payment",
    "picture-in-picture", "screen-wake-lock", "serial", "usb", "xr-spatial-tracking",
)  # fmt: skip
# What is used: copying a text, passkeys.
_USED = ("clipboard-write", "publickey-credentials-create", "publickey-credentials-get")
PERMISSIONS_POLICY = ", ".join(
    [*(f"{name}=()" for name in _UNUSED), *(f"{name}=(self)" for name in _USED)]
)

GetResponse = Callable[[HttpRequest], HttpResponseBase]


class RequestLogMiddleware:
    """One line a request: view, status, duration, user. No address, no query, no body."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Number the request, answer it, write its line."""
        began = time.monotonic()
        REQUEST_ID.set(uuid4().hex)
        # For the pages that say what went wrong.
        request.number = REQUEST_ID.get()  # type: ignore[attr-defined]
        response = self.get_response(request)
        response["X-Request-ID"] = REQUEST_ID.get()
        method = request.method if request.method in _METHODS else "OTHER"
        view = view_name(request)
        told = {
            "method": method,
            "view": view,
            "status": response.status_code,
            "milliseconds": round((time.monotonic() - began) * 1000),
            "user": _user_id(request),
        }
        _log.info("answered", extra=told)
        return response


def _end_of_request(**_: object) -> None:
    """The number goes only now: Django itself logs a refusal after all middleware."""
    REQUEST_ID.set("")


request_finished.connect(_end_of_request)


class HeadersMiddleware:
    """Headers that neither Django nor django-csp sets."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """No use of the computer's devices, no use of our answers by other sites."""
        response = self.get_response(request)
        response["Permissions-Policy"] = PERMISSIONS_POLICY
        response["Cross-Origin-Resource-Policy"] = "same-origin"
        return response


class ReadableMiddleware:
    """Answers a form that cannot be read with 400, before anything else looks at it.

    Django reads it at the check of its origin, and again for the page that says what went wrong:
    the second error would come to the user as one of the site itself. A form with a file is read
    when it is known who sends it (scoring/web/uploads.py); Django does not read that one twice.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Read it here: its errors are Django's for a bad request."""
        if request.method == "POST" and request.content_type != "multipart/form-data":
            try:
                request.POST  # noqa: B018 - reading is the work
            except UnreadablePostError as error:
                raise BadRequest("the connection ended within a form") from error
        return self.get_response(request)


def view_name(request: HttpRequest) -> str:
    """The name of the view: the address itself may hold what a user typed."""
    if request.resolver_match is not None:
        return str(request.resolver_match.url_name)
    return "static" if request.path_info.startswith("/static/") else "-"


def _user_id(request: HttpRequest) -> int | str:
    """The signed-in user, where a view has asked for them: nothing is read from here."""
    user = getattr(request, "_cached_user", None)
    return user.pk if user is not None and user.pk else "-"

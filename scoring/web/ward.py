"""The ward of a request: its names, and the time zone in which pages tell dates and times."""

from collections.abc import Callable
from typing import Any, cast

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone

from scoring import queries
from scoring.models import User, WardSettings


def ward_of(request: HttpRequest) -> WardSettings:
    """The ward settings, read once a request."""
    if not hasattr(request, "_ward"):
        request._ward = queries.ward_settings()  # type: ignore[attr-defined]  # remembered here
    return cast(WardSettings, request._ward)  # type: ignore[attr-defined]


class WardTimeMiddleware:
    """Pages of signed-in users tell dates and times in the ward's time zone.

    It stays until the next request of this thread, because an export is read after its view.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Begin with the server's time zone: what a thread did before must not show."""
        timezone.deactivate()
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: object, args: Any, kwargs: dict[str, Any]
    ) -> None:
        """Nobody else is shown a time, so that the others ask the database nothing."""
        if isinstance(request.user, User):
            ward_of(request).activate_time_zone()

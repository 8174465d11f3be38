"""Lets a request to the database only while the database keeps up.

When it hangs, every thread would come to wait for it, and nothing would be answered any more.
Two threads are therefore kept free: for health checks, and to say "busy" at once.
"""

import logging
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase

from scoring import health
from scoring.web.unavailable import Cause, unavailable

_FREE_OF_THE_DATABASE = {"healthz", "readyz"}

_logger = logging.getLogger(__name__)


class Turns:
    """Which requests of this process are at the database, and since when."""

    def __init__(self, at_once: int) -> None:
        self._at_once = at_once
        self._changed = threading.Condition()
        self._began: dict[int, float] = {}

    def take(self, key: int) -> bool:
        """Wait for a turn; False, at once, where those who have one are stuck."""
        deadline = time.monotonic() + settings.DB_BUSY_SECONDS
        with self._changed:
            while len(self._began) >= self._at_once:
                now = time.monotonic()
                stalled_in = min(self._began.values()) + settings.DB_BUSY_SECONDS - now
                if stalled_in <= 0 or deadline <= now:
                    return False
                self._changed.wait(min(stalled_in, deadline - now))
            self._began[key] = time.monotonic()
        return True

    def give_back(self, key: int) -> None:
        """The request is answered, whether it had a turn or not."""
        with self._changed:
            if self._began.pop(key, None) is not None:
                self._changed.notify()


class TurnsMiddleware:
    """Stands after the check of a form's origin, so that a refused form can be given back."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self._turns = Turns(max(settings.THREADS - 2, 1))

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Give the turn back whatever comes of the request."""
        try:
            return self.get_response(request)
        finally:
            self._turns.give_back(id(request))

    def process_view(
        self,
        request: HttpRequest,
        view: Callable[..., HttpResponse],
        args: Sequence[Any],
        kwargs: Mapping[str, Any],
    ) -> HttpResponse | None:
        """Answer "busy" instead of the view, or "being updated" where the tables don't fit it."""
        match = request.resolver_match
        if match is not None and match.url_name in _FREE_OF_THE_DATABASE:
            # At once: what comes after this would ask for the session.
            return view(request, *args, **kwargs)
        if not self._turns.take(id(request)):
            return unavailable(request, Cause.BUSY)
        if problem := _schema.problem():
            _logger.error("The database does not fit this version: %s", problem)
            return unavailable(request, Cause.SCHEMA)
        return None


class _Schema:
    """Whether the tables fit this version of the program; asked until they do, then never again."""

    def __init__(self) -> None:
        self._fits = False

    def problem(self) -> str:
        """What is wrong; empty where nothing is. Raises OperationalError without a database."""
        if self._fits:
            return ""
        problem = health.schema_problem()
        self._fits = not problem
        return problem


_schema = _Schema()

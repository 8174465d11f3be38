"""Limits how many requests of a process use the database at the same time.

When the database hangs, every thread would wait for it, and no request would be answered. Two
threads of each process are kept free: to answer health checks, and to answer "busy" at once. One of
the two is free also of requests that wait outside of the database, for a password or a PDF.
"""

import logging
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseBase

from scoring import health
from scoring.web.unavailable import Cause, unavailable

_FREE_OF_THE_DATABASE = {"healthz", "readyz"}

_logger = logging.getLogger(__name__)


class DatabaseSlots:
    """The requests of this process that use the database, and since when."""

    def __init__(self, count: int) -> None:
        self._count = count
        self._changed = threading.Condition()
        self._began: dict[int, float] = {}
        self._outside: set[int] = set()

    def acquire(self, key: int) -> bool:
        """Wait for a slot; False without waiting where the requests in all slots hang."""
        deadline = time.monotonic() + settings.DB_BUSY_SECONDS
        with self._changed:
            while not self._is_free():
                now = time.monotonic()
                since = min(self._began.values(), default=now)
                stalled_in = since + settings.DB_BUSY_SECONDS - now
                if stalled_in <= 0 or deadline <= now:
                    return False
                self._changed.wait(min(stalled_in, deadline - now))
            self._began[key] = time.monotonic()
        return True

    def _is_free(self) -> bool:
        taken = len(self._began)
        return taken < self._count and taken + len(self._outside) <= self._count

    def release(self, key: int) -> None:
        """Free the slot of a request that is answered; without a slot nothing happens."""
        with self._changed:
            if self._began.pop(key, None) is not None:
                self._changed.notify()

    def leave(self, key: int) -> None:
        """Give up the slot while the request goes on without the database."""
        with self._changed:
            del self._began[key]
            self._outside.add(key)
            self._changed.notify()

    def come_back(self, key: int) -> None:
        """Have a slot again, without waiting: the request has its thread all the time."""
        with self._changed:
            self._outside.remove(key)
            self._began[key] = time.monotonic()


# The slots of the process and the key of the request that this thread works on.
_held: ContextVar[tuple[DatabaseSlots, int] | None] = ContextVar("held", default=None)


@contextmanager
def outside_the_database() -> Iterator[None]:
    """Leave the slot of this thread's request to others, for work that asks no database.

    Nothing happens without a slot or within a transaction.
    """
    held = _held.get()
    if held is None or connection.in_atomic_block:
        yield
        return
    slots, key = held
    slots.leave(key)
    try:
        yield
    finally:
        slots.come_back(key)


class DatabaseSlotsMiddleware:
    """Follows the check of a form's origin: a form that is answered "busy" can be given back."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self._slots = DatabaseSlots(max(settings.THREADS - 2, 1))

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Release the slot whatever becomes of the request."""
        try:
            return self.get_response(request)
        finally:
            _held.set(None)
            self._slots.release(id(request))

    def process_view(
        self,
        request: HttpRequest,
        view: Callable[..., HttpResponse],
        args: Sequence[Any],
        kwargs: Mapping[str, Any],
    ) -> HttpResponse | None:
        """Answer 503 instead of the view: without a slot, or with tables of another version."""
        match = request.resolver_match
        if match is not None and match.url_name in _FREE_OF_THE_DATABASE:
            # Here, because the middleware that follows would read the session.
            return view(request, *args, **kwargs)
        if not self._slots.acquire(id(request)):
            return unavailable(request, Cause.BUSY)
        _held.set((self._slots, id(request)))
        if problem := _schema.problem():
            _logger.error("The database does not fit this version: %s", problem)
            return unavailable(request, Cause.SCHEMA)
        return None


class _Schema:
    """Whether the tables are of this version; checked until they are, then never again."""

    def __init__(self) -> None:
        self._fits = False

    def problem(self) -> str:
        """What is wrong, or an empty text. Raises OperationalError without a database."""
        if self._fits:
            return ""
        problem = health.schema_problem()
        self._fits = not problem
        return problem


_schema = _Schema()

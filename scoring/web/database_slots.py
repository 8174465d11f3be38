"""Limits how many requests of a process use the database at the same time.

When the database hangs, every thread would wait for it, and no request would be answered. Two
threads of each process are kept free: to answer health checks, and to answer "busy" at once. One of
the two is free also of requests that wait outside of the database, for a password or a PDF.
"""

import logging
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase

from scoring import health
from scoring.http import problems
from scoring.http.causes import Cause
from scoring.http.outcomes import as_outcome
from scoring.http.slots import HELD, DatabaseSlots
from scoring.web.unavailable import unavailable

_FREE_OF_THE_DATABASE = {"healthz", "readyz"}
# What programs ask for, and what of it answers with FHIR.
_OF_PROGRAMS = {"api", "fhir-base", "fhir", "cds-services", "cds-service"}
_IN_FHIR = _OF_PROGRAMS - {"api"}

_logger = logging.getLogger(__name__)


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
            HELD.set(None)
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
            return _unavailable(request, Cause.BUSY)
        HELD.set((self._slots, id(request)))
        if problem := _schema.problem():
            _logger.error("The database does not fit this version: %s", problem)
            return _unavailable(request, Cause.SCHEMA)
        return None


def _unavailable(request: HttpRequest, cause: Cause) -> HttpResponse:
    """For a program what it reads, for a person a page."""
    match = request.resolver_match
    name = match.url_name if match is not None else None
    if name not in _OF_PROGRAMS:
        return unavailable(request, cause)
    problem = problems.unavailable(request, cause)
    return as_outcome(problem) if name in _IN_FHIR else problem


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

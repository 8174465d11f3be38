"""Views that read a great deal: from the standby, where there is one."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from scoring import queries

_V = TypeVar("_V", bound=Callable[..., HttpResponseBase])


def reads_much(*, may_lag: bool = False) -> Callable[[_V], _V]:
    """A view whose validation or export is read from the standby, if it has everything.

    A page that may lag says so: it includes ``as_of.html``, which shows ``request.read_as_of``.
    What is printed or exported never lags.
    """

    def reading(view: _V) -> _V:
        @wraps(view)
        def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            with queries.heavy_reading(may_lag=may_lag) as as_of:
                request.read_as_of = as_of  # type: ignore[attr-defined]
                return view(request, *args, **kwargs)

        return cast(_V, wrapped)

    return reading

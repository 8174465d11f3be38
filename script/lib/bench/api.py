"""One patient scored over the JSON API, against an operation that does nothing.

Both read the token and count the request. They take turns; medians count.
"""

import json
import statistics
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.utils import timezone

from scoring import actions
from scoring.api.authentication import Token
from scoring.api.v1 import v1
from scoring.api.writing import json_response
from scoring.models import User
from scoring.nomogram.rong2025.synthetic import synthetic_cohort
from script.lib.abort import Abort

_EACH = 100


@v1.get("/nothing", auth=Token())
def _nothing(request: HttpRequest) -> HttpResponse:
    """What an application's token costs alone."""
    return json_response({})


def measure_api(user: User, repeat: int) -> str:
    """A line in Markdown. Raises Abort where an operation does not answer."""
    token, text = actions.create_token(
        by=user,
        name="Bench of the API",
        role=None,
        ward=None,
        expires_at=timezone.now() + timedelta(hours=1),
        origin=actions.NOWHERE,
    )
    client = Client(headers={"Authorization": f"Bearer {text}"})
    columns = synthetic_cohort(1, seed=1).cohort.columns
    body = json.dumps({field: column.tolist()[0] for field, column in columns.items()})

    def trivial() -> Any:
        return client.get("/api/v1/nothing")

    def score() -> Any:
        return client.post("/api/v1/score", body, content_type="application/json")

    # The first request imports what the operations need.
    for ask in (trivial, score):
        answer = ask()
        if answer.status_code != 200:
            raise Abort(f"The API does not answer: {answer.content.decode()}")
    turns = [(_milliseconds(trivial), _milliseconds(score)) for _ in range(repeat)]
    actions.revoke_token(by=user, token=token, origin=actions.NOWHERE)
    trivial_ms, score_ms = map(statistics.median, zip(*turns, strict=True))
    return (
        f"- One patient scored over the JSON API: {score_ms:.2f} ms; an operation that does "
        f"nothing: {trivial_ms:.2f} ms ({score_ms / trivial_ms:.2f} times)."
    )


def _milliseconds(ask: Callable[[], Any]) -> float:
    times = []
    for _ in range(_EACH):
        began = time.perf_counter()
        ask()
        times.append(time.perf_counter() - began)
    return statistics.median(times) * 1000

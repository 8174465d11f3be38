"""Made-up requests, sound and broken ones: each is answered as the OpenAPI document says.

``script/api_calls`` makes very many of them, with more of what schemathesis can do.
"""

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import CHECKS, load_all_checks
from schemathesis.core.result import Ok

from scoring.api.assessments import shown
from scoring.api.conditions import etag
from scoring.models import Role
from tests import cast
from tests.api.client import ROOT, Application

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
_EACH = 10
# What a schema can't say: size, days in order, values to be confirmed, which version is meant or
# known.
_OF_RECORDS = {
    "include-path-regex": "/(assessments|patients|token)",
    "checks": {
        "positive_data_acceptance": {
            "expected-statuses": ["2xx", "304", "404", "409", "412", "413", "422", "428"],
        },
        "negative_data_rejection": {
            "expected-statuses": ["400", "401", "404", "409", "412", "413", "415", "422", "428"],
        },
        "missing_required_header": {"expected-statuses": ["401", "404", "428"]},
    },
}


@pytest.fixture
def _kept_connection() -> Iterator[None]:
    """Requests end without closing the connection, which holds the transaction of the test."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield
    for signal in signals:
        signal.connect(close_old_connections)


@pytest.mark.usefixtures("_kept_connection")
def test_every_operation_answers_as_it_is_described() -> None:
    load_all_checks()
    checks = [CHECKS.get_one(name) for name in CHECKS.get_all_names()]
    application = Application(Role.CLINICIAN)
    # In process nothing unpacks an answer.
    headers = {**application.headers, "Accept-Encoding": "identity"}
    made = cast.recorded()
    known = {"assessments": {"id": str(made.pk)}, "patients": {"id": str(made.patient_id)}}
    # Until the first change of it.
    tag = etag(shown(made))
    config = schemathesis.Config.from_dict({"operations": [_OF_RECORDS]})
    description = schemathesis.openapi.from_wsgi(
        f"{ROOT}/openapi.json", WSGIHandler(), config=config
    )
    answered: set[int] = set()
    for found in description.get_all_operations():
        assert isinstance(found, Ok), found
        operation = found.ok()
        for mode in GenerationMode:
            fixed: dict[str, Any] = {}
            if "{id}" in operation.path:
                fixed["path_parameters"] = known[operation.path.split("/")[3]]
            if mode.is_positive and operation.path.endswith("/void"):
                fixed["headers"] = {"If-Match": tag}

            @settings(
                max_examples=_EACH,
                database=None,
                derandomize=True,
                suppress_health_check=list(HealthCheck),
            )
            @given(case=operation.as_strategy(mode, **fixed))
            def answers(case: Any) -> None:
                response = case.call(headers=headers)
                answered.add(response.status_code)
                case.validate_response(response, checks=checks, headers=headers)

            answers()
    # Made-up requests get through, and into each kind of refusal.
    assert {200, 201, 404, 422} <= answered

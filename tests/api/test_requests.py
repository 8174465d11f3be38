"""Who may ask the API, how often, and what is answered where nothing can be done."""

from datetime import UTC, datetime, timedelta
from unittest import mock

import pytest
from django.db import OperationalError
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from scoring import actions, queries
from scoring.models import ApplicationToken, Role
from tests import cast
from tests.api.client import FINAL, ROOT, Application
from tests.web.html import signed_in
from tests.web.test_ward_settings import changed

pytestmark = pytest.mark.django_db


def test_a_token_tells_what_it_may_do() -> None:
    ward = actions.add_ward(by=cast.adam(), name="Spine", origin=actions.NOWHERE)
    application = Application(Role.CLINICIAN, ward=ward)
    assert application.get("/token").json() == {
        "name": "HIS interface",
        "account": application.user.username,
        "roles": ["Clinician"],
        "ward": "Spine",
        "last_day": application.token.last_day.isoformat(),
    }
    application.token.refresh_from_db()
    assert application.token.last_used_at is not None


def test_the_last_day_of_a_token_is_that_of_the_ward() -> None:
    changed(time_zone="America/Los_Angeles")
    last = datetime(2027, 1, 1, 7, 59, 59, tzinfo=UTC)
    is_last = property(lambda _token: timezone.localdate(last))
    with mock.patch.object(ApplicationToken, "last_day", is_last):
        assert Application().get("/token").json()["last_day"] == "2026-12-31"


def test_without_a_valid_token_nothing_is_answered() -> None:
    application = Application(Role.CLINICIAN)
    for headers in (
        {},
        {"Authorization": ""},
        {"Authorization": "Bearer"},
        {"Authorization": "Bearer rbp_unknown"},
        {"Authorization": application.headers["Authorization"].replace("Bearer", "Basic")},
    ):
        response = Client().get(f"{ROOT}/token", headers=headers)
        assert (response.status_code, response.json()["code"]) == (401, "token"), headers
        assert response.headers["WWW-Authenticate"] == "Bearer"
    # Whoever is signed in is a person, not an application.
    assert signed_in(cast.alice()).get(f"{ROOT}/token").status_code == 401
    assert application.get("/token").status_code == 200
    actions.revoke_token(by=cast.adam(), token=application.token, origin=actions.NOWHERE)
    assert application.get("/token").status_code == 401


def test_an_expired_token_is_refused() -> None:
    application = Application()
    late = application.token.expires_at
    with mock.patch("scoring.api.authentication.timezone.now", return_value=late):
        assert application.get("/token").status_code == 401
    early = late - timedelta(seconds=1)
    with mock.patch("scoring.api.authentication.timezone.now", return_value=early):
        assert application.get("/token").status_code == 200


def test_too_many_requests_wait_for_the_next_minute(settings: Settings) -> None:
    settings.API_REQUESTS_A_MINUTE = 2
    application, other = Application(), Application(name="Laboratory")
    now = application.token.created_at.replace(second=20)
    with mock.patch("scoring.api.authentication.timezone.now", return_value=now):
        statuses = [application.get("/token").status_code for _ in range(3)]
        assert statuses == [200, 200, 429]
        assert application.get("/token").headers["Retry-After"] == "40"
        assert other.get("/token").status_code == 200


def test_what_is_not_there_is_a_problem_too() -> None:
    application = Application()
    for path in ("/nothing", "/score/", "/openapi", "/a%0Ab"):
        response = application.get(path)
        assert (response.status_code, response.json()["code"]) == (404, "not_found")
        assert response.headers["Content-Type"] == "application/problem+json"
    for method in ("PUT", "DELETE", "OPTIONS", "TRACE", "FOO"):
        response = application.send(method, "/score", FINAL)
        assert (response.status_code, response.json()["code"]) == (405, "method"), method
        assert response.headers["Allow"] == "POST"
    response = application.post("/token", {})
    assert response.headers["Allow"] == "GET, HEAD"
    assert response.json()["detail"] == "This address takes GET, HEAD."


def test_content_in_chunks_is_not_taken_for_none() -> None:
    application = Application()
    for path in (
        f"{ROOT}/score",
        "/fhir/RiskAssessment/$score",
        "/cds-services/residual-back-pain",
    ):
        response = application.client.generic(
            "POST",
            path,
            b"{}",
            "application/json",
            CONTENT_LENGTH="",
            headers={"Transfer-Encoding": "chunked"},
        )
        assert response.status_code == 411
        assert "Content-Length" in response.content.decode()


def test_head_is_get_without_content() -> None:
    application = Application()
    response = application.client.head(f"{ROOT}/token")
    assert (response.status_code, response.content) == (200, b"")
    assert response.headers["Content-Type"] == "application/json"


def test_failures_are_problems_with_the_number_of_the_log() -> None:
    application = Application()
    application.client.raise_request_exception = False
    # A slip in the program, and a database that is gone.
    for error, status in ((ZeroDivisionError(), 500), (OperationalError(), 503)):
        with mock.patch.object(queries, "token_by_text", side_effect=error):
            response = application.post("/score", FINAL)
        assert response.status_code == status
        content = response.json()
        assert content["status"] == status
        assert content["request"] == response.headers["X-Request-ID"]
        assert "Error" not in content["detail"]
    assert response.headers["Retry-After"] == "10"


def test_busy_is_a_problem_too() -> None:
    application = Application()
    with mock.patch("scoring.http.slots.DatabaseSlots.acquire", return_value=False):
        response = application.get("/token")
    assert (response.status_code, response.json()["code"]) == (503, "busy")

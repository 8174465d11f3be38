"""Whether the site is ready: which part is not, and how long an answer is kept."""

import time
from datetime import timedelta
from unittest import mock

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from scoring import health
from scoring.report.renderer import ReportRenderError
from tests.web.unavailable import LOST

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("is_running", "oldest_minutes", "background"),
    [
        (True, 0, "ok"),
        (False, 0, "it does not run"),
        (True, 11, "lines of the access log are not sealed"),
    ],
)
def test_ready_is_every_part_that_pages_need(
    client: Client, is_running: bool, oldest_minutes: int, background: str
) -> None:
    oldest = timezone.now() - timedelta(minutes=oldest_minutes)
    with (
        mock.patch("scoring.web.health.readiness", health.Readiness()),
        mock.patch("scoring.health.background_is_running", return_value=is_running),
        mock.patch("scoring.health.oldest_unsealed_at", return_value=oldest),
    ):
        response = client.get(reverse("readyz"))
    assert response.status_code == 200
    well = dict.fromkeys(["database", "tables", "disk", "pdf"], "ok")
    assert response.json() == {"ready": True, "parts": {**well, "background": background}}


@pytest.mark.parametrize(
    ("patch", "part", "text"),
    [
        ("scoring.health.renderer.check", "pdf", "no report can be made (OSError)"),
        ("scoring.health.MigrationRecorder", "tables", None),
        ("scoring.health.connection.cursor", "database", "it can't be reached"),
    ],
)
def test_a_part_that_fails_is_named_without_secrets(
    client: Client, patch: str, part: str, text: str | None
) -> None:
    error = ReportRenderError("OSError") if part == "pdf" else LOST
    with (
        mock.patch("scoring.web.health.readiness", health.Readiness()),
        mock.patch(patch, side_effect=error),
    ):
        response = client.get(reverse("readyz"))
    assert response.status_code == 503
    assert response.json()["ready"] is False
    assert response.json()["parts"][part] == (text or "they can't be looked at")
    assert "secret" not in response.content.decode()


def test_answers_are_kept_for_a_while_and_failures_asked_again() -> None:
    ready = health.Readiness()
    with mock.patch("scoring.health.pdf_problem", side_effect=["", "broken"]) as asked:
        assert all(part.is_well for part in [*ready.parts(), *ready.parts()] if part.is_needed)
        assert asked.call_count == 1
    with mock.patch("scoring.health.disk_problem", side_effect=["full", ""]):
        ready._known.pop("disk")
        bad = [part.text for part in ready.parts() if part.is_needed and not part.is_well]
        assert bad == ["full"]
        assert all(part.is_well for part in ready.parts() if part.is_needed)


def test_while_one_asks_the_others_have_the_last_answers() -> None:
    ready = health.Readiness()
    ready.parts()
    with ready._asking:
        assert all(part.is_well for part in ready.parts() if part.is_needed)
        for name, (_, part) in list(ready._known.items()):
            ready._known[name] = (time.monotonic() - 1000, part)
        assert {part.text for part in ready.parts()} == {"no answer for some time"}

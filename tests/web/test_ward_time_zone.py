"""The ward's time zone: what is shown, exported and named after a day follows it."""

from datetime import UTC, datetime
from unittest import mock

import pytest
from django.test import Client
from django.utils import timezone

from tests import cast
from tests.web.html import signed_in
from tests.web.test_ward_settings import changed

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("zone", "said", "today"),
    [
        ("Asia/Shanghai", "01-Jan-2026 00:30", "2026-01-01"),
        ("Europe/Berlin", "31-Dec-2025 17:30", "2025-12-31"),
        ("America/Los_Angeles", "31-Dec-2025 08:30", "2025-12-31"),
    ],
)
def test_moments_near_midnight_follow_the_ward(zone: str, said: str, today: str) -> None:
    changed(time_zone=zone)
    moment = datetime(2025, 12, 31, 16, 30, tzinfo=UTC)
    client = signed_in(cast.rita())
    with mock.patch.object(timezone, "now", return_value=moment):
        assert said in client.get("/").content.decode()
        name = client.post("/history/export").headers["Content-Disposition"]
    assert f"rbp-history-{today}" in name


def test_an_export_that_is_read_after_its_view_follows_the_ward() -> None:
    changed(time_zone="America/Los_Angeles")
    made = cast.recorded()
    response = signed_in(cast.rita()).post("/history/export", {"identifiers": "with"})
    content = b"".join(response).decode()
    hour = made.created_at.astimezone(timezone.get_current_timezone())
    assert timezone.get_current_timezone_name() == "America/Los_Angeles"
    assert hour.isoformat(timespec="seconds") in content


def test_who_is_not_signed_in_is_shown_nothing_of_the_thread_before() -> None:
    changed(time_zone="America/Los_Angeles")
    signed_in(cast.alice()).get("/")
    Client().get("/sign-in")
    assert timezone.get_current_timezone_name() == "Asia/Shanghai"


def test_a_time_zone_this_computer_lost_stops_no_page() -> None:
    changed(time_zone="Asia/Nowhere")
    assert signed_in(cast.alice()).get("/").status_code == 200
    assert timezone.get_current_timezone_name() == "Asia/Shanghai"

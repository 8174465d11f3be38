"""After a change from the page of a result that page says what was saved, as the board does."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from scoring.models import Assessment
from scoring.words.dates import day_text
from tests import cast
from tests import worked_example as worked
from tests.life import acts, browse
from tests.web.html import Page

pytestmark = pytest.mark.django_db


def _said_after(client: Client, name: str, of: Assessment, **entered: str) -> list[str]:
    data: dict[str, Any] = dict(browse.filled(client, name, of, **entered))
    response = browse.sent(client, name, of, data)
    if response.status_code == 422:
        page = Page(response)
        data["confirmed"] = [c.attributes["value"] for c in page.controls if c.name == "confirmed"]
        response = browse.sent(client, name, of, data)
    return browse.messages(client, browse.led_to(response))


@pytest.mark.parametrize(
    ("name", "entered", "said"),
    [
        ("complete", {"mvh_restored": "no"}, f"final result, risk {worked.RISK}"),
        ("no-radiograph", {}, "no radiograph was taken"),
        ("cancel", {}, "operation cancelled"),
        ("void", {"reason": "wrong patient"}, "voided"),
    ],
)
def test_what_was_saved(client: Client, name: str, entered: dict[str, str], said: str) -> None:
    assert _said_after(client, f"assessment-{name}", acts.provisional(), **entered) == [
        f"Saved: {said}."
    ]


def test_a_postponed_operation_names_its_new_day(client: Client) -> None:
    today = timezone.localdate()
    of = acts.provisional(operation_status="planned", operation_date=today + timedelta(days=2))
    later = {"operation_date": cast.from_today(4)}
    day = day_text(today + timedelta(days=4))
    assert _said_after(client, "assessment-postpone", of, **later) == [
        f"Saved: operation on {day}."
    ]

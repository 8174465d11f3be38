"""A planned operation is postponed: its date alone, as a new version."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from scoring import actions
from scoring.models import Assessment
from tests import cast
from tests.life import acts, browse
from tests.web.html import Page

pytestmark = pytest.mark.django_db
NAME = "assessment-postpone"


def _planned(days: int = 2) -> Assessment:
    return acts.provisional(
        operation_status="planned", operation_date=timezone.localdate() + timedelta(days=days)
    )


def test_the_date_alone_makes_a_new_version(client: Client) -> None:
    of = _planned()
    link = browse.links(browse.opened(client, "assessment-result", of))["Operation postponed"]
    assert link == browse.address(NAME, of)
    data = browse.filled(client, NAME, of, operation_date=cast.from_today(4))
    response = browse.sent(client, NAME, of, data)
    # The sources of the cast are years older than this operation: their distance has changed.
    assert response.status_code == 422
    page = Page(response)
    keys = [c.attributes["value"] for c in page.controls if c.name == "confirmed"]
    browse.led_to(browse.sent(client, NAME, of, data | {"confirmed": keys}))
    made = Assessment.objects.get(version=2)
    assert made.operation_date == timezone.localdate() + timedelta(days=4)
    assert (made.change, made.reason, made.state) == ("amend", "Operation postponed", "provisional")
    assert made.pdw_fl == of.pdw_fl
    # Sent again, it leads to what it made.
    browse.led_to(browse.sent(client, NAME, of, data | {"confirmed": keys}))
    assert Assessment.objects.count() == 2


@pytest.mark.parametrize(
    ("days", "said"),
    [(-1, "in the past, but the operation is marked planned"), (366, "to a year from today")],
)
def test_a_day_that_can_not_be_is_refused(client: Client, days: int, said: str) -> None:
    of = _planned()
    data = browse.filled(client, NAME, of, operation_date=cast.from_today(days))
    response = browse.sent(client, NAME, of, data)
    assert response.status_code == 422
    assert said in " ".join(Page(response).beside("operation_date"))
    assert Assessment.objects.count() == 1


def test_without_a_date_of_birth_any_more_the_age_is_asked_for_elsewhere(client: Client) -> None:
    of = _planned()
    acts.corrected(of.patient, cast.person(of.patient.hospital_number, birth_date=None))
    of = acts.read(of.pk)
    data = browse.filled(client, NAME, of, operation_date=cast.from_today(4))
    response = browse.sent(client, NAME, of, data)
    assert response.status_code == 422
    said = " ".join(Page(response).beside("operation_date"))
    assert "the date of birth is not known any more: amend the assessment instead" in said
    assert Assessment.objects.count() == 1


def test_a_vas_that_comes_in_while_it_is_saved_is_told_beside_the_date(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The planned day is past: one records the pain after it, another one postpones."""
    of, yesterday = _planned(-4), timezone.localdate() - timedelta(days=1)
    data = browse.filled(client, NAME, of, operation_date=cast.from_today(4))
    page = Page(browse.sent(client, NAME, of, data))
    keys = [c.attributes["value"] for c in page.controls if c.name == "confirmed"]
    postpone = actions.postpone

    def overtaken(**what: Any) -> Assessment:
        acts.outcome(of, acts.measured(3, 5, on=yesterday))
        return postpone(**what)

    monkeypatch.setattr(actions, "postpone", overtaken)
    response = browse.sent(client, NAME, of, data | {"confirmed": keys})
    assert response.status_code == 422
    page = Page(response)
    assert "a VAS on record is dated before this" in " ".join(page.beside("operation_date"))
    assert page.value("operation_date") == data["operation_date"]
    assert Assessment.objects.count() == 1


def test_only_a_planned_one_is_postponed(client: Client) -> None:
    done = acts.provisional()
    assert "Operation postponed" not in browse.links(
        browse.opened(client, "assessment-result", done)
    )
    assert browse.led_to(client.get(browse.address(NAME, done)))

"""What is computed for the page is kept until the record changes."""

from datetime import date, timedelta
from unittest.mock import patch

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from scoring import actions, queries
from scoring.models import CachedValidation
from tests import cast
from tests.life import acts
from tests.validation.ward import early, everybody, reviewer
from tests.web.html import Page, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def client() -> Client:
    return signed_in(reviewer())


def _reads_of_the_cohort(client: Client) -> int:
    with (
        CaptureQueriesContext(connection) as asked,
        patch.object(queries, "validation_cohort", wraps=queries.validation_cohort) as read,
    ):
        client.get("/validation")
    assert len(asked) < 30
    return read.call_count


def test_computed_once_until_the_record_changes(client: Client) -> None:
    made = early()
    assert [_reads_of_the_cohort(client) for _ in range(3)] == [1, 0, 0]
    known = acts.outcome(made, acts.measured(3, 6))
    assert [_reads_of_the_cohort(client) for _ in range(2)] == [1, 0]
    acts.outcome(made, acts.measured(30, 5))
    assert "1, 100.0 %" in Page(client.get("/validation")).text
    acts.outcome(made, acts.measured(3, 2), expected=known)
    assert "0, 0.0 %" in Page(client.get("/validation")).text
    # The subgroups go by the sex that is on record today.
    acts.corrected(made.patient, cast.person(sex="male"))
    assert [_reads_of_the_cohort(client) for _ in range(2)] == [1, 0]
    acts.voided(made)
    assert "Not enough data." in Page(client.get("/validation")).text
    acts.provisional("H2")
    assert [_reads_of_the_cohort(client) for _ in range(2)] == [1, 0]


def test_each_choice_and_each_day_is_kept_for_itself() -> None:
    stamp = queries.record_stamp()
    day = date(2025, 3, 1)
    choices = [
        everybody(),
        everybody(operated_from=day),
        everybody(operated_to=day),
        everybody(population="as_study"),
        everybody(synthetic=True),
        everybody(model=("rong-2025", "1")),
        everybody(recalibration=1),
    ]
    keys = {queries.validation_key(choice, stamp) for choice in choices}
    assert len(keys) == len(choices)
    assert queries.validation_key(choices[0], stamp) in keys
    with patch.object(settings, "VERSION", "another"):
        assert queries.validation_key(choices[0], stamp) not in keys
    tomorrow = timezone.now() + timedelta(days=1)
    with patch.object(timezone, "now", return_value=tomorrow):
        assert queries.validation_key(choices[0], stamp) not in keys


def test_what_is_kept_of_an_earlier_record_goes(client: Client) -> None:
    made = early()
    client.get("/validation")
    client.get("/validation?population=as_study")
    assert CachedValidation.objects.count() == 2
    acts.outcome(made, acts.measured(3, 6))
    client.get("/validation")
    assert CachedValidation.objects.count() == 1
    # Computed by two at once: the second finds it there.
    kept = CachedValidation.objects.get()
    actions.keep_validation(key=kept.key, stamp=kept.stamp, content="other")
    assert CachedValidation.objects.get().content == kept.content

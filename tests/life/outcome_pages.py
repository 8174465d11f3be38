"""The pages of the two outcomes, filled in."""

from datetime import timedelta

from django.test import Client

from scoring.models import Assessment, Outcome
from tests import cast
from tests.life import browse

NAMES = {3: "outcome-day-3", 30: "outcome-day-30"}


def written_day(number: int) -> str:
    """So many days after the operation, as typed."""
    return cast.written(cast.OPERATION + timedelta(days=number))


def record_outcome(client: Client, of: Assessment, day: int = 3, **changes: str) -> Outcome:
    """What the page of an outcome records."""
    data = browse.filled(client, NAMES[day], of, vas="5", measured_on=written_day(day)) | changes
    browse.led_to(browse.sent(client, NAMES[day], of, data))
    return Outcome.objects.latest("created_at")

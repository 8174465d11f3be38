"""What was read from a FHIR server, until its form is saved. No part of the record."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from scoring.models import EhrReading, User

# As long as a ward round: results are offered with their days, and the form judges these.
KEPT_FOR = timedelta(hours=24)
# A card is shown while the chart is open there.
OFFERED_FOR = timedelta(hours=1)
# A user has no more than these; those that end first go first.
_MOST = 10


@transaction.atomic
def keep_reading(*, owner: User | None, content: Mapping[str, Any]) -> UUID:
    """Keep it for its user, or for whoever opens the link of a card first; what leads to it.

    Those whose time is over are forgotten.
    """
    remove_old_readings()
    now = timezone.now()
    kept_for = OFFERED_FOR if owner is None else KEPT_FOR
    made = EhrReading.objects.create(owner=owner, content=content, expires_at=now + kept_for)
    if owner is not None:
        newest = EhrReading.objects.filter(owner=owner).order_by("-expires_at")[:_MOST]
        EhrReading.objects.filter(owner=owner).exclude(token__in=newest.values("token")).delete()
    return made.token


def open_reading(*, by: User, token: UUID) -> EhrReading | None:
    """The reading of a card, from now on this user's; None where it is gone or another's."""
    now = timezone.now()
    unopened = EhrReading.objects.filter(token=token, owner=None, expires_at__gt=now)
    unopened.update(owner=by, expires_at=now + KEPT_FOR)
    return EhrReading.objects.filter(token=token, owner=by, expires_at__gt=now).first()


def forget_reading(*, owner: User, token: UUID) -> None:
    """Delete the reading whose form was saved."""
    EhrReading.objects.filter(token=token, owner=owner).delete()


def remove_old_readings() -> None:
    """Delete those whose time is over."""
    EhrReading.objects.filter(expires_at__lt=timezone.now()).delete()

"""What was read from a FHIR server for a form that is not saved yet."""

from uuid import UUID

from django.utils import timezone

from scoring.models import EhrReading, User


def reading(owner: User, token: UUID) -> EhrReading | None:
    """A user's own; None where it is another's, or its time is over."""
    found = EhrReading.objects.filter(token=token, owner=owner, expires_at__gt=timezone.now())
    return found.first()

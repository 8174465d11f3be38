"""Messages and results of laboratories."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from django.db.models import Count, Max, Q, QuerySet
from django.utils import timezone

from scoring.models import LaboratoryMessage, LaboratoryResult, MessageState, Patient

# Messages are counted over so many days.
COUNTED_DAYS = 30
_SHOWN = 20


class MessageCounts(NamedTuple):
    """Messages of the last days, and when the last one came."""

    accepted: int
    refused: int
    last_at: datetime | None


def message_counts() -> MessageCounts:
    """Over ``COUNTED_DAYS``; the last one whenever it was."""
    since = timezone.now() - timedelta(days=COUNTED_DAYS)
    lately = LaboratoryMessage.objects.filter(received_at__gte=since)
    of_state = {state: Count("pk", filter=Q(state=state)) for state in MessageState.values}
    counts = lately.aggregate(**of_state)
    last_at = LaboratoryMessage.objects.aggregate(last=Max("received_at"))["last"]
    return MessageCounts(last_at=last_at, **counts)


def newest_messages(*, refused: bool = False) -> list[LaboratoryMessage]:
    """The newest of all, or of those refused, without their bytes."""
    found = LaboratoryMessage.objects.order_by("-received_at").defer("raw")
    found = found.filter(state=MessageState.REFUSED) if refused else found
    return list(found.annotate(count=Count("results"))[:_SHOWN])


def message_by_id(pk: UUID) -> LaboratoryMessage | None:
    """A message with its results."""
    return LaboratoryMessage.objects.filter(pk=pk).prefetch_related("results").first()


def patients_of_message(message: LaboratoryMessage) -> list[Patient]:
    """Whom on record its results are about, whether they are seen or not."""
    numbers = {result.hospital_number for result in message.results.all()}
    return list(Patient.objects.filter(hospital_number__in=numbers).order_by("hospital_number"))


def message_taken(key: str) -> LaboratoryMessage | None:
    """The message with this key that was accepted."""
    return LaboratoryMessage.objects.filter(key=key, state=MessageState.ACCEPTED).first()


def was_refused(key: str, digest: str, reason: str) -> bool:
    """Whether this message was refused for the same reason before."""
    refused = LaboratoryMessage.objects.filter(state=MessageState.REFUSED)
    return refused.filter(key=key, digest=digest, reason=reason).exists()


def current_results(
    numbers: Collection[str], sender: str, facility: str
) -> QuerySet[LaboratoryResult]:
    """What a sender said of patients and did not supersede, the newest first."""
    found = LaboratoryResult.objects.filter(hospital_number__in=numbers, superseded_by=None)
    return found.filter(message__sender=sender, message__facility=facility).order_by("-pk")

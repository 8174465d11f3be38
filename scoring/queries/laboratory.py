"""Messages and results of laboratories."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from django.db.models import Count, Exists, F, Max, OuterRef, Q, QuerySet
from django.utils import timezone

from scoring.entry import windows
from scoring.models import (
    LaboratoryMessage,
    LaboratoryResult,
    LaboratorySource,
    MessageKind,
    MessageState,
    Patient,
)
from scoring.models.codes import AMENDABLE
from scoring.nomogram.rong2025.model import RONG_2025
from scoring.queries.identity import holders, is_of_somebody_unseen
from scoring.queries.need_to_know import seen
from scoring.queries.number_merges import same_patient

# Messages are counted over so many days.
COUNTED_DAYS = 30
_SHOWN = 20


class MessageCounts(NamedTuple):
    """Messages of the last days, and when the last one came."""

    accepted: int
    refused: int
    last_at: datetime | None


def results(pks: Collection[int]) -> list[LaboratoryResult]:
    """Results by their keys, with their messages."""
    return list(_with_message().filter(pk__in=pks))


def offered_results(hospital_number: str) -> list[LaboratoryResult]:
    """What laboratories say of a patient and may be taken over: recent, and not taken back.

    Those that can't be used are among them, with their reason, and those under numbers that the
    hospital merged with this one. By predictor, the newest first. Nothing of a patient who is not
    seen.
    """
    numbers = same_patient(hospital_number)
    # Most numbers have none, and a statement that only asks for that is made sooner.
    if not LaboratoryResult.objects.filter(hospital_number__in=numbers).exists():
        return []
    if is_of_somebody_unseen(hospital_number):
        return []
    seen_numbers = [one for one in numbers if not is_of_somebody_unseen(one)]
    today = timezone.localdate()
    recent = Q()
    for field, beside in RONG_2025.provenances.items():
        if beside.quantity:
            since = today + timedelta(
                days=windows.SOURCES[beside.date_field].first + windows.OPERATION.first
            )
            is_recent = Q(taken_on__gte=since)
            is_recent |= Q(taken_on__isnull=True, message__received_at__date__gte=since)
            recent |= Q(predictor=field) & is_recent
    found = _with_message().filter(recent, hospital_number__in=seen_numbers, superseded_by=None)
    # What was read from a FHIR server is read again: it may have been corrected there.
    found = found.filter(message__kind=MessageKind.HL7).exclude(unusable="withdrawn")
    found = found.exclude(Exists(_later_of_order(seen_numbers)), unusable="not_final")
    return list(found.order_by("predictor", F("taken_at").desc(nulls_last=True), "-pk"))


def _later_of_order(numbers: Collection[str]) -> QuerySet[LaboratoryResult]:
    """What came after a result of the same order; ``numbers`` are those of one patient.

    A laboratory may say "not final" several times, and a final result supersedes one of them alone.
    """
    same = (
        *("predictor", "site", "order_number", "sub_id"),
        *("message__sender", "message__facility"),
    )
    of_order = {name: OuterRef(name) for name in same}
    later = LaboratoryResult.objects.filter(pk__gt=OuterRef("pk"), **of_order)
    return later.filter(hospital_number__in=numbers)


def changed_sources() -> list[LaboratorySource]:
    """Values on which current results rest and which the laboratory changed since, newest first."""
    changed = LaboratorySource.objects.filter(
        seen("assessment__patient__"),
        result__superseded_by__isnull=False,
        assessment__current_of__state__in=AMENDABLE,
    )
    # Many are sent again with the same value: they must not crowd out those that say another.
    changed = changed.exclude(
        result__superseded_by__superseded_by=None,
        result__superseded_by__value=F("result__value"),
        result__superseded_by__site=F("result__site"),
        result__superseded_by__unusable="",
    )
    # Mostly there are none, and what reads all of their rows takes PostgreSQL long to plan.
    keys = list(changed.order_by("-result__superseded_by").values_list("pk", flat=True)[:_SHOWN])
    if not keys:
        return []
    related = LaboratorySource.objects.select_related(
        "assessment__patient", "assessment__chain", "result__superseded_by"
    )
    found = related.filter(pk__in=keys).order_by("-result__superseded_by")
    return [source for source in found if source.later is not None]


def _with_message() -> QuerySet[LaboratoryResult]:
    return LaboratoryResult.objects.select_related("message").defer("message__raw")


def message_counts() -> MessageCounts:
    """Over ``COUNTED_DAYS``; the last one whenever it was."""
    since = timezone.now() - timedelta(days=COUNTED_DAYS)
    of_laboratories = LaboratoryMessage.objects.filter(kind=MessageKind.HL7)
    lately = of_laboratories.filter(received_at__gte=since)
    of_state = {state: Count("pk", filter=Q(state=state)) for state in MessageState.values}
    counts = lately.aggregate(**of_state)
    last_at = of_laboratories.aggregate(last=Max("received_at"))["last"]
    return MessageCounts(last_at=last_at, **counts)


def newest_messages(*, refused: bool = False) -> list[LaboratoryMessage]:
    """The newest of all of laboratories, or of those refused, without their bytes."""
    found = LaboratoryMessage.objects.filter(kind=MessageKind.HL7)
    found = found.order_by("-received_at").defer("raw")
    found = found.filter(state=MessageState.REFUSED) if refused else found
    return list(found.annotate(count=Count("results"))[:_SHOWN])


def message_by_id(pk: UUID) -> LaboratoryMessage | None:
    """A message with its results and merges."""
    found = LaboratoryMessage.objects.filter(pk=pk)
    return found.prefetch_related("results", "merges").first()


def patients_of_message(message: LaboratoryMessage) -> list[Patient]:
    """Whom on record its results and merges are about, whether they are seen or not.

    By the numbers they have, and by merges: what was offered opens after the number is corrected.
    """
    numbers = {result.hospital_number for result in message.results.all()}
    for merge in message.merges.all():
        numbers |= {merge.prior_number, merge.surviving_number}
    found = {patient.hospital_number: patient for one in numbers for patient in holders(one)}
    return [found[number] for number in sorted(found)]


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
    found = found.filter(message__kind=MessageKind.HL7)
    return found.filter(message__sender=sender, message__facility=facility).order_by("-pk")

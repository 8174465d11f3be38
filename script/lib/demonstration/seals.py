"""Seals of the access log as the server would have made them at the time of the lines."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from scoring.models import AuditEvent, AuditSeal, AuditWaiting
from scoring.models.audit_digest import BEGINNING, seal_digest

# Shorter than what counts as sealed late.
_GATHER = timedelta(minutes=30)
_AFTER_THE_LAST = timedelta(seconds=1)
_Line = tuple[int, datetime, str]


def seal_as_of_then() -> None:
    """Seal every waiting line of a log without seals, shortly after its own moment.

    The log must be in the order of its moments.
    """
    waiting = AuditEvent.objects.filter(pk__in=AuditWaiting.objects.values("event_id"))
    lines: Iterator[_Line] = iter(waiting.order_by("pk").values_list("pk", "at", "digest"))
    seals: list[AuditSeal] = []
    previous, total = BEGINNING, 0
    for number, batch in enumerate(_batches(lines), start=1):
        total += len(batch)
        sealed_at = batch[-1][1] + _AFTER_THE_LAST
        events = [(event_id, digest) for event_id, _at, digest in batch]
        digest = seal_digest(
            number=number,
            sealed_at=sealed_at,
            previous=previous,
            events_total=total,
            events=events,
        )
        seals.append(
            AuditSeal(
                number=number,
                sealed_at=sealed_at,
                event_ids=[event_id for event_id, _ in events],
                event_digests=[event_digest for _, event_digest in events],
                events_total=total,
                previous=previous,
                digest=digest,
            )
        )
        previous = digest
    AuditSeal.objects.bulk_create(seals, batch_size=500)
    AuditWaiting.objects.all().delete()


def _batches(lines: Iterator[_Line]) -> Iterator[list[_Line]]:
    """Lines that follow each other closely."""
    batch: list[_Line] = []
    for line in lines:
        if batch and line[1] - batch[0][1] > _GATHER:
            yield batch
            batch = []
        batch.append(line)
    if batch:
        yield batch

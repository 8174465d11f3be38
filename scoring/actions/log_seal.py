"""Links of the hash chain over committed lines of the access log.

Who writes a line never waits for the chain: lines are sealed after their commit, in batches, by
whoever calls this first. See docs/access-log.md.
"""

from django.db import connection, transaction
from django.utils import timezone

from scoring.models import AuditEvent, AuditSeal, AuditWaiting
from scoring.models.audit_digest import BEGINNING, GONE, seal_digest

SEALED_AT_ONCE = 1000
# Any number, the same for every server of one database.
_LOCK_NUMBER = 16255181


def seal_waiting() -> int:
    """Seal every committed line that waits, each exactly once; how many there were.

    Not to be called within a transaction: nobody else could seal until its end (RuntimeError).
    """
    sealed = 0
    while True:
        with transaction.atomic(durable=True):
            count = seal_batch()
        sealed += count
        if count < SEALED_AT_ONCE:
            return sealed


def seal_batch() -> int:
    """One seal over what waits, in a transaction of the caller's; how many lines it covers.

    Until that transaction ends, nobody else can seal.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK_NUMBER])
    # Read behind the lock: what another one sealed is gone from here.
    waiting = AuditWaiting.objects.order_by("event_id").values_list("event_id", flat=True)
    ids = list(waiting[:SEALED_AT_ONCE])
    if not ids:
        return 0
    digests = dict(AuditEvent.objects.filter(pk__in=ids).values_list("pk", "digest"))
    last = AuditSeal.objects.order_by("-number").values("number", "digest", "events_total").first()
    number, previous, total = (
        (last["number"], last["digest"], last["events_total"]) if last else (0, BEGINNING, 0)
    )
    # A line that waits and is gone has been tampered with: the chain keeps that for good.
    events = [(event_id, digests.get(event_id, GONE)) for event_id in ids]
    sealed_at = timezone.now()
    AuditSeal.objects.create(
        number=number + 1,
        sealed_at=sealed_at,
        event_ids=[event_id for event_id, _ in events],
        event_digests=[digest for _, digest in events],
        events_total=total + len(events),
        previous=previous,
        digest=seal_digest(
            number=number + 1,
            sealed_at=sealed_at,
            previous=previous,
            events_total=total + len(events),
            events=events,
        ),
    )
    AuditWaiting.objects.filter(pk__in=ids).delete()
    return len(ids)

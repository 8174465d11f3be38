"""What clients of CDS Hooks leave here: ids of tokens, the time of a call, feedback about cards."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import connection, transaction

from scoring.actions.log import log_event
from scoring.entry import Origin
from scoring.models import AuditEvent, CdsState, SeenToken

# One lock for all feedback: there is little of it, and two reports of one card may come at once.
_LOCK = 7023417
_GRAIN = timedelta(minutes=1)


def use_token(*, issuer: str, identifier: str, expires_at: datetime, now: datetime) -> bool:
    """Whether this token is used for the first time; those that expired are forgotten.

    Nobody's doing, and about no record, so that the access log has no line of it.
    """
    with transaction.atomic():
        SeenToken.objects.filter(expires_at__lt=now).delete()
        _seen, is_first = SeenToken.objects.get_or_create(
            issuer=issuer, identifier=identifier, defaults={"expires_at": expires_at}
        )
    return is_first


def note_call(*, issuer: str, now: datetime) -> None:
    """When a client called last and was answered; ``SeenToken`` has each call only for an hour."""
    CdsState.objects.update_or_create(issuer=issuer, defaults={"called_at": now})


def note_refusal(*, issuer: str, reason: str, now: datetime) -> None:
    """Why a call was refused last; "" stands for clients that the site does not know.

    The same reason again is written once a minute: anybody may call.
    """
    lately = CdsState.objects.filter(issuer=issuer, refusal=reason, refused_at__gt=now - _GRAIN)
    if not lately.exists():
        told = {"refused_at": now, "refusal": reason}
        CdsState.objects.update_or_create(issuer=issuer, defaults=told)


def take_feedback(
    *, issuer: str, feedback: Mapping[str, object], origin: Origin
) -> AuditEvent | None:
    """A line in the access log for what became of a card; None where the same is there already.

    ``feedback`` has no patient: the id of the card, what became of it, when, and a reason's code.
    """
    detail: dict[str, object] = {"issuer": issuer, **feedback}
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        known = AuditEvent.objects.filter(action=AuditEvent.Action.CDS_FEEDBACK, detail=detail)
        if known.exists():
            return None
        return log_event(
            by=None, action=AuditEvent.Action.CDS_FEEDBACK, origin=origin, detail=detail
        )

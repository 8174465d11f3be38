"""Ending sessions that go on elsewhere."""

from collections.abc import Collection

from django.contrib.sessions.models import Session
from django.db import transaction

from scoring.actions.log import log_event
from scoring.entry import Origin
from scoring.models import AuditEvent, User


@transaction.atomic
def end_sessions(*, by: User, keys: Collection[str], origin: Origin) -> int:
    """End these sessions of the user, with a line in the access log; how many there still were."""
    ended, _ = Session.objects.filter(pk__in=keys).delete()
    if ended:
        log_event(
            by=by,
            action=AuditEvent.Action.SIGN_OUT,
            origin=origin,
            detail={"reason": "from another session", "sessions": ended},
        )
    return ended

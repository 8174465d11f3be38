"""Accounts."""

from django.db import transaction

from scoring.actions.log import NOWHERE, log_event
from scoring.entry import Origin
from scoring.models import AuditEvent, User


@transaction.atomic
def create_user(
    *,
    by: User | None,
    username: str,
    display_name: str,
    password: str,
    is_administrator: bool = False,
    origin: Origin = NOWHERE,
) -> User:
    """A new personal account; ``by`` is None only for the first administrator."""
    user = User.objects.create_user(
        username=username,
        password=password,
        display_name=display_name,
        is_staff=is_administrator,
        is_superuser=is_administrator,
    )
    log_event(
        by=by,
        action=AuditEvent.Action.USER_CREATED,
        origin=origin,
        detail={"username": username, "administrator": is_administrator},
    )
    return user

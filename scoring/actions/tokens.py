"""Tokens of applications: made, revoked, counted."""

import secrets
from datetime import datetime

from django.contrib.auth.models import Group
from django.db.models import Case, F, Value, When
from django.utils import timezone

from scoring import queries
from scoring.actions.log import log_event
from scoring.actions.users import PersonHasAccountError
from scoring.actions.users_outside import audited_by_action
from scoring.entry import Origin
from scoring.models import ApplicationToken, AuditEvent, Role, User, Ward
from scoring.models.application_token import digest_of_token

Action = AuditEvent.Action
# What a token begins with, so that people and programs that look for secrets know it.
PREFIX = "rbp_"
# What an application can be: whoever manages users or the ward is a person.
TOKEN_ROLES = (Role.CLINICIAN, Role.REVIEWER)
_SECONDS = 60


@audited_by_action
def create_token(
    *,
    by: User,
    name: str,
    role: Role | None,
    ward: Ward | None,
    expires_at: datetime,
    origin: Origin,
) -> tuple[ApplicationToken, str]:
    """A token for an application, and its text, which is kept nowhere.

    ``role`` is one of ``TOKEN_ROLES``, or None for an application that scores without a patient.
    Raises PersonHasAccountError where ``name`` is a person's.
    """
    if role is not None and role not in TOKEN_ROLES:
        raise ValueError(role)
    person = queries.people().filter(display_name__iexact=name).first()
    if person is not None:
        raise PersonHasAccountError(person)
    now = timezone.now()
    user = User(username=f"app-{secrets.token_hex(4)}", display_name=name, ward=ward)
    user.set_unusable_password()
    user.save(force_insert=True)
    if role is not None:
        user.groups.add(Group.objects.get(name=role))
    text = PREFIX + secrets.token_urlsafe(32)
    token = ApplicationToken.objects.create(
        user=user,
        digest=digest_of_token(text),
        expires_at=expires_at,
        created_at=now,
        created_by=by,
        created_by_name=str(by),
    )
    detail: dict[str, object] = {"username": user.username, "name": name}
    detail |= {"roles": [] if role is None else [role.value], "ward": str(ward or "")}
    detail |= {"expires": token.last_day.isoformat()}
    log_event(by=by, action=Action.TOKEN_CREATED, origin=origin, detail=detail)
    return token, text


@audited_by_action
def revoke_token(*, by: User, token: ApplicationToken, origin: Origin) -> ApplicationToken:
    """The token can't be used any more, from the next request on. Nothing is done a second time."""
    now = ApplicationToken.objects.select_for_update(of=("self",)).get(pk=token.pk)
    if now.revoked_at is not None:
        return now
    now.revoked_at = timezone.now()
    now.save(update_fields=["revoked_at"])
    user = now.user
    user.is_active = False
    user.save(update_fields=["is_active"])
    detail: dict[str, object] = {"username": user.username, "name": str(user)}
    log_event(by=by, action=Action.TOKEN_REVOKED, origin=origin, detail=detail)
    return now


def count_request(*, token: ApplicationToken, at: datetime, most: int) -> int:
    """Count a request of a token; how many seconds it has to wait, 0 where it may go on.

    ``most`` requests are allowed in a minute of the clock. Counted for the pace, so not logged:
    what concerns a patient has its own line.
    """
    minute, second = divmod(int(at.timestamp()), _SECONDS)
    # What stands there by now, not what was read: many may come at once.
    others = ApplicationToken.objects.exclude(counted_minute=minute, counted__gte=most)
    is_counted = others.filter(pk=token.pk).update(
        last_used_at=at,
        counted=Case(When(counted_minute=minute, then=F("counted") + 1), default=Value(1)),
        counted_minute=minute,
    )
    return 0 if is_counted else _SECONDS - second

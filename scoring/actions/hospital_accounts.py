"""Whose account is whose at the hospital's sign-in service (OpenID Connect)."""

from scoring.actions.log import log_event
from scoring.actions.users_outside import audited_by_action
from scoring.entry import Origin
from scoring.models import AuditEvent, User

Action = AuditEvent.Action


class AnotherPersonError(ValueError):
    """The account is bound to another person of the service, or the person to another account."""


@audited_by_action
def bind_user(*, user: User, issuer: str, subject: str, origin: Origin) -> User:
    """Bind an account to a person of the service, at the first sign-in there.

    Nothing changes where it is bound to this person. Raises AnotherPersonError.
    """
    now = User.objects.select_for_update().get(pk=user.pk)
    wanted = (issuer, subject)
    if (now.service_issuer, now.service_subject) == wanted:
        return now
    others = User.objects.filter(service_issuer=issuer, service_subject=subject)
    if now.service_subject or others.exists():
        raise AnotherPersonError(now.username)
    now.service_issuer, now.service_subject = wanted
    now.save(update_fields=["service_issuer", "service_subject"])
    log_event(by=None, action=Action.USER_BOUND, origin=origin, detail={"username": now.username})
    return now


@audited_by_action
def release_user(*, by: User, user: User, origin: Origin) -> User:
    """Forget whose account it is at the service: the next sign-in under its name binds it anew."""
    now = User.objects.select_for_update().get(pk=user.pk)
    if now.service_subject:
        now.service_issuer = now.service_subject = ""
        now.save(update_fields=["service_issuer", "service_subject"])
        detail: dict[str, object] = {"username": now.username}
        log_event(by=by, action=Action.USER_RELEASED, origin=origin, detail=detail)
    return now

"""Accounts: personal, never deleted; at least one can manage users."""

import json
from collections.abc import Iterable
from datetime import datetime, timedelta

from axes.handlers.proxy import AxesProxyHandler
from django.conf import settings
from django.contrib.auth.models import Group
from django.contrib.sessions.models import Session
from django.db import transaction
from django.utils import timezone

from scoring import queries
from scoring.actions.log import NOWHERE, log_event
from scoring.actions.users_outside import audited_by_action
from scoring.entry import Origin
from scoring.models import AuditEvent, Role, User, Ward
from scoring.models.roles import in_order

Action = AuditEvent.Action


class UsernameTakenError(ValueError):
    """Somebody has this user name, perhaps in other letters."""


class PersonHasAccountError(ValueError):
    """Somebody has an account under this name: ``user``. Two people need two names."""

    def __init__(self, user: User) -> None:
        super().__init__(user.username)
        self.user = user


class StaleUserError(ValueError):
    """Somebody else changed name, roles or ward meanwhile; ``args[0]`` is the user name."""


class LastAdministratorError(ValueError):
    """Nobody could manage users any more."""


class NameGivenError(ValueError):
    """The account has a person's name already: an administrator changes it."""


class OwnAccountError(ValueError):
    """Only another administrator may do this to the account; its user has "Your account"."""


@audited_by_action
def create_user(
    *,
    by: User | None,
    username: str,
    display_name: str,
    password: str | None,
    roles: Iterable[str] = (),
    ward: Ward | None = None,
    temporary: bool = False,
    origin: Origin = NOWHERE,
) -> User:
    """A new personal account.

    ``by`` is None for the first administrator and where the hospital's sign-in service vouches for
    the person; then ``password`` may be None, and there is none to sign in with. A temporary
    password has to be changed at the first sign-in. Raises UsernameTakenError and
    PersonHasAccountError.
    """
    _one_at_a_time()
    if User.objects.filter(username__iexact=username).exists():
        raise UsernameTakenError(username)
    _refuse_second_account(display_name)
    user = User(username=username, display_name=display_name, ward=ward)
    user.set_password(password)
    if temporary:
        user.temporary_password_until = _temporary_until()
    user.save(force_insert=True)
    named = in_order(roles)
    user.groups.set(_groups(named))
    detail: dict[str, object] = {"username": username, "roles": named}
    if ward is not None:
        detail["ward"] = str(ward)
    log_event(by=by, action=Action.USER_CREATED, origin=origin, detail=detail)
    return user


@audited_by_action
def change_user(
    *,
    by: User,
    user: User,
    opened: str,
    display_name: str,
    roles: Iterable[str],
    ward: Ward | None,
    origin: Origin,
) -> User:
    """Change printed name, roles and ward.

    ``opened`` is what ``as_opened`` returned when ``by`` opened the page. Raises StaleUserError,
    PersonHasAccountError and LastAdministratorError.
    """
    _one_at_a_time()
    now = User.objects.select_for_update().get(pk=user.pk)
    if as_opened(now) != opened:
        raise StaleUserError(now.username)
    _set_ward(now, ward, by=by, origin=origin)
    if display_name != now.display_name:
        _rename(now, display_name, by=by, origin=origin)
    _set_roles(now, roles, by=by, origin=origin)
    return now


@audited_by_action
def set_roles(*, user: User, roles: Iterable[str], among: Iterable[str], origin: Origin) -> User:
    """Give the roles that the hospital's sign-in service says; those not ``among`` stay.

    Raises LastAdministratorError.
    """
    _one_at_a_time()
    now = User.objects.select_for_update().get(pk=user.pk)
    others = set(now.roles) - set(among)
    _set_roles(now, {*roles, *others}, by=None, origin=origin)
    return now


@audited_by_action
def give_own_name(*, by: User, display_name: str, origin: Origin) -> User:
    """The name of the person behind an account that came without one.

    Raises NameGivenError where it has one, and PersonHasAccountError.
    """
    _one_at_a_time()
    now = User.objects.select_for_update().get(pk=by.pk)
    if now.has_own_name:
        raise NameGivenError(now.username)
    _rename(now, display_name, by=by, origin=origin)
    return now


@audited_by_action
def disable_user(*, by: User, user: User, origin: Origin) -> User:
    """Disable the account and end its sessions. Raises OwnAccountError, LastAdministratorError."""
    refuse_own_account(by, user.username)
    _one_at_a_time()
    return _set_active(by, user, active=False, origin=origin)


@audited_by_action
def enable_user(*, by: User, user: User, origin: Origin) -> User:
    """Enable a disabled account, with the roles and the password it had."""
    _one_at_a_time()
    return _set_active(by, user, active=True, origin=origin)


@audited_by_action
def reset_password(*, by: User, user: User, password: str, origin: Origin) -> User:
    """Set a temporary password, to be changed at the next sign-in; end every session.

    Raises OwnAccountError.
    """
    refuse_own_account(by, user.username)
    now = User.objects.select_for_update().get(pk=user.pk)
    now.set_password(password)
    now.temporary_password_until = _temporary_until()
    now.save(update_fields=["password", "temporary_password_until"])
    log_event(
        by=by,
        action=Action.USER_PASSWORD_RESET,
        origin=origin,
        detail={"username": now.username},
    )
    return now


@audited_by_action
def change_own_password(*, by: User, password: str, origin: Origin) -> None:
    """Set the user's own password, checked by the form; it replaces a temporary one."""
    by.set_password(password)
    by.save(update_fields=["password", "temporary_password_until"])
    log_event(by=by, action=Action.PASSWORD_CHANGED, origin=origin)


@transaction.atomic
def unlock_user(*, by: User | None, username: str, origin: Origin) -> int:
    """Delete the failed sign-ins of a user name, from every address; return how many.

    ``by`` is None for a command. Raises OwnAccountError.
    """
    refuse_own_account(by, username)
    forgotten = AxesProxyHandler.reset_attempts(username=username)
    log_event(
        by=by,
        action=Action.USER_UNLOCKED,
        origin=origin,
        detail={"username": username},
    )
    return int(forgotten)


def as_opened(user: User) -> str:
    """Name, roles and ward in one text, as the page of an account keeps them until it is saved."""
    return json.dumps([user.display_name, user.roles, user.ward_id])


def refuse_own_account(by: User | None, username: str) -> None:
    """Raise OwnAccountError where it is that of ``by``.

    "Your account" asks for the password, and counts failures: the users page must be no way round.
    """
    if by is not None and by.username == username:
        raise OwnAccountError(username)


def _set_ward(user: User, ward: Ward | None, *, by: User | None, origin: Origin) -> None:
    if user.ward == ward:
        return
    detail: dict[str, object] = {"username": user.username}
    detail |= {"ward": str(ward or ""), "ward_before": str(user.ward or "")}
    user.ward = ward
    user.save(update_fields=["ward"])
    log_event(by=by, action=Action.USER_CHANGED, origin=origin, detail=detail)


def _set_roles(user: User, roles: Iterable[str], *, by: User | None, origin: Origin) -> None:
    before, wanted = set(user.roles), set(in_order(roles))
    if before == wanted:
        return
    user.groups.set(_groups(wanted))
    _need_an_administrator()
    detail: dict[str, object] = {"username": user.username}
    detail |= {"roles_added": in_order(wanted - before)}
    detail |= {"roles_removed": in_order(before - wanted)}
    log_event(by=by, action=Action.USER_ROLES_CHANGED, origin=origin, detail=detail)


def _rename(user: User, display_name: str, *, by: User | None, origin: Origin) -> None:
    _refuse_second_account(display_name, but=user)
    detail: dict[str, object] = {"username": user.username, "name": display_name}
    detail["name_before"] = user.display_name
    user.display_name = display_name
    user.save(update_fields=["display_name"])
    log_event(by=by, action=Action.USER_CHANGED, origin=origin, detail=detail)


def _set_active(by: User, user: User, *, active: bool, origin: Origin) -> User:
    now = User.objects.select_for_update().get(pk=user.pk)
    if now.is_active == active:
        return now
    now.is_active = active
    now.save(update_fields=["is_active"])
    _need_an_administrator()
    if not active:
        # Enabled again, the user would go on in them.
        keys = [key for key, _content in queries.sessions_of(now)]
        Session.objects.filter(pk__in=keys).delete()
    action = Action.USER_ENABLED if active else Action.USER_DISABLED
    log_event(by=by, action=action, origin=origin, detail={"username": now.username})
    return now


def _one_at_a_time() -> None:
    """Lock, so that changes that depend on other accounts run one after the other."""
    Group.objects.select_for_update().get(name=Role.ADMINISTRATOR)


def _refuse_second_account(display_name: str, *, but: User | None = None) -> None:
    others = User.objects.filter(display_name__iexact=display_name)
    other = (others.exclude(pk=but.pk) if but else others).first()
    if other is not None:
        raise PersonHasAccountError(other)


def _need_an_administrator() -> None:
    """Raise LastAdministratorError if nobody could manage users after the change."""
    if not User.objects.filter(is_active=True, groups__name=Role.ADMINISTRATOR).exists():
        raise LastAdministratorError


def _groups(roles: Iterable[str]) -> list[Group]:
    return list(Group.objects.filter(name__in=set(roles)))


def _temporary_until() -> datetime:
    return timezone.now() + timedelta(hours=settings.TEMPORARY_PASSWORD_HOURS)

"""Logs changes to accounts and roles that no action makes: by Django's commands or in a shell.

``manage.py createsuperuser`` and ``changepassword`` save users themselves. Signals write what they
change to the access log, without an actor; ``outside`` names the program. Importing this module
connects the signals. ``QuerySet.update`` and SQL send none, so their changes are not logged.
"""

import sys
from collections.abc import Callable
from contextvars import ContextVar
from functools import wraps
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.db.models import Model
from django.db.models.signals import m2m_changed, post_save, pre_save
from django.dispatch import receiver

from scoring.actions.log import NOWHERE, log_event
from scoring.models import AuditEvent, User
from scoring.models.roles import in_order

Action = AuditEvent.Action
_P = ParamSpec("_P")
_T = TypeVar("_T")

_audited: ContextVar[bool] = ContextVar("audited", default=False)
_LOGGED_FIELDS = ("username", "display_name", "is_active", "password")


def audited_by_action(action: Callable[_P, _T]) -> Callable[_P, _T]:
    """Run an action that logs its own changes to accounts, in one transaction."""

    @wraps(action)
    def audited(*args: _P.args, **kwargs: _P.kwargs) -> _T:
        token = _audited.set(True)
        try:
            with transaction.atomic():
                return action(*args, **kwargs)
        finally:
            _audited.reset(token)

    return audited


@receiver(pre_save, sender=User)
def _remember(instance: User, **_kwargs: Any) -> None:
    """Keep the values on record before the change."""
    if not _audited.get() and instance.pk is not None:
        before = User.objects.filter(pk=instance.pk).values(*_LOGGED_FIELDS).first()
        instance._before_outside = before  # type: ignore[attr-defined]


@receiver(post_save, sender=User)
def _log_saved(
    instance: User, created: bool, update_fields: frozenset[str] | None, **_kwargs: Any
) -> None:
    if _audited.get():
        return
    before: dict[str, Any] = getattr(instance, "_before_outside", None) or {}
    if created:
        _log(Action.USER_CREATED, instance.username)
        return
    changed = {
        name
        for name in _LOGGED_FIELDS
        if (update_fields is None or name in update_fields)
        and getattr(instance, name) != before.get(name)
    }
    # Django itself hashes a password anew at sign-in, once its hasher got stronger.
    chosen = getattr(instance, "_password", None) is not None
    if not chosen and update_fields is not None and set(update_fields) == {"password"}:
        changed.discard("password")
    if "password" in changed:
        _log(Action.USER_PASSWORD_RESET, instance.username)
    if "is_active" in changed:
        action = Action.USER_ENABLED if instance.is_active else Action.USER_DISABLED
        _log(action, instance.username)
    if changed & {"username", "display_name"}:
        detail: dict[str, object] = {"name": instance.display_name}
        detail["name_before"] = before.get("display_name", "")
        if "username" in changed:
            detail["username_before"] = before.get("username", "")
        _log(Action.USER_CHANGED, instance.username, detail)


@receiver(m2m_changed, sender=User.groups.through)
def _log_roles(
    instance: User | Group, action: str, pk_set: set[int] | None, **_kwargs: Any
) -> None:
    """The change was made to the groups of a user or to the users of a group."""
    if _audited.get() or action not in {"post_add", "post_remove", "pre_clear"}:
        return
    verb = "roles_added" if action == "post_add" else "roles_removed"
    if isinstance(instance, User):
        names = instance.groups.all() if pk_set is None else Group.objects.filter(pk__in=pk_set)
        changed = {instance.username: in_order(group.name for group in names)}
    else:
        users = instance.user_set.all() if pk_set is None else User.objects.filter(pk__in=pk_set)
        changed = {user.username: [instance.name] for user in users.order_by("username")}
    for username, roles in changed.items():
        if roles:
            _log(Action.USER_ROLES_CHANGED, username, {verb: roles})


@receiver(m2m_changed, sender=User.user_permissions.through)
@receiver(m2m_changed, sender=Group.permissions.through)
def _log_rights(
    instance: User | Group | Permission,
    action: str,
    model: type[Model],
    pk_set: set[int] | None,
    **_kwargs: Any,
) -> None:
    """The change was made to the rights of one user or of a role."""
    if _audited.get() or action not in {"post_add", "post_remove", "pre_clear"}:
        return
    others = model._default_manager.filter(pk__in=pk_set or ())
    detail: dict[str, object] = {
        "change": {"post_add": "added", "post_remove": "removed"}.get(action, "all removed"),
        "of": _name(instance),
        "rights": [_name(other) for other in others],
    }
    _log(Action.ROLE_RIGHTS_CHANGED, None, detail)


def _name(of: Model) -> str:
    """The username, the name of a role, or the code name of a right."""
    for attribute in ("username", "codename", "name"):
        if hasattr(of, attribute):
            return str(getattr(of, attribute))
    raise TypeError(f"{of!r} is neither user nor role nor right")


def _log(
    action: AuditEvent.Action, username: str | None, detail: dict[str, object] | None = None
) -> None:
    account: dict[str, object] = {"username": username} if username else {}
    log_event(
        by=None,
        action=action,
        origin=NOWHERE,
        detail=account | (detail or {}) | {"outside": _program()},
    )


def _program() -> str:
    """The program and its command, without arguments: they may hold a password."""
    program = Path(sys.argv[0]).name
    return f"{program} {sys.argv[1]}" if program == "manage.py" and sys.argv[1:] else program

"""Changes to accounts and roles that no action makes: by commands of Django, in a shell.

``manage.py createsuperuser`` and ``changepassword`` save a user themselves. What they change is
told in the access log by signals, without an actor, with ``outside`` saying what did it. Changes
past Django's models (``QuerySet.update``, SQL) are not seen here.
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

from scoring.actions.log import NOWHERE, log_event
from scoring.models import AuditEvent, User
from scoring.models.roles import in_order

Action = AuditEvent.Action
_P = ParamSpec("_P")
_T = TypeVar("_T")

_told: ContextVar[bool] = ContextVar("told", default=False)
_WATCHED = ("username", "display_name", "is_active", "password")


def told_by_action(action: Callable[_P, _T]) -> Callable[_P, _T]:
    """An action that changes accounts: one transaction, and it writes its lines itself."""

    @wraps(action)
    def telling(*args: _P.args, **kwargs: _P.kwargs) -> _T:
        token = _told.set(True)
        try:
            with transaction.atomic():
                return action(*args, **kwargs)
        finally:
            _told.reset(token)

    return telling


def watch() -> None:
    """Begin to tell; called once, when the application is ready."""
    pre_save.connect(_remember, sender=User, dispatch_uid="users_outside_remember")
    post_save.connect(_tell_saved, sender=User, dispatch_uid="users_outside_saved")
    m2m_changed.connect(_tell_roles, sender=User.groups.through, dispatch_uid="users_outside_roles")
    for through in (User.user_permissions.through, Group.permissions.through):
        m2m_changed.connect(
            _tell_rights, sender=through, dispatch_uid=f"users_outside_{through.__name__}"
        )


def _remember(instance: User, **_kwargs: Any) -> None:
    """What is on record before the change."""
    if not _told.get() and instance.pk is not None:
        before = User.objects.filter(pk=instance.pk).values(*_WATCHED).first()
        instance._before_outside = before  # type: ignore[attr-defined]


def _tell_saved(
    instance: User, created: bool, update_fields: frozenset[str] | None, **_kwargs: Any
) -> None:
    if _told.get():
        return
    before: dict[str, Any] = getattr(instance, "_before_outside", None) or {}
    if created:
        _tell(Action.USER_CREATED, instance.username)
        return
    changed = {
        name
        for name in _WATCHED
        if (update_fields is None or name in update_fields)
        and getattr(instance, name) != before.get(name)
    }
    # Django itself hashes a password anew at sign-in, once its hasher got stronger.
    chosen = getattr(instance, "_password", None) is not None
    if not chosen and update_fields is not None and set(update_fields) == {"password"}:
        changed.discard("password")
    if "password" in changed:
        _tell(Action.USER_PASSWORD_RESET, instance.username)
    if "is_active" in changed:
        action = Action.USER_ENABLED if instance.is_active else Action.USER_DISABLED
        _tell(action, instance.username)
    if changed & {"username", "display_name"}:
        detail: dict[str, object] = {"name": instance.display_name}
        detail["name_before"] = before.get("display_name", "")
        if "username" in changed:
            detail["username_before"] = before.get("username", "")
        _tell(Action.USER_CHANGED, instance.username, detail)


def _tell_roles(
    instance: User | Group, action: str, pk_set: set[int] | None, **_kwargs: Any
) -> None:
    """Groups of a user, or, from the other side, users of a group."""
    if _told.get() or action not in {"post_add", "post_remove", "pre_clear"}:
        return
    verb = "roles_added" if action == "post_add" else "roles_removed"
    if isinstance(instance, User):
        names = instance.groups.all() if pk_set is None else Group.objects.filter(pk__in=pk_set)
        told = {instance.username: in_order(group.name for group in names)}
    else:
        users = instance.user_set.all() if pk_set is None else User.objects.filter(pk__in=pk_set)
        told = {user.username: [instance.name] for user in users}
    for username, roles in told.items():
        if roles:
            _tell(Action.USER_ROLES_CHANGED, username, {verb: roles})


def _tell_rights(
    instance: User | Group | Permission,
    action: str,
    model: type[Model],
    pk_set: set[int] | None,
    **_kwargs: Any,
) -> None:
    """Rights given past the roles, or roles changed in what they allow."""
    if _told.get() or action not in {"post_add", "post_remove", "pre_clear"}:
        return
    others = model._default_manager.filter(pk__in=pk_set or ())
    detail: dict[str, object] = {
        "change": {"post_add": "added", "post_remove": "removed"}.get(action, "all removed"),
        "of": _name(instance),
        "rights": [_name(other) for other in others],
    }
    _tell(Action.ROLE_RIGHTS_CHANGED, None, detail)


def _name(of: Model) -> str:
    """A user by name, a role by name, a right by its code name."""
    for attribute in ("username", "codename", "name"):
        if hasattr(of, attribute):
            return str(getattr(of, attribute))
    raise TypeError(f"{of!r} is neither user nor role nor right")


def _tell(
    action: AuditEvent.Action, username: str | None, detail: dict[str, object] | None = None
) -> None:
    account: dict[str, object] = {"username": username} if username else {}
    log_event(
        by=None,
        action=action,
        origin=NOWHERE,
        detail=account | (detail or {}) | {"outside": _what_runs()},
    )


def _what_runs() -> str:
    """The command, by its name alone: its arguments may hold anything."""
    program = Path(sys.argv[0]).name
    return f"{program} {sys.argv[1]}" if program == "manage.py" and sys.argv[1:] else program

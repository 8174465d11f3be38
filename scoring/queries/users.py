"""Accounts, as the administrator sees them. No patient is near."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from math import ceil
from typing import Any

from axes.models import AccessAttempt
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.db.models import Exists, OuterRef, Q, QuerySet, Sum
from django.utils import timezone
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from scoring.models import Passkey, User


@dataclass(frozen=True)
class Account:
    """A user beside what is known of signing in."""

    user: User
    has_second_factor: bool
    is_locked: bool


def people() -> QuerySet[User]:
    """The accounts that a person signs in with, not those of applications."""
    return User.objects.filter(application_token=None)


def accounts() -> list[Account]:
    """Every person's account: the active ones first, by name."""
    users = people().prefetch_related("groups").order_by("-is_active", "display_name", "pk")
    return _accounts(users)


def user_by_id(pk: int) -> User | None:
    """The user of an account; None where there is none."""
    return User.objects.filter(pk=pk).first()


def account(user: User) -> Account:
    """One of them."""
    (found,) = _accounts([user])
    return found


def sessions_of(user: User) -> Iterator[tuple[str, dict[str, Any]]]:
    """The key and content of each of the user's sessions that has not run out.

    Ask within a transaction: behind a pooler a cursor stays on its connection only there.
    """
    # Django's table does not say whose a session is.
    for row in Session.objects.filter(expire_date__gt=timezone.now()).iterator():
        kept = row.get_decoded()
        if kept.get(SESSION_KEY) == str(user.pk):
            yield row.session_key, kept


def has_second_factor(user: User) -> bool:
    """Whether signing in asks for a code or a passkey."""
    # Every page asks: a plain union is put together in half the time.
    apps = TOTPDevice.objects.filter(user=user, confirmed=True).values("pk")
    keys = Passkey.objects.filter(user=user, confirmed=True).values("pk")
    return bool(apps.union(keys, all=True).exists())


def has_authenticator(user: User) -> bool:
    """Whether the user has set up an authenticator app."""
    return User.objects.filter(_has_app(), pk=user.pk).exists()


def passkeys(user: User) -> list[Passkey]:
    """The user's passkeys, the oldest first."""
    return list(Passkey.objects.filter(user=user, confirmed=True).order_by("pk"))


def recovery_codes_left(user: User) -> int:
    """How many of the recovery codes are unused."""
    return int(StaticToken.objects.filter(device__user=user).count())


def second_factor_wait_seconds(user: User) -> int:
    """How long no code and no passkey is looked at, after failures; each doubles it."""
    waits = []
    for kind in (TOTPDevice, StaticDevice, Passkey):
        for device in kind.objects.filter(user=user):
            allowed, reason = device.verify_is_allowed()
            if not allowed and reason and "locked_until" in reason:
                waits.append((reason["locked_until"] - timezone.now()).total_seconds())
    return max(0, ceil(max(waits, default=0)))


def _has_app() -> Q:
    return Q(Exists(TOTPDevice.objects.filter(user=OuterRef("pk"), confirmed=True)))


def _has_passkey() -> Q:
    return Q(Exists(Passkey.objects.filter(user=OuterRef("pk"), confirmed=True)))


def _accounts(users: Iterable[User]) -> list[Account]:
    found = User.objects.filter(_has_app() | _has_passkey())
    secured = set(found.values_list("pk", flat=True))
    locked = _locked_usernames()
    return [Account(user, user.pk in secured, user.username in locked) for user in users]


def _locked_usernames() -> frozenset[str]:
    """Who failed too often lately, from one address or another."""
    since: datetime = timezone.now() - settings.AXES_COOLOFF_TIME
    failures = (
        AccessAttempt.objects.filter(attempt_time__gte=since)
        .values("username", "ip_address")
        .annotate(failures=Sum("failures_since_start"))
        .filter(failures__gte=settings.AXES_FAILURE_LIMIT)
    )
    return frozenset(found["username"] for found in failures)

"""Lock-out after failed sign-ins: django-axes, which counts here before a password is checked.

Axes itself looks at the count, has the password checked, and counts a failure afterwards: guesses
sent at once would all be looked at before the first of them counts.
"""

from typing import Any

from axes.handlers.database import AxesDatabaseHandler
from axes.helpers import get_failure_limit
from axes.models import AccessAttempt
from axes.signals import user_locked_out
from django.db import connection, transaction
from django.db.models import F
from django.http import HttpRequest

from scoring.web import password_turns

Credentials = dict[str, Any]


class LockOut(AxesDatabaseHandler):  # type: ignore[misc]  # comes without types
    """Takes every attempt for a failure until its password turns out to be right."""

    def is_locked(self, request: HttpRequest, credentials: Credentials | None = None) -> bool:
        """Whether there were too many failures before; if not, this attempt counts as one.

        Attempts under one user name from one address come here one after the other. One that can't
        be checked now is refused before it is counted, and so costs next to nothing.
        """
        password_turns.turns.refuse_if_full()
        username = str((credentials or {})["username"])
        with transaction.atomic():
            _one_at_a_time(f"{request.axes_ip_address} {username}")  # type: ignore[attr-defined]
            self.clean_expired_user_attempts(request, credentials)
            before = self.get_failures(request, credentials)
            if before >= get_failure_limit(request, credentials):
                return True
            request.axes_failures_since_start = before + 1  # type: ignore[attr-defined]
            request.counted_attempt = _count(request, username)  # type: ignore[attr-defined]
        return False

    def user_login_failed(
        self, sender: Any, credentials: Credentials, request: HttpRequest | None = None, **kw: Any
    ) -> None:
        """Lock, if the attempt that failed was the last one; it is counted already."""
        if getattr(request, "counted_attempt", None) is None:
            super().user_login_failed(sender, credentials, request, **kw)
            return
        failures = request.axes_failures_since_start  # type: ignore[union-attr]
        if failures >= get_failure_limit(request, credentials):
            request.axes_locked_out = True  # type: ignore[union-attr]
            request.axes_credentials = credentials  # type: ignore[union-attr]
            user_locked_out.send(
                "axes",
                request=request,
                username=credentials.get("username"),
                ip_address=request.axes_ip_address,  # type: ignore[union-attr]
            )


def take_back(request: HttpRequest) -> None:
    """Do not count this attempt: its password was not looked at."""
    pk = getattr(request, "counted_attempt", None)
    attempt = AccessAttempt.objects.filter(pk=pk, failures_since_start__gt=0)
    attempt.update(failures_since_start=F("failures_since_start") - 1)


def begin_anew(request: HttpRequest, username: str) -> None:
    """Forget the failures under this name from this address: its password was right."""
    address = request.axes_ip_address  # type: ignore[attr-defined]
    AccessAttempt.objects.filter(username=username, ip_address=address).delete()


def _count(request: Any, username: str) -> int:
    """Count one failure more; the key of its row."""
    attempt, _ = AccessAttempt.objects.get_or_create(
        username=username,
        ip_address=request.axes_ip_address,
        user_agent=request.axes_user_agent,
        defaults={
            "http_accept": request.axes_http_accept,
            "path_info": request.axes_path_info,
            "failures_since_start": 0,
        },
    )
    AccessAttempt.objects.filter(pk=attempt.pk).update(
        failures_since_start=F("failures_since_start") + 1,
        attempt_time=request.axes_attempt_time,
    )
    return int(attempt.pk)


def _one_at_a_time(key: str) -> None:
    """Lock until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [key])

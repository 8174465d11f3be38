"""Signing in by user name and password."""

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest

from scoring.http.causes import NotAvailableError
from scoring.models import User
from scoring.web.lock_out import begin_anew, take_back


class PasswordBackend(ModelBackend):
    """Django's own; a temporary password that has run out is as good as none."""

    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        **kwargs: Any,
    ) -> User | None:
        """The user whose password this is. One that was not looked at counts as no failure."""
        try:
            found = super().authenticate(request, username, password, **kwargs)
        except NotAvailableError:
            if request is not None:
                take_back(request)
            raise
        if not isinstance(found, User):
            return None
        if request is not None:
            # Here, not at the sign-in alone: the password is asked for on other pages, too.
            begin_anew(request, found.username)
        return found

    def user_can_authenticate(self, user: User | AnonymousUser | None) -> bool:
        """For signing in as for every request of a session."""
        if isinstance(user, User) and user.temporary_password_expired:
            return False
        return super().user_can_authenticate(user)


def has_no_username(request: HttpRequest, credentials: dict[str, str] | None = None) -> bool:
    """Whether a sign-in is not by user name, so that there is no account to lock."""
    return not (credentials or {}).get("username")


def same_page(
    request: HttpRequest, response: object, credentials: dict[str, str] | None = None
) -> object:
    """What a locked-out visitor gets: the very page that a wrong password gets."""
    return response

"""Signing in by user name and password."""

from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest

from scoring.models import User


class PasswordBackend(ModelBackend):
    """Django's own; a temporary password that has run out is as good as none."""

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

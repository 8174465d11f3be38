"""Signing in by user name and password."""

from typing import Any, cast

from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import AnonymousUser
from django.db.models import Model
from django.http import HttpRequest

from scoring import queries
from scoring.models import User


class PasswordBackend(ModelBackend):
    """Django's own; a temporary password that has run out is as good as none."""

    def user_can_authenticate(self, user: User | AnonymousUser | None) -> bool:
        """For signing in as for every request of a session."""
        if isinstance(user, User) and user.temporary_password_expired:
            return False
        return super().user_can_authenticate(user)

    def get_all_permissions(self, user_obj: Any, obj: Model | None = None) -> set[str]:
        """What Django's own finds in two statements, in one: every page asks for it."""
        if not user_obj.is_active or obj is not None:
            return set()
        # Django's own name for it, which the backend of the single sign-on looks at, too.
        if not hasattr(user_obj, "_perm_cache"):
            user_obj._perm_cache = queries.rights_of(user_obj)
        return cast(set[str], user_obj._perm_cache)


def has_no_username(request: HttpRequest, credentials: dict[str, str] | None = None) -> bool:
    """Whether a sign-in is not by user name, so that there is no account to lock."""
    return not (credentials or {}).get("username")


def same_page(
    request: HttpRequest, response: object, credentials: dict[str, str] | None = None
) -> object:
    """What a locked-out visitor gets: the very page that a wrong password gets."""
    return response

"""Who asks: an application, by its token, with the rights of its role and within its ward."""

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja.security import HttpBearer

from scoring import actions, queries
from scoring.http.problems import Problem
from scoring.models import Right, User


class Token(HttpBearer):
    """The token of an application whose role has these rights."""

    def __init__(self, *rights: Right) -> None:
        super().__init__()
        self.rights = rights

    def __call__(self, request: HttpRequest) -> User:
        """The account of the application. Raises Problem."""
        return authenticated(request, *self.rights)

    def authenticate(self, request: HttpRequest, token: str) -> User:
        """As ``__call__``, which alone is asked."""
        return self(request)


def authenticated(request: HttpRequest, *rights: Right) -> User:
    """The account of the application that asks, if its role has these rights.

    From then on the request sees the patients and the time zone that the account sees. Without
    rights it sees no patient. Raises Problem: 401, 403, 429.
    """
    scheme, _blank, text = request.headers.get("Authorization", "").partition(" ")
    token = queries.token_by_text(text.strip()) if scheme.lower() == "bearer" else None
    now = timezone.now()
    if token is None or not token.is_valid_at(now):
        said = _("A valid token is needed, as “Authorization: Bearer …”. Ask an administrator.")
        raise Problem(401, "token", said, headers={"WWW-Authenticate": "Bearer"})
    most = settings.API_REQUESTS_A_MINUTE
    if wait := actions.count_request(token=token, at=now, most=most):
        said = _("At most %(most)s requests a minute are allowed.") % {"most": most}
        raise Problem(429, "too_many", said, headers={"Retry-After": str(wait)})
    user = token.user
    request.user = user
    # For the site's log.
    request._cached_user = user  # type: ignore[attr-defined]
    if rights:
        _open_record(user, *rights)
    return user


def _open_record(user: User, *rights: Right) -> None:
    if not user.has_perms(rights):
        said = _("The role of this application does not allow this.")
        raise Problem(403, "role", said)
    ward = queries.ward_settings()
    ward.activate_time_zone()
    if ward.need_to_know and not user.has_perm(Right.SEE_ALL_WARDS):
        queries.limit_to(queries.Limit(user.ward_id))

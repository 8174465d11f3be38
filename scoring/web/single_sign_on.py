"""Signing in through the hospital's own service by OpenID Connect; off unless configured.

``mozilla-django-oidc`` does the code flow with PKCE, state and nonce, and checks the signature.
What it leaves open is checked here: whom a token is from, whom it is for, whose account it means.
"""

from datetime import timedelta
from functools import partial
from types import SimpleNamespace
from typing import Any, cast

import jwt
import requests
from django.conf import settings
from django.contrib.auth.backends import ModelBackend
from django.core.exceptions import SuspiciousOperation, ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from mozilla_django_oidc import auth as library
from mozilla_django_oidc.auth import OIDCAuthenticationBackend

from scoring import actions, queries
from scoring.entry import Origin
from scoring.http.actor import origin
from scoring.http.slots import outside_the_database
from scoring.models import User
from scoring.models.roles import in_order
from scoring.models.typed_text import refuse_unreadable

Claims = dict[str, Any]
# The service is asked at the addresses of the settings alone, wherever it may point to: the library
# has no setting for that.
library.requests = SimpleNamespace(
    get=partial(requests.get, allow_redirects=False),
    post=partial(requests.post, allow_redirects=False),
)
# What a sign-in may fail of: the service is away or answers nonsense, or a claim is not in order.
FAILURES = (
    SuspiciousOperation,
    requests.RequestException,
    jwt.PyJWTError,
    AttributeError,
    KeyError,
    TypeError,
    ValueError,
)
# The clocks of two servers differ.
_LEEWAY = timedelta(seconds=60)


class SingleSignOnBackend(OIDCAuthenticationBackend):  # type: ignore[misc]  # comes without types
    """An account of ours for the person that the service vouches for."""

    def authenticate(self, request: HttpRequest, *, nonce: str, code_verifier: str) -> User | None:
        """The user for the code that the browser brought to the callback.

        The library takes any credentials: the code in the address of a form with a password would
        count for the password, and without state, nonce and PKCE.
        """
        found = super().authenticate(request, nonce=nonce, code_verifier=code_verifier)
        return cast(User | None, found)

    def get_user(self, user_id: int) -> User | None:
        """The user of a session; None for a user who was disabled after sign-in."""
        return ModelBackend.get_user(self, user_id)

    def verify_token(self, token: str, **kwargs: Any) -> Claims:
        """The claims of the token, once signature, nonce, issuer and audience are right."""
        claims: Claims = super().verify_token(token, **kwargs)
        audience = claims.get("aud", [])
        audiences = [audience] if isinstance(audience, str) else audience
        if claims.get("iss") != settings.OIDC_ISSUER:
            raise SuspiciousOperation("the token is of another issuer")
        if self.OIDC_RP_CLIENT_ID not in audiences:
            raise SuspiciousOperation("the token is for another client")
        if len(audiences) > 1 and claims.get("azp") != self.OIDC_RP_CLIENT_ID:
            raise SuspiciousOperation("the token was issued to another client")
        if "exp" not in claims:
            raise SuspiciousOperation("the token never runs out")
        # Of the signed token alone: whether the person gave the password there just now.
        self.request.single_sign_on_at = claims.get("auth_time")
        return claims

    def get_payload_data(self, token: str, key: jwt.PyJWK) -> Claims:
        """The claims of a token that this key signed, by the algorithm of the settings.

        The library takes no token of a clock that is a second ahead. PyJWT takes an RSA key that
        names no algorithm for one of RS256, so it gets the key without the rest.
        """
        claims: Claims = jwt.decode(
            token,
            key.key,
            algorithms=[self.OIDC_RP_SIGN_ALGO],
            leeway=_LEEWAY,
            options={"verify_aud": False},
        )
        return claims

    # While the service is asked, which may take long, the request leaves its slot to pages.

    def get_token(self, payload: dict[str, Any]) -> dict[str, Any]:
        """The tokens for the code that the browser brought."""
        with outside_the_database():
            return cast(dict[str, Any], super().get_token(payload))

    def retrieve_matching_jwk(self, token: bytes) -> Any:
        """The key that signed the token."""
        with outside_the_database():
            return super().retrieve_matching_jwk(token)

    def get_userinfo(self, access_token: str, id_token: str, payload: Claims) -> Claims:
        """Claims of the token and of the service's answer, which must be about the same person."""
        with outside_the_database():
            answered: Claims = super().get_userinfo(access_token, id_token, payload)
        if answered.get("sub") != payload["sub"]:
            raise SuspiciousOperation("the answer is about somebody else")
        return payload | answered

    def get_or_create_user(self, *told: Any) -> User | None:
        """The user. The library keeps to itself why there is none; the access log says it."""
        try:
            return cast(User | None, super().get_or_create_user(*told))
        except SuspiciousOperation as error:
            self.request.single_sign_on_reason = str(error)
            raise

    def verify_claims(self, claims: Claims) -> bool:
        """There is a name to find the account by. Raises SuspiciousOperation."""
        if not _username(claims):
            raise SuspiciousOperation("no username among the claims")
        return True

    def filter_users_by_claims(self, claims: Claims) -> QuerySet[User]:
        """The account that is bound to this person, else that of this very user name."""
        # For the access log, should the sign-in fail.
        self.request.single_sign_on_username = _username(claims)
        issuer, subject = settings.OIDC_ISSUER, str(claims["sub"])
        bound = User.objects.filter(service_issuer=issuer, service_subject=subject)
        return bound if bound.exists() else queries.people().filter(username=_username(claims))

    def create_user(self, claims: Claims) -> User:
        """An account without a password; reached only where RBP_OIDC_CREATE_USERS allows it."""
        username = _username(claims)
        shown = str(claims.get(settings.OIDC_DISPLAY_NAME_CLAIM) or "").strip()
        try:
            refuse_unreadable(username)
            User._meta.get_field("username").run_validators(username)
            User._meta.get_field("display_name").run_validators((shown or username)[:100])
            made = actions.create_user(
                by=None,
                username=username,
                display_name=(shown or username)[:100],
                password=None,
                roles=_roles(claims) or [],
                origin=self._origin,
            )
            return self._bound(made, claims)
        except ValidationError as error:
            raise SuspiciousOperation("user name or printed name holds what it may not") from error
        except (actions.UsernameTakenError, actions.PersonHasAccountError) as error:
            raise SuspiciousOperation("the name is taken") from error

    def update_user(self, user: User, claims: Claims) -> User | None:
        """Give the user the mapped roles of the service, and leave others; None if disabled."""
        if not self.user_can_authenticate(user):
            return None
        user = self._bound(user, claims)
        roles = _roles(claims)
        if roles is None:
            return user
        try:
            return actions.set_roles(
                user=user,
                roles=roles,
                among=settings.OIDC_ROLES_MAP.values(),
                origin=self._origin,
            )
        except actions.LastAdministratorError as error:
            raise SuspiciousOperation("nobody could manage users any more") from error

    def _bound(self, user: User, claims: Claims) -> User:
        """The user, bound to this person. Raises SuspiciousOperation for another one's account."""
        try:
            return actions.bind_user(
                user=user,
                issuer=settings.OIDC_ISSUER,
                subject=str(claims["sub"]),
                origin=self._origin,
            )
        except actions.AnotherPersonError as error:
            raise SuspiciousOperation("the account is bound to another person there") from error

    @property
    def _origin(self) -> Origin:
        return origin(self.request)


def _username(claims: Claims) -> str:
    return str(claims.get(settings.OIDC_USERNAME_CLAIM) or "").strip()


def _roles(claims: Claims) -> list[str] | None:
    """Roles by the map of the settings; None where roles are given on the users page."""
    if not settings.OIDC_ROLES_CLAIM:
        return None
    held = claims.get(settings.OIDC_ROLES_CLAIM) or []
    names = held if isinstance(held, list) else [held]
    mapped: dict[str, str] = settings.OIDC_ROLES_MAP
    return in_order(mapped[name] for name in names if isinstance(name, str) and name in mapped)

"""The hospital's sign-in service of the tests: a real OpenID Connect provider on this computer."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from unittest.mock import patch
from urllib.parse import urlsplit

import requests
from django.test import Client
from mozilla_django_oidc.auth import OIDCAuthenticationBackend

START = "/single-sign-on"
CALLBACK = "/single-sign-on/callback"


@dataclass(frozen=True)
class Provider:
    """Where it is; it vouches for whomever it knows."""

    url: str

    def knows(self, sub: str, **claims: Any) -> None:
        """A person with these claims."""
        requests.put(f"{self.url}/users/{sub}", json=claims, timeout=5).raise_for_status()

    def vouches(self, asked: str, sub: str) -> str:
        """Where the service leads the browser once the person has signed in there."""
        answer = requests.post(asked, data={"sub": sub}, allow_redirects=False, timeout=5)
        assert answer.status_code == 302, answer.text
        address = urlsplit(answer.headers["Location"])
        assert (address.netloc, address.path) == ("testserver", CALLBACK)
        return f"{address.path}?{address.query}"


def asked(client: Client, query: str = "") -> str:
    """The address of the service that the button leads to."""
    return client.get(START + query).headers["Location"]


def sign_in(provider: Provider, sub: str, client: Client | None = None) -> tuple[Client, Any]:
    """A browser that the service led back here, and what it was answered."""
    client = client or Client()
    return client, client.get(provider.vouches(asked(client), sub))


@contextmanager
def asked_for_the_password(seconds_ago: int | None) -> Iterator[None]:
    """The service's token says when it asked for the password; None where it does not say."""
    real = OIDCAuthenticationBackend.verify_token

    def told(backend: OIDCAuthenticationBackend, token: str, **more: Any) -> dict[str, Any]:
        claims: dict[str, Any] = real(backend, token, **more)
        claims.pop("auth_time", None)
        asked_at = {} if seconds_ago is None else {"auth_time": int(time.time()) - seconds_ago}
        return claims | asked_at

    with patch.object(OIDCAuthenticationBackend, "verify_token", told):
        yield

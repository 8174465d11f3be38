"""Tokens of CDS Hooks: which are taken, and what is noted of those that are not."""

import time
from datetime import timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from scoring.models import CdsState, SeenToken
from scoring.words.cds_hooks import refusal_text
from tests.fhir.cds_client import ISSUER, RSA_KEY, SERVICE, SITE, call, of_today, sent, token

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("cds_clients")]
_OTHER = rsa.generate_private_key(public_exponent=65537, key_size=2048)
_SECRET = "a secret that both sides would share, long enough"
_NOW = int(time.time())


@pytest.mark.parametrize(
    ("changes", "issuer", "reason"),
    [
        ({"key": RSA_KEY, "algorithm": "RS384", "header": {"kid": "ec-1"}}, ISSUER, "key"),
        ({"key": _OTHER, "algorithm": "RS384"}, ISSUER, "signature"),
        ({"aud": f"{SITE}/cds-services"}, ISSUER, "audience"),
        ({"exp": 1}, ISSUER, "expired"),
        ({"iat": 10**10}, ISSUER, "not_yet"),
        ({"exp": 10**10}, ISSUER, "too_long"),
        ({"exp": None}, ISSUER, "claim"),
        ({"jti": "x" * 201}, ISSUER, "jti"),
        ({"iss": "https://evil.example"}, "", "issuer"),
    ],
)
def test_why_a_token_was_refused_is_noted_for_its_client(
    changes: dict[str, Any], issuer: str, reason: str
) -> None:
    sent(SERVICE, call(of_today()), token(SERVICE, **changes))
    (state,) = CdsState.objects.all()
    assert (state.issuer, state.refusal, state.called_at) == (issuer, reason, None)
    assert refusal_text(reason) != reason


def test_other_refusals_of_tokens() -> None:
    used = token(SERVICE)
    for bearer, reason in ((used, ""), (used, "used"), ("a.b.c", "unreadable")):
        sent(SERVICE, call(of_today()), bearer)
        known = CdsState.objects.filter(issuer="" if reason == "unreadable" else ISSUER)
        assert known.get().refusal == reason
    Client().post(SERVICE)
    assert CdsState.objects.get(issuer="").refusal == "no_token"


REFUSED: list[Any] = [
    pytest.param({"algorithm": "RS256", "key": RSA_KEY}, id="RS256"),
    pytest.param({"algorithm": "HS384", "key": _SECRET}, id="HS384"),
    pytest.param({"algorithm": "none", "key": ""}, id="none"),
    pytest.param({"algorithm": "RS384", "key": _OTHER}, id="another key"),
    pytest.param({"algorithm": "RS384", "header": {"kid": "ec-1"}}, id="another kind of key"),
    pytest.param({"header": {"kid": "unknown"}}, id="an unknown key"),
    pytest.param({"header": {}}, id="no key named"),
    pytest.param({"iss": "https://other.example"}, id="another issuer"),
    pytest.param({"iss": None}, id="no issuer"),
    pytest.param({"aud": f"{SITE}/cds-services"}, id="for another address"),
    pytest.param({"aud": None}, id="for no address"),
    pytest.param({"exp": _NOW - 3600}, id="expired"),
    pytest.param({"exp": None}, id="never expires"),
    pytest.param({"exp": _NOW + 86_400}, id="valid for a day"),
    pytest.param({"exp": 10**20}, id="valid for ever"),
    pytest.param({"iat": _NOW + 3600}, id="of the future"),
    pytest.param({"iat": None}, id="of no time"),
    pytest.param({"iat": "now"}, id="of a time that is none"),
    pytest.param({"jti": None}, id="no id"),
    pytest.param({"jti": "x" * 201}, id="a long id"),
    pytest.param({"jti": "\0"}, id="an id that can't be kept"),
]


@pytest.mark.parametrize("changes", REFUSED)
def test_tokens_that_are_not_taken(changes: dict[str, Any]) -> None:
    response = sent(SERVICE, call(of_today()), token(SERVICE, **changes))
    assert response.status_code == 401
    assert response["WWW-Authenticate"] == "Bearer"
    assert response.json()["issue"][0]["code"] == "login"
    assert not SeenToken.objects.exists()


def test_a_token_serves_once() -> None:
    several = token(SERVICE, aud=["https://other.example", f"{SITE}{SERVICE}"])
    assert sent(SERVICE, call(of_today()), several).status_code == 200
    assert sent(SERVICE, call(of_today()), several).status_code == 401
    # The same id from another issuer is another token; what has expired is forgotten.
    SeenToken.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert sent(SERVICE, call(of_today())).status_code == 200
    assert SeenToken.objects.count() == 1


def test_without_a_token_and_without_clients(settings: Settings) -> None:
    for bearer in ("", "x", "a.b.c"):
        assert sent(SERVICE, call(of_today()), bearer).status_code == 401
    assert Client().get("/cds-services").status_code == 401
    assert sent("/cds-services/other", call(of_today())).status_code == 404
    settings.CDS_CLIENTS = {}
    assert sent(SERVICE, call(of_today())).status_code == 404

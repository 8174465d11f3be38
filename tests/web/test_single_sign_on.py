"""Single sign-on by OpenID Connect, through the real redirects of a provider on this computer."""

import time
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from typing import Any
from unittest.mock import patch
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django_otp.plugins.otp_totp.models import TOTPDevice
from mozilla_django_oidc.auth import OIDCAuthenticationBackend
from pytest_django import Settings

from scoring import actions
from scoring.models import AuditEvent, Role, User
from tests import cast
from tests.web.html import Page
from tests.web.sign_in_service import CALLBACK, Provider

pytestmark = [
    pytest.mark.django_db,
    # Within the provider.
    pytest.mark.filterwarnings("ignore:get_jwt_config:DeprecationWarning"),
]
Action = AuditEvent.Action
START = "/single-sign-on"


def _asked(client: Client, query: str = "") -> str:
    """The address of the service that the button leads to."""
    return client.get(START + query).headers["Location"]


def _sign_in(provider: Provider, sub: str, client: Client | None = None) -> tuple[Client, Any]:
    client = client or Client()
    return client, client.get(provider.vouches(_asked(client), sub))


def _is_refused(client: Client, answer: Any) -> dict[str, Any]:
    """It leads back to the sign-in page, says nothing of why, and tells the log."""
    assert (answer.status_code, answer.headers["Location"]) == (302, reverse("sign-in"))
    page = Page(client.get(reverse("sign-in")))
    assert "Not signed in. If you should have access, ask your administrator" in page.text
    assert client.get(reverse("worklist")).status_code == 302
    assert not AuditEvent.objects.filter(action=Action.SIGN_IN).exists()
    detail: dict[str, Any] = AuditEvent.objects.get(action=Action.SIGN_IN_FAILED).detail
    assert detail["method"] == "single sign-on"
    return detail


def test_the_person_behind_an_account_gets_in(provider: Provider) -> None:
    cast.alice()
    provider.knows("sub-alice", preferred_username="alice")
    client = Client()
    page = Page(client.get(reverse("sign-in")))
    assert "Sign in with St Example" in page.text
    _, answer = _sign_in(provider, "sub-alice", client)
    assert answer.headers["Location"] == reverse("worklist")
    assert "Dr Alice Moore" in client.get(reverse("worklist")).content.decode()
    event = AuditEvent.objects.get(action=Action.SIGN_IN)
    assert (event.actor, event.detail) == ("alice", {"method": "single sign-on"})


def test_it_leads_to_the_page_asked_for_and_to_no_other_site(provider: Provider) -> None:
    cast.alice()
    provider.knows("sub-alice", preferred_username="alice")
    for asked, led in (
        (reverse("history"), reverse("history")),
        ("https://evil.example/", reverse("worklist")),
    ):
        client = Client()
        answer = client.get(provider.vouches(_asked(client, f"?next={asked}"), "sub-alice"))
        assert answer.headers["Location"] == led


def test_the_flow_is_bound_by_pkce_state_and_nonce(provider: Provider) -> None:
    cast.alice()
    provider.knows("sub-alice", preferred_username="alice")
    client = Client()
    address = _asked(client)
    asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
    assert asked["response_type"] == "code"
    assert asked["code_challenge_method"] == "S256"
    assert asked["prompt"] == "login"
    assert asked["redirect_uri"] == f"http://testserver{CALLBACK}"
    assert len(asked["state"]) >= 32
    assert len(asked["nonce"]) >= 32
    back = provider.vouches(address, "sub-alice")
    with patch("mozilla_django_oidc.auth.requests.post", wraps=requests.post) as sent:
        client.get(back)
    verifier = sent.call_args.kwargs["data"]["code_verifier"]
    digest = urlsafe_b64encode(sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    assert digest == asked["code_challenge"]


def test_a_person_without_an_account_is_refused(provider: Provider) -> None:
    provider.knows("sub-mallory", preferred_username="mallory")
    client, answer = _sign_in(provider, "sub-mallory")
    detail = _is_refused(client, answer)
    assert detail["username"] == "mallory"
    assert not User.objects.filter(username="mallory").exists()


def test_a_name_in_other_letters_is_another_name(provider: Provider) -> None:
    cast.alice()
    provider.knows("sub-other", preferred_username="Alice")
    _is_refused(*_sign_in(provider, "sub-other"))


def test_a_disabled_user_is_refused_and_put_out(provider: Provider) -> None:
    alice, adam = cast.alice(), cast.adam()
    provider.knows("sub-alice", preferred_username="alice")
    inside, _ = _sign_in(provider, "sub-alice")
    assert inside.get(reverse("worklist")).status_code == 200
    actions.disable_user(by=adam, user=alice, origin=actions.NOWHERE)
    assert inside.get(reverse("worklist")).status_code == 302
    _, answer = _sign_in(provider, "sub-alice")
    assert answer.headers["Location"] == reverse("sign-in")
    assert AuditEvent.objects.get(action=Action.SIGN_IN_FAILED).detail["username"] == "alice"


def test_a_claim_that_is_missing_is_refused(provider: Provider) -> None:
    cast.alice()
    provider.knows("sub-alice", name="Alice Moore")
    _is_refused(*_sign_in(provider, "sub-alice"))


@pytest.mark.parametrize("change", ["state", "code", "nothing kept", "twice"])
def test_an_answer_that_was_not_asked_for_is_refused(provider: Provider, change: str) -> None:
    cast.alice()
    provider.knows("sub-alice", preferred_username="alice")
    client = Client()
    back = provider.vouches(_asked(client), "sub-alice")
    if change == "twice":
        client.get(back)
        client.post(reverse("sign-out"))
        assert client.get(back).headers["Location"] == reverse("sign-in")
        assert AuditEvent.objects.filter(action=Action.SIGN_IN).count() == 1
        return
    if change == "nothing kept":
        client = Client()
    elif change == "state":
        back = back.replace("state=", "state=x")
    else:
        back = back.replace("code=", "code=x")
    _is_refused(client, client.get(back))


@pytest.mark.parametrize(
    ("setting", "value"),
    [("OIDC_ISSUER", "https://other.example"), ("OIDC_RP_SIGN_ALGO", "ES256")],
)
def test_a_token_that_is_not_in_order_is_refused(
    provider: Provider, settings: Settings, setting: str, value: str
) -> None:
    cast.alice()
    provider.knows("sub-alice", preferred_username="alice")
    setattr(settings, setting, value)
    _is_refused(*_sign_in(provider, "sub-alice"))


def test_a_token_for_another_client_is_refused(provider: Provider, settings: Settings) -> None:
    cast.alice()
    provider.knows("sub-alice", preferred_username="alice")
    client = Client()
    back = provider.vouches(_asked(client), "sub-alice")
    real = requests.post

    def as_another(url: str, data: dict[str, str], **more: Any) -> requests.Response:
        return real(url, data=data | {"client_id": "rbp-risk"}, **more)

    settings.OIDC_RP_CLIENT_ID = "something-else"
    with patch("mozilla_django_oidc.auth.requests.post", side_effect=as_another):
        detail = _is_refused(client, client.get(back))
    assert "another client" in detail["reason"]


def test_a_service_that_is_away_is_said_so(provider: Provider, settings: Settings) -> None:
    cast.alice()
    provider.knows("sub-alice", preferred_username="alice")
    client = Client()
    back = provider.vouches(_asked(client), "sub-alice")
    settings.OIDC_OP_TOKEN_ENDPOINT = "http://localhost:9/token"
    assert "ConnectionError" in _is_refused(client, client.get(back))["reason"]


def test_who_declines_there_is_not_signed_in(provider: Provider) -> None:
    client = Client()
    state = parse_qs(urlsplit(_asked(client)).query)["state"][0]
    answer = client.get(f"{CALLBACK}?error=access_denied&state={state}")
    assert _is_refused(client, answer)["reason"] == "access_denied"


def test_roles_follow_the_claim_where_they_are_mapped(
    provider: Provider, settings: Settings
) -> None:
    settings.OIDC_ROLES_CLAIM = "groups"
    settings.OIDC_ROLES_MAP = {"spine-ward": "Clinician", "audit": "Reviewer"}
    cast.alice()
    cast.adam()
    provider.knows("sub-alice", preferred_username="alice", groups=["audit", "canteen", 7])
    _sign_in(provider, "sub-alice")
    assert cast.alice().roles == ["Reviewer"]
    told = AuditEvent.objects.get(action=Action.USER_ROLES_CHANGED)
    assert told.detail == {
        "username": "alice",
        "roles_added": ["Reviewer"],
        "roles_removed": ["Clinician"],
    }
    # The last administrator stays one, whatever the claim says.
    provider.knows("sub-adam", preferred_username="adam", groups=[])
    _, answer = _sign_in(provider, "sub-adam")
    assert answer.headers["Location"] == reverse("sign-in")
    assert cast.adam().roles == ["Administrator"]


def test_accounts_are_made_only_where_that_is_allowed(
    provider: Provider, settings: Settings
) -> None:
    settings.OIDC_CREATE_USER = True
    settings.OIDC_ROLES_CLAIM, settings.OIDC_ROLES_MAP = "groups", {"ward": "Clinician"}
    provider.knows("sub-li", preferred_username="li.wei", name="Dr Li Wei", groups="ward")
    client, answer = _sign_in(provider, "sub-li")
    assert answer.headers["Location"] == reverse("worklist")
    user = User.objects.get(username="li.wei")
    assert (user.display_name, user.roles) == ("Dr Li Wei", ["Clinician"])
    assert not user.has_usable_password()
    assert AuditEvent.objects.get(action=Action.USER_CREATED).detail["username"] == "li.wei"
    assert "you sign in with your hospital account" in Page(client.get("/account")).text
    # Neither a second account for a name, nor one under what is no user name.
    provider.knows("sub-2", preferred_username="li.wei2", name="Dr Li Wei")
    provider.knows("sub-3", preferred_username="two words", name="Dr Two")
    provider.knows("sub-4", preferred_username="mei", name="Dr \u202eieM")
    provider.knows("sub-5", preferred_username="mei\u2066", name="Dr Mei")
    for sub in ("sub-2", "sub-3", "sub-4", "sub-5"):
        assert _sign_in(provider, sub)[1].headers["Location"] == reverse("sign-in")
    assert User.objects.count() == 1
    logged = AuditEvent.objects.filter(action=Action.SIGN_IN_FAILED).latest("at").detail
    assert logged["username"] == "mei[U+2066]"


@pytest.mark.parametrize("trusted", [False, True])
def test_the_second_factor_after_single_sign_on(
    provider: Provider, settings: Settings, trusted: bool
) -> None:
    settings.SECOND_FACTOR_ROLES = ["Clinician"]
    settings.OIDC_TRUST_SECOND_FACTOR = trusted
    cast.account("alice", "Dr Alice Moore", Role.CLINICIAN)
    provider.knows("sub-alice", preferred_username="alice")
    client, _ = _sign_in(provider, "sub-alice")
    assert client.get(reverse("history")).status_code == (200 if trusted else 302)


def test_a_failure_there_locks_nobody_out_here(provider: Provider) -> None:
    cast.alice()
    provider.knows("sub-mallory", preferred_username="mallory")
    for _ in range(6):
        _sign_in(provider, "sub-mallory")
    provider.knows("sub-alice", preferred_username="alice")
    assert _sign_in(provider, "sub-alice")[1].headers["Location"] == reverse("worklist")
    sent = {"username": "alice", "password": cast.PASSWORD}
    assert Client().post(reverse("sign-in"), sent).status_code == 302


def test_without_a_service_there_is_no_button(client: Client) -> None:
    assert "single-sign-on" not in client.get(reverse("sign-in")).content.decode()
    assert client.get(START).status_code == client.get(CALLBACK).status_code == 404


def test_a_name_given_to_another_person_does_not_open_the_account(provider: Provider) -> None:
    alice = cast.alice()
    provider.knows("sub-alice", preferred_username="alice")
    _sign_in(provider, "sub-alice")
    bound = AuditEvent.objects.get(action=Action.USER_BOUND)
    assert (bound.actor, bound.detail) == ("", {"username": "alice"})
    alice.refresh_from_db()
    assert (alice.service_issuer, alice.service_subject) == (provider.url, "sub-alice")
    # The same person under a new name, and somebody else under the old one.
    provider.knows("sub-alice", preferred_username="alice.moore")
    client, answer = _sign_in(provider, "sub-alice")
    assert answer.headers["Location"] == reverse("worklist")
    assert "Dr Alice Moore" in client.get(reverse("worklist")).content.decode()
    provider.knows("sub-other", preferred_username="alice")
    assert _sign_in(provider, "sub-other")[1].headers["Location"] == reverse("sign-in")
    detail = AuditEvent.objects.get(action=Action.SIGN_IN_FAILED).detail
    assert detail["reason"] == "the account is bound to another person there"
    assert AuditEvent.objects.filter(action=Action.USER_BOUND).count() == 1


def test_an_administrator_releases_an_account(provider: Provider) -> None:
    alice = cast.alice()
    provider.knows("sub-1", preferred_username="alice")
    provider.knows("sub-2", preferred_username="alice")
    admin = Client()
    admin.force_login(cast.adam())
    page, release = (reverse(name, args=[alice.uuid]) for name in ("user-change", "user-release"))
    assert release not in admin.get(page).content.decode()
    _sign_in(provider, "sub-1")
    assert release in admin.get(page).content.decode()
    admin.post(release)
    admin.post(release)
    event = AuditEvent.objects.get(action=Action.USER_RELEASED)
    assert (event.actor, event.detail) == ("adam", {"username": "alice"})
    assert _sign_in(provider, "sub-2")[1].headers["Location"] == reverse("worklist")
    assert _sign_in(provider, "sub-1")[1].headers["Location"] == reverse("sign-in")


def test_one_person_has_one_account(provider: Provider) -> None:
    alice, bob = cast.alice(), cast.bob()
    person: dict[str, Any] = {
        "issuer": provider.url,
        "subject": "sub-alice",
        "origin": actions.NOWHERE,
    }
    actions.bind_user(user=alice, **person)
    with pytest.raises(actions.AnotherPersonError):
        actions.bind_user(user=bob, **person)
    bob.service_issuer, bob.service_subject = provider.url, "sub-alice"
    with pytest.raises(IntegrityError), transaction.atomic():
        bob.save()


@pytest.mark.parametrize("name", ["second-factor-set-up", "second-factor-remove", "recovery-codes"])
def test_without_a_password_here_the_service_asks_before_a_factor_changes(
    provider: Provider, name: str
) -> None:
    alice = cast.alice()
    alice.set_unusable_password()
    alice.save()
    TOTPDevice.objects.create(user=alice, name="authenticator", confirmed=True)
    provider.knows("sub-alice", preferred_username="alice")
    with _asked_for_the_password(None):
        client, _ = _sign_in(provider, "sub-alice")
    address = reverse(name)
    with patch("scoring.web.gate._pending_sign_in_step", return_value=None):
        assert client.post(address).status_code == 403
        assert TOTPDevice.objects.filter(user=alice).count() == 1
        assert f"{START}?again=yes&amp;next={address}" in client.get(address).content.decode()
        again = _asked(client, f"?again=yes&next={address}")
        sent = parse_qs(urlsplit(again).query)
        assert (sent["prompt"], sent["max_age"]) == (["login"], ["0"])
        # A service that did not ask for the password does not count.
        for seconds_ago, expected in ((None, 403), (301, 403), (0, 200)):
            with _asked_for_the_password(seconds_ago):
                back = provider.vouches(_asked(client, f"?again=yes&next={address}"), "sub-alice")
                assert client.get(back).headers["Location"] == address
            if expected == 403:
                assert client.post(address).status_code == 403
        assert client.post(address).status_code in {200, 302}


@contextmanager
def _asked_for_the_password(seconds_ago: int | None) -> Iterator[None]:
    """The service's token says when it asked for the password; None where it does not say."""
    real = OIDCAuthenticationBackend.verify_token

    def told(backend: OIDCAuthenticationBackend, token: str, **more: Any) -> dict[str, Any]:
        claims: dict[str, Any] = real(backend, token, **more)
        claims.pop("auth_time", None)
        asked = {} if seconds_ago is None else {"auth_time": int(time.time()) - seconds_ago}
        return claims | asked

    with patch.object(OIDCAuthenticationBackend, "verify_token", told):
        yield

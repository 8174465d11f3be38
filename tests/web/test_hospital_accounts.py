"""Whose account is whose at the hospital's sign-in service, and when it has to vouch anew."""

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from unittest.mock import patch
from urllib.parse import parse_qs, quote, unquote, urlsplit

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_otp.plugins.otp_totp.models import TOTPDevice
from pytest_django import Settings

from scoring import actions
from scoring.models import AuditEvent
from tests import cast
from tests.web.html import Page, signed_in
from tests.web.sign_in_service import START, Provider, asked, asked_for_the_password, sign_in

pytestmark = [
    pytest.mark.django_db,
    # Within the provider.
    pytest.mark.filterwarnings("ignore:get_jwt_config:DeprecationWarning"),
]
Action = AuditEvent.Action


def test_a_name_given_to_another_person_does_not_open_the_account(provider: Provider) -> None:
    alice = cast.alice()
    provider.knows("sub-alice", preferred_username="alice")
    sign_in(provider, "sub-alice")
    bound = AuditEvent.objects.get(action=Action.USER_BOUND)
    assert (bound.actor, bound.detail) == ("", {"username": "alice"})
    alice.refresh_from_db()
    assert (alice.service_issuer, alice.service_subject) == (provider.url, "sub-alice")
    # The same person under a new name, and somebody else under the old one.
    provider.knows("sub-alice", preferred_username="alice.moore")
    client, answer = sign_in(provider, "sub-alice")
    assert answer.headers["Location"] == reverse("worklist")
    assert "Dr Alice Moore" in client.get(reverse("worklist")).content.decode()
    provider.knows("sub-other", preferred_username="alice")
    assert sign_in(provider, "sub-other")[1].headers["Location"] == reverse("sign-in")
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
    sign_in(provider, "sub-1")
    assert release in admin.get(page).content.decode()
    admin.post(release)
    admin.post(release)
    event = AuditEvent.objects.get(action=Action.USER_RELEASED)
    assert (event.actor, event.detail) == ("adam", {"username": "alice"})
    assert sign_in(provider, "sub-2")[1].headers["Location"] == reverse("worklist")
    assert sign_in(provider, "sub-1")[1].headers["Location"] == reverse("sign-in")


def test_an_expired_temporary_password_is_none(provider: Provider, settings: Settings) -> None:
    """Of a user who goes on signing in at the service: nobody could give it."""
    alice = cast.alice()
    adam, password = cast.adam(), "a long new phrase 7"
    actions.reset_password(by=adam, user=alice, password=password, origin=actions.NOWHERE)
    provider.knows("sub-alice", preferred_username="alice")
    with asked_for_the_password(None):
        client, _ = sign_in(provider, "sub-alice")
    set_up = reverse("authenticator-set-up")
    assert "Your password" in Page(client.get(set_up)).text
    alice.refresh_from_db()
    alice.temporary_password_until = timezone.now()
    alice.save(update_fields=["temporary_password_until"])
    assert "Sign in once more" in Page(client.get(set_up)).text
    assert client.post(set_up, {"password": password}).status_code == 403
    assert "you sign in with your hospital account" in Page(client.get("/account")).text


def test_the_page_says_where_roles_come_from(provider: Provider, settings: Settings) -> None:
    said = "Each sign-in with the hospital account sets anew, by the groups there: Clinician"
    admin, alice = signed_in(cast.adam()), cast.alice()
    page = reverse("user-change", args=[alice.uuid])
    provider.knows("sub-alice", preferred_username="alice", groups=["ward"])
    sign_in(provider, "sub-alice")
    assert said not in admin.get(page).content.decode()
    settings.OIDC_ROLES_CLAIM, settings.OIDC_ROLES_MAP = "groups", {"ward": "Clinician"}
    assert said in admin.get(page).content.decode()
    unbound = reverse("user-change", args=[cast.bob().uuid])
    assert said not in admin.get(unbound).content.decode()


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
        bob.save(update_fields=["service_issuer", "service_subject"])


@pytest.mark.parametrize("name", ["authenticator-set-up", "authenticator-remove", "recovery-codes"])
def test_without_a_password_here_the_service_asks_before_a_factor_changes(
    provider: Provider, name: str
) -> None:
    alice = cast.alice()
    alice.set_unusable_password()
    alice.save(update_fields=["password"])
    TOTPDevice.objects.create(user=alice, name="authenticator", confirmed=True)
    provider.knows("sub-alice", preferred_username="alice")
    with asked_for_the_password(None):
        client, _ = sign_in(provider, "sub-alice")
    address = reverse(name)
    with patch("scoring.web.gate._pending_sign_in_step", return_value=None):
        assert client.post(address).status_code == 403
        assert TOTPDevice.objects.filter(user=alice).count() == 1
        assert f"{START}?again=yes&amp;next={address}" in client.get(address).content.decode()
        again = asked(client, f"?again=yes&next={address}")
        sent = parse_qs(urlsplit(again).query)
        assert (sent["prompt"], sent["max_age"]) == (["login"], ["0"])
        # A service that did not ask for the password does not count.
        for seconds_ago, expected in ((None, 403), (301, 403), (0, 200)):
            with asked_for_the_password(seconds_ago):
                back = provider.vouches(asked(client, f"?again=yes&next={address}"), "sub-alice")
                assert client.get(back).headers["Location"] == address
            if expected == 403:
                assert client.post(address).status_code == 403
        assert client.post(address).status_code in {200, 302}


@pytest.fixture
def elsewhere() -> Iterator[str]:
    """An address that sends everybody on to where the path says."""

    class SendOn(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(307)
            self.send_header("Location", unquote(self.path[1:]))
            self.send_header("Content-Length", "0")
            self.end_headers()

        do_POST = do_GET  # noqa: N815 - the name that the library asks for

        def log_message(self, *_args: object) -> None:
            """Not into the output of the tests."""

    with ThreadingHTTPServer(("127.0.0.1", 0), SendOn) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.mark.parametrize("asked_for", ["TOKEN", "JWKS"])
def test_no_redirect_of_the_service_is_followed(
    provider: Provider, settings: Settings, elsewhere: str, asked_for: str
) -> None:
    cast.alice()
    provider.knows("sub-alice", preferred_username="alice")
    name = f"OIDC_OP_{asked_for}_ENDPOINT"
    setattr(settings, name, f"{elsewhere}/{quote(getattr(settings, name), safe='')}")
    client, answer = sign_in(provider, "sub-alice")
    assert answer.headers["Location"] == reverse("sign-in")
    assert client.get(reverse("about")).status_code == 302

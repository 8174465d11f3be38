"""Single sign-on by OpenID Connect, through the real redirects of a provider on this computer."""

from base64 import urlsafe_b64encode
from contextlib import ExitStack
from hashlib import sha256
from threading import Thread
from typing import Any
from unittest.mock import patch
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from scoring import actions
from scoring.models import AuditEvent, User
from scoring.web import single_sign_on_pages
from tests import cast
from tests.web.html import Page, signed_in
from tests.web.sign_in_service import CALLBACK, START, Provider, asked, sign_in

pytestmark = [
    pytest.mark.django_db,
    # Within the provider.
    pytest.mark.filterwarnings("ignore:get_jwt_config:DeprecationWarning"),
]
Action = AuditEvent.Action


NOT_HERE = "Not signed in. If you should have access, ask your administrator"
NOT_THERE = "Not signed in: it was cancelled or refused at the sign-in service."


def _is_refused(client: Client, answer: Any, said: str = NOT_HERE) -> dict[str, Any]:
    """It leads back to the sign-in page, says nothing of why, and tells the log."""
    assert (answer.status_code, answer.headers["Location"]) == (302, reverse("sign-in"))
    page = Page(client.get(reverse("sign-in")))
    assert said in page.text
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
    _, answer = sign_in(provider, "sub-alice", client)
    assert answer.headers["Location"] == reverse("worklist")
    assert "Dr Alice Moore" in client.get(reverse("worklist")).content.decode()
    event = AuditEvent.objects.get(action=Action.SIGN_IN)
    assert (event.actor, event.detail) == ("alice", {"method": "single sign-on"})


def test_whoever_was_signed_in_before_is_signed_out_on_record(provider: Provider) -> None:
    """By the button of a sign-in page that another window still shows."""
    cast.alice()
    provider.knows("sub-alice", preferred_username="alice")
    client, _ = sign_in(provider, "sub-alice", signed_in(cast.bob()))
    assert "Dr Alice Moore" in client.get(reverse("worklist")).content.decode()
    assert AuditEvent.objects.get(action=Action.SIGN_OUT).actor == "bob"
    sign_in(provider, "sub-alice", client)
    assert AuditEvent.objects.filter(action=Action.SIGN_OUT).count() == 1


def test_it_leads_to_the_page_asked_for_and_to_no_other_site(provider: Provider) -> None:
    cast.alice()
    provider.knows("sub-alice", preferred_username="alice")
    for wanted, led in (
        (reverse("history"), reverse("history")),
        ("https://evil.example/", reverse("worklist")),
    ):
        client = Client()
        answer = client.get(provider.vouches(asked(client, f"?next={wanted}"), "sub-alice"))
        assert answer.headers["Location"] == led


def test_the_flow_is_bound_by_pkce_state_and_nonce(provider: Provider) -> None:
    cast.alice()
    provider.knows("sub-alice", preferred_username="alice")
    client = Client()
    address = asked(client)
    sent_on = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
    assert sent_on["response_type"] == "code"
    assert sent_on["code_challenge_method"] == "S256"
    assert sent_on["prompt"] == "login"
    assert sent_on["scope"] == "openid profile"
    assert sent_on["redirect_uri"] == f"http://testserver{CALLBACK}"
    assert len(sent_on["state"]) >= 32
    assert len(sent_on["nonce"]) >= 32
    back = provider.vouches(address, "sub-alice")
    with patch("mozilla_django_oidc.auth.requests.post", wraps=requests.post) as sent:
        client.get(back)
    verifier = sent.call_args.kwargs["data"]["code_verifier"]
    digest = urlsafe_b64encode(sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    assert digest == sent_on["code_challenge"]


def test_a_person_without_an_account_is_refused(provider: Provider) -> None:
    provider.knows("sub-mallory", preferred_username="mallory")
    client, answer = sign_in(provider, "sub-mallory")
    detail = _is_refused(client, answer)
    assert detail["username"] == "mallory"
    assert not User.objects.filter(username="mallory").exists()


def test_a_name_in_other_letters_is_another_name(provider: Provider) -> None:
    cast.alice()
    provider.knows("sub-other", preferred_username="Alice")
    _is_refused(*sign_in(provider, "sub-other"))


def test_a_disabled_user_is_refused_and_put_out(provider: Provider) -> None:
    alice, adam = cast.alice(), cast.adam()
    provider.knows("sub-alice", preferred_username="alice")
    inside, _ = sign_in(provider, "sub-alice")
    assert inside.get(reverse("worklist")).status_code == 200
    actions.disable_user(by=adam, user=alice, origin=actions.NOWHERE)
    assert inside.get(reverse("worklist")).status_code == 302
    _, answer = sign_in(provider, "sub-alice")
    assert answer.headers["Location"] == reverse("sign-in")
    assert AuditEvent.objects.get(action=Action.SIGN_IN_FAILED).detail["username"] == "alice"


def test_a_claim_that_is_missing_is_refused(provider: Provider) -> None:
    cast.alice()
    provider.knows("sub-alice", name="Alice Moore")
    _is_refused(*sign_in(provider, "sub-alice"))


@pytest.mark.parametrize("change", ["state", "code", "nothing kept", "twice"])
def test_an_answer_that_was_not_asked_for_is_refused(provider: Provider, change: str) -> None:
    cast.alice()
    provider.knows("sub-alice", preferred_username="alice")
    client = Client()
    back = provider.vouches(asked(client), "sub-alice")
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
    _is_refused(*sign_in(provider, "sub-alice"))


def test_a_token_for_another_client_is_refused(provider: Provider, settings: Settings) -> None:
    cast.alice()
    provider.knows("sub-alice", preferred_username="alice")
    client = Client()
    back = provider.vouches(asked(client), "sub-alice")
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
    back = provider.vouches(asked(client), "sub-alice")
    settings.OIDC_OP_TOKEN_ENDPOINT = "http://localhost:9/token"
    assert client.get(back).headers["Location"] == reverse("sign-in")
    assert "The sign-in service does not answer." in Page(client.get(reverse("sign-in"))).text
    failed = AuditEvent.objects.get(action=Action.SIGN_IN_FAILED)
    assert failed.detail == {"method": "single sign-on", "reason": "ConnectionError"}


@pytest.mark.django_db(transaction=True)
def test_pages_go_on_while_the_service_hangs(provider: Provider, settings: Settings) -> None:
    """In a process with a single slot of the database."""
    settings.THREADS = 3
    provider.knows("sub-alice", preferred_username="alice")
    client, inside = Client(), signed_in(cast.alice())
    inside.handler = client.handler
    back = provider.vouches(asked(client), "sub-alice")
    answered: list[int] = []
    real = requests.post

    def meanwhile(*sent: Any, **more: Any) -> requests.Response:
        page = Thread(target=lambda: answered.append(inside.get(reverse("worklist")).status_code))
        page.start()
        page.join()
        return real(*sent, **more)

    with patch("mozilla_django_oidc.auth.requests.post", side_effect=meanwhile):
        assert client.get(back).headers["Location"] == reverse("worklist")
    assert answered == [200]


def test_few_wait_for_the_service(provider: Provider) -> None:
    cast.alice()
    provider.knows("sub-alice", preferred_username="alice")
    client = Client()
    back = provider.vouches(asked(client), "sub-alice")
    with ExitStack() as others:
        while single_sign_on_pages._places.acquire(blocking=False):
            others.callback(single_sign_on_pages._places.release)
        assert client.get(back).headers["Location"] == reverse("sign-in")
        said = Page(client.get(reverse("sign-in"))).text
        assert "The sign-in service does not answer." in said
    assert sign_in(provider, "sub-alice", client)[1].headers["Location"] == reverse("worklist")


def test_who_declines_there_is_not_signed_in(provider: Provider) -> None:
    client = Client()
    state = parse_qs(urlsplit(asked(client)).query)["state"][0]
    answer = client.get(f"{CALLBACK}?error=access_denied&state={state}")
    assert _is_refused(client, answer, NOT_THERE)["reason"] == "access_denied"


def test_a_failure_there_locks_nobody_out_here(provider: Provider) -> None:
    cast.alice()
    provider.knows("sub-mallory", preferred_username="mallory")
    for _ in range(6):
        sign_in(provider, "sub-mallory")
    provider.knows("sub-alice", preferred_username="alice")
    assert sign_in(provider, "sub-alice")[1].headers["Location"] == reverse("worklist")
    sent = {"username": "alice", "password": cast.PASSWORD}
    assert Client().post(reverse("sign-in"), sent).status_code == 302


def test_without_a_service_there_is_no_button(client: Client) -> None:
    assert "single-sign-on" not in client.get(reverse("sign-in")).content.decode()
    assert client.get(START).status_code == client.get(CALLBACK).status_code == 404

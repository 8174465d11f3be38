"""A role that needs a second factor: its user sets one up at sign-in, then goes on."""

from unittest.mock import patch
from urllib.parse import urlencode

import pytest
from django.urls import reverse
from django_otp.plugins.otp_totp.models import TOTPDevice
from pytest_django import Settings

from tests import cast
from tests.web.html import Page, elements, signed_in, text
from tests.web.second_factor_steps import (
    HOST,
    behind_a_server_with_tls,
    browser_at,
    code_of,
    options_of,
    shown_key,
)
from tests.web.software_passkey import SoftwarePasskey

pytestmark = pytest.mark.django_db
CHOICE = "/account/second-factor"
SET_UP = "/account/authenticator"


def test_a_role_can_make_it_compulsory(settings: Settings) -> None:
    settings.SECOND_FACTOR_ROLES = ["Reviewer"]
    assert signed_in(cast.alice()).get(reverse("worklist")).status_code == 200
    rita = cast.rita()
    client = signed_in(rita)
    for name in ("worklist", "history", "account", "about"):
        assert client.get(reverse(name)).headers["Location"].startswith(CHOICE), name
    assert "Your role needs a second factor." in Page(client.get(CHOICE)).text
    # The password was given a moment ago.
    response = client.get(SET_UP)
    page = Page(response)
    assert "password" not in {control.name for control in page.controls}
    assert client.post(SET_UP, {"code": code_of(shown_key(response))}).status_code == 200
    assert client.get(reverse("worklist")).status_code == 200
    client.post("/account/authenticator/remove", {"password": cast.PASSWORD})
    assert TOTPDevice.objects.filter(user=rita, confirmed=True).exists()
    assert client.post(reverse("sign-out")).status_code == 302


def test_a_session_that_began_earlier_gives_the_password_first(settings: Settings) -> None:
    settings.SECOND_FACTOR_ROLES = ["Reviewer"]
    client = signed_in(cast.rita())
    with patch("scoring.web.sessions.FRESH_SECONDS", 0):
        assert "typed-key" not in client.get(SET_UP).content.decode()
        assert shown_key(client.post(SET_UP, {"password": cast.PASSWORD}))


def _link(page: Page, words: str) -> str:
    """Where a link of the page leads."""
    (found,) = (e for e in elements(page.root) if e.name == "a" and text(e) == words)
    return dict(found.attributes)["href"] or ""


@pytest.mark.parametrize("asks", [False, True])
@pytest.mark.parametrize(
    ("wanted", "led"),
    [("/history?state=final", "/history?state=final"), ("https://evil.example/", "/")],
)
def test_the_app_set_up_at_sign_in_leads_to_the_page_asked_for(
    settings: Settings, wanted: str, led: str, *, asks: bool
) -> None:
    settings.SECOND_FACTOR_ROLES = ["Reviewer"]
    client = signed_in(cast.rita())
    choice = f"{CHOICE}?{urlencode({'next': wanted})}"
    if wanted == led:
        assert client.get(wanted).headers["Location"] == choice
    address = _link(Page(client.get(choice)), "Set up an authenticator app")
    # The page of the app leads back to the choice, which still knows.
    assert _link(Page(client.get(address)), "Back") == choice
    if asks:
        with patch("scoring.web.sessions.FRESH_SECONDS", 0):
            client.get(address)
            key = shown_key(client.post(address, {"password": cast.PASSWORD}))
    else:
        key = shown_key(client.get(address))
    codes = Page(client.post(address, {"code": code_of(key)}))
    assert _link(codes, "I have stored them: continue") == led


def test_the_passkey_added_at_sign_in_leads_to_the_page_asked_for(settings: Settings) -> None:
    behind_a_server_with_tls(settings)
    settings.SECOND_FACTOR_ROLES = ["Reviewer"]
    client = browser_at(cast.rita(), HOST)
    choice = client.get(reverse("history")).headers["Location"]
    address = _link(Page(client.get(choice)), "Add a passkey")
    options = options_of(client.post(address, {"name": "blue key"}))
    codes = Page(client.post(address, {"passkey": SoftwarePasskey().made(options)}))
    assert _link(codes, "I have stored them: continue") == reverse("history")

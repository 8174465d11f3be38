"""Passkeys: added, used at sign-in, removed; where there are none, the pages say why."""

import pytest
from django.urls import reverse
from django_otp.plugins.otp_static.models import StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice
from pytest_django import Settings

from scoring.models import AuditEvent, Passkey, User
from tests import cast
from tests.web.html import Page, elements
from tests.web.second_factor_steps import (
    ADD,
    CODE,
    HOST,
    add,
    ask_for_new,
    behind_a_server_with_tls,
    browser_at,
    code_of,
    gets_in,
    options_of,
    set_up_app,
    use,
)
from tests.web.software_passkey import SoftwarePasskey

pytestmark = pytest.mark.django_db
Action = AuditEvent.Action


@pytest.fixture(autouse=True)
def _site(settings: Settings) -> None:
    behind_a_server_with_tls(settings)


@pytest.fixture
def alice() -> User:
    return cast.alice()


@pytest.fixture
def key(alice: User) -> SoftwarePasskey:
    return add(browser_at(alice))


def test_it_is_added_with_name_and_password_and_brings_recovery_codes(alice: User) -> None:
    client = browser_at(alice)
    wrong = Page(client.post(ADD, {"name": " ", "password": "wrong"}))
    assert wrong.beside("name") == ["Error: nothing entered; a name is needed."]
    assert wrong.beside("password") == ["Error: This is not your password."]
    options = ask_for_new(client)
    assert options["rp"]["id"] == HOST
    assert options["authenticatorSelection"]["userVerification"] == "preferred"
    assert not Passkey.objects.exists()
    page = Page(client.post(ADD, {"passkey": SoftwarePasskey().made(options)}))
    assert "Recovery codes" in page.text
    assert StaticToken.objects.filter(device__user=alice).count() == 10
    said = Page(client.get(reverse("account"))).text
    assert f"blue key · for {HOST}, added" in said
    assert "not used yet" in said
    assert "10 unused" in said
    event = AuditEvent.objects.get(action=Action.PASSKEY_ADDED)
    assert (event.actor, event.detail) == ("alice", {"name": "blue key"})


def test_a_second_one_keeps_the_codes_and_has_another_name(
    alice: User, key: SoftwarePasskey
) -> None:
    client = browser_at(alice)
    use(client, key)
    codes = set(StaticToken.objects.values_list("token", flat=True))
    sent = {"name": "blue key", "password": cast.PASSWORD}
    assert "choose another" in Page(client.post(ADD, sent)).beside("name")[0]
    excluded = ask_for_new(client, "laptop")["excludeCredentials"]
    assert len(excluded) == 1
    add(client, "laptop")
    assert set(StaticToken.objects.values_list("token", flat=True)) == codes


def test_after_the_password_nothing_opens_without_the_passkey(
    alice: User, key: SoftwarePasskey
) -> None:
    client = browser_at(alice)
    assert client.get(reverse("worklist")).headers["Location"].startswith(CODE)
    page = Page(client.get(CODE))
    assert "Use your passkey" in page.text
    assert "Enter one of your recovery codes." in page.text
    assert "authenticator app" not in page.text
    assert use(client, key).status_code == 302
    assert gets_in(client)
    event = AuditEvent.objects.get(action=Action.SECOND_FACTOR_PASSED)
    assert event.detail == {"method": "passkey", "name": "blue key"}
    assert Passkey.objects.get().last_used_at is not None
    assert "last used" in Page(client.get(reverse("account"))).text
    # Another session shows its own.
    assert not gets_in(browser_at(alice))


def test_it_stands_beside_the_app(alice: User, key: SoftwarePasskey) -> None:
    set_up_app(alice)
    page = Page(browser_at(alice).get(CODE))
    assert "Use your passkey" in page.text
    assert "six digits from your authenticator app" in page.text
    client = browser_at(alice)
    client.post(CODE, {"code": code_of(TOTPDevice.objects.get().key)})
    assert gets_in(client)
    client = browser_at(alice)
    use(client, key)
    assert gets_in(client)


def test_a_removed_one_opens_nothing(alice: User, key: SoftwarePasskey) -> None:
    client = browser_at(alice)
    use(client, key)
    waiting = browser_at(alice)
    options = options_of(waiting.get(CODE))
    remove = reverse("passkey-remove", args=[Passkey.objects.get().uuid])
    assert browser_at(cast.bob()).post(remove, {"password": cast.PASSWORD}).status_code == 404
    assert client.post(remove, {"password": "wrong"}).status_code == 422
    assert Passkey.objects.exists()
    assert "password alone" in Page(client.get(remove)).text
    assert client.post(remove, {"password": cast.PASSWORD}).status_code == 302
    assert not Passkey.objects.exists()
    # With the last factor.
    assert not StaticToken.objects.exists()
    assert waiting.post(CODE, {"passkey": key.signed(options)}).status_code == 302
    assert AuditEvent.objects.filter(action=Action.SECOND_FACTOR_PASSED).count() == 1
    assert AuditEvent.objects.get(action=Action.PASSKEY_REMOVED).detail == {"name": "blue key"}


def test_the_session_goes_on_with_what_is_left(alice: User, key: SoftwarePasskey) -> None:
    set_up_app(alice)
    client = browser_at(alice)
    use(client, key)
    codes = StaticToken.objects.count()
    remove = reverse("passkey-remove", args=[Passkey.objects.get().uuid])
    client.post(remove, {"password": cast.PASSWORD})
    assert gets_in(client)
    assert StaticToken.objects.count() == codes
    add(client, "new key")
    client.post(reverse("authenticator-remove"), {"password": cast.PASSWORD})
    assert gets_in(client)
    assert StaticToken.objects.count() == codes
    assert not gets_in(browser_at(alice))


def test_it_counts_where_a_role_needs_a_second_factor(settings: Settings) -> None:
    settings.SECOND_FACTOR_ROLES = ["Reviewer"]
    rita = cast.rita()
    client = browser_at(rita)
    assert client.get(reverse("history")).headers["Location"].startswith("/account/second-factor")
    # The password was given a moment ago.
    page = Page(client.get(ADD))
    assert "password" not in {control.name for control in page.controls}
    options = options_of(client.post(ADD, {"name": "blue key"}))
    client.post(ADD, {"passkey": SoftwarePasskey().made(options)})
    assert client.get(reverse("history")).status_code == 200
    # The last one stays.
    remove = reverse("passkey-remove", args=[Passkey.objects.get().uuid])
    client.post(remove, {"password": cast.PASSWORD})
    assert Passkey.objects.count() == 1
    add(client, "laptop")
    client.post(remove, {"password": cast.PASSWORD})
    assert Passkey.objects.get().name == "laptop"


def test_the_app_beside_it_keeps_the_codes(alice: User, key: SoftwarePasskey) -> None:
    client = browser_at(alice)
    use(client, key)
    codes = set(StaticToken.objects.values_list("token", flat=True))
    assert set_up_app(alice) == []
    assert set(StaticToken.objects.values_list("token", flat=True)) == codes
    # Another app is another telephone: its codes may be lost with the one before.
    assert len(set_up_app(alice)) == 10


def test_a_recovery_code_serves_without_the_passkey(alice: User) -> None:
    client = browser_at(alice)
    options = ask_for_new(client)
    response = client.post(ADD, {"passkey": SoftwarePasskey().made(options)})
    codes = [li.children[0] for li in elements(Page(response).root) if li.name == "li"]
    client = browser_at(alice)
    assert client.post(CODE, {"code": str(codes[0])}).status_code == 302
    assert gets_in(client)
    made = client.post(reverse("recovery-codes"), {"password": cast.PASSWORD})
    assert "Recovery codes" in Page(made).text
    assert gets_in(client)


def test_the_administrator_resets_it(alice: User, key: SoftwarePasskey) -> None:
    client = browser_at(alice)
    use(client, key)
    admin = browser_at(cast.adam())
    assert "yes" in Page(admin.get(reverse("users"))).text
    admin.post(reverse("user-second-factor-reset", args=[alice.uuid]))
    assert not Passkey.objects.exists()
    assert gets_in(browser_at(alice))


@pytest.mark.parametrize(
    ("host", "tls", "said"),
    [
        (HOST, True, ""),
        ("localhost:8000", False, ""),
        (HOST, False, "Passkeys need a connection with TLS (https)."),
        ("127.0.0.1:8000", False, "Open the site as http://localhost:8000 instead."),
        ("192.0.2.5", False, "Passkeys need the site's host name"),
        ("192.0.2.5", True, "Passkeys need the site's host name"),
    ],
)
def test_where_no_browser_offers_passkeys_the_pages_say_why(
    alice: User, host: str, tls: bool, said: str
) -> None:
    client = browser_at(alice, host, tls=tls)
    assert said in Page(client.get(ADD)).text
    assert ("name" in {control.name for control in Page(client.get(ADD)).controls}) is (not said)
    assert said in Page(client.get("/account/second-factor")).text
    add(browser_at(alice))
    assert said in Page(browser_at(alice, host, tls=tls).get(CODE)).text


def test_under_another_host_name_the_page_says_which(alice: User, key: SoftwarePasskey) -> None:
    page = Page(browser_at(alice, "other.example").get(CODE))
    assert f"under another host name: {HOST}" in page.text
    assert "Use your passkey" not in page.text


def test_a_server_in_front_may_change_the_port(alice: User, settings: Settings) -> None:
    settings.CSRF_TRUSTED_ORIGINS = [f"https://{HOST}:8443"]
    client = browser_at(alice)
    key = SoftwarePasskey(origin=f"https://{HOST}:8443")
    client.post(ADD, {"passkey": key.made(ask_for_new(client))})
    client = browser_at(alice)
    use(client, key)
    assert gets_in(client)

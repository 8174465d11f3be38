"""Passkeys in the browser, with Chromium's own authenticator in place of a security key."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import CDPSession, Page, expect

from scoring.models import AuditEvent, Passkey
from tests import cast
from tests.browser.conftest import Watch

pytestmark = pytest.mark.django_db(transaction=True)
CANCELLED = "Cancelled, or this computer has no passkey for you."


class SecurityKey:
    """A security key that lies in the computer, and is touched at once."""

    def __init__(self, page: Page) -> None:
        self._devtools: CDPSession = page.context.new_cdp_session(page)
        self._devtools.send("WebAuthn.enable")
        self._put_in()

    def _put_in(self) -> None:
        options = {
            "protocol": "ctap2",
            "transport": "usb",
            "hasUserVerification": False,
            "automaticPresenceSimulation": True,
        }
        self._id = self._send("addVirtualAuthenticator", options=options)["authenticatorId"]

    def exchange(self) -> None:
        """Take it out and put in another one, empty."""
        self._send("removeVirtualAuthenticator", authenticatorId=self._id)
        self._put_in()

    def touch(self, *, by_itself: bool) -> None:
        """Whether it is touched whenever it waits for it."""
        self._send("setAutomaticPresenceSimulation", authenticatorId=self._id, enabled=by_itself)

    @property
    def credential(self) -> dict[str, Any]:
        """The passkey that it holds."""
        (held,) = self._send("getCredentials", authenticatorId=self._id)["credentials"]
        return dict(held)

    def hold(self, credential: dict[str, Any]) -> None:
        """This passkey alone, be it one of another key."""
        self._send("clearCredentials", authenticatorId=self._id)
        self._send("addCredential", authenticatorId=self._id, credential=credential)

    def _send(self, command: str, **values: Any) -> dict[str, Any]:
        return dict(self._devtools.send(f"WebAuthn.{command}", values) or {})


@pytest.fixture
def key(page: Page) -> SecurityKey:
    return SecurityKey(page)


def _sign_in(page: Page, username: str) -> None:
    page.goto("/")
    page.get_by_label("Username").fill(username)
    page.get_by_label("Password").fill(cast.PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "/sign-in" not in url, wait_until="load")


def _sign_out(page: Page, name: str) -> None:
    page.get_by_text(name).first.click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


def _name_it(page: Page, name: str) -> None:
    """To the page on which the browser makes the passkey."""
    page.goto("/account/passkeys/add")
    page.get_by_label("Name of the passkey").fill(name)
    page.get_by_label("Your password").fill(cast.PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Add this passkey")).to_be_focused()
    page.wait_for_load_state()


def _add(page: Page, name: str) -> None:
    _name_it(page, name)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()


def test_added_used_and_removed_by_keyboard(
    page: Page, axe: Callable[[Page], None], key: SecurityKey
) -> None:
    cast.alice()
    _sign_in(page, "alice")
    expect(page.get_by_role("heading", name="Worklist")).to_be_visible()
    page.goto("/account/second-factor")
    axe(page)
    page.goto("/account/passkeys/add")
    axe(page)
    _name_it(page, "blue key")
    axe(page)
    page.keyboard.press("Enter")
    expect(page.get_by_role("listitem")).to_have_count(10)
    _sign_out(page, "Dr Alice Moore")

    _sign_in(page, "alice")
    expect(page.get_by_role("button", name="Use your passkey")).to_be_focused()
    axe(page)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Worklist")).to_be_visible()

    page.goto("/account")
    expect(page.get_by_text("blue key · for localhost, added")).to_be_visible()
    axe(page)
    page.get_by_role("link", name="Remove blue key").click()
    axe(page)
    page.get_by_label("Your password").fill(cast.PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_text("The passkey “blue key” was removed.")).to_be_visible()
    _sign_out(page, "Dr Alice Moore")
    _sign_in(page, "alice")
    expect(page.get_by_role("heading", name="Worklist")).to_be_visible()


def test_one_key_is_added_once(page: Page, axe: Callable[[Page], None], key: SecurityKey) -> None:
    cast.alice()
    _sign_in(page, "alice")
    _add(page, "blue key")
    _name_it(page, "blue key again")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_have_text("Error: This passkey is added already.")
    axe(page)
    assert Passkey.objects.count() == 1


def test_without_ones_own_passkey_nothing_opens(
    page: Page, axe: Callable[[Page], None], watch: Watch, key: SecurityKey
) -> None:
    """None in the computer, another user's, one that was removed meanwhile."""
    cast.alice()
    cast.bob()
    _sign_in(page, "bob")
    _add(page, "bob's key")
    bobs = key.credential
    _sign_out(page, "Dr Bob Keller")
    key.exchange()
    _sign_in(page, "alice")
    _add(page, "blue key")
    lost = key.credential
    key.exchange()
    _name_it(page, "red key")
    page.keyboard.press("Enter")
    expect(page.get_by_text("The passkey “red key” was added.")).to_be_visible()
    _sign_out(page, "Dr Alice Moore")

    key.exchange()
    _sign_in(page, "alice")
    use, refused = page.get_by_role("button", name="Use your passkey"), page.get_by_role("alert")
    use.click()
    expect(refused).to_contain_text(CANCELLED)
    axe(page)
    page.set_viewport_size({"width": 320, "height": 640})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    axe(page)
    page.reload()
    key.hold(bobs)
    use.click()
    expect(refused).to_contain_text(CANCELLED)

    Passkey.objects.filter(name="blue key").delete()
    key.hold(lost)
    watch.expect_status(422)
    use.click()
    expect(refused).to_contain_text("this passkey was not accepted.")
    page.goto("/")
    expect(page.get_by_role("heading", name="Second factor")).to_be_visible()


def test_the_time_runs_out_and_a_second_try_succeeds(page: Page, key: SecurityKey) -> None:
    cast.alice()
    _sign_in(page, "alice")
    _add(page, "blue key")
    _sign_out(page, "Dr Alice Moore")
    _sign_in(page, "alice")
    key.touch(by_itself=False)
    page.evaluate(
        """() => {
            const { dataset } = document.querySelector("form[data-passkey]");
            const options = JSON.parse(dataset.options);
            dataset.options = JSON.stringify({ ...options, timeout: 200 });
        }"""
    )
    page.get_by_role("button", name="Use your passkey").click()
    expect(page.get_by_role("alert")).to_have_text("Error: The time ran out. Try again.")
    key.touch(by_itself=True)
    page.reload()
    page.get_by_role("button", name="Use your passkey").click()
    expect(page.get_by_role("heading", name="Worklist")).to_be_visible()


def test_a_browser_without_passkeys_is_told_so(page: Page, key: SecurityKey) -> None:
    cast.alice()
    _sign_in(page, "alice")
    _name_it(page, "blue key")
    page.evaluate("delete window.PublicKeyCredential")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("This browser has no passkeys.")


def test_a_copy_and_an_answer_sent_twice_are_refused(
    page: Page, axe: Callable[[Page], None], watch: Watch, key: SecurityKey
) -> None:
    cast.alice()
    _sign_in(page, "alice")
    _add(page, "blue key")
    copy = key.credential
    for _time in range(2):
        _sign_out(page, "Dr Alice Moore")
        _sign_in(page, "alice")
        with page.expect_request("**/account/code*") as sent:
            page.get_by_role("button", name="Use your passkey").click()
        expect(page.get_by_role("heading", name="Worklist")).to_be_visible()
    _sign_out(page, "Dr Alice Moore")
    _sign_in(page, "alice")
    watch.expect_status(422)
    answer = (sent.value.post_data_json or {})["passkey"]
    page.evaluate(
        """answer => {
            const form = document.querySelector("form[data-passkey]");
            form.elements.passkey.value = answer;
            form.submit();
        }""",
        answer,
    )
    refused = page.get_by_role("alert")
    expect(refused).to_contain_text("this passkey was not accepted.")
    axe(page)
    Passkey.objects.update(throttling_failure_count=0)
    key.hold({**copy, "signCount": 1})
    page.goto("/account/code")
    page.get_by_role("button", name="Use your passkey").click()
    expect(refused).to_contain_text("this passkey was not accepted.")
    reasons = AuditEvent.objects.filter(action="second_factor_failed").order_by("pk")
    assert [event.detail["reason"] for event in reasons] == [
        "Wrong challenge in response.",
        "signature counter went back",
    ]

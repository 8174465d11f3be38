"""Users and second factor in the browser: by keyboard and mouse, nothing for axe to mend."""

from base64 import b32decode
from collections.abc import Callable

import pytest
from django_otp.oath import totp
from playwright.sync_api import Page, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from tests import cast
from tests.browser.conftest import Watch

pytestmark = pytest.mark.django_db(transaction=True)


def _sign_in(page: Page, username: str, password: str) -> None:
    page.get_by_label("Username").fill(username)
    page.get_by_label("Password").fill(password)
    page.keyboard.press("Enter")


def test_from_a_new_account_to_its_first_page(
    page: Page,
    axe: Callable[[Page], None],
    watch: Watch,
    live_server: LiveServer,
    settings: Settings,
) -> None:
    """An administrator makes an account; its user chooses a password and sets up the app."""
    settings.SECOND_FACTOR_ROLES = ["Clinician"]
    cast.adam()
    page.goto("/")
    axe(page)
    _sign_in(page, "adam", cast.PASSWORD)
    expect(page.get_by_role("heading", name="Users")).to_be_visible()
    axe(page)
    page.get_by_role("link", name="New user").click()
    expect(page.get_by_role("heading", name="New user")).to_be_visible()
    watch.expect_status(422)
    page.get_by_role("button", name="Create the account").click()
    expect(page.get_by_role("alert")).to_contain_text("3 entries need correcting.")
    axe(page)
    page.get_by_label("Username").fill("li.wei")
    page.get_by_label("Name as printed on reports").fill("Dr Li Wei")
    page.get_by_label("Clinician").check()
    page.get_by_label("This account is for one person").check()
    page.get_by_role("button", name="Create the account").click()
    password = page.locator("#temporary-password").inner_text()
    axe(page)
    page.get_by_role("link", name="Back to this account").click()
    expect(page.get_by_role("heading", name="Dr Li Wei")).to_be_visible()
    axe(page)
    page.get_by_text("Adam Berg").click()
    page.get_by_role("button", name="Sign out").click()

    _sign_in(page, "li.wei", password)
    expect(page.get_by_text("The password you were given works once.")).to_be_visible()
    axe(page)
    page.locator("[name=old_password]").fill(password)
    page.locator("[name=new_password1]").fill("a long new phrase 7")
    page.locator("[name=new_password2]").fill("a long new phrase 7")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Your role needs a second factor.")).to_be_visible()
    axe(page)
    page.get_by_role("link", name="Set up an authenticator app").click()
    expect(page.get_by_text("Scan with an authenticator app")).to_be_visible()
    axe(page)
    key = b32decode(page.locator(".typed-key").inner_text().replace(" ", ""))
    page.get_by_role("textbox", name="Code").fill(f"{totp(key):06d}")
    page.keyboard.press("Enter")
    expect(page.get_by_role("listitem")).to_have_count(10)
    axe(page)
    recovery_code = page.get_by_role("listitem").first.inner_text()
    page.get_by_role("link", name="I have stored them: continue").click()
    expect(page.get_by_role("heading", name="Worklist")).to_be_visible()
    page.get_by_text("Dr Li Wei").first.click()
    page.get_by_role("link", name="Your account").click()
    expect(page.get_by_role("heading", name="Your account")).to_be_visible()
    axe(page)
    page.get_by_text("Dr Li Wei").first.click()
    page.get_by_role("button", name="Sign out").click()

    _sign_in(page, "li.wei", "a long new phrase 7")
    expect(page.get_by_role("heading", name="Enter the code")).to_be_visible()
    axe(page)
    page.get_by_role("textbox", name="Code").fill(recovery_code)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Worklist")).to_be_visible()

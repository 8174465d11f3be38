"""Every address that shows a page, for every role, and every page that refuses: sound everywhere.

What a page says in other states (errors, questions, conflicts) stands in ``test_pages`` and
``test_life_pages``. One window walks through all pages of a role.
"""

import re
from collections.abc import Callable
from uuid import UUID

import pytest
from django.conf import settings
from django.db import OperationalError
from django.urls import reverse
from playwright.sync_api import BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from scoring import actions
from scoring.models import User
from tests import cast
from tests.browser import steps
from tests.browser.conftest import Watch
from tests.browser.soundness import LOOKS, assert_sound
from tests.life import acts
from tests.web.addresses import address_of, records_of
from tests.web.url_roles import ROLES, SHOWN, TABLE, Row

WHO: dict[str, Callable[[], User] | None] = {
    "clinician": cast.alice,
    "reviewer": cast.rita,
    "administrator": cast.adam,
    "signed out": None,
}
LANGUAGES = [code for code, _ in settings.LANGUAGES]
# What answers with a whole page, by the names of addresses that were asked.
_ARE_PAGES: dict[str, bool] = {}
# On the ward's screen by day, pages are watched by ``test_pages``. Here English by night, and
# Chinese, whose words wrap elsewhere, on the smallest screen.
LANGUAGE_LOOKS = dict(zip(LANGUAGES, (LOOKS[1:2], LOOKS[-1:]), strict=True))


def _records() -> dict[str, UUID | str]:
    """A record of each kind, by the first word of the addresses about it."""
    assessment = cast.recorded()
    acts.outcome(assessment, acts.measured(3, 5))
    # Lists with a patient who is not made up, one who is, and one under another name.
    cast.recorded(cast.person("SYN-1", synthetic=True), cast.before_the_radiograph())
    acts.corrected(cast.registered("47110"), cast.person("47119", family_name="Moore"))
    return records_of(assessment)


def _addresses(who: str, records: dict[str, UUID | str]) -> dict[str, str]:
    """By name: the first page, which differs by role, and what no role before it sees."""
    return {
        row.name: address_of(row.name, records)
        for row in TABLE
        if row.method == "GET"
        and row.answers[ROLES.index(who)] == SHOWN
        and (row.name == "worklist" or who == _first_to_see(row))
    }


def _first_to_see(row: Row) -> str:
    return next(who for who in WHO if row.answers[ROLES.index(who)] == SHOWN)


def _enter(page: Page, who: str, language: str, site: str) -> None:
    context: BrowserContext = page.context
    enter = WHO[who]
    if enter is not None:
        user = enter()
        steps.hold_session(context, user, site)
        actions.choose_language(by=user, language=language)
    context.add_cookies([{"name": settings.LANGUAGE_COOKIE_NAME, "value": language, "url": site}])


def _is_page(page: Page, name: str, address: str) -> bool:
    """Whether a whole page is there: no file, and no part that a page asks for.

    It is asked once: many files are PDFs, which take a second, and the same in every language.
    """
    if name not in _ARE_PAGES:
        body = page.context.request.get(address).body()
        _ARE_PAGES[name] = body.lstrip().startswith(b"<!DOCTYPE html>")
    return _ARE_PAGES[name]


@pytest.mark.slow
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("who", WHO)
def test_every_page_of_a_role(
    page: Page, watch: Watch, live_server: LiveServer, who: str, language: str
) -> None:
    records = _records()
    _enter(page, who, language, live_server.url)
    walked = 0
    for name, address in _addresses(who, records).items():
        if not _is_page(page, name, address):
            continue
        page.goto(address)
        # "zh-hans" is written zh-Hans in HTML.
        expect(page.locator("html")).to_have_attribute("lang", re.compile(language, re.IGNORECASE))
        assert_sound(page, LANGUAGE_LOOKS[language])
        walked += 1
    assert walked >= {"clinician": 15, "reviewer": 5, "administrator": 4, "signed out": 1}[who]


def _states() -> dict[str, UUID | str]:
    """One assessment of each state, with the longest texts that go with it."""
    first = cast.recorded(cast.person("H1"))
    provisional = acts.provisional("H3")
    return {
        "final": cast.recorded(cast.person("H0")).pk,
        "current": acts.amended(first, reason="Misread").pk,
        "superseded": first.pk,
        "provisional": provisional.pk,
        "completed": acts.completed(acts.provisional("H4")).pk,
        "void": acts.voided(cast.recorded(cast.person("H2")), reason="Wrong patient").pk,
        "cancelled": acts.cancelled(acts.provisional("H5")).pk,
        "without radiograph": acts.without_radiograph(acts.provisional("H6")).pk,
        "synthetic": cast.recorded(cast.person("SYN-7", synthetic=True)).pk,
    }


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_state_of_a_result(
    page: Page, watch: Watch, live_server: LiveServer, language: str
) -> None:
    _enter(page, "clinician", language, live_server.url)
    for state, pk in _states().items():
        page.goto(reverse("assessment-result", args=[pk]))
        assert_sound(page, LANGUAGE_LOOKS[language])
        if state == "synthetic":
            _assert_synthetic_is_in_sight(page)


def _assert_synthetic_is_in_sight(page: Page) -> None:
    """At every width, and where a page is so enlarged that little of it is seen at once."""
    for size in ((1366, 768), (820, 1180), (390, 844), (320, 568), (320, 256)):
        page.set_viewport_size({"width": size[0], "height": size[1]})
        for scrolled in (0, 400):
            page.evaluate("top => window.scrollTo(0, top)", scrolled)
            expect(page.get_by_text(re.compile("SYNTHETIC|模拟数据")).first).to_be_in_viewport(
                ratio=1
            )


def test_pages_that_refuse(page: Page, watch: Watch, live_server: LiveServer) -> None:
    """Not found, not allowed, no such method, a form without its token, one that is too large."""
    _enter(page, "administrator", "en", live_server.url)
    for status in (403, 404, 405, 413):
        watch.expect_status(status)
    refusals = {
        "/nowhere": "Page not found",
        reverse("assessment-new"): "Not allowed",
        reverse("sign-out"): "This page can't be opened by its address",
    }
    for address, heading in refusals.items():
        page.goto(address)
        expect(page.get_by_role("heading", level=1)).to_have_text(heading)
        assert_sound(page)
    page.goto(reverse("user-new"))
    _send_without_token(page)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert_sound(page)
    # More than a form may hold.
    page.goto(reverse("user-new"))
    page.locator("#id_username").evaluate("field => { field.value = 'x'.repeat(300000); }")
    page.locator("main form").evaluate("form => form.submit()")
    expect(page.get_by_role("heading", level=1)).to_have_text("Too much was sent at once")
    assert_sound(page)


def _send_without_token(page: Page) -> None:
    page.locator("main form").evaluate(
        """form => {
            form.querySelector("[name=csrfmiddlewaretoken]").remove();
            form.submit();
        }"""
    )


def test_pages_of_failures(
    page: Page, watch: Watch, live_server: LiveServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An error of the site, and a database that does not answer."""
    _enter(page, "clinician", "en", live_server.url)
    for status, error, heading in (
        (500, ValueError("made up"), "Something went wrong"),
        (
            503,
            OperationalError("server closed the connection unexpectedly"),
            "Not available at the moment",
        ),
    ):
        watch.expect_status(status)
        with monkeypatch.context() as patched:
            patched.setattr("scoring.web.pages.definitions", _raising(error))
            page.goto(reverse("help"))
        expect(page.get_by_role("heading", level=1)).to_have_text(heading)
        assert_sound(page)


def _raising(error: Exception) -> Callable[[], None]:
    def fail() -> None:
        raise error

    return fail

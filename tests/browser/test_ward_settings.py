"""The first hour of an administrator in the browser: the card, and the page of the ward."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from scoring import queries
from scoring.models import Role
from tests import cast
from tests.browser import steps
from tests.browser.conftest import Watch

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def administrator(page: Page, live_server: LiveServer) -> Page:
    """A window in which the first account of a ward computer is signed in."""
    user = cast.account("admin", "Administrator", *Role)
    steps.hold_session(page.context, user, live_server.url)
    return page


def _card(page: Page) -> None:
    page.goto("/")
    expect(page.get_by_role("heading", name="First steps")).to_be_visible()


@pytest.mark.parametrize("width", [1366, 390])
def test_the_first_hour_by_the_card(
    administrator: Page, axe: Callable[[Page], None], watch: Watch, width: int
) -> None:
    page = administrator
    page.set_viewport_size({"width": width, "height": 768})
    _card(page)
    axe(page)
    page.get_by_role("link", name="Your name").click()
    watch.expect_status(422)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_contain_text("One entry needs correcting.")
    axe(page)
    page.get_by_label("Name as printed on reports").fill("Dr Chen Lei")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved.")).to_be_visible()

    _card(page)
    page.get_by_role("link", name="Hospital and ward").click()
    axe(page)
    page.get_by_label("Hospital", exact=True).fill("湖北省第一人民医院")
    page.get_by_label("Ward", exact=True).fill("脊柱外科二病区")
    page.get_by_label("Time zone").select_option("Asia/Shanghai")
    page.get_by_label("PDW unit of the laboratory").select_option("%")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Your laboratory reports PDW in %")).to_be_visible()
    axe(page)
    page.get_by_label("PDW unit of the laboratory").select_option("fL")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Your laboratory reports PDW in %")).to_have_count(0)

    _card(page)
    expect(page.locator(".first-steps .done")).to_have_count(4)
    heading = page.locator(".head .meta")
    expect(heading).to_contain_text("湖北省第一人民医院 · 脊柱外科二病区")
    axe(page)
    page.get_by_role("button", name="Hide").click()
    expect(page.get_by_text("“First steps” is hidden.")).to_be_visible()
    expect(page.get_by_role("heading", name="First steps")).to_have_count(0)
    assert not queries.ward_settings().shows_first_steps

    page.goto("/assessments/new")
    expect(page.locator("[name=pdw_unit]")).to_have_value("fL")
    expect(page.get_by_text("fL is your laboratory's unit.")).to_be_visible()
    axe(page)

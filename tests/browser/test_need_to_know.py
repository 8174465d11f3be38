"""A patient of another ward in the browser: from the switch to the reviewer's list of reasons."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from tests import cast
from tests.browser import steps
from tests.browser.conftest import Watch
from tests.browser.soundness import assert_sound
from tests.life import acts
from tests.need_to_know.wards import REASON, put, two_wards

pytestmark = pytest.mark.django_db(transaction=True)
_WHOM = "Wang, Xiulan"


def _find(page: Page, text: str) -> None:
    page.goto("/")
    search = page.get_by_label("Number, name, date of birth or report number")
    search.fill(text)
    search.press("Enter")


def test_from_the_switch_to_the_reason_and_to_the_log(
    page: Page,
    new_context: Callable[..., BrowserContext],
    live_server: LiveServer,
    axe: Callable[[Page], None],
    watch: Watch,
) -> None:
    watch.expect_status(422)
    two_wards(on=False)
    steps.hold_session(page.context, cast.adam(), live_server.url)
    page.goto("/ward")
    page.get_by_label("New ward").fill("Spine 1")
    page.get_by_role("button", name="Add the ward").click()
    expect(page.get_by_role("alert")).to_contain_text("One entry needs correcting.")
    assert_sound(page)
    page.get_by_label("Time zone").select_option("Asia/Shanghai")
    page.get_by_label("Open patients of other wards only with a reason").check()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved.", exact=True)).to_be_visible()
    expect(page.get_by_label("Open patients of other wards only with a reason")).to_be_checked()

    ward = new_context().new_page()
    steps.hold_session(ward.context, cast.bob(), live_server.url)
    _find(ward, "wang")
    expect(ward.locator("tbody")).to_contain_text("No patient matches")
    _find(ward, "H100234")
    expect(ward.get_by_role("heading", name="Patient of another ward")).to_be_visible()
    expect(ward.locator("body")).not_to_contain_text("Wang")
    assert_sound(ward)
    ward.get_by_role("button", name="Open the record").click()
    expect(ward.get_by_role("alert")).to_contain_text("One entry needs correcting.")
    axe(ward)
    ward.get_by_label("Reason").fill(REASON)
    ward.get_by_role("button", name="Open the record").click()
    expect(ward.locator(".patient")).to_contain_text(_WHOM)

    ward.get_by_role("link", name="Move to another ward").click()
    assert_sound(ward)
    ward.get_by_label("Ward", exact=True).select_option("Spine 2")
    ward.get_by_label("Reason").fill("transferred")
    ward.get_by_role("button", name="Move").click()
    expect(ward.get_by_text("Saved.")).to_be_visible()

    reviewer = new_context().new_page()
    steps.hold_session(reviewer.context, cast.rita(), live_server.url)
    reviewer.goto("/access-log")
    reviewer.get_by_role("link", name="Opened from another ward").click()
    expect(reviewer.locator("tbody tr")).to_have_count(1)
    expect(reviewer.locator("tbody")).to_contain_text(REASON)
    assert_sound(reviewer)


def test_a_number_of_another_ward_in_the_form(
    ward: Page, axe: Callable[[Page], None], watch: Watch
) -> None:
    watch.expect_status(422)
    two_wards()
    put(acts.cara(), "Spine 2")
    put(cast.alice(), "Spine 2")
    ward.goto("/assessments/new")
    steps.enter_number(ward, "H100234")
    expect(ward.get_by_role("link", name="Open with a reason")).to_be_visible()
    expect(ward.locator("body")).not_to_contain_text("Wang")
    axe(ward)
    steps.save(ward)
    said = "this number belongs to a patient of another ward"
    expect(ward.get_by_role("alert")).to_contain_text(said)
    expect(ward.locator("body")).not_to_contain_text("Wang")
    assert_sound(ward)
    with ward.expect_popup() as opened:
        ward.get_by_role("link", name="Open with a reason").click()
    opened.value.get_by_label("Reason").fill(REASON)
    opened.value.get_by_role("button", name="Open the record").click()
    expect(opened.value.locator(".patient")).to_contain_text(_WHOM)
    with ward.expect_response("**/patients/lookup"):
        steps.control(ward, "hospital_number").press("Enter")
    expect(ward.locator(".known")).to_contain_text(_WHOM)

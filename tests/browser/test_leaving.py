"""What leaving a form keeps, and where keys do something or nothing."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from scoring.models import Draft
from tests.browser import steps
from tests.browser.conftest import Watch


def test_leaving_keeps_what_was_typed_and_keys_stay_out_of_fields(
    ward: Page, axe: Callable[[Page], None]
) -> None:
    ward.goto("/assessments/new")
    steps.enter(ward, "hospital_number", "90012345")
    ward.keyboard.type("?/n")
    expect(ward.locator("#keys")).to_be_hidden()
    # At once, before the page has sent what was typed. It may arrive after the next page.
    ward.get_by_role("link", name="Worklist").click()
    expect(ward.get_by_role("heading", name="Worklist")).to_be_visible()
    _until_kept(ward, "90012345?/n")
    ward.reload()
    expect(ward.get_by_role("heading", name="Unfinished")).to_be_visible()
    ward.keyboard.press("/")
    expect(ward.locator("#q")).to_be_focused()
    ward.locator("main").focus()
    ward.keyboard.press("?")
    expect(ward.get_by_role("dialog", name="Keys")).to_be_visible()
    # Enter puts the list away; it leads nowhere.
    expect(ward.get_by_role("button", name="Close")).to_be_focused()
    axe(ward)
    ward.keyboard.press("Escape")
    expect(ward.locator("#keys")).to_be_hidden()
    row = ward.locator(".drafts li")
    expect(row).to_contain_text("90012345?/n")
    row.get_by_role("link", name="Go on").click()
    expect(steps.control(ward, "hospital_number")).to_have_value("90012345?/n")
    expect(ward.locator("main")).to_contain_text("It is not saved yet")
    ward.goto("/assessments/new")
    expect(ward.locator("main")).to_contain_text("You have left this form unfinished")
    ward.locator(".discard summary").click()
    ward.get_by_role("button", name="Yes, discard for good").click()
    expect(ward.locator("main")).to_contain_text("discarded")
    assert not Draft.objects.exists()


def _until_kept(page: Page, typed: str) -> None:
    """Wait some seconds for a draft with this text; without one the next line of the test fails."""
    for _ in range(50):
        if any(typed in str(draft.fields) for draft in Draft.objects.all()):
            return
        page.wait_for_timeout(100)


def test_signing_out_keeps_what_was_typed_a_moment_before(ward: Page) -> None:
    ward.goto("/assessments/new")
    steps.control(ward, "hospital_number").fill("90012345")
    steps.sign_out(ward)
    steps.sign_in(ward)
    expect(ward.locator(".drafts li")).to_contain_text("90012345")


def test_what_the_server_did_not_take_is_sent_once_more_on_leaving(
    ward: Page, watch: Watch
) -> None:
    watch.expect_status(503)
    ward.goto("/assessments/new")
    ward.route("**/assessments/points", lambda route: route.fulfill(status=503, body="away"))
    steps.enter(ward, "t_score", "-2.71")
    expect(ward.locator("#points")).to_contain_text("the server does not answer")
    with ward.expect_response("**/assessments/points"):
        ward.keyboard.press("Tab")
    ward.unroute("**/assessments/points")
    ward.get_by_role("link", name="Worklist").click()
    _until_kept(ward, "-2.71")
    assert Draft.objects.get().fields["t_score"] == ["-2.71"]


def test_keys_that_are_switched_off_do_nothing_but_save(ward: Page) -> None:
    ward.goto("/help")
    ward.get_by_role("button", name="Switch N, / and ? off for me").click()
    expect(ward.locator("main")).to_contain_text("The keys N, / and ? are off.")
    ward.locator("main").focus()
    for key in "?/n":
        ward.keyboard.press(key)
    expect(ward.locator("#keys")).to_be_hidden()
    expect(ward.get_by_role("heading", name="Help", exact=True)).to_be_visible()
    ward.get_by_role("button", name="Switch N, / and ? on for me").click()
    ward.locator("main").focus()
    ward.keyboard.press("n")
    expect(steps.control(ward, "hospital_number")).to_be_focused()

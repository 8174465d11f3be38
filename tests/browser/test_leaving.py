"""What leaving a form keeps, and where keys do something or nothing."""

from collections.abc import Callable
from datetime import timedelta

from django.utils import timezone
from playwright.sync_api import Page, Route, expect

from scoring.models import Assessment, AuditEvent, Draft, Outcome
from tests import cast
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


def _vas_due(hospital_number: str = "H1") -> Assessment:
    day = timezone.localdate() - timedelta(days=3)
    entry = cast.worked_example(operation_date=day, radiograph_date=None)
    return cast.recorded(cast.person(hospital_number), entry)


def test_what_was_typed_into_a_row_stands_there_after_reading_the_page_again(ward: Page) -> None:
    _vas_due()
    ward.goto("/")
    vas = ward.get_by_label("VAS Wang, Xiulan", exact=True)
    with ward.expect_response("**/drafts/keep"):
        vas.fill("7")
    ward.reload()
    expect(vas).to_have_value("7")
    expect(ward.get_by_text("You typed this before. It is not saved yet.")).to_be_visible()
    # The page for this patient offers it; emptied, it is forgotten.
    ward.get_by_role("link", name="No VAS").click()
    expect(ward.locator("main")).to_contain_text("You have left this form unfinished:")
    ward.go_back()
    with ward.expect_response("**/drafts/keep"):
        vas.fill("")
    assert not Draft.objects.exists()


def test_a_reason_is_kept_when_its_page_is_left_and_offered_there(ward: Page) -> None:
    address = f"/assessments/{cast.recorded().pk}/void"
    ward.goto(address)
    steps.control(ward, "reason").fill("wrong patient")
    # At once, before the page has sent it.
    ward.get_by_role("link", name="History").click()
    _until_kept(ward, "wrong patient")
    ward.goto(address)
    ward.get_by_role("link", name="Go on").click()
    expect(steps.control(ward, "reason")).to_have_value("wrong patient")
    ward.get_by_role("button", name="Void").click()
    expect(ward.locator(".state")).to_have_text("Voided")
    assert not Draft.objects.exists()


def test_without_a_network_a_form_is_not_sent_and_stays(ward: Page, watch: Watch) -> None:
    of = _vas_due()
    ward.goto(f"/assessments/{of.pk}/outcome/day-3")
    steps.control(ward, "vas").fill("4")
    steps.control(ward, "measured_on").fill(cast.from_today(0))
    ward.context.set_offline(True)
    save = ward.get_by_role("button", name="Save outcome")
    save.click()
    expect(ward.locator("#unreached")).to_contain_text("Not sent: the server can't be reached.")
    expect(steps.control(ward, "vas")).to_have_value("4")
    ward.context.set_offline(False)
    save.click()
    expect(ward.get_by_text("Outcome of day 3 recorded.")).to_be_visible()
    assert Outcome.objects.get().vas == 4
    words = ("ERR_INTERNET_DISCONNECTED", "htmx:sendError")
    watch.problems[:] = [p for p in watch.problems if not any(word in p for word in words)]


def test_a_site_on_this_computer_needs_no_network(ward: Page) -> None:
    """The browser says that there is none, and the server answers all the same."""
    ward.add_init_script("Object.defineProperty(navigator, 'onLine', {get: () => false})")
    ward.goto(f"/assessments/{cast.recorded().pk}/void")
    steps.control(ward, "reason").fill("wrong patient")
    ward.get_by_role("button", name="Void").click()
    expect(ward.locator(".state")).to_have_text("Voided")


def test_a_browser_of_before_2022_keeps_and_sends_as_well(ward: Page) -> None:
    """What it lacks is a time limit on its own questions, not the connection."""
    ward.add_init_script("delete AbortSignal.timeout")
    ward.goto(f"/assessments/{cast.recorded().pk}/void")
    steps.control(ward, "reason").fill("wrong patient")
    _until_kept(ward, "wrong patient")
    assert Draft.objects.exists()
    ward.get_by_role("button", name="Void").click()
    expect(ward.locator(".state")).to_have_text("Voided")


def test_an_autosave_that_arrives_after_the_save_leaves_nothing_behind(ward: Page) -> None:
    of = _vas_due()
    late: list[Route] = []
    ward.route("**/drafts/keep", lambda route: late.append(route))
    ward.goto(f"/assessments/{of.pk}/outcome/day-3")
    steps.control(ward, "measured_on").fill(cast.from_today(0))
    with ward.expect_request("**/drafts/keep") as asked:
        steps.control(ward, "vas").fill("4")
    ward.get_by_role("button", name="Save outcome").click()
    expect(ward.get_by_text("Outcome of day 3 recorded.")).to_be_visible()
    # The page is gone, and with it the request: it is sent as it was.
    sent = asked.value
    answer = ward.context.request.post(
        sent.url,
        data=sent.post_data or "",
        headers={"Content-Type": "application/x-www-form-urlencoded"},
    )
    assert answer.ok
    assert not Draft.objects.exists()


def test_typing_opens_no_page_where_its_user_signed_in_anew_in_another_window(ward: Page) -> None:
    """The secret of forms has changed: such a form is usually led to its page, filled in."""
    ward.goto(f"/assessments/{cast.recorded().pk}/void")
    other = ward.context.new_page()
    other.goto("/about")
    steps.sign_out(other)
    steps.sign_in(other)
    views = AuditEvent.objects.filter(action="assessment_viewed")
    before = views.count()
    steps.control(ward, "reason").fill("wrong patient")
    _until_kept(ward, "wrong patient")
    ward.wait_for_load_state("networkidle")
    assert Draft.objects.count() == 1
    assert views.count() == before


def test_an_older_text_does_not_arrive_after_a_newer_one(ward: Page) -> None:
    held: list[Route] = []
    is_slow = True

    def answer(route: Route) -> None:
        if is_slow:
            held.append(route)
        else:
            route.continue_()

    ward.clock.install()
    ward.goto(f"/assessments/{cast.recorded().pk}/void")
    ward.route("**/drafts/keep", answer)
    for typed in ("wrong", "wrong patient"):
        steps.control(ward, "reason").fill(typed)
        ward.clock.run_for(1000)
    ward.evaluate("document.title")
    is_slow = False
    for route in reversed(held):
        with ward.expect_response("**/drafts/keep"):
            route.continue_()
    _until_kept(ward, "wrong patient")
    assert Draft.objects.get().fields["reason"] == ["wrong patient"]

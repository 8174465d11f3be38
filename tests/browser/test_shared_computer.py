"""A computer of the ward that somebody leaves: warned, hidden, signed out, nothing lost."""

import re
import time
from collections.abc import Callable
from datetime import timedelta

from django.contrib.sessions.models import Session
from django.utils import timezone
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from scoring.models import AuditEvent, Draft
from tests import cast
from tests.browser import steps
from tests.browser.conftest import Watch

IDLE_SECONDS = 15 * 60
SESSION_SECONDS = 12 * 60 * 60
WARNING = "#session-warning"


def _set_back(**seconds: int) -> None:
    """The server's side of the clock: "active" or "began" so long ago."""
    for session in Session.objects.all():
        data = session.get_decoded()
        if "active" in data:
            data |= {name: int(time.time()) - ago for name, ago in seconds.items()}
            session.session_data = Session.objects.encode(data)
            session.save()


def _idle_since(seconds: int) -> None:
    """Nobody has done anything for so long."""
    _set_back(active=seconds)


def _away(page: Page, since_seconds: int, for_seconds: int) -> None:
    """Both clocks go on: the server's, and the page's, whose timers fire."""
    _idle_since(since_seconds)
    page.clock.run_for(1000 * for_seconds)


def _half_filled(page: Page) -> dict[str, object]:
    page.clock.install()
    page.goto("/assessments/new")
    values = steps.worked_example(t_score="-2,", chloride_mmol_l="1o5", mvh_restored="")
    steps.put(page, {name: value for name, value in values.items() if value})
    return steps.contents(page)


def _signs_in(page: Page, username: str) -> None:
    page.get_by_label("Username").fill(username)
    page.get_by_label("Password").fill(cast.PASSWORD)
    page.get_by_role("button", name="Sign in").click()


def test_who_comes_back_finds_the_form_as_it_was(
    ward: Page, axe: Callable[[Page], None], watch: Watch
) -> None:
    before = _half_filled(ward)
    expect(ward.locator(WARNING)).to_be_hidden()
    _away(ward, IDLE_SECONDS - 60, IDLE_SECONDS - 61)
    expect(ward.locator(WARNING)).to_be_hidden()
    _away(ward, IDLE_SECONDS - 60, 2)
    warning = ward.get_by_role("alertdialog", name="Are you still there?")
    expect(warning).to_be_visible()
    expect(warning).to_contain_text("You will be signed out in")
    expect(warning.get_by_role("button", name="Stay signed in")).to_be_focused()
    axe(ward)
    ward.clock.run_for(31_000)
    expect(ward.get_by_role("status").filter(has_text="30 seconds")).to_have_count(1)
    # There after all: the form is untouched and the session whole again.
    ward.keyboard.press("Enter")
    expect(warning).to_be_hidden()
    assert steps.contents(ward) == before
    # Away for good.
    _away(ward, IDLE_SECONDS - 60, IDLE_SECONDS - 30)
    expect(warning).to_be_visible()
    _away(ward, IDLE_SECONDS, 61)
    expect(ward.get_by_role("heading", name="Sign in")).to_be_visible()
    expect(ward.locator("main")).to_contain_text("What you typed is kept")
    assert "Wang" not in ward.content()
    # The form has left the history of the window, too.
    ward.go_back()
    assert ward.url == "about:blank"
    ward.go_forward()
    _signs_in(ward, "alice")
    expect(ward.locator("main")).to_contain_text("What you typed is restored.")
    assert steps.contents(ward) == before
    assert AuditEvent.objects.filter(detail__reason="idle").count() == 1
    assert ward.evaluate("localStorage.length + sessionStorage.length") == 0


def test_at_the_end_of_the_session_hours_what_is_typed_is_kept(ward: Page) -> None:
    """However busy the user is: twelve hours after signing in."""
    before = _half_filled(ward)
    _set_back(active=0, began=SESSION_SECONDS - 50)
    ward.clock.run_for(1000 * (IDLE_SECONDS - 59))
    warning = ward.get_by_role("alertdialog", name="Are you still there?")
    expect(warning).to_contain_text("You will be signed out in")
    # There is nothing to prolong.
    expect(warning.get_by_role("button", name="Stay signed in")).to_be_hidden()
    _set_back(active=0, began=SESSION_SECONDS)
    ward.clock.run_for(61_000)
    expect(ward.get_by_role("heading", name="Sign in")).to_be_visible()
    expect(ward.locator("main")).to_contain_text("a session lasts at most 12 hours.")
    expect(ward.locator("main")).to_contain_text("What you typed is kept")
    assert "Wang" not in ward.content()
    _signs_in(ward, "alice")
    assert steps.contents(ward) == before
    assert AuditEvent.objects.filter(detail__reason="session hours").count() == 1


def test_somebody_else_finds_nothing(ward: Page) -> None:
    cast.bob()
    _half_filled(ward)
    _away(ward, IDLE_SECONDS, IDLE_SECONDS + 1)
    expect(ward.get_by_role("heading", name="Sign in")).to_be_visible()
    _signs_in(ward, "bob")
    expect(ward.get_by_role("heading", name="New assessment")).to_be_visible()
    for name in ("hospital_number", "family_name", "t_score"):
        expect(steps.control(ward, name)).to_have_value("")
    ward.go_back()
    assert "Wang" not in ward.content()


def test_typing_keeps_the_session(ward: Page) -> None:
    ward.clock.install()
    ward.goto(f"/assessments/{cast.recorded().pk}/void")
    _idle_since(IDLE_SECONDS - 90)
    ward.clock.run_for(30_000)
    with ward.expect_response("**/session/extend") as extended:
        steps.control(ward, "reason").press_sequentially("w")
    assert extended.value.json()["seconds_left"] > IDLE_SECONDS - 10


def test_other_windows_end_too(ward: Page, live_server: LiveServer) -> None:
    """Signed out in one window, the other one shows nothing once it is looked at."""
    other = ward.context.new_page()
    other.goto(f"/assessments/{cast.recorded().pk}")
    ward.goto("/about")
    steps.sign_out(ward)
    other.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(other.get_by_role("heading", name="Sign in")).to_be_visible()
    assert "Wang" not in other.content()


def test_without_an_answer_of_the_server_the_page_is_covered(ward: Page, watch: Watch) -> None:
    _half_filled(ward)
    ward.context.set_offline(True)
    ward.clock.run_for(1000 * (IDLE_SECONDS + 1))
    expect(ward.locator("main")).to_be_hidden()
    ward.context.set_offline(False)
    _away(ward, IDLE_SECONDS, 30)
    expect(ward.get_by_role("heading", name="Sign in")).to_be_visible()
    expect(ward.locator("main")).to_contain_text("What you typed is kept")
    watch.problems[:] = [p for p in watch.problems if "ERR_INTERNET_DISCONNECTED" not in p]


def test_after_signing_out_the_back_button_shows_nothing(ward: Page) -> None:
    ward.goto(f"/assessments/{cast.recorded().pk}")
    expect(ward.locator(".patient")).to_contain_text("Wang, Xiulan")
    ward.goto("/about")
    ward.go_back()
    expect(ward.locator(".patient")).to_contain_text("Wang, Xiulan")
    steps.sign_out(ward)
    ward.go_back()
    expect(ward.get_by_role("heading", name="Sign in")).to_be_visible()
    assert "Wang" not in ward.content()


def _two_rows() -> None:
    """Two patients whose VAS of day 3 is due."""
    day = timezone.localdate() - timedelta(days=3)
    for number in ("H1", "H2"):
        entry = cast.worked_example(operation_date=day, radiograph_date=None)
        cast.recorded(cast.person(number, given_name=number), entry)


def test_of_the_worklist_the_row_that_was_filled_in_is_kept(ward: Page) -> None:
    """A row that nobody touched is not opened after the next sign-in: it is another patient's."""
    _two_rows()
    ward.clock.install()
    ward.goto("/")
    expect(ward.locator("form.in-row")).to_have_count(2)
    _away(ward, IDLE_SECONDS, IDLE_SECONDS + 1)
    expect(ward.get_by_role("heading", name="Sign in")).to_be_visible()
    expect(ward.locator("main")).not_to_contain_text("What you typed is kept")
    assert not Draft.objects.exists()
    _signs_in(ward, "alice")
    expect(ward.get_by_role("heading", name="Worklist")).to_be_visible()
    ward.get_by_label("VAS Wang, H2", exact=True).fill("7")
    _away(ward, IDLE_SECONDS, IDLE_SECONDS + 1)
    expect(ward.locator("main")).to_contain_text("What you typed is kept")
    _signs_in(ward, "alice")
    expect(ward.locator(".patient")).to_contain_text("Wang, H2")
    expect(steps.control(ward, "vas")).to_have_value("7")


def test_of_the_worklist_all_rows_that_were_filled_in_are_kept(ward: Page) -> None:
    _two_rows()
    ward.clock.install()
    ward.goto("/")
    for number, vas in (("H1", "6"), ("H2", "7")):
        ward.get_by_label(f"VAS Wang, {number}", exact=True).fill(vas)
    _away(ward, IDLE_SECONDS, IDLE_SECONDS + 1)
    expect(ward.locator("main")).to_contain_text("What you typed is kept, 2 forms.")
    _signs_in(ward, "alice")
    for number, vas in (("H1", "6"), ("H2", "7")):
        expect(ward.get_by_label(f"VAS Wang, {number}", exact=True)).to_have_value(vas)
    expect(ward.get_by_text("It is not saved yet")).to_have_count(2)


def test_what_was_typed_before_somebody_else_signed_in_here_is_kept(ward: Page) -> None:
    """In another window of the same browser: this one has the secret of the session before."""
    cast.bob()
    _two_rows()
    ward.goto("/")
    ward.get_by_label("VAS Wang, H1", exact=True).fill("6")
    other = ward.context.new_page()
    other.goto("/about")
    steps.sign_out(other)
    steps.sign_in(other, "bob")
    ward.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(ward.locator(".usernav > button")).to_contain_text("Bob")
    expect(ward.locator(".drafts li")).to_have_count(0)
    assert Draft.objects.get().owner.username == "alice"


def test_a_server_that_is_started_anew_gets_the_forms_later(ward: Page, watch: Watch) -> None:
    watch.expect_status(502)
    _two_rows()
    ward.clock.install()
    ward.goto("/")
    ward.get_by_label("VAS Wang, H1", exact=True).fill("6")
    ward.route("**/session/end", lambda route: route.fulfill(status=502, body="away"))
    with ward.expect_response("**/session/end"):
        _away(ward, IDLE_SECONDS, IDLE_SECONDS + 1)
    expect(ward.locator("main")).to_be_hidden()
    ward.unroute("**/session/end")
    ward.clock.run_for(5_000)
    expect(ward.locator("main")).to_contain_text("What you typed is kept.")
    assert Draft.objects.get().fields["vas"] == ["6"]


def test_the_sign_in_page_does_not_stand_in_the_panel(ward: Page) -> None:
    """The session was ended elsewhere, by an administrator for example."""
    ward.goto("/assessments/new")
    ward.wait_for_load_state()
    Session.objects.all().delete()
    steps.enter(ward, "t_score", "-2,0")
    expect(ward).to_have_url(re.compile("/sign-in"))
    expect(ward.locator("main")).to_contain_text("What you typed is kept")
    _signs_in(ward, "alice")
    expect(steps.control(ward, "t_score")).to_have_value("-2,0")

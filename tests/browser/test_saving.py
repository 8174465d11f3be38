"""One press, two presses, Enter, two windows: what is saved is what was meant, once."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect
from pytest_django.live_server_helper import LiveServer

from scoring.models import Assessment, AssessmentChain, AuditEvent, Patient
from tests import cast
from tests import worked_example as worked
from tests.browser import steps
from tests.browser.conftest import Watch
from tests.browser.openings import Opens


def _fill_in(page: Page, *, scripted: bool) -> None:
    page.goto("/assessments/new")
    (steps.put if scripted else steps.enter_all)(page, steps.worked_example())


@pytest.fixture(params=["with JavaScript", "without JavaScript"])
def scripted(request: pytest.FixtureRequest) -> bool:
    return str(request.param) == "with JavaScript"


@pytest.fixture
def window(request: pytest.FixtureRequest, live_server: LiveServer, scripted: bool) -> Page:
    """A signed-in window, with JavaScript or without."""
    page = request.getfixturevalue("ward" if scripted else "plain_ward")
    assert isinstance(page, Page)
    return page


def test_a_double_click_saves_one_assessment(window: Page, scripted: bool) -> None:
    _fill_in(window, scripted=scripted)
    window.get_by_role("button", name="Save assessment").dblclick(no_wait_after=True)
    expect(window.locator(".risk-number")).to_have_text(f"{worked.WHOLE}%")
    # The list is asked for after both presses were answered.
    window.goto("/history")
    expect(window.locator("tbody tr")).to_have_count(1)
    assert Assessment.objects.count() == 1
    assert Patient.objects.count() == 1
    recorded = AuditEvent.objects.filter(action=AuditEvent.Action.ASSESSMENT_RECORDED)
    assert recorded.count() == 1


def test_a_text_that_the_server_would_not_read_stays_in_the_form(ward: Page, watch: Watch) -> None:
    watch.expect_status(422)
    ward.goto("/assessments/new")
    # Shorter than the limit in letters, longer in the bytes that are sent.
    ward.evaluate("document.getElementById('id_family_name').value = '王'.repeat(30_000)")
    ward.get_by_role("button", name="Save assessment").click()
    expect(ward.get_by_text("Not sent: the text is too long.")).to_be_visible()
    assert len(ward.locator("#id_family_name").input_value()) == 30_000
    ward.locator("#id_family_name").fill("Wang")
    ward.get_by_role("button", name="Save assessment").click()
    expect(ward.locator("#summary")).to_be_visible()


def _new(page: Page) -> None:
    page.goto("/assessments/new")
    steps.put(page, steps.worked_example(chloride_mmol_l=""))


def _amended(page: Page) -> None:
    page.goto(f"/assessments/{cast.recorded().pk}/amend")
    steps.put(page, {"reason": "Chloride misread", "chloride_mmol_l": ""})


@pytest.mark.parametrize("size", [(1366, 768), (390, 844)], ids=["ward", "telephone"])
@pytest.mark.parametrize(("opens", "label"), [(_new, "assessment"), (_amended, "correction")])
def test_what_comes_in_between_press_and_release_loses_no_click(
    ward: Page, opens: Opens, label: str, size: tuple[int, int]
) -> None:
    """The answer of the server brings risk and caution while the button is held down."""
    ward.set_viewport_size({"width": size[0], "height": size[1]})
    opens(ward)
    expect(ward.locator("#points")).to_contain_text("Incomplete: 1 of 7 left")
    held: list[Route] = []
    ward.route("**/assessments/points", lambda route: held.append(route))
    with ward.expect_request("**/assessments/points"):
        steps.enter(ward, "chloride_mmol_l", "96")
    button = ward.get_by_role("button", name=f"Save {label}")
    button.hover()
    where = button.bounding_box()
    ward.mouse.down()
    # Leaving the field asks once more; that answer may come or not.
    for route in held:
        route.continue_()
    expect(ward.locator("#msgs-chloride_mmol_l")).to_contain_text("Caution:")
    expect(ward.locator("#live-risk-final")).to_be_attached()
    assert button.bounding_box() == where
    ward.mouse.up()
    expect(ward.get_by_role("heading", level=1)).to_contain_text("Risk of residual back pain")
    current = AssessmentChain.objects.get().current
    assert current is not None
    assert current.chloride_mmol_l == 96


def test_points_of_what_was_entered_before_do_not_stay(ward: Page, watch: Watch) -> None:
    watch.expect_status(503)
    _fill_in(ward, scripted=True)
    expect(ward.locator("#live-total")).to_have_text("183.89")
    ward.route("**/assessments/points", lambda route: route.fulfill(status=503, body="away"))
    steps.enter(ward, "chloride_mmol_l", "96")
    expect(ward.locator("#points")).to_contain_text("the server does not answer")
    expect(ward.locator("#live-total")).to_have_count(0)
    expect(ward.locator("#livebar")).to_have_text(re.compile("the server does not answer"))
    expect(ward.locator("#points-said")).to_have_text(re.compile("the server does not answer"))
    ward.unroute("**/assessments/points")
    steps.enter(ward, "chloride_mmol_l", "105")
    expect(ward.locator("#live-total")).to_have_text("183.89")


def test_a_screen_reader_is_told_of_the_risk_by_an_element_that_stays(ward: Page) -> None:
    """One that arrives together with its text is not read out."""
    ward.goto("/assessments/new")
    said = ward.locator("#points-said").element_handle()
    steps.put(ward, steps.worked_example())
    expect(ward.locator("#points-said")).to_have_text(f"{worked.WHOLE} %")
    steps.enter(ward, "chloride_mmol_l", "")
    expect(ward.locator("#points-said")).to_have_text("Incomplete: 1 of 7 left")
    assert said.evaluate("element => element.isConnected && element.ariaLive === 'polite'")
    expect(ward.locator("#points [aria-live]")).to_have_count(0)


@pytest.mark.slow
def test_points_that_no_answer_follows_do_not_stay(ward: Page, watch: Watch) -> None:
    """The server takes the request and never answers it."""
    _fill_in(ward, scripted=True)
    expect(ward.locator("#live-total")).to_have_text("183.89")
    ward.route("**/assessments/points", lambda _route: None)
    steps.enter(ward, "chloride_mmol_l", "96")
    stale = re.compile("the server does not answer")
    expect(ward.locator("#livebar")).to_have_text(stale, timeout=60_000)
    expect(ward.locator("#live-total")).to_have_count(0)
    ward.unroute("**/assessments/points")
    steps.enter(ward, "chloride_mmol_l", "105")
    expect(ward.locator("#live-total")).to_have_text("183.89")
    watch.problems[:] = [p for p in watch.problems if "htmx:timeout" not in p]


def test_a_form_whose_answer_was_stopped_can_be_sent_again(ward: Page) -> None:
    ward.clock.install()
    ward.goto(f"/assessments/{cast.recorded().pk}/void")
    steps.control(ward, "reason").fill("wrong patient")
    ward.route("**/void", lambda _route: None)
    void = ward.get_by_role("button", name="Void")
    with ward.expect_request("**/void"):
        void.click(no_wait_after=True)
    # Escape, while the browser waits.
    ward.context.new_cdp_session(ward).send("Page.stopLoading")
    ward.unroute("**/void")
    ward.clock.run_for(10_000)
    void.click()
    expect(ward.locator(".state")).to_have_text("Voided")


def test_the_same_form_sent_again_and_again_makes_one_assessment(ward: Page) -> None:
    _fill_in(ward, scripted=True)
    addresses = ward.locator("form.assessment").evaluate(
        """async form => {
            const body = () => new FormData(form);
            const send = () => fetch("/assessments/new", {method: "POST", body: body()});
            const answers = await Promise.all([send(), send(), send(), send()]);
            return answers.map(answer => answer.url);
        }"""
    )
    only = Assessment.objects.get()
    assert [address.rsplit("/", 1)[1] for address in addresses] == [str(only.pk)] * 4
    # Once more, later: after a dropped connection, say.
    assert steps.saved(ward) == addresses[0]
    assert Assessment.objects.count() == 1
    assert Patient.objects.count() == 1


def test_enter_in_a_text_field_does_not_save(window: Page, scripted: bool) -> None:
    _fill_in(window, scripted=scripted)
    before = steps.contents(window)
    address = window.url
    for name in steps.TEXTS:
        steps.control(window, name).press("Enter")
    window.wait_for_timeout(300)
    assert window.url == address
    assert steps.contents(window) == before
    assert Assessment.objects.count() == 0
    assert not window.locator("#summary").count()
    steps.saved(window)
    assert Assessment.objects.count() == 1


def test_back_from_a_result_brings_no_choice_of_the_last_patient(ward: Page) -> None:
    """Browsers put back what was chosen in lists: the next patient's PDW would have a unit."""
    ward.goto("/assessments/new")
    fresh = _without_token(steps.contents(ward))
    _fill_in(ward, scripted=True)
    steps.save(ward)
    expect(ward.get_by_role("heading", level=1)).to_contain_text("Risk of residual back pain")
    ward.go_back()
    expect(ward.get_by_role("heading", level=1)).to_have_text("New assessment")
    assert _without_token(steps.contents(ward)) == fresh


def _without_token(contents: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in contents.items() if name != "form_token"}


def test_two_windows_keep_their_own_patients(ward: Page) -> None:
    cast.registered("11110000", family_name="Zhao", given_name="Min")
    other = ward.context.new_page()
    steps.new_assessment(ward, steps.worked_example())
    other.goto("/assessments/new")
    steps.enter_number(other, "11110000")
    expect(other.locator(".known")).to_contain_text("Zhao, Min")
    steps.put(other, steps.without_identity(mvh_restored="not_known_yet", radiograph_date=""))
    steps.saved(ward)
    steps.saved(other)
    for page, name, number in (
        (ward, "Wang, Xiulan", "00482913"),
        (other, "Zhao, Min", "11110000"),
    ):
        expect(page.locator(".patient")).to_contain_text(name)
        expect(page.locator(".patient")).to_contain_text(number)
    expect(ward.locator(".risk-number")).to_have_text(f"{worked.WHOLE}%")
    expect(other.locator(".risk-number")).to_have_text(
        [f"{worked.WHOLE_RESTORED}%", f"{worked.WHOLE}%"]
    )
    saved = Assessment.objects.select_related("patient")
    assert {(a.patient.hospital_number, a.state) for a in saved} == {
        ("00482913", "final"),
        ("11110000", "provisional"),
    }

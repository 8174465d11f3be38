"""The life of an assessment at the bedside: completed, amended by two, voided, its outcome."""

import re
from collections.abc import Callable

import pytest
from django.utils import timezone
from playwright.sync_api import BrowserContext, Dialog, Page, Route, expect

from scoring.models import Assessment, AssessmentChain, Draft, Outcome
from scoring.words.dates import day_text
from tests import cast
from tests.browser import steps
from tests.browser.conftest import Watch
from tests.life import acts

REASON = "Chloride misread"


@pytest.fixture
def bobs(new_context: Callable[..., BrowserContext]) -> Page:
    """A window of another computer, at which Bob is signed in."""
    cast.bob()
    page = new_context().new_page()
    steps.sign_in(page, "bob")
    return page


@pytest.mark.parametrize("answer", ["Restored", "Not restored"])
def test_two_clicks_from_the_worklist_to_the_final_result(ward: Page, answer: str) -> None:
    acts.operated_ago(1, "H1")
    ward.goto("/")
    expect(ward.locator(".badge-due")).to_have_text("1 due")
    ward.get_by_role("link", name="Complete Wang, Xiulan").click()
    ward.get_by_role("button", name=re.compile(f"^{answer}: save as final")).click()
    expect(ward.get_by_role("status")).to_contain_text("Saved: final result")
    ward.get_by_role("status").get_by_role("link", name="Wang, Xiulan").click()
    expect(ward.locator(".state")).to_have_text("Final")
    expect(ward.locator(".risk-number")).to_contain_text("%")
    final = Assessment.objects.get(version=2)
    assert final.mvh_restored is (answer == "Restored")
    ward.get_by_role("link", name="version 1").click()
    expect(ward.locator(".note:visible").first).to_contain_text("Superseded.")


def test_enter_in_the_date_of_the_radiograph_answers_nothing(ward: Page) -> None:
    of = acts.operated_ago(1, "H1")
    ward.goto(f"/assessments/{of.pk}/complete")
    steps.control(ward, "radiograph_date").fill("today")
    steps.control(ward, "radiograph_date").press("Enter")
    ward.wait_for_timeout(300)
    assert Assessment.objects.count() == 1
    expect(steps.control(ward, "radiograph_date")).to_have_value("today")


def test_an_amendment_shows_its_points_as_it_is_typed(ward: Page) -> None:
    of = cast.recorded()
    ward.goto(f"/assessments/{of.pk}")
    ward.get_by_role("link", name="Amend").click()
    expect(ward.locator("#live-total")).to_have_text("183.89")
    steps.control(ward, "chloride_mmol_l").fill("96")
    expect(ward.locator("#live-total")).to_have_text("206.84")
    steps.control(ward, "reason").fill(REASON)
    ward.get_by_role("button", name="Save correction").click()
    changed = ward.get_by_role("region", name="What changed in this version")
    expect(changed.get_by_role("row", name="Serum chloride 105 mmol/L 96 mmol/L")).to_be_visible()
    expect(changed.get_by_role("row", name="Total points 183.89 206.84")).to_be_visible()
    expect(changed).to_contain_text(REASON)


def test_points_follow_what_was_typed_while_the_page_was_loading(ward: Page) -> None:
    of = cast.recorded()
    held: list[Route] = []
    ward.route("**/htmx*.js", lambda route: held.append(route))
    ward.goto(f"/assessments/{of.pk}/amend", wait_until="commit")
    steps.control(ward, "chloride_mmol_l").fill("96")
    expect(ward.locator("#live-total")).to_have_text("183.89")
    for route in held:
        route.continue_()
    expect(ward.locator("#live-total")).to_have_text("206.84")


def _amend(page: Page, of: Assessment, **typed: str) -> None:
    """Open the form of a correction and type, without saving."""
    page.goto(f"/assessments/{of.pk}/amend")
    for name, value in typed.items():
        steps.control(page, name).fill(value)


def test_two_amend_at_once_and_nothing_typed_is_lost(ward: Page, bobs: Page, watch: Watch) -> None:
    watch.expect_status(409)
    of = cast.recorded()
    _amend(ward, of, chloride_mmol_l="96,5", reason=REASON)
    _amend(bobs, of, pdw_fl="13.1", reason="PDW of the day before")
    mine = steps.contents(ward)
    bobs.get_by_role("button", name="Save correction").click()
    expect(bobs.get_by_role("heading", level=1)).to_contain_text("Risk of residual back pain")

    ward.get_by_role("button", name="Save correction").click()
    expect(ward.locator("#summary")).to_contain_text("Dr Bob Keller saved version 2 on")
    expect(ward.locator("#summary")).to_be_focused()
    theirs = ward.get_by_role("region", name="What they changed")
    expect(theirs.get_by_role("row", name="12.8 fL 13.1 fL")).to_be_visible()
    yours = ward.get_by_role("region", name="What your version would change in theirs")
    expect(yours.get_by_role("row", name="13.1 fL 12.8 fL")).to_be_visible()
    expect(yours.get_by_role("row", name="105 mmol/L 96.5 mmol/L")).to_be_visible()
    assert steps.contents(ward) == mine

    # Alice keeps Bob's PDW and puts her chloride on top of it.
    steps.control(ward, "pdw_fl").fill("13.1")
    ward.get_by_role("button", name="Save correction").click()
    expect(ward.locator(".meta")).to_contain_text("version 3 (amended), replaces version 2")
    current = AssessmentChain.objects.get().current
    assert current is not None
    assert (float(current.pdw_fl), float(current.chloride_mmol_l)) == (13.1, 96.5)
    assert [v.created_by_name for v in Assessment.objects.order_by("version")] == [
        "Dr Alice Moore",
        "Dr Bob Keller",
        "Dr Alice Moore",
    ]


def test_an_assessment_of_the_wrong_patient_moves_to_the_right_one(
    ward: Page, watch: Watch
) -> None:
    watch.expect_status(422)
    right = cast.registered("AB-7", family_name="Zhao")
    of = cast.recorded()
    _amend(ward, of, reason="entered under the neighbour's number")
    expect(ward.locator(".known")).to_contain_text("Wang, Xiulan")
    steps.enter_number(ward, "ab-7")
    expect(ward.locator(".known")).to_contain_text("Zhao, Xiulan")
    ward.get_by_role("button", name="Save correction").click()
    ward.get_by_label(re.compile("moves the assessment.* from Wang, Xiulan.* to Zhao")).check()
    ward.get_by_role("button", name="Save correction").click()
    expect(ward.locator(".patient")).to_contain_text("Zhao, Xiulan")
    assert Assessment.objects.get(version=2).patient == right


def test_the_same_name_with_another_number_gives_a_caution(ward: Page) -> None:
    cast.registered("H1")
    ward.goto("/assessments/new")
    steps.enter_number(ward, "H2")
    steps.control(ward, "family_name").fill("wang")
    with ward.expect_response("**/patients/same-name"):
        steps.control(ward, "given_name").fill("Xiulan")
        steps.control(ward, "given_name").press("Tab")
    caution = ward.locator("#same-name")
    expect(caution).to_contain_text("this name is on record with another hospital number")
    expect(caution).to_contain_text("born 14-Jul-1944, hospital no. H1")


def test_void_and_undo(ward: Page) -> None:
    of = acts.operated_ago(4, "H1")
    ward.goto(f"/assessments/{of.pk}")
    ward.get_by_role("link", name="Void").click()
    steps.control(ward, "reason").fill("wrong patient")
    ward.get_by_role("main").get_by_role("button", name="Void").click()
    expect(ward.locator(".state")).to_have_text("Voided")
    assert "VOIDED" in steps.report_text(ward, ward.url)
    voided = ward.url
    ward.goto("/")
    expect(ward.locator(".badge-due")).to_have_count(0)
    expect(ward.get_by_text("Wang")).to_have_count(0)
    ward.goto(voided)
    ward.get_by_role("link", name="Undo the void").click()
    steps.control(ward, "reason").fill("it was the right patient")
    ward.get_by_role("button", name="Undo the void").click()
    expect(ward.locator(".state")).to_have_text("Provisional")
    ward.goto("/")
    expect(ward.locator(".badge-due")).to_have_text("2 due")


def test_an_outcome_from_the_worklist_and_its_correction(ward: Page, watch: Watch) -> None:
    watch.expect_status(422)
    acts.operated_ago(3, "H1")
    acts.operated_ago(4, "H2")
    ward.goto("/")
    first = ward.get_by_label("VAS Wang, Xiulan", exact=True).first
    first.fill("4.5")
    # The keyboard alone: date, "Today", "Save".
    for key in ("Tab", "Tab", "Enter", "Enter"):
        ward.keyboard.press(key)
    row = ward.get_by_role("region", name="VAS due, day 3").locator("tbody tr").first
    expect(row).to_contain_text("allowed is a whole number from 0 to 10")
    expect(first).to_be_focused()
    expect(row.get_by_label("Date of the VAS")).to_have_value(day_text(timezone.localdate()))
    first.fill("4")
    first.press("Enter")
    expect(ward.get_by_role("status")).to_contain_text("Saved: VAS 4 of day 3.")
    expect(ward.get_by_role("status")).to_contain_text("Next: Wang, Xiulan")
    # The next row moved up, and the keyboard stands in it.
    expect(first).to_be_focused()
    ward.get_by_role("status").get_by_role("link", name="Wang, Xiulan").first.click()
    ward.get_by_role("link", name="Correct day 3").click()
    steps.control(ward, "vas").fill("5")
    steps.control(ward, "measured_on").fill(cast.from_today(0))
    steps.control(ward, "reason").fill("misheard")
    ward.get_by_role("button", name="Save outcome").click()
    expect(ward.get_by_role("region", name="Outcome")).to_contain_text("corrected, version 2")
    assert [outcome.vas for outcome in Outcome.objects.order_by("version")] == [4, 5]


def test_what_was_typed_into_another_row_is_there_after_a_row_is_saved(ward: Page) -> None:
    for number in ("H1", "H2", "H3"):
        acts.operated_ago(3, number)
    ward.goto("/")
    first, second, third = ward.get_by_label("VAS Wang, Xiulan", exact=True).all()
    with ward.expect_response("**/drafts/keep"):
        third.fill("8")
    second.fill("7")
    first.fill("4")
    first.press("Tab")
    ward.keyboard.press("ArrowUp")
    # Emptied at the last moment.
    third.fill("")
    first.press("Enter")
    expect(ward.get_by_role("status")).to_contain_text("Saved: VAS 4 of day 3.")
    expect(first).to_have_value("7")
    expect(second).to_have_value("")
    expect(ward.locator(".said")).to_have_text(re.compile("It is not saved yet"))
    expect(ward.locator(".drafts")).to_have_count(0)
    assert [outcome.vas for outcome in Outcome.objects.all()] == [4]
    # Read again, gone elsewhere and come back: it stays until it is saved.
    ward.reload()
    expect(first).to_have_value("7")
    first.press("Tab")
    ward.keyboard.press("ArrowUp")
    ward.keyboard.press("Enter")
    expect(ward.get_by_role("status")).to_contain_text("Saved: VAS 7 of day 3.")
    expect(first).to_have_value("")
    assert not Draft.objects.exists()


def test_a_row_of_day_30_that_nobody_touched_asks_nothing(ward: Page) -> None:
    """Its list of answers stands on the first one, which nobody chose."""
    acts.operated_ago(3, "H1")
    acts.operated_ago(30, "H2")
    asked: list[str] = []

    def answer(dialog: Dialog) -> None:
        asked.append(dialog.message)
        dialog.dismiss()

    ward.on("dialog", answer)
    ward.goto("/")
    ward.locator("[aria-labelledby=h-day-3] [name=vas]").first.fill("4")
    ward.locator("[aria-labelledby=h-day-3] [name=measured_on]").first.fill(cast.from_today(0))
    ward.keyboard.press("Enter")
    expect(ward.get_by_role("status")).to_contain_text("Saved: VAS 4 of day 3.")
    ward.get_by_role("button", name="中文").click()
    expect(ward.locator("html")).to_have_attribute("lang", "zh-Hans")
    assert asked == []


def test_a_double_click_records_one_outcome_and_one_version(ward: Page) -> None:
    of = acts.operated_ago(3, "H1")
    ward.goto(f"/assessments/{of.pk}/outcome/day-3")
    steps.control(ward, "vas").fill("4")
    steps.control(ward, "measured_on").fill(cast.from_today(0))
    ward.get_by_role("button", name="Save outcome").dblclick(no_wait_after=True)
    expect(ward.get_by_text("Outcome of day 3 recorded.")).to_be_visible()
    ward.goto(f"/assessments/{of.pk}/complete")
    ward.get_by_role("button", name=re.compile("^Not restored")).dblclick(no_wait_after=True)
    expect(ward.locator(".state")).to_have_text("Final")
    assert (Outcome.objects.count(), Assessment.objects.count()) == (1, 2)

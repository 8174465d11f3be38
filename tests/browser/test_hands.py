"""How many keys and clicks the daily work takes, counted, and what saves them."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone
from playwright.sync_api import Page, expect

from scoring import actions
from scoring.models import Assessment, AuditEvent, Draft, Outcome
from tests import cast
from tests.browser import steps
from tests.browser.conftest import Watch
from tests.laboratory.kept import pdw_of


@dataclass
class Hands:
    """A page worked on by keys and clicks that are counted."""

    page: Page
    keys: int = 0
    clicks: int = 0

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)
            self.keys += 1

    def type(self, text: str) -> None:
        self.page.keyboard.type(text)
        self.keys += len(text)

    def click(self, what: str) -> None:
        self.page.locator(what).click()
        self.clicks += 1

    def answer(self, name: str, value: str) -> None:
        """Press one of the buttons of a question."""
        steps.choose(self.page, name, value)
        self.clicks += 1


def _printed(hands: Hands, key: str = "") -> None:
    """Save and print by one key or one click; the report of the new assessment is fetched."""
    with hands.page.expect_response(re.compile(r"/assessments/[0-9a-f-]{36}/report$")) as report:
        if key:
            hands.press(key)
        else:
            hands.click('.savebar button[value="print"]')
    assert report.value.headers["content-type"] == "application/pdf"
    assert AuditEvent.objects.filter(action=AuditEvent.Action.REPORT_PRINTED).count() == 1


def _from_operation_to_height(hands: Hands, height: str) -> None:
    """What known and new patients share: operated on yesterday, no other dates."""
    hands.press("d", "ArrowDown", "ArrowDown", "Tab", "Tab")
    hands.type("L1")
    hands.press("Tab", "Space", "y", "y")
    hands.type("-2")
    hands.press("Tab", "Tab", "Tab", "y", "Tab", "y", "Tab")
    hands.type("12.8")
    hands.press("Tab", "Tab", "Tab")
    hands.type("105")
    hands.press("Tab", "Tab", height)


def _fl_is_the_unit_of_the_laboratory() -> None:
    actions.change_ward_settings(
        by=None, facts={"pdw_unit": "fL"}, opened=0, origin=actions.NOWHERE
    )


def test_a_new_patient_takes_at_most_eighty_keys(ward: Page) -> None:
    _fl_is_the_unit_of_the_laboratory()
    ward.goto("/")
    hands = Hands(ward)
    hands.press("n")
    expect(steps.control(ward, "hospital_number")).to_be_focused()
    hands.type("90012345")
    hands.press("Enter")
    expect(steps.control(ward, "family_name")).to_be_focused()
    hands.type("Wang")
    hands.press("Tab")
    hands.type("Xiulan")
    hands.press("Tab", "Tab")
    hands.type("19440714")
    hands.press("Tab", "Tab", "f")
    _from_operation_to_height(hands, "n")
    expect(ward.locator("#livebar")).to_contain_text("Complete")
    for shown in ("Wang, Xiulan", "Born 14-Jul-1944", "Hospital no. 90012345"):
        expect(ward.locator("#bar-who")).to_contain_text(shown)
    _printed(hands, "Control+Shift+Enter")
    assert hands.keys <= 80
    made = Assessment.objects.get()
    assert (made.state, made.population) == ("final", "as_study")
    assert not Draft.objects.exists()


def test_a_known_patient_takes_at_most_fifty_keys(ward: Page) -> None:
    _fl_is_the_unit_of_the_laboratory()
    cast.registered("90012345")
    ward.goto("/")
    hands = Hands(ward)
    hands.press("n")
    expect(steps.control(ward, "hospital_number")).to_be_focused()
    hands.type("90012345")
    hands.press("Enter")
    expect(ward.locator(".known")).to_be_visible()
    expect(ward.locator("[name=operation_status]").first).to_be_focused()
    _from_operation_to_height(hands, "u")
    provisional = ward.get_by_role("button", name="Save provisional assessment", exact=True)
    expect(provisional).to_be_visible()
    expect(ward.get_by_role("button", name="Save assessment", exact=True)).to_have_count(0)
    _printed(hands, "Control+Shift+Enter")
    assert hands.keys <= 50
    assert Assessment.objects.get().state == "provisional"


def test_a_new_patient_takes_at_most_twenty_clicks(ward: Page) -> None:
    _fl_is_the_unit_of_the_laboratory()
    ward.goto("/")
    hands = Hands(ward)
    hands.click(".btn-start")
    expect(steps.control(ward, "hospital_number")).to_be_focused()
    ward.keyboard.type("90012345")
    ward.keyboard.press("Enter")
    expect(steps.control(ward, "family_name")).to_be_focused()
    ward.keyboard.type("Wang")
    for name, typed in (("given_name", "Xiulan"), ("birth_date", "14.07.1944")):
        hands.click(f"#id_{name}")
        ward.keyboard.type(typed)
    hands.answer("sex", "female")
    hands.answer("operation_status", "done")
    hands.click("#id_operation_date")
    hands.click("#day-tools [data-days='-1']")
    # A list is opened by one click, its line is chosen by another.
    steps.enter(ward, "fracture_level", "L1")
    hands.clicks += 2
    hands.click("[data-exclusions]")
    hands.answer("ovcf_treated_by_pkp", "yes")
    hands.answer("single_vertebra", "yes")
    for name, typed in (("t_score", "-2,0"), ("pdw_fl", "12,8"), ("chloride_mmol_l", "105")):
        hands.click(f"#id_{name}")
        ward.keyboard.type(typed)
    hands.answer("trauma_history", "yes")
    hands.answer("posterior_fascia_edema", "yes")
    hands.answer("mvh_restored", "no")
    _printed(hands)
    assert hands.clicks <= 20
    assert Assessment.objects.get().population == "as_study"


def test_ten_vas_take_at_most_ten_clicks_and_forty_keys(ward: Page) -> None:
    day = timezone.localdate() - timedelta(days=3)
    for number in range(10):
        person = cast.person(f"H{number}", family_name=f"Wang {chr(65 + number)}")
        entry = cast.worked_example(operation_date=day, radiograph_date=None)
        cast.recorded(person, entry)
    ward.goto("/")
    hands = Hands(ward)
    hands.click("[aria-labelledby=h-day-3] [name=vas] >> nth=0")
    for saved in range(10):
        expect(ward.locator("[name=vas]")).to_have_count(10 - saved)
        expect(ward.locator("[name=vas]").first).to_be_focused()
        # The VAS; the arrow writes today's date; Enter saves and leads to the next row.
        hands.press("4", "Tab", "ArrowUp", "Enter")
        expect(ward.locator("[role=status]").first).to_contain_text("Saved")
    # The row of the last is gone as well.
    expect(ward.locator("[name=vas]")).to_have_count(0)
    assert hands.keys <= 40
    assert hands.clicks <= 10
    assert list(Outcome.objects.values_list("vas", flat=True)) == [4] * 10


def test_all_exclusions_are_answered_and_taken_back_by_one_button(ward: Page) -> None:
    ward.goto("/assessments/new")
    button = ward.get_by_role("button", name="All exclusions: No")
    steps.choose(ward, "infection", "yes")
    row = ward.locator(".checks > div").filter(has_text="Systemic or local infection")
    expect(row).to_contain_text("Differs from the study's patients")
    expect(row.locator(".deviates")).to_be_visible()
    button.click()
    expect(ward.locator("#eligibility-count")).to_contain_text("8 of 10")
    # A "yes" that was there stays, so that not all are "no".
    expect(button).to_have_attribute("aria-pressed", "false")
    steps.choose(ward, "infection", "no")
    expect(row.locator(".deviates")).to_be_hidden()
    expect(button).to_have_attribute("aria-pressed", "true")
    button.click()
    expect(ward.locator("#eligibility-count")).to_contain_text("1 of 10")
    expect(button).to_have_attribute("aria-pressed", "false")


def test_one_date_serves_both_blood_values_and_arrows_count_days(
    ward: Page, axe: Callable[[Page], None]
) -> None:
    ward.goto("/assessments/new")
    steps.enter(ward, "pdw_date", "01-Mar-2025")
    steps.control(ward, "pdw_date").press("ArrowDown")
    expect(steps.control(ward, "pdw_date")).to_have_value("28-Feb-2025")
    steps.control(ward, "chloride_date").click()
    axe(ward)
    ward.get_by_role("button", name="Same date as the other blood value: 28-Feb-2025").click()
    expect(steps.control(ward, "chloride_date")).to_have_value("28-Feb-2025")
    expect(steps.control(ward, "chloride_date")).to_be_focused()
    # The browser's own calendar fills the field, too.
    with ward.expect_request("**/assessments/points"):
        ward.locator("#day-tools input").evaluate(
            "e => { e.value = '2025-03-02'; e.dispatchEvent(new Event('change', {bubbles: true})) }"
        )
    expect(steps.control(ward, "chloride_date")).to_have_value("02-Mar-2025")
    ward.keyboard.press("Escape")
    expect(ward.locator("#day-tools")).to_be_hidden()


def test_values_of_an_earlier_assessment_are_offered_and_taken_over_one_by_one(ward: Page) -> None:
    cast.recorded(cast.registered("AB-0071"))
    ward.goto("/assessments/new")
    steps.enter_number(ward, "AB-0071")
    expect(ward.locator("#offer-t_score")).to_contain_text(re.compile("T.*−2.0.*use", re.DOTALL))
    for name in ("t_score", "pdw_fl", "chloride_mmol_l"):
        expect(steps.control(ward, name)).to_have_value("")
    ward.locator("#offer-pdw_fl").get_by_role("button").click()
    expect(steps.control(ward, "pdw_fl")).to_have_value("12.80")
    expect(steps.control(ward, "pdw_unit")).to_have_value("fL")
    expect(ward.locator("#points")).to_contain_text("12.8 fL")
    expect(steps.control(ward, "t_score")).to_have_value("")
    steps.enter_number(ward, "AB-0072")
    expect(ward.locator("#offer-t_score")).to_be_empty()
    # Those of a laboratory also before their patient is on record, and by the keyboard.
    pdw_of("AB-0073", "11.9")
    steps.enter_number(ward, "AB-0073")
    ward.locator("#offer-pdw_fl").get_by_role("button").press("Enter")
    expect(steps.control(ward, "pdw_fl")).to_have_value("11.9")
    expect(steps.control(ward, "pdw_date")).to_have_value("11-Mar-2025")
    expect(steps.control(ward, "pdw_result")).not_to_have_value("")
    expect(steps.control(ward, "pdw_fl")).to_be_focused()


def test_the_focus_stays_where_the_panel_is_replaced(ward: Page) -> None:
    ward.goto("/assessments/new")
    steps.control(ward, "t_score").fill("-2")
    ward.locator("#open-chloride_mmol_l").focus()
    expect(ward.locator("#points")).to_contain_text("16.32")
    expect(ward.locator("#open-chloride_mmol_l")).to_be_focused()
    steps.control(ward, "chloride_mmol_l").fill("105")
    ward.locator("#open-chloride_mmol_l").focus()
    expect(ward.locator("#points")).to_contain_text("25.50")
    expect(ward.locator(".savebar .btn-primary")).to_be_focused()


def test_an_empty_form_has_a_short_summary(ward: Page, watch: Watch) -> None:
    watch.expect_status(422)
    ward.goto("/assessments/new")
    steps.save(ward)
    summary = ward.locator("#summary")
    expect(summary).to_be_focused()
    expect(summary.locator("li")).to_have_text(
        [
            "Patient: 4 not answered",
            "Operation: 3 not answered",
            "Eligibility: 10 not answered",
            "Seven predictors: 7 not answered",
        ]
    )
    summary.get_by_role("link", name="Eligibility: 10 not answered").click()
    expect(ward.locator("[name=ovcf_treated_by_pkp]").first).to_be_focused()

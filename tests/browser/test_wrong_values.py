"""Wrong values: the message beside the field, at once and after saving, everything else kept."""

import pytest
from playwright.sync_api import Page, expect

from scoring.models import Assessment
from tests import cast
from tests import worked_example as worked
from tests.browser import steps
from tests.browser.conftest import Watch

ALLOWED = {
    "t_score": "−10 to +4",
    "pdw_fl": "6 to 34.8 fL",
    "chloride_mmol_l": "75.8 to 115 mmol/L",
}
# What is typed, and what the message says was entered.
WRONG_NUMBERS = {
    "t_score": {
        "abc": "“abc”, which is not a number",
        "-2.0.": "“-2.0.”, which is not a number",
        "200": "200",
        "－１１": "−１１",
    },
    "pdw_fl": {
        "abc": "“abc”, which is not a number",
        "12.8.0": "“12.8.0”, which is not a number",
        "5,99": "5,99 fL",
        "  200  ": "200 fL",
    },
    "chloride_mmol_l": {
        "10 5": "“10 5”, which is not a number",
        "1e2": "“1e2”, which is not a number",
        "200": "200 mmol/L",
        "１１６": "１１６ mmol/L",
    },
}


@pytest.fixture
def form(ward: Page, watch: Watch) -> Page:
    """A new form with the worked example in it; saving it is expected to be refused."""
    watch.expect_status(422)
    steps.new_assessment(ward, steps.worked_example())
    return ward


@pytest.mark.parametrize("name", WRONG_NUMBERS)
def test_a_wrong_number(form: Page, name: str) -> None:
    message = ""
    for typed, entered in WRONG_NUMBERS[name].items():
        steps.enter(form, name, typed)
        message = f"you entered {entered}; allowed is {ALLOWED[name]}."
        expect(form.locator(f"#msgs-{name}")).to_contain_text(f"Error: {message}")
        expect(steps.control(form, name)).to_have_attribute("aria-invalid", "true")
        expect(form.locator("#points")).to_contain_text("Incomplete: 1 of 7 left")
    _saving_keeps_everything(form, name, message)
    expect(form.locator(f"#msgs-{name}")).to_contain_text(f"Error: {message}")

    steps.enter(form, name, steps.worked_example()[name])
    expect(form.locator("#live-risk-final")).to_have_text(worked.RISK)
    expect(form.locator(f"#msgs-{name} .error")).to_have_count(0)
    expect(steps.control(form, name)).not_to_have_attribute("aria-invalid", "true")
    steps.saved(form)
    expect(form.locator(".risk-number")).to_have_text(f"{worked.WHOLE}%")


def test_a_wrong_stated_age(form: Page) -> None:
    steps.enter(form, "birth_date", "")
    form.get_by_label("Date of birth not known").check()
    message = ""
    for typed, entered, allowed in (
        ("eighty", "“eighty”, which is not a number", "; allowed is 50 to 100 years."),
        ("200", "200 years", "; allowed is 50 to 100 years."),
        ("79,5", "79,5 years", "; enter completed years, such as 80."),
    ):
        steps.enter(form, "age_years", typed)
        message = f"you entered {entered}{allowed}"
        expect(form.locator("#msgs-age_years")).to_contain_text(f"Error: {message}")
        expect(form.locator("#points")).to_contain_text("Incomplete: 1 of 7 left")
    _saving_keeps_everything(form, "age_years", message)


@pytest.mark.parametrize("name", ALLOWED)
def test_an_empty_number_is_silent_until_saved(form: Page, name: str) -> None:
    steps.enter(form, name, "")
    expect(form.locator("#points")).to_contain_text("Incomplete: 1 of 7 left")
    expect(form.locator(f"#msgs-{name}")).not_to_contain_text("Error")
    message = f"nothing entered; allowed is {ALLOWED[name]}."
    _saving_keeps_everything(form, name, message)
    expect(form.locator(f"#msgs-{name}")).to_contain_text(f"Error: {message}")


def _saving_keeps_everything(page: Page, name: str, message: str) -> None:
    before = steps.contents(page)
    steps.save(page)
    summary = page.locator("#summary")
    expect(summary).to_be_focused()
    link = summary.get_by_role("link", name=message)
    expect(link).to_have_count(1)
    assert steps.contents(page) == before
    assert Assessment.objects.count() == 0
    link.click()
    expect(steps.control(page, name)).to_be_focused()
    expect(steps.control(page, name)).to_be_in_viewport()


WRONG_TEXTS = {
    "hospital_number": [
        ("", "the hospital number is needed."),
        ("12 34?", "you entered “12 34?”; allowed are letters, digits and - . / _"),
    ],
    "birth_date": [
        ("", "enter it or tick “Date of birth not known”."),
        ("14-Jul-2144", "you entered 14-Jul-2144; allowed is 01-Jan-1900 to today."),
        ("31-Feb-1944", "you entered “31-Feb-1944”; there is no 31 February."),
        ("03/04/1944", "you entered “03/04/1944”, which could be 3 April or 4 March"),
    ],
    "family_name": [("   ", "enter it or tick “Name not known”.")],
    "operation_date": [("", "enter a date"), ("soon", "you entered “soon”; enter a date")],
    "operation_time": [("25:00", "you entered “25:00”; enter a time such as 08:30.")],
    "dxa_date": [("03/04/2025", "you entered “03/04/2025”, which could be 3 April or 4 March")],
    "pdw_date": [("14-Mar-2025", "you entered 14-Mar-2025, which is after the operation")],
    "radiograph_date": [("12-Mar-2025", "from the day of the operation to today.")],
}


@pytest.mark.parametrize("name", WRONG_TEXTS)
def test_a_wrong_text(form: Page, name: str) -> None:
    row = form.locator(f":is(.field, .predictor):has(#id_{name})")
    for typed, message in WRONG_TEXTS[name]:
        steps.enter(form, name, typed)
        _saving_keeps_everything(form, name, message)
        expect(row.locator(".msg.error")).to_contain_text(message)


@pytest.mark.parametrize(
    ("name", "typed", "shown"),
    [
        ("pdw_fl", "12.8", "12.8 fL"),
        ("pdw_fl", "12,8", "12.8 fL"),
        ("pdw_fl", "１２．８", "12.8 fL"),
        ("pdw_fl", " 12,80\u00a0", "12.8 fL"),
        ("t_score", "−2,0", "no (T −2.0)"),
        ("t_score", "\u20132", "no (T −2.0)"),
        ("chloride_mmol_l", "\u3000１０５\t", "105 mmol/L"),
    ],
)
def test_what_is_read_although_it_looks_different(
    ward: Page, name: str, typed: str, shown: str
) -> None:
    steps.new_assessment(ward, steps.worked_example(**{name: typed}))
    expect(ward.locator("#live-risk-final")).to_have_text(worked.RISK)
    expect(steps.control(ward, name)).to_have_value(typed)
    steps.saved(ward)
    expect(ward.locator("main")).to_contain_text(shown)
    expect(ward.locator(".risk-number")).to_have_text(f"{worked.WHOLE}%")


def test_pdw_in_another_unit_is_refused_with_the_reason(form: Page) -> None:
    for unit in ("GSD", "other", "%"):
        steps.enter(form, "pdw_unit", unit)
        expect(form.locator("#msgs-pdw_fl")).to_contain_text("the model needs PDW in fL")
        expect(form.locator("#points")).to_contain_text("Incomplete: 1 of 7 left")
    _only_the_unit_is_marked(form)
    _saving_keeps_everything(form, "pdw_unit", "the model needs PDW in fL")
    _only_the_unit_is_marked(form)


def _only_the_unit_is_marked(page: Page) -> None:
    expect(steps.control(page, "pdw_unit")).to_have_attribute("aria-invalid", "true")
    expect(steps.control(page, "pdw_unit")).to_have_css("border-left-width", "2px")
    expect(steps.control(page, "pdw_fl")).not_to_have_attribute("aria-invalid", "true")


def test_on_a_phone_what_is_said_of_a_value_stands_between_it_and_its_source(ward: Page) -> None:
    ward.set_viewport_size({"width": 390, "height": 844})
    steps.new_assessment(ward, steps.worked_example(pdw_fl="12,8", pdw_date="14-Mar-2025"))
    expect(ward.locator("#msgs-pdw_fl")).to_contain_text("read as 12.8")
    said = ["#id_pdw_fl", "#msgs-pdw_fl .msg", "#id_pdw_date", "#msgs-pdw_fl-source .msg"]
    boxes = [ward.locator(place).bounding_box() for place in said]
    tops = [box["y"] for box in boxes if box]
    assert len(tops) == len(said)
    assert tops == sorted(tops)


def test_every_error_of_an_empty_form_is_seen_beside_its_field(ward: Page, watch: Watch) -> None:
    """Of buttons, lists and text alike: being in the page is not enough, Bootstrap hides some."""
    watch.expect_status(422)
    forms = {
        "/assessments/new": "Save assessment",
        "/calculator": "Calculate",
        f"/assessments/{cast.recorded().pk}/outcome/day-30": "Save outcome",
    }
    for address, button in forms.items():
        ward.goto(address)
        ward.locator("main").get_by_role("button", name=button, exact=True).first.click()
        expect(ward.locator("#summary")).to_be_focused()
        led_to = ward.locator("#summary a").evaluate_all(
            "links => links.map((link) => link.hash.slice(1))"
        )
        assert led_to
        ward.locator("#summary a").first.click()
        expect(ward.locator(f"#{led_to[0]}")).to_be_focused()
        errors = ward.locator("form .msg.error")
        assert errors.count() >= len(led_to)
        for error in errors.all():
            expect(error).to_be_visible()


def test_an_unanswered_question_is_not_a_no(ward: Page, watch: Watch) -> None:
    watch.expect_status(422)
    questions = ("sex", "operation_status", "infection", "trauma_history", "mvh_restored")
    values = steps.worked_example(radiograph_date="")
    steps.new_assessment(ward, {n: v for n, v in values.items() if n not in questions})
    for left, name in enumerate(questions):
        before = steps.contents(ward)
        steps.save(ward)
        expect(ward.locator("#summary li")).to_have_count(len(questions) - left)
        assert steps.contents(ward) == before
        expect(ward.locator(f'input[name="{name}"]:checked')).to_have_count(0)
        row = ward.locator(f':is(.field, .checks > div, .predictor):has(input[name="{name}"])')
        expect(row.locator(".msg.error")).to_contain_text("not answered.")
        expect(row.locator(".msg.error")).to_be_visible()
        ward.locator("#summary a").first.click()
        expect(ward.locator(f'input[name="{name}"]').first).to_be_focused()
        steps.enter(ward, name, values[name])
    steps.saved(ward)


def test_the_links_of_an_empty_form_lead_to_their_fields_in_reading_order(
    ward: Page, watch: Watch
) -> None:
    watch.expect_status(422)
    ward.goto("/assessments/new")
    steps.save(ward)
    # Once part of it is filled in, what is left is a line of its own.
    for name in ("hospital_number", "operation_status", "t_score", "pdw_fl", "pdw_unit"):
        steps.enter(ward, name, steps.worked_example()[name])
    for name in ("trauma_history", "posterior_fascia_edema"):
        steps.enter(ward, name, "yes")
    steps.choose(ward, "sex", "female")
    for name in ("infection", "chronic_low_back_pain", "single_vertebra", "cord_compression"):
        steps.choose(ward, name, "no")
    steps.save(ward)
    links = ward.locator("#summary a")
    heights = []
    for number in range(links.count()):
        links.nth(number).click()
        anchor = (links.nth(number).get_attribute("href") or "").removeprefix("#")
        expect(ward.locator(f"#{anchor}")).to_be_focused()
        section = ward.locator(f"section:has(#{anchor})")
        heights.append(section.evaluate("e => e.getBoundingClientRect().top + window.scrollY"))
    assert len(heights) >= 6
    # The age leads to the date of birth, from which it follows.
    ages = {i for i in range(len(heights)) if links.nth(i).inner_text().startswith("Age:")}
    in_order = [height for i, height in enumerate(heights) if i not in ages]
    assert in_order == sorted(in_order)

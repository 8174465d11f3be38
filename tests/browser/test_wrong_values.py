"""Wrong values: the message beside the field, at once and after saving, everything else kept."""

import pytest
from playwright.sync_api import Page, expect

from scoring.models import Assessment
from tests.browser import steps
from tests.browser.conftest import Watch

NOT_A_NUMBER = "you entered “{}”, which is not a number; allowed is {}."
REFUSED = "you entered {}; allowed is {}."
ALLOWED = {
    "t_score": ("−10 to 4", ""),
    "pdw_fl": ("6 to 34.8 fL", " fL"),
    "chloride_mmol_l": ("75.8 to 115 mmol/L", " mmol/L"),
}
WRONG_NUMBERS = [
    *((name, "abc") for name in ALLOWED),
    *((name, "200") for name in ALLOWED),
    ("t_score", "－１１"),
    ("pdw_fl", "5,99"),
    ("pdw_fl", "1２.8.0"),
    ("chloride_mmol_l", "  1005  "),
    ("chloride_mmol_l", "10 5"),
]


def _message(name: str, typed: str) -> str:
    allowed, unit = ALLOWED[name]
    plain = typed.strip()
    if plain in {"200", "－１１", "5,99", "1005"}:
        return REFUSED.format(plain + unit, allowed)
    return NOT_A_NUMBER.format(plain, allowed)


def _row(page: Page, name: str) -> str:
    return page.locator(f"#msgs-{name}").inner_text().replace("\n", " ")


@pytest.mark.parametrize(("name", "typed"), WRONG_NUMBERS)
def test_a_wrong_number(ward: Page, watch: Watch, name: str, typed: str) -> None:
    watch.expect_status(422)
    ward.goto("/assessments/new")
    steps.fill_in(ward, steps.worked_example(**{name: typed}))
    message = _message(name, typed)
    expect(ward.locator(f"#msgs-{name}")).to_contain_text(f"Error: {message}")
    expect(steps.control(ward, name)).to_have_attribute("aria-invalid", "true")
    expect(ward.locator("#points")).to_contain_text("Incomplete: 1 of 7 left")
    _saving_keeps_everything(ward, name, message)

    correct = steps.worked_example()[name]
    steps.enter(ward, name, correct)
    expect(ward.locator(f"#msgs-{name} .error")).to_have_count(0)
    expect(steps.control(ward, name)).not_to_have_attribute("aria-invalid", "true")
    steps.complete(ward)
    steps.saved(ward)
    expect(ward.locator(".risk-number")).to_have_text("77%")


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


WRONG_TEXTS = [
    ("hospital_number", "12 34?", "allowed are letters, digits and - . / _"),
    ("hospital_number", "", "the hospital number is needed."),
    ("birth_date", "14/07/1944", "you entered “14/07/1944”; enter a date"),
    ("birth_date", "31-Feb-1944", "enter a date"),
    ("birth_date", "14-Jul-2144", "allowed is 01-Jan-1900 to today."),
    ("birth_date", "", "enter it or tick “Date of birth not known”."),
    ("family_name", "   ", "enter it or tick “Name not known”."),
    ("operation_date", "soon", "you entered “soon”; enter a date"),
    ("operation_time", "25:00", "enter a time such as 08:30."),
    ("dxa_date", "03/04/2025", "enter a date"),
    ("pdw_date", "14-Mar-2025", "after the operation"),
    ("radiograph_date", "12-Mar-2025", "from the day of the operation to today."),
]


@pytest.mark.parametrize(("name", "typed", "message"), WRONG_TEXTS)
def test_a_wrong_text(ward: Page, watch: Watch, name: str, typed: str, message: str) -> None:
    watch.expect_status(422)
    ward.goto("/assessments/new")
    values = steps.worked_example(**{name: typed})
    steps.fill_in(ward, values)
    _saving_keeps_everything(ward, name, message)
    beside = ward.locator(f".field:has(#id_{name}) .msg, .predictor:has(#id_{name}) .msg.error")
    expect(beside).to_contain_text(message)


@pytest.mark.parametrize("name", ALLOWED)
def test_an_empty_number_is_silent_until_saved(ward: Page, watch: Watch, name: str) -> None:
    watch.expect_status(422)
    ward.goto("/assessments/new")
    steps.fill_in(ward, steps.worked_example(**{name: ""}))
    expect(ward.locator("#points")).to_contain_text("Incomplete: 1 of 7 left")
    assert "Error" not in _row(ward, name)
    message = f"nothing entered; allowed is {ALLOWED[name][0]}."
    _saving_keeps_everything(ward, name, message)
    expect(ward.locator(f"#msgs-{name}")).to_contain_text(f"Error: {message}")


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
    assert steps.contents(ward)[name] == typed
    steps.saved(ward)
    expect(ward.locator("main")).to_contain_text(shown)
    expect(ward.locator(".risk-number")).to_have_text("77%")


def test_pdw_in_another_unit_is_refused_with_the_reason(ward: Page, watch: Watch) -> None:
    watch.expect_status(422)
    ward.goto("/assessments/new")
    steps.fill_in(ward, steps.worked_example(pdw_unit="%"))
    expect(ward.locator("#msgs-pdw_fl")).to_contain_text("only fL is scored")
    expect(ward.locator("#points")).to_contain_text("Incomplete: 1 of 7 left")
    _saving_keeps_everything(ward, "pdw_unit", "only fL is scored")


@pytest.mark.parametrize("name", ["sex", "operation_status", "infection", "trauma_history"])
def test_an_unanswered_question_is_not_a_no(ward: Page, watch: Watch, name: str) -> None:
    watch.expect_status(422)
    ward.goto("/assessments/new")
    values = steps.worked_example()
    del values[name]
    steps.fill_in(ward, values)
    before = steps.contents(ward)
    steps.save(ward)
    expect(ward.locator("#summary li")).to_have_count(1)
    expect(ward.locator("#summary")).to_contain_text("not answered.")
    assert steps.contents(ward) == before
    ward.locator("#summary a").click()
    expect(ward.locator(f'input[name="{name}"]').first).to_be_focused()
    beside = ward.locator(f':is(.field, .checks > div, .predictor):has(input[name="{name}"])')
    expect(beside).to_contain_text("not answered.")
    expect(ward.locator(f'input[name="{name}"]:checked')).to_have_count(0)


def test_the_links_of_an_empty_form_lead_to_their_fields_in_reading_order(
    ward: Page, watch: Watch
) -> None:
    watch.expect_status(422)
    ward.goto("/assessments/new")
    steps.save(ward)
    links = ward.locator("#summary a")
    heights = []
    for number in range(links.count()):
        links.nth(number).click()
        anchor = (links.nth(number).get_attribute("href") or "").removeprefix("#")
        expect(ward.locator(f"#{anchor}")).to_be_focused()
        section = ward.locator(f"section:has(#{anchor})")
        heights.append(section.evaluate("e => e.getBoundingClientRect().top + window.scrollY"))
    assert len(heights) >= 20
    # The age leads to the date of birth, from which it follows.
    ages = {i for i in range(len(heights)) if links.nth(i).inner_text().startswith("Age:")}
    in_order = [height for i, height in enumerate(heights) if i not in ages]
    assert in_order == sorted(in_order)

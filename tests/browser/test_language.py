"""The switch of the language in a browser: nothing typed is lost, nothing runs off its box."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Dialog, Page, expect

from scoring.models.draft import Draft
from tests import cast
from tests.browser import steps
from tests.browser.conftest import Watch
from tests.life import acts

WARD, PHONE = {"width": 1366, "height": 768}, {"width": 390, "height": 844}
# Texts that stand wider than the box they are in, where the box hides or cuts the rest.
_CLIPPED = """() => [...document.querySelectorAll("main *, header *")]
    .filter(e => e.checkVisibility() && e.clientWidth && !e.closest(".visually-hidden, svg"))
    .filter(e => ["hidden", "clip"].includes(getComputedStyle(e).overflowX)
        || e.matches("button, .btn, th, td, input, select, summary, label"))
    .filter(e => e.scrollWidth > e.clientWidth + 1)
    .map(e => `${e.tagName} ${e.className} ${e.value ?? e.textContent}`.slice(0, 120))"""

# Fields and buttons that stand over the right edge of their sheet.
_BEYOND = """() => [...document.querySelectorAll(".sheet :is(input, select, textarea, .btn)")]
    .filter(e => e.checkVisibility() && !e.closest(".table-scroll, .visually-hidden"))
    .filter(e => e.getBoundingClientRect().right
        > e.closest(".sheet").getBoundingClientRect().right)
    .map(e => `${e.tagName} ${e.name}`)"""


def _press(page: Page, language: str) -> None:
    page.locator(".language").get_by_role("button", name=language).click()


def test_what_was_typed_into_an_assessment_is_still_there(ward: Page) -> None:
    ward.goto(reverse("assessment-new"))
    steps.control(ward, "hospital_number").fill("H100")
    steps.control(ward, "family_name").fill("李")
    steps.control(ward, "pdw_fl").fill("12。8")
    _press(ward, "中文")
    expect(ward.locator("html")).to_have_attribute("lang", "zh-Hans")
    expect(ward.locator("main")).to_contain_text("先前填写的内容")
    for name, typed in (("hospital_number", "H100"), ("family_name", "李"), ("pdw_fl", "12。8")):
        expect(steps.control(ward, name)).to_have_value(typed)
    assert Draft.objects.count() == 1
    _press(ward, "English")
    expect(ward.locator("html")).to_have_attribute("lang", "en")
    expect(steps.control(ward, "pdw_fl")).to_have_value("12。8")


def _two_rows() -> None:
    """Two patients whose VAS of day 3 is due."""
    day = timezone.localdate() - timedelta(days=3)
    for number in ("H1", "H2"):
        entry = cast.worked_example(operation_date=day, radiograph_date=None)
        cast.recorded(cast.person(number, given_name=number), entry)


def test_of_the_worklist_all_rows_that_were_filled_in_go_along(ward: Page) -> None:
    _two_rows()
    ward.goto("/")
    for number, vas in (("H1", "6"), ("H2", "7")):
        ward.get_by_label(f"VAS Wang, {number}", exact=True).fill(vas)
    _press(ward, "中文")
    expect(ward.locator("html")).to_have_attribute("lang", "zh-Hans")
    for number, vas in (("H1", "6"), ("H2", "7")):
        row = ward.get_by_role("row").filter(has_text=f"Wang, {number}")
        expect(row.locator("[name=vas]")).to_have_value(vas)


def test_of_the_worklist_the_row_that_was_refused_goes_along(ward: Page, watch: Watch) -> None:
    watch.expect_status(422)
    _two_rows()
    ward.goto("/")
    typed = ward.get_by_label("VAS Wang, H2", exact=True)
    typed.fill("4.5")
    typed.press("Enter")
    expect(ward.locator("main")).to_contain_text("allowed is a whole number from 0 to 10")
    _press(ward, "中文")
    expect(ward.locator(".patient")).to_contain_text("H2")
    expect(steps.control(ward, "vas")).to_have_value("4.5")


def test_of_another_form_the_user_is_asked(ward: Page) -> None:
    cast.alice_with_all_roles()
    asked: list[str] = []

    def answer(dialog: Dialog) -> None:
        asked.append(dialog.message)
        if len(asked) == 1:
            dialog.dismiss()
        else:
            dialog.accept()

    ward.on("dialog", answer)
    ward.goto(reverse("user-new"))
    ward.locator("[name=username]").fill("eve")
    _press(ward, "中文")
    expect(ward.locator("[name=username]")).to_have_value("eve")
    expect(ward.locator("html")).to_have_attribute("lang", "en")
    _press(ward, "中文")
    expect(ward.locator("html")).to_have_attribute("lang", "zh-Hans")
    assert len(asked) == 2
    assert "not saved" in asked[0]


def test_a_page_without_anything_typed_is_switched_at_once(ward: Page) -> None:
    ward.goto("/about")
    _press(ward, "中文")
    expect(ward.locator("html")).to_have_attribute("lang", "zh-Hans")
    assert ward.url.endswith("/about")


def test_dates_are_chosen_and_moved_in_chinese(ward: Page) -> None:
    ward.goto("/about")
    _press(ward, "中文")
    ward.goto(reverse("assessment-new"))
    field = steps.control(ward, "operation_date")
    field.focus()
    ward.keyboard.press("ArrowDown")
    today = timezone.localdate()
    expect(field).to_have_value(f"{today.year}年{today.month}月{today.day}日")
    ward.keyboard.press("ArrowDown")
    before = today - timedelta(days=1)
    expect(field).to_have_value(f"{before.year}年{before.month}月{before.day}日")


@pytest.mark.slow
@pytest.mark.parametrize("screen", [WARD, PHONE], ids=["ward", "phone"])
@pytest.mark.parametrize("language", ["English", "中文"])
def test_no_text_runs_off_its_box(ward: Page, language: str, screen: dict[str, int]) -> None:
    cast.alice_with_all_roles()
    final = acts.outcome(cast.recorded(cast.person("H1", family_name="欧阳")), acts.measured(3, 5))
    provisional = cast.recorded(cast.person("H2"), cast.before_the_radiograph())
    ward.set_viewport_size(screen)  # type: ignore[arg-type]
    ward.goto("/about")
    if language != "English":
        _press(ward, language)
        expect(ward.locator("html")).to_have_attribute("lang", "zh-Hans")
    addresses = [
        *("/", "/history", "/validation", "/about", "/help", "/calculator", "/access-log"),
        *("/ward", "/users", "/account", "/about/model-card", reverse("assessment-new")),
        reverse("assessment-result", args=[provisional.pk]),
        reverse("assessment-complete", args=[provisional.pk]),
        reverse("patient-detail", args=[provisional.patient_id]),
        reverse("outcome-day-3", args=[final.chain.current_id]),
    ]
    wrong: dict[str, object] = {}
    for address in addresses:
        ward.goto(address)
        clipped = ward.evaluate(_CLIPPED) + ward.evaluate(_BEYOND)
        wide = ward.evaluate("document.documentElement.scrollWidth") - screen["width"]
        if clipped or wide > 0:
            wrong[address] = (wide, clipped)
    assert wrong == {}

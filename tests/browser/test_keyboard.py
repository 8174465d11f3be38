"""The form from the keyboard alone: in reading order, every control."""

from dataclasses import dataclass
from itertools import pairwise

import pytest
from playwright.sync_api import Page, expect

from tests import cast
from tests import worked_example as worked
from tests.browser import steps

_STOP = """() => {
    const at = document.activeElement;
    const box = (at.type === "radio" ? at.closest(".yn") : at).getBoundingClientRect();
    return {id: at.id, name: at.name || "", kind: at.type || at.tagName.toLowerCase(),
            value: at.value || "", top: box.top + scrollY, bottom: box.bottom + scrollY,
            left: box.left, right: box.right, panel: !!at.closest(".panel, .savebar")};
}"""
# Boxes in one line may overlap by their borders, in CSS pixels.
_TOLERANCE_PX = 2


@dataclass(frozen=True)
class Stop:
    """Where the focus stands."""

    id: str
    name: str
    kind: str
    value: str
    top: float
    bottom: float
    left: float
    right: float
    panel: bool

    def reads_before(self, other: "Stop") -> bool:
        """Above the other, or left of it in the same line."""
        above = other.top >= self.bottom - _TOLERANCE_PX
        left = other.left >= self.right - _TOLERANCE_PX and other.bottom > self.top
        return above or left


def _stop(page: Page) -> Stop:
    return Stop(**page.evaluate(_STOP))


def _stops(page: Page) -> list[Stop]:
    """Every stop of Tab from the hospital number to the save button."""
    steps.control(page, "hospital_number").focus()
    found = [_stop(page)]
    while found[-1].kind != "submit":
        assert len(found) < 100
        page.keyboard.press("Tab")
        found.append(_stop(page))
    return found


def _visible_controls(page: Page) -> set[str]:
    names = page.locator("form.assessment").evaluate(
        """form => [...form.elements]
            .filter(e => e.name && !/hidden|submit/.test(e.type) && e.checkVisibility())
            .map(e => e.name)"""
    )
    return set(names)


def test_tab_follows_the_reading_order_and_reaches_every_control(ward: Page) -> None:
    for width in (1366, 768):
        ward.set_viewport_size({"width": width, "height": 900})
        ward.goto("/assessments/new")
        stops = _stops(ward)
        fields = [stop for stop in stops if not stop.panel]
        for before, after in pairwise(fields):
            assert before.reads_before(after), f"{before.name} to {after.name} at {width} px"
        # The button for all exclusions has no name.
        assert {stop.name for stop in fields} - {""} == _visible_controls(ward)
        # The panel comes after the last field.
        assert [stop.panel for stop in stops] == sorted(stop.panel for stop in stops)


def test_from_sign_in_to_the_printed_report_without_a_mouse(page: Page) -> None:
    """Nothing is focused or pressed but by keys."""
    cast.alice()
    page.goto("/sign-in")
    _tab_to(page, "#id_username")
    page.keyboard.type("alice")
    _tab_to(page, "#id_password")
    page.keyboard.type(cast.PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Worklist")).to_be_visible()
    page.keyboard.press("n")
    expect(steps.control(page, "hospital_number")).to_be_focused()
    _fill_in(page, steps.worked_example())
    expect(page.locator("#live-risk-final")).to_have_text(worked.RISK)
    page.keyboard.press("Enter")
    expect(page.locator(".risk-number")).to_have_text(f"{worked.WHOLE}%")
    expect(page.locator(".patient")).to_contain_text("Wang, Xiulan")
    _tab_to(page, "[data-report]")
    with page.context.expect_event("request", steps.asks_for_report) as asked:
        page.keyboard.press("Enter")
    assert asked.value.url == f"{page.url}/report"
    assert "Wang, Xiulan" in steps.report_text(page, page.url)
    # Signing out: the menu opens, its entries follow, Esc closes it where it was opened.
    _tab_to(page, ".usernav > button", "Shift+Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#usermenu")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#usermenu")).to_be_hidden()
    expect(page.locator(".usernav > button")).to_be_focused()
    page.keyboard.press("Enter")
    _tab_to(page, "#usermenu button")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


def _tab_to(page: Page, selector: str, key: str = "Tab") -> None:
    """Go on by Tab until the focus stands there."""
    for _ in range(60):
        page.keyboard.press(key)
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    pytest.fail(f"{key} does not reach {selector}")


def _fill_in(page: Page, values: steps.Values) -> None:
    """From the hospital number, where the focus stands, to the button."""
    orders = {
        name: page.locator(f'input[name="{name}"]').evaluate_all("all => all.map(e => e.value)")
        for name in values
        if name not in (*steps.TEXTS, *steps.SELECTS)
    }
    visited = set()
    for _ in range(100):
        stop = _stop(page)
        if stop.kind == "submit":
            break
        if stop.name in values:
            visited.add(stop.name)
            if stop.kind == "radio":
                _press(page, orders[stop.name].index(values[stop.name]))
            elif stop.kind == "select-one":
                page.keyboard.type(
                    {"lumbar_spine": "lumbar"}.get(values[stop.name], values[stop.name])
                )
            else:
                page.keyboard.type(values[stop.name])
        page.keyboard.press("Tab")
    assert visited == set(values)


_UNDER = """() => {
    const at = document.activeElement;
    const box = (at.closest(".yn, .form-check") ?? at).getBoundingClientRect();
    const covers = [...document.querySelectorAll(".savebar, .patient")]
        .filter(cover => !cover.contains(at)).map(cover => cover.getBoundingClientRect());
    return covers.some(cover => box.top < cover.bottom && box.bottom > cover.top)
        || box.top < 0 || box.bottom > innerHeight;
}"""


@pytest.mark.parametrize("size", [(1366, 768), (390, 844)], ids=["ward", "telephone"])
@pytest.mark.parametrize("form", ["new", "amend"])
def test_what_has_the_focus_is_never_under_a_bar(
    ward: Page, form: str, size: tuple[int, int]
) -> None:
    """From the first field to the button and back."""
    ward.set_viewport_size({"width": size[0], "height": size[1]})
    # Bootstrap scrolls smoothly otherwise, and nothing could be measured on the way.
    ward.emulate_media(reduced_motion="reduce")
    ward.goto("/assessments/new" if form == "new" else f"/assessments/{cast.recorded().pk}/amend")
    stops = _stops(ward)
    steps.control(ward, "hospital_number").focus()
    for key in ("Tab", "Shift+Tab"):
        for _ in stops[1:]:
            ward.keyboard.press(key)
            assert not ward.evaluate(_UNDER), f"{_stop(ward)} after {key}"


def _press(page: Page, place: int) -> None:
    """Choose one of several buttons: Space takes the first, the arrow goes on."""
    page.keyboard.press("Space")
    for _ in range(place):
        page.keyboard.press("ArrowRight")


def test_the_skip_link_and_the_menu(ward: Page) -> None:
    cast.recorded()
    ward.goto("/")
    ward.keyboard.press("Tab")
    expect(ward.get_by_role("link", name="Skip to content")).to_be_focused()
    expect(ward.get_by_role("link", name="Skip to content")).to_be_in_viewport()
    ward.keyboard.press("Enter")
    expect(ward.locator("main")).to_be_focused()
    ward.locator(".usernav > button").focus()
    ward.keyboard.press("Enter")
    ward.keyboard.press("Tab")
    expect(ward.get_by_role("link", name="Your account")).to_be_focused()
    ward.keyboard.press("Tab")
    expect(ward.get_by_role("link", name="Change password")).to_be_focused()
    ward.keyboard.press("Tab")
    ward.keyboard.press("Enter")
    expect(ward.get_by_role("heading", name="Sign in")).to_be_visible()


def test_the_keyboard_shows_where_it_stands(ward: Page) -> None:
    """A ring that can be seen, on tick boxes and lists as on everything else."""
    ward.goto("/assessments/new")
    steps.control(ward, "hospital_number").focus()
    seen = set()
    for _ in range(100):
        ward.keyboard.press("Tab")
        kind, *ring = ward.evaluate(
            """() => {
                const at = document.activeElement;
                const look = getComputedStyle(
                    at.matches(".btn-check") ? at.nextElementSibling : at);
                return [at.type, look.outlineStyle, look.outlineWidth, look.outlineOffset,
                        look.boxShadow];
            }"""
        )
        seen.add(kind)
        # Around a field it stays clear of the label, 2 px above.
        offset = "-1px" if kind in {"text", "select-one"} else "2px"
        assert ring == ["solid", "3px", offset, "none"], kind
        if kind == "submit":
            break
    assert {"text", "radio", "checkbox", "select-one", "submit"} <= seen
    # Bootstrap's glow comes by the mouse, too.
    ward.locator("select").first.click()
    assert ward.locator("select").first.evaluate("e => getComputedStyle(e).boxShadow") == "none"


def test_arrows_go_through_the_marks_of_the_nomogram(ward: Page) -> None:
    assessment = cast.recorded()
    # Lower than the drawing.
    ward.set_viewport_size({"width": 1366, "height": 320})
    ward.goto(f"/assessments/{assessment.pk}")
    nomogram = ward.get_by_role("region", name="Nomogram").get_by_role("group").first
    marks = nomogram.get_by_role("img")
    expect(marks).to_have_count(9)
    first, last = marks.first, marks.last
    first.focus()
    expect(first).to_have_css("outline-style", "solid")
    for key, at in (("ArrowDown", 1), ("ArrowRight", 2), ("ArrowUp", 1), ("End", 8), ("Home", 0)):
        ward.keyboard.press(key)
        expect(marks.nth(at)).to_be_focused()
        expect(marks.nth(at)).to_be_in_viewport(ratio=0.99)
    # At an end the focus stays; Tab leaves the drawing, and comes back to where it was.
    ward.keyboard.press("ArrowUp")
    expect(first).to_be_focused()
    ward.keyboard.press("End")
    expect(last).to_have_accessible_name(f"Risk {worked.RISK}, approximate 95 % CI {worked.CI95}")
    ward.keyboard.press("Tab")
    expect(nomogram.locator(":focus")).to_have_count(0)
    ward.keyboard.press("Shift+Tab")
    expect(last).to_be_focused()

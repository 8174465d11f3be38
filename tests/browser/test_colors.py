"""Pages by day, by night and in the colors that a reader has set for everything."""

import re
from dataclasses import astuple

import pytest
from django.contrib.staticfiles import finders
from playwright.sync_api import Locator, Page, expect

from scoring.charts.palette import PALETTE
from tests import cast
from tests.browser import steps

_CONTRAST = """([ink, paper]) => {
    const light = (color) => {
        const canvas = document.createElement("canvas").getContext("2d");
        canvas.fillStyle = color;
        canvas.fillRect(0, 0, 1, 1);
        const [r, g, b] = [...canvas.getImageData(0, 0, 1, 1).data].map((part) =>
            part / 255 <= 0.04045 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4);
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const [low, high] = [light(ink), light(paper)].sort((a, b) => a - b);
    return (high + 0.05) / (low + 0.05);
}"""
# WCAG 2.2, success criteria 1.4.3 and 1.4.11.
_TEXT_CONTRAST = 4.5
_SHAPE_CONTRAST = 3.0


def _style(of: Locator, name: str) -> str:
    value = of.evaluate("(e, name) => getComputedStyle(e).getPropertyValue(name)", name)
    assert isinstance(value, str)
    return value


def _contrast(page: Page, ink: str, paper: str) -> float:
    ratio = page.evaluate(_CONTRAST, [ink, paper])
    assert isinstance(ratio, float | int)
    return ratio


def test_every_color_of_the_drawings_is_one_of_the_page() -> None:
    """Each one changes with the page, and is by day what the palette says."""
    path = finders.find("scoring/colors.css")
    assert isinstance(path, str)
    with open(path) as sheet:
        text = sheet.read()
    by_day = dict(re.findall(r"(--[\w-]+): (#\w+);", text.split("@media")[0]))
    for kind in ("fill", "stroke"):
        pairs = re.findall(rf'\[{kind}="(#\w+)"\] {{ {kind}: var\((--[\w-]+)\); }}', text)
        assert {color for color, _ in pairs} == set(astuple(PALETTE))
        assert all(by_day[token] == color for color, token in pairs)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_drawings_can_be_read_by_day_and_by_night(ward: Page, scheme: str) -> None:
    """Axe looks at no text of a drawing."""
    ward.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    ward.goto(f"/assessments/{cast.recorded().pk}")
    sheet = _style(ward.locator(".sheet").first, "background-color")
    assert (_contrast(ward, sheet, "#fff") < 1.5) == (scheme == "light")
    texts = ward.locator(".chart text").evaluate_all(
        "all => [...new Set(all.map(e => getComputedStyle(e).fill))]"
    )
    # The label of the total stands on the accent: it is the color of the sheet.
    assert sheet in texts
    marks = _style(ward.locator(".icons path").first, "stroke")
    assert _contrast(ward, sheet, marks) >= _TEXT_CONTRAST
    for color in set(texts) - {sheet}:
        assert _contrast(ward, color, sheet) >= _TEXT_CONTRAST, color
    outline = _style(ward.locator(".icons path").nth(1), "stroke")
    assert _contrast(ward, outline, sheet) >= _SHAPE_CONTRAST


def test_paper_is_always_of_the_day(ward: Page) -> None:
    cast.recorded()
    ward.emulate_media(color_scheme="dark", media="print")
    ward.goto("/history")
    assert _style(ward.locator("body"), "background-color") == "rgb(255, 255, 255)"
    assert _style(ward.locator("h1"), "color") == "rgb(20, 33, 43)"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_forced_colors_show_what_is_chosen_and_where_one_is(ward: Page, scheme: str) -> None:
    ward.emulate_media(forced_colors="active", color_scheme=scheme)  # type: ignore[arg-type]
    ward.goto("/assessments/new")
    steps.choose(ward, "trauma_history", "no")
    no = ward.locator("input[name=trauma_history][value=no] + .btn")
    yes = ward.locator("input[name=trauma_history][value=yes] + .btn")
    chosen = _style(no, "background-color")
    assert chosen != _style(yes, "background-color")
    assert _contrast(ward, chosen, _style(no, "color")) >= _TEXT_CONTRAST
    tick = "e => getComputedStyle(e, '::before').content"
    assert "✓" in no.evaluate(tick)
    assert "✓" not in yes.evaluate(tick)
    # The tick is seen, not read out: the state is.
    expect(ward.locator("input[name=trauma_history][value=no]")).to_have_accessible_name("No")
    here = ward.locator(".mainnav [aria-current]")
    others = ward.locator(".mainnav a:not([aria-current])")
    assert _style(here, "background-color") == chosen
    grounds = others.evaluate_all("all => all.map(e => getComputedStyle(e).backgroundColor)")
    assert chosen not in grounds
    lines = others.evaluate_all("all => all.map(e => getComputedStyle(e).borderBottomColor)")
    assert set(lines) == {_style(ward.locator("body"), "background-color")}


def test_forced_colors_show_the_drawings(ward: Page) -> None:
    """In the reader's own pair of colors, none left from the page."""
    ward.emulate_media(forced_colors="active", color_scheme="dark")
    ward.goto(f"/assessments/{cast.recorded(entry=cast.before_the_radiograph()).pk}")
    expect(ward.locator(".risk-number").first).to_be_visible()
    used = ward.locator(":is(.chart, .icons) :is(path, rect, circle, text)").evaluate_all(
        """all => [...new Set(all.flatMap(e => {
            const look = getComputedStyle(e);
            return [look.fill, look.stroke];
        }))]"""
    )
    by_day = ward.evaluate(
        """all => all.map(color => {
            const probe = document.createElement("i");
            probe.style.color = color;
            return probe.style.color;
        })""",
        list(astuple(PALETTE)),
    )
    assert not (set(used) & set(by_day)) - {"rgb(255, 255, 255)"}


def test_who_wants_no_motion_gets_none(ward: Page) -> None:
    ward.emulate_media(reduced_motion="reduce")
    ward.goto("/assessments/new")
    moving = ward.locator("*").evaluate_all(
        """all => all.filter(e => {
            const look = getComputedStyle(e);
            return look.scrollBehavior === "smooth" || look.animationName !== "none"
                || look.transitionDuration.split(", ").some(time => parseFloat(time) > 0.01);
        }).map(e => e.className || e.tagName)"""
    )
    assert moving == []

"""What holds for every page on every screen, in every color scheme: axe, names, room, signs."""

import re
from dataclasses import dataclass
from typing import Any, Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

# Of texts that axe can't judge (one character, something partly above them) the test judges itself.
_CONTRAST = "color-contrast"
# What axe finds, without what is in order, which is most of it.
_IS_THERE = "() => typeof axe !== 'undefined'"
_RUN = """(rules) => axe.run({resultTypes: ["violations", "incomplete"], rules})
    .then(({violations, incomplete}) => ({violations, incomplete}))"""
_AXE = Axe().axe_script
_MEASURE = """selectors => {
    const canvas = document.createElement("canvas").getContext("2d", {willReadFrequently: true});
    const parts = (color) => {
        canvas.clearRect(0, 0, 1, 1);
        canvas.fillStyle = color;
        canvas.fillRect(0, 0, 1, 1);
        return [...canvas.getImageData(0, 0, 1, 1).data];
    };
    const light = (color) => parts(color).slice(0, 3)
        .map((part) => part / 255)
        .map((part) => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)
        .reduce((sum, part, place) => sum + part * [0.2126, 0.7152, 0.0722][place], 0);
    const ground = (element) => {
        for (let at = element; at; at = at.parentElement) {
            const color = getComputedStyle(at).backgroundColor;
            if (parts(color)[3] === 255) return color;
        }
        return "Canvas";
    };
    return selectors.flatMap((selector) => {
        const element = document.querySelector(selector);
        const look = getComputedStyle(element);
        const size = parseFloat(look.fontSize);
        const isLarge = size >= 24 || (size >= 18.66 && Number(look.fontWeight) >= 700);
        const [low, high] = [light(look.color), light(ground(element))].sort((a, b) => a - b);
        const ratio = (high + 0.05) / (low + 0.05);
        return ratio < (isLarge ? 3 : 4.5) ? [`${selector}: ${ratio.toFixed(2)}`] : [];
    });
}"""
# A line of Playwright's tree of what is read out, with a role and no name behind it.
_NAMELESS = re.compile(
    r"""^\s*-\s'?(button|link|textbox|searchbox|combobox|checkbox|radio|slider|spinbutton|img|dialog
    |navigation|region|radiogroup)(?![\w"]|\s"|\s/)""",
    re.VERBOSE,
)
# A drawing that stands without its numbers: neither its section nor the page has a table or a list.
# A figure with a caption has none: it shows what a word means.
_ALONE = """() => [...document.querySelectorAll('svg[role="img"]')]
    .filter((svg) => svg.checkVisibility() && !svg.closest(".qr")
        && !svg.closest("figure:has(figcaption)")
        && !svg.closest("section, main").querySelector("table, dl, .key")
        && !document.querySelector("main table, main dl"))
    .map((svg) => svg.textContent.trim().slice(0, 60))"""


@dataclass(frozen=True)
class Look:
    """A screen, in CSS pixels, and how its reader wants colors."""

    width: int
    height: int
    scheme: Literal["light", "dark"] = "light"
    forced: Literal["active", "none"] = "none"

    @property
    def colors(self) -> tuple[str, str]:
        """How it is colored."""
        return self.scheme, self.forced


WARD = Look(1366, 768)
# Each width and each way of coloring once; colors do not depend on widths.
LOOKS = (
    WARD,
    Look(820, 1180, "dark"),
    Look(390, 844, "dark", "active"),
    # Also what a ward's screen shows at a zoom of 400 %.
    Look(320, 568),
)


def assert_axe_finds_nothing(page: Page, *, contrast: bool = True) -> None:
    """No violation, and nothing that axe leaves to a person."""
    if not page.evaluate(_IS_THERE):
        page.evaluate(_AXE)
    rules = {"target-size": {"enabled": True}, _CONTRAST: {"enabled": contrast}}
    response = page.evaluate(_RUN, rules)
    problems = [f"{rule['id']}: {_where(rule)}" for rule in response["violations"]]
    for rule in response["incomplete"]:
        if rule["id"] == _CONTRAST:
            problems += page.evaluate(_MEASURE, [node["target"][-1] for node in rule["nodes"]])
        else:
            problems.append(f"not decided, {rule['id']}: {_where(rule)}")
    if problems:
        pytest.fail(f"{page.url} at {page.viewport_size}\n" + "\n".join(problems))


def _where(rule: dict[str, Any]) -> str:
    return "; ".join(
        f"{node['target'][-1]} ({node.get('failureSummary', '')[:200]})" for node in rule["nodes"]
    )


def assert_everything_is_named(page: Page) -> None:
    """Each control and each drawing has a name for who hears the page, each drawing its numbers."""
    tree = page.locator("body").aria_snapshot()
    nameless = [line.strip() for line in tree.splitlines() if _NAMELESS.match(line)]
    assert not nameless, f"{page.url}\n" + "\n".join(nameless)
    alone = page.evaluate(_ALONE)
    assert not alone, f"{page.url}: no numbers beside {alone}"


def assert_fits(page: Page) -> int:
    """Nothing scrolls sideways; the height of the page in CSS pixels."""
    needed, there, tall = page.evaluate(
        """(({scrollWidth, clientWidth, scrollHeight}) =>
            [scrollWidth, clientWidth, scrollHeight])(document.documentElement)"""
    )
    assert needed <= there, f"{page.url} needs {needed} px on a screen of {there} px"
    assert isinstance(tall, int)
    return tall


def assert_sound(page: Page, looks: tuple[Look, ...] = LOOKS) -> None:
    """The page as it stands, in each of the looks; no patient in its title."""
    colors: set[tuple[str, str]] = set()
    for look in looks:
        page.emulate_media(color_scheme=look.scheme, forced_colors=look.forced)
        page.set_viewport_size({"width": look.width, "height": look.height})
        tall = assert_fits(page)
        # As tall as the page, so that nothing passes under what stays in sight.
        page.set_viewport_size({"width": look.width, "height": max(look.height, tall)})
        # Contrast, which takes axe longest, once for each way of coloring.
        assert_axe_finds_nothing(page, contrast=look.colors not in colors)
        colors.add(look.colors)
    assert_everything_is_named(page)
    page.emulate_media(color_scheme="light", forced_colors="none")
    page.set_viewport_size({"width": WARD.width, "height": WARD.height})
    words = set(page.title().casefold().split())
    assert not {"wang", "xiulan", "h100234", "00482913"} & words

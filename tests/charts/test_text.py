"""Estimated text widths, tick order, path data."""

from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

from scoring.charts.axes import axis_path, by_ends_then_every_second
from scoring.charts.text import Label, px, text_width

LIBERATION = Path("/usr/share/fonts/truetype/liberation")
SAMPLES = (
    "183.89 points = 77 %",
    "not restored 183.89 = 77 %",
    "approx. 95 % CI 60–88 %",
    "Platelet distribution width",
    "Risk of residual back pain",
    "105 mmol/L",
    "|T| > 3.5",
    "cut-off 18.4",
    "reading < 1",
)


def advance(name: str, text: str) -> float:
    """The width of a text in ems, from the font itself."""
    font = TTFont(LIBERATION / name)
    names, metrics = font.getBestCmap(), font["hmtx"]
    units = sum(int(metrics[names[ord(character)]][0]) for character in text)
    return units / int(font["head"].unitsPerEm)


@pytest.mark.skipif(not LIBERATION.exists(), reason="Debian's fonts-liberation is not installed")
@pytest.mark.parametrize("text", SAMPLES)
def test_widths_are_those_of_the_font(text: str) -> None:
    assert text_width(text, 12) == pytest.approx(
        12 * advance("LiberationSans-Regular.ttf", text), rel=0.01
    )
    bold = 12 * advance("LiberationSans-Bold.ttf", text)
    assert bold * 0.99 <= text_width(text, 12, bold=True) <= bold * 1.22


def test_east_asian_characters_are_square() -> None:
    assert text_width("未恢复", 12) == 36
    assert text_width("未恢复", 12, bold=True) == 36


def test_lengths_are_written_to_a_tenth() -> None:
    assert (px(387.68), px(42.0), px(-0.04)) == (387.7, 42, 0)
    assert str(px(42.0)) == "42"
    assert str(px(-0.04)) == "0"


def test_a_label_is_moved_inside() -> None:
    assert Label.at(5, 10, "reading < 1", 12).within(2, 448).box.left == pytest.approx(2, abs=0.06)
    assert Label.at(445, 10, "reading > 99", 12).within(2, 446).box.right <= 446.06
    assert Label.at(200, 10, "reading 75–80", 12).within(2, 448).x == 200


def test_ends_come_first_then_every_second() -> None:
    assert by_ends_then_every_second(6) == [0, 5, 2, 4, 1, 3]
    assert by_ends_then_every_second(2) == [0, 1]
    assert by_ends_then_every_second(1) == [0]


def test_minor_ticks_need_room() -> None:
    assert axis_path(10, 0, 20, [0, 20], [10]) == "M0 10H20M0 10v6M20 10v6M10 10v3.5"
    assert axis_path(10, 0, 6, [0, 6], [3]) == "M0 10H6M0 10v6M6 10v6"
    assert axis_path(10, 0, 20, [0, 20], up=True) == "M0 10H20M0 4v6M20 4v6"

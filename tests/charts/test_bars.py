"""Bars beside the points."""

import pytest

from scoring.charts import bar_scale, bar_svg
from scoring.charts.palette import PALETTE
from tests.charts.drawings import SVG, assert_presentable, parsed


def rectangle(svg: str) -> dict[str, str]:
    (rect,) = parsed(svg).iter(f"{SVG}rect")
    return rect.attrib


@pytest.mark.parametrize(
    ("points", "width"), [(44.21, "88.4"), (35.68, "71.4"), (25.5, "51"), (0, "0"), (50, "100")]
)
def test_length_is_proportional(points: float, width: str) -> None:
    svg = bar_svg(points, scale_max=50)
    assert_presentable(svg, None)
    assert rectangle(svg)["width"] == width
    assert parsed(svg).attrib["aria-hidden"] == "true"


def test_the_scale_doubles_once_a_predictor_exceeds_50() -> None:
    assert bar_scale([19.0, 44.21, 50.0]) == 50
    assert bar_scale([19.0, 50.01]) == 100
    assert bar_scale([]) == 50
    assert rectangle(bar_svg(99.96, scale_max=100))["width"] == "100"


def test_unknown_is_a_dashed_outline() -> None:
    unknown = rectangle(bar_svg(35.68, scale_max=50, known=False))
    assert unknown["fill"] == PALETTE.paper
    assert unknown["stroke-dasharray"] == "3 2"
    assert float(unknown["x"]) * 2 + float(unknown["width"]) == pytest.approx(71.4, abs=0.06)
    known = rectangle(bar_svg(35.68, scale_max=50))
    assert known["fill"] == PALETTE.accent
    assert "stroke-dasharray" not in known

"""Forest plots: every hospital has its line, and words never meet."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.charts import ForestRow, forest_svg
from tests.charts.drawings import (
    SVG,
    assert_plot_presentable,
    parsed,
    paths_of,
    points_of,
    texts_of,
)

ESTIMATES = st.tuples(
    st.text("ABCDEFGH abcdefgh医院第一人民", min_size=1, max_size=60),
    st.floats(-3, 3),
    st.floats(0.001, 50),
    st.floats(0, 1),
)


def _row(name: str, value: float, half: float, weight: float) -> ForestRow:
    return ForestRow("centre", name, value, value - half, value + half, "0.779 (0.680)", weight)


@pytest.mark.slow
@settings(max_examples=25, deadline=None)
@given(st.lists(ESTIMATES, min_size=1, max_size=12))
def test_a_forest_of_any_hospitals(estimates: list[tuple[str, float, float, float]]) -> None:
    rows = [_row(*estimate) for estimate in estimates]
    rows += [
        ForestRow("pooled", "Pooled", 0.1, -0.2, 0.4, "0.1"),
        ForestRow("next", "Next hospital", 0.1, -60, 60, "-60 to 60"),
    ]
    svg = forest_svg(rows, reference=0.0, title="Calibration-in-the-large", uid="f")
    assert_plot_presentable(svg, "f")
    assert len(paths_of(svg, fill="#0b5a70")) == len(estimates)


def test_the_forest_keeps_the_reference_and_marks_what_reaches_beyond() -> None:
    rows = [_row("A", 0.78, 0.02, 0.7), _row("B", 0.79, 5.0, 0.01)]
    svg = forest_svg(rows, reference=0.5, title="AUC", uid="f")
    arrows = [path for path in paths_of(svg, stroke_width="1.4") if "l5 4" in path]
    assert len(arrows) == 1
    (reference,) = paths_of(svg, stroke_dasharray="5 4")
    (top, bottom) = points_of(reference)
    assert top[0] == bottom[0] > 190
    assert parsed(svg).findtext(f"{SVG}desc") == "A: 0.779 (0.680); B: 0.779 (0.680)"


@pytest.mark.parametrize(("high", "is_whole"), [(2.0, True), (900.0, False)])
def test_the_forest_shows_what_all_say_together_whole_or_with_an_arrow(
    high: float, is_whole: bool
) -> None:
    alone = ForestRow("pooled", "All", 1.1, 0.6, high, "1.1", 1.0)
    svg = forest_svg([alone], reference=1.0, title="O/E", uid="f")
    last = max(float(text) for text in texts_of(svg) if re.fullmatch(r"[0-9.]+", text))
    assert (last >= high) == is_whole
    arrows = [path for path in paths_of(svg, stroke_width="1.4") if "l-5 4" in path]
    assert len(arrows) == (0 if is_whole else 1)


def test_a_forest_with_sizes_headings_and_parts_without_an_estimate() -> None:
    nothing = float("nan")
    rows = [
        ForestRow(
            "pooled", "All analyzed", 1.0, 0.9, 1.1, "1.000 (0.900 to 1.100)", 1.0, "99 / 999"
        ),
        ForestRow("heading", "Fracture level", nothing, nothing, nothing, ""),
        ForestRow("centre", "Thoracolumbar, T11–L2", 1.1, 0.9, 1.3, "1.100", 0.9, "90 / 909"),
        ForestRow(
            "none", "Lumbar, L3–L5", nothing, nothing, nothing, "fewer than 10", size="9 / 90"
        ),
    ]
    svg = forest_svg(rows, reference=1.0, title="O/E", uid="f", sizes="events / n")
    assert_plot_presentable(svg, "f")
    assert len(paths_of(svg, fill="#0b5a70")) == 1
    assert parsed(svg).findtext(f"{SVG}desc") == (
        "All analyzed: 99 / 999, 1.000 (0.900 to 1.100); Fracture level; "
        "Thoracolumbar, T11–L2: 90 / 909, 1.100; Lumbar, L3–L5: 9 / 90, fewer than 10"
    )


def test_a_narrow_forest_has_its_words_above_the_marks_and_no_line_through_them() -> None:
    nothing = float("nan")
    heading = ForestRow("heading", "Sex", nothing, nothing, nothing, "")
    row = ForestRow("centre", "Female", 1.0, 0.5, 1.5, "1.000 (0.500 to 1.500)", 1.0, "9 / 90")
    svg = forest_svg(
        [heading, row], reference=1.0, title="O/E", uid="f", sizes="events / n", layout="narrow"
    )
    assert_plot_presentable(svg, "f")
    assert parsed(svg).get("viewBox", "").split()[2] == "390"
    baseline = next(
        float(each.get("y", ""))
        for each in parsed(svg).iter(f"{SVG}text")
        if (each.text or "").strip() == "Female"
    )
    (reference,) = paths_of(svg, stroke_dasharray="5 4")
    assert min(y for _x, y in points_of(reference)) > baseline


def test_intervals_at_one_place() -> None:
    row = ForestRow("centre", "A", 1.0, 1.0, 1.0, "1", 1.0)
    assert_plot_presentable(forest_svg([row], reference=1.0, title="O/E", uid="f"), "f")

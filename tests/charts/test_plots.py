"""ROC, calibration, decision curve and forest: where things stand, and that words never meet."""

import re
from functools import cache
from itertools import pairwise
from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.charts import (
    PRINT_FONTS,
    ForestRow,
    PrintedMark,
    RocMark,
    calibration_svg,
    decision_curve_svg,
    forest_svg,
    lines_svg,
    roc_svg,
)
from scoring.charts.plots.canvas import Scale, band, dot, line
from scoring.nomogram.logistic import Line
from scoring.nomogram.rong2025 import publication as paper
from scoring.statistics import Interval, Predictions, Validation, validate
from tests.charts.drawings import (
    SVG,
    assert_presentable,
    assert_words_stand_apart,
    parsed,
)
from tests.statistics.reference.values import SETS, predictions_of

MARKS = (
    RocMark("own", 0.7, 0.75, "here"),
    RocMark("training", 0.761, 0.710, "published"),
    RocMark("validation", 0.647, 0.918, "later"),
)


@cache
def judged(name: str) -> Validation:
    return validate(predictions_of(name), cutoff=paper.CUTOFF, resamples=50)


def _drawn(found: Validation) -> dict[str, str]:
    drawn: dict[str, str] = {
        "roc": roc_svg(found.roc, MARKS, name="AUC 0.774 (0.721 to 0.819)", uid="roc"),
        "calibration": calibration_svg(
            found.risk_groups, found.calibration_curve, found.risk_histogram, uid="calibration"
        ),
    }
    if found.decision_curve is not None:
        drawn["decision"] = decision_curve_svg(
            found.decision_curve, found.net_benefit_intervals or (), cutoff=0.184, uid="decision"
        )
    return drawn


def _sound(svg: str, uid: str) -> None:
    assert_presentable(svg, uid)
    # The title of the upright axis stands alone on its side.
    root = parsed(svg)
    for turned in [text for text in root if "transform" in text.attrib]:
        root.remove(turned)
    assert_words_stand_apart(ElementTree.tostring(root, encoding="unicode"))


def _paths(svg: str, **attributes: str) -> list[str]:
    wanted = {name.replace("_", "-"): value for name, value in attributes.items()}
    return [
        path.attrib["d"]
        for path in parsed(svg).iter(f"{SVG}path")
        if wanted.items() <= path.attrib.items()
    ]


def _said(svg: str) -> set[str]:
    return {(text.text or "").strip() for text in parsed(svg).iter(f"{SVG}text")}


def _points(path: str) -> list[tuple[float, float]]:
    return [(float(x), float(y)) for x, y in re.findall(r"[ML](-?[\d.]+) (-?[\d.]+)", path)]


@pytest.mark.parametrize("name", SETS)
def test_words_never_meet(name: str) -> None:
    for uid, svg in _drawn(judged(name)).items():
        _sound(svg, uid)


def test_degenerate_cohorts_are_drawn_as_far_as_they_go() -> None:
    for risks, events in (([0.3], [1]), ([0.3, 0.3], [1, 0]), ([0.2, 0.9], [0, 1])):
        found = validate(Predictions(risks, events), cutoff=paper.CUTOFF, resamples=5)
        for uid, svg in _drawn(found).items():
            _sound(svg, uid)


def test_the_roc_curve_runs_from_corner_to_corner() -> None:
    svg = _drawn(judged("smooth"))["roc"]
    (curve,) = [path for path in _paths(svg, stroke_width="2.5") if len(_points(path)) > 2]
    points = _points(curve)
    assert (points[0], points[-1]) == ((56, 284), (376, 12))
    assert all(a[0] <= b[0] and a[1] >= b[1] for a, b in pairwise(points))
    # The published training set at 1 - 0.71 and 0.761, as an open diamond.
    x, y = 56 + 0.29 * 320, 284 - 0.761 * 272
    assert any(path.startswith(f"M{x:.1f} {y:.0f}m0 -7l7 7") for path in _paths(svg, fill="#fff"))
    assert "published" in _said(svg)


def test_the_calibration_plot_has_a_dot_for_every_group() -> None:
    found = judged("smooth")
    svg = _drawn(found)["calibration"]
    dots = _paths(svg, fill="#0b5a70", stroke="#fff")
    # One more in the key.
    assert len(dots) == len(found.risk_groups) + 1
    group = found.risk_groups[0]
    x, y = 56 + group.mean_risk * 320, 232 - group.observed.value * 220
    assert dots[0].startswith(f"M{round(x, 1):g} {round(y, 1):g}m")
    without_curve = calibration_svg(found.risk_groups, None, found.risk_histogram, uid="c")
    assert len(_paths(without_curve, fill="#0b5a70", stroke="#fff")) == len(dots)
    assert "smoothed" not in without_curve


def test_the_bars_of_the_risks_are_as_tall_as_their_numbers() -> None:
    found = judged("smooth")
    svg = _drawn(found)["calibration"]
    (with_pain,) = (path for path in _paths(svg, fill="#0b5a70") if path.count("z") > 1)
    heights = [-float(v) for v in re.findall(r"v(-[\d.]+)", with_pain)]
    tallest = max(
        a + b
        for a, b in zip(found.risk_histogram.events, found.risk_histogram.non_events, strict=True)
    )
    expected = [44 * n / tallest for n in found.risk_histogram.events if n]
    assert heights == pytest.approx(expected, abs=0.06)


def test_the_decision_curve_stands_on_its_numbers() -> None:
    found = judged("smooth")
    curve = found.decision_curve
    assert curve is not None
    svg = _drawn(found)["decision"]
    model = next(p for p in _paths(svg, stroke_width="2.5") if len(_points(p)) > 5)
    points = _points(model)
    # 1 to 80 %, and the cut-off of 18.4 %.
    assert len(points) == 81
    assert points[0][0] == pytest.approx(62 + 0.01 / 0.8 * 314, abs=0.06)
    # Treating all leaves the drawing at its lower edge.
    (everybody,) = [p for p in _paths(svg, stroke_dasharray="7 4") if len(_points(p)) > 2]
    assert _points(everybody)[-1][1] == 284
    assert len(_points(everybody)) < 81
    wins = [p for p in _paths(svg, stroke_width="5.0") if "L" in p]
    assert len(wins) == 1
    assert wins[0].count("M") == len([w for w in found.net_benefit_intervals or () if w.low < 0.8])


def test_no_line_runs_along_the_floor_of_the_decision_curve() -> None:
    # Risks far too high: between 30 and 60 % acting on them does more harm than good.
    risk = np.concatenate([np.linspace(0.2, 0.6, 80), np.linspace(0.75, 0.79, 20)])
    found = validate(Predictions(risk, np.arange(100) % 20 >= 18), cutoff=0.184, resamples=0)
    curve = found.decision_curve
    assert curve is not None
    assert curve.model.min() < -0.1 < curve.model[78]
    svg = _drawn(found)["decision"]
    (model,) = [p for p in _paths(svg, stroke_width="2.5") if len(_points(p)) > 5]
    assert model.count("M") > 1
    for stretch in model.split("M")[1:]:
        heights = [y for _x, y in _points(f"M{stretch}")]
        assert max(heights[1:-1]) < 284
        assert max(heights) == 284


def test_fewer_groups_than_ten_are_not_called_tenths() -> None:
    risk = np.tile([0.1, 0.2, 0.3], 20)
    found = validate(Predictions(risk, np.arange(60) % 4 == 0), resamples=0)
    assert len(found.risk_groups) == 2
    assert "groups by predicted risk, 95 % CI" in _said(_drawn(found)["calibration"])


def test_a_drawing_without_band_says_model_alone() -> None:
    found = validate(predictions_of("smooth"), resamples=0)
    assert found.decision_curve is not None
    svg = decision_curve_svg(found.decision_curve, (), cutoff=0.184, uid="d", fonts=PRINT_FONTS)
    said = _said(svg)
    assert "model" in said
    assert "model, with 95 % band" not in said
    assert parsed(svg).attrib["font-family"] == PRINT_FONTS


def test_scales_hold_what_lies_beyond_them() -> None:
    scale = Scale(-0.05, 0.2, 284, 12)
    assert scale(-3.0) == 284
    assert scale(0.2) == scale(5.0) == 12
    assert line([]) == ""
    assert band([], []) == ""
    assert dot((0, 0), 5).startswith("M0 0m-5 0a5 5")


# ---- Forest -------------------------------------------------------------------------------------

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
    _sound(svg, "f")
    assert len(_paths(svg, fill="#0b5a70")) == len(estimates)


def test_the_forest_keeps_the_reference_and_marks_what_reaches_beyond() -> None:
    rows = [_row("A", 0.78, 0.02, 0.7), _row("B", 0.79, 5.0, 0.01)]
    svg = forest_svg(rows, reference=0.5, title="AUC", uid="f")
    arrows = [path for path in _paths(svg, stroke_width="1.4") if "l5 4" in path]
    assert len(arrows) == 1
    (reference,) = _paths(svg, stroke_dasharray="5 4")
    (top, bottom) = _points(reference)
    assert top[0] == bottom[0] > 190
    assert parsed(svg).findtext(f"{SVG}desc") == "A: 0.779 (0.680); B: 0.779 (0.680)"


@pytest.mark.parametrize(("high", "is_whole"), [(2.0, True), (900.0, False)])
def test_the_forest_shows_what_all_say_together_whole_or_with_an_arrow(
    high: float, is_whole: bool
) -> None:
    alone = ForestRow("pooled", "All", 1.1, 0.6, high, "1.1", 1.0)
    svg = forest_svg([alone], reference=1.0, title="O/E", uid="f")
    last = max(float(text) for text in _said(svg) if re.fullmatch(r"[0-9.]+", text))
    assert (last >= high) == is_whole
    arrows = [path for path in _paths(svg, stroke_width="1.4") if "l-5 4" in path]
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
    _sound(svg, "f")
    assert len(_paths(svg, fill="#0b5a70")) == 1
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
    _sound(svg, "f")
    assert parsed(svg).get("viewBox", "").split()[2] == "390"
    baseline = next(
        float(each.get("y", ""))
        for each in parsed(svg).iter(f"{SVG}text")
        if (each.text or "").strip() == "Female"
    )
    (reference,) = _paths(svg, stroke_dasharray="5 4")
    assert min(y for _x, y in _points(reference)) > baseline


def test_intervals_at_one_place() -> None:
    row = ForestRow("centre", "A", 1.0, 1.0, 1.0, "1", 1.0)
    _sound(forest_svg([row], reference=1.0, title="O/E", uid="f"), "f")


def test_a_win_of_one_threshold_is_seen() -> None:
    found = judged("smooth")
    assert found.decision_curve is not None
    svg = decision_curve_svg(found.decision_curve, [Interval(0.3, 0.3)], cutoff=0.184, uid="d")
    (win,) = [p for p in _paths(svg, stroke_width="5.0") if "L" in p]
    (start, _), (end, _) = _points(win)
    assert end - start >= 1
    assert np.isfinite([start, end]).all()


def test_lines_run_where_their_risks_are() -> None:
    mark = PrintedMark(100.0, 0.5, "half at 100 points")
    shown, other = Line(140.0, 20.0), Line(150.0, 25.0)
    svg = lines_svg(shown, [other], mark, uid="lines")
    _sound(svg, "lines")
    text = parsed(svg)
    assert "1 lines around it; half at 100 points" in "".join(text.itertext())
    thin, thick = (
        path.get("d") or ""
        for path in text.iter(f"{SVG}path")
        if (path.get("d") or "").count("L") > 40
    )
    # 40 points at the left edge (56 px) to 240 at the right (376); 0 % at 284 px, 100 % at 12.
    for path, line_ in ((thin, other), (thick, shown)):
        first, last = (
            [float(n) for n in re.split("[ ,]", part)] for part in re.split("[ML]", path)[1::50]
        )
        for (x, y), points in ((first, 40.0), (last, 240.0)):
            assert x == pytest.approx(56 + (points - 40) * 1.6, abs=0.06)
            assert y == pytest.approx(284 - 272 * line_.risk(points), abs=0.06)

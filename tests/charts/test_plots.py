"""ROC, calibration, decision curve and lines: where things stand, and that words never meet."""

import re
from functools import cache
from itertools import pairwise

import numpy as np
import pytest

from scoring.charts import (
    PRINT_FONTS,
    PrintedMark,
    RocMark,
    calibration_svg,
    decision_curve_svg,
    lines_svg,
    roc_svg,
)
from scoring.charts.plots.canvas import Scale, band, dot, line
from scoring.nomogram.logistic import Line
from scoring.nomogram.rong2025 import publication as paper
from scoring.statistics import Interval, Predictions, Validation, validate
from tests.charts.drawings import (
    SVG,
    assert_plot_presentable,
    parsed,
    paths_of,
    points_of,
    texts_of,
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


@pytest.mark.parametrize("name", SETS)
def test_words_never_meet(name: str) -> None:
    for uid, svg in _drawn(judged(name)).items():
        assert_plot_presentable(svg, uid)


def test_degenerate_cohorts_are_drawn_as_far_as_they_go() -> None:
    for risks, events in (([0.3], [1]), ([0.3, 0.3], [1, 0]), ([0.2, 0.9], [0, 1])):
        found = validate(Predictions(risks, events), cutoff=paper.CUTOFF, resamples=5)
        for uid, svg in _drawn(found).items():
            assert_plot_presentable(svg, uid)


def test_the_roc_curve_runs_from_corner_to_corner() -> None:
    svg = _drawn(judged("smooth"))["roc"]
    (curve,) = [path for path in paths_of(svg, stroke_width="2.5") if len(points_of(path)) > 2]
    points = points_of(curve)
    assert (points[0], points[-1]) == ((56, 284), (376, 12))
    assert all(a[0] <= b[0] and a[1] >= b[1] for a, b in pairwise(points))
    # The published training set at 1 - 0.71 and 0.761, as an open diamond.
    x, y = 56 + 0.29 * 320, 284 - 0.761 * 272
    assert any(path.startswith(f"M{x:.1f} {y:.0f}m0 -7l7 7") for path in paths_of(svg, fill="#fff"))
    assert "published" in texts_of(svg)


def test_the_calibration_plot_has_a_dot_for_every_group() -> None:
    found = judged("smooth")
    svg = _drawn(found)["calibration"]
    dots = paths_of(svg, fill="#0b5a70", stroke="#fff")
    # One more in the key.
    assert len(dots) == len(found.risk_groups) + 1
    group = found.risk_groups[0]
    x, y = 56 + group.mean_risk * 320, 232 - group.observed.value * 220
    assert dots[0].startswith(f"M{round(x, 1):g} {round(y, 1):g}m")
    without_curve = calibration_svg(found.risk_groups, None, found.risk_histogram, uid="c")
    assert len(paths_of(without_curve, fill="#0b5a70", stroke="#fff")) == len(dots)
    assert "smoothed" not in without_curve


def test_the_bars_of_the_risks_are_as_tall_as_their_numbers() -> None:
    found = judged("smooth")
    svg = _drawn(found)["calibration"]
    (with_pain,) = (path for path in paths_of(svg, fill="#0b5a70") if path.count("z") > 1)
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
    model = next(p for p in paths_of(svg, stroke_width="2.5") if len(points_of(p)) > 5)
    points = points_of(model)
    # 1 to 80 %, and the cut-off of 18.4 %.
    assert len(points) == 81
    assert points[0][0] == pytest.approx(62 + 0.01 / 0.8 * 314, abs=0.06)
    # Treating all leaves the drawing at its lower edge.
    (everybody,) = [p for p in paths_of(svg, stroke_dasharray="7 4") if len(points_of(p)) > 2]
    assert points_of(everybody)[-1][1] == 284
    assert len(points_of(everybody)) < 81
    wins = [p for p in paths_of(svg, stroke_width="5.0") if "L" in p]
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
    (model,) = [p for p in paths_of(svg, stroke_width="2.5") if len(points_of(p)) > 5]
    assert model.count("M") > 1
    for stretch in model.split("M")[1:]:
        heights = [y for _x, y in points_of(f"M{stretch}")]
        assert max(heights[1:-1]) < 284
        assert max(heights) == 284


def test_fewer_groups_than_ten_are_not_called_tenths() -> None:
    risk = np.tile([0.1, 0.2, 0.3], 20)
    found = validate(Predictions(risk, np.arange(60) % 4 == 0), resamples=0)
    assert len(found.risk_groups) == 2
    assert "groups by predicted risk, 95 % CI" in texts_of(_drawn(found)["calibration"])


def test_a_drawing_without_band_says_model_alone() -> None:
    found = validate(predictions_of("smooth"), resamples=0)
    assert found.decision_curve is not None
    svg = decision_curve_svg(found.decision_curve, (), cutoff=0.184, uid="d", fonts=PRINT_FONTS)
    said = texts_of(svg)
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


def test_a_win_of_one_threshold_is_seen() -> None:
    found = judged("smooth")
    assert found.decision_curve is not None
    svg = decision_curve_svg(found.decision_curve, [Interval(0.3, 0.3)], cutoff=0.184, uid="d")
    (win,) = [p for p in paths_of(svg, stroke_width="5.0") if "L" in p]
    (start, _), (end, _) = points_of(win)
    assert end - start >= 1
    assert np.isfinite([start, end]).all()


def test_lines_run_where_their_risks_are() -> None:
    mark = PrintedMark(100.0, 0.5, "half at 100 points")
    shown, other = Line(140.0, 20.0), Line(150.0, 25.0)
    svg = lines_svg(shown, [other], mark, uid="lines")
    assert_plot_presentable(svg, "lines")
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

"""The scale from 0 to 100 %: places of the design, and labels that never meet."""

import pytest
from hypothesis import given, settings

from scoring.charts import risk_scale_svg
from scoring.charts.risk_scale import RiskScaleLayout, risk_scale
from scoring.nomogram.model import Result
from scoring.nomogram.rong2025.version_1 import RONG_2025_VERSION_1
from tests import worked_example as worked
from tests.charts.drawings import (
    SVG,
    assert_presentable,
    assert_words_stand_apart,
    highest,
    lowest,
    parsed,
    patient,
    results,
)

LAYOUTS: tuple[RiskScaleLayout, ...] = ("wide", "narrow", "scenario")


def test_the_worked_example_stands_as_in_the_design() -> None:
    scale = risk_scale(patient(model=RONG_2025_VERSION_1).scenarios[0], layout="wide")
    assert (scale.width, scale.height, scale.axis.y) == (448, 67, 42)
    assert (scale.interval.x, scale.interval.y, scale.interval.width) == (261.3, 36, 117.7)
    assert (scale.cutoff_x, scale.study_x, scale.dot_x) == (85.6, 94.8, 332)
    assert scale.bracket == "M325.6 33v-5H345.6v5"
    assert (scale.band.x, scale.band.y, scale.band.text) == (335.6, 22, "reconstruction 75–80")
    assert (scale.cutoff.x, scale.cutoff.anchor) == (80.6, "end")
    assert (scale.study.x, scale.study.anchor) == (99.8, "start")


@pytest.mark.parametrize(
    ("layout", "size", "dot_x"), [("narrow", (326, 66), 238.3), ("scenario", (352, 82), 258.3)]
)
def test_the_smaller_ones_stand_as_in_the_design(
    layout: RiskScaleLayout, size: tuple[float, float], dot_x: float
) -> None:
    scale = risk_scale(patient(model=RONG_2025_VERSION_1).scenarios[0], layout=layout)
    assert (scale.width, scale.height) == size
    assert scale.dot_x == dot_x


def test_a_pair_of_scenarios_stands_level() -> None:
    first, second = patient(mvh_restored=None, model=RONG_2025_VERSION_1).scenarios
    one, other = (risk_scale(scenario, layout="scenario") for scenario in (first, second))
    assert one.height == other.height == 82
    assert one.band.y == other.band.y == 22
    assert one.bracket == "M145.6 48v-20H167.7v20"


def test_a_caption_that_would_touch_the_study_goes_one_line_up() -> None:
    scale = risk_scale(patient(72, -3.6, True, False, 12.8, 104, True).scenarios[0], layout="wide")
    assert scale.height == 82
    assert scale.band.y == scale.study.y - 15
    # Tall arms would strike through "cut-off 18.4".
    assert "v-5H" in scale.bracket


def test_both_ends_stay_inside() -> None:
    low = risk_scale(lowest().scenarios[0], layout="wide")
    high = risk_scale(highest().scenarios[0], layout="wide")
    assert low.band.text == "reconstruction < 1"
    assert low.dot_x >= 8
    assert high.band.text == "reconstruction > 99"
    assert high.dot_x <= 430


@pytest.mark.slow
@given(result=results)
@settings(deadline=None, max_examples=60)
def test_labels_never_meet_nor_leave_the_drawing(result: Result) -> None:
    for scenario in result.scenarios:
        for layout in LAYOUTS:
            assert_words_stand_apart(risk_scale_svg(scenario, layout=layout, uid="s"))


@given(result=results)
@settings(deadline=None, max_examples=60)
def test_places_are_proportional(result: Result) -> None:
    for scenario in result.scenarios:
        scale = risk_scale(scenario, layout="wide")
        assert scale.dot_x == pytest.approx(8 + 422 * scenario.risk, abs=0.06)
        assert scale.interval.left == pytest.approx(8 + 422 * scenario.ci95.low)
        assert scale.interval.right == pytest.approx(8 + 422 * scenario.ci95.high)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_presentable(layout: RiskScaleLayout) -> None:
    svg = risk_scale_svg(patient().scenarios[0], layout=layout, uid=f"strip-{layout}")
    assert_presentable(svg, f"strip-{layout}")
    assert parsed(svg).findtext(f"{SVG}title") == (
        f"Risk {worked.RISK} on a scale from 0 to 100 %, with interval, study cut-off and study "
        "event rate"
    )

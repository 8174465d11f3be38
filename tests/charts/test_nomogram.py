"""The nomogram: places of the worked example, extremes, and labels that never meet."""

import re
from typing import Any

import pytest
from django.utils import translation
from hypothesis import given, settings

from scoring.charts import nomogram_svg
from scoring.charts.nomogram import NomogramLayout, nomogram
from scoring.charts.palette import PALETTE
from scoring.nomogram.model import Result
from scoring.nomogram.rong2025.model import RONG_2025
from scoring.nomogram.rong2025.version_1 import RONG_2025_VERSION_1
from tests import worked_example as worked
from tests.charts.drawings import (
    ENDS,
    LAYOUTS,
    SVG,
    TENTH,
    assert_presentable,
    assert_words_stand_apart,
    circles,
    highest,
    lowest,
    parsed,
    patient,
    results,
    words,
)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_mark_stands_where_table_7_puts_it(layout: NomogramLayout) -> None:
    x0, x1 = ENDS[layout]
    chart = nomogram(patient(), layout=layout)
    points = {
        "age": 0.95 * (100 - 80),
        "bmd": 16.32,
        "trauma_history": 19.58,
        "posterior_fascia_edema": 44.21,
        "pdw": 3.47 * (12.8 - 6),
        "chloride": 2.55 * (115 - 105),
        "mvh": 35.68,
    }
    for row in chart.rows:
        assert row.mark_x == pytest.approx(x0 + points[row.key] * (x1 - x0) / 100, abs=TENTH)
    (reading,) = chart.readings
    assert reading.x == pytest.approx(x0 + 183.886 * (x1 - x0) / 300, abs=TENTH)


def test_the_worked_example_has_the_dots_of_the_design() -> None:
    root = parsed(nomogram_svg(patient(), layout="wide", uid="n"))
    assert circles(root) == [
        (387.7, 70.9, True),
        (364.3, 121.9, True),
        (392.7, 172.9, True),
        (607.5, 223.9, True),
        (427.8, 274.9, True),
        (444.4, 325.9, True),
        (533.1, 376.9, True),
        (756.5, 439.9, True),
        (756.5, 497, True),
    ]
    assert root.attrib["viewBox"] == "0 0 1200 540"
    places = {word.text: (word.x, word.y) for word in words(root)}
    assert places["80 y"] == (387.7, 60.4)
    assert places["12.8 fL"] == (427.8, 264.4)
    assert places[f"183.89 points = {worked.RISK}"] == (842.4, 473.1)
    assert places[f"approx. 95 % CI {worked.CI95}"] == (756.5, 533)
    assert places["Risk of residual back pain"] == (10, 496)


def test_the_narrow_and_the_printed_one_have_the_dots_of_the_design() -> None:
    narrow = parsed(nomogram_svg(patient(), layout="narrow", uid="n"))
    assert [x for x, _, _ in circles(narrow)] == [
        75.7, 66.8, 77.6, 159.7, 91, 97.4, 131.3, 216.6, 216.6
    ]  # fmt: skip
    assert narrow.attrib["viewBox"] == "0 0 358 624.4"
    printed = parsed(nomogram_svg(patient(), layout="print", uid="n"))
    assert [x for x, _, _ in circles(printed)] == [
        103.7, 91, 106.4, 222.7, 125.4, 134.4, 182.4, 303.3, 303.3
    ]  # fmt: skip
    assert printed.attrib["viewBox"] == "0 0 500 323.2"


def test_shading_and_interval_of_the_worked_example() -> None:
    chart = nomogram(patient(model=RONG_2025_VERSION_1), layout="wide")
    shades = {row.key: row.shade for row in chart.rows}
    age = shades["age"]
    assert age is not None
    assert (age.x, age.width) == (304.8, 298.2)
    assert shades["trauma_history"] is None
    interval = chart.readings[0].interval
    assert (interval.x, interval.y, interval.width, interval.height) == (700.3, 492, 112.4, 10)


def test_the_cutoff_tick_stands_at_the_points_of_the_cutoff() -> None:
    chart = nomogram(patient(), layout="wide")
    at_cutoff = RONG_2025.points_at(RONG_2025.cutoff)
    assert at_cutoff == pytest.approx(118.9, abs=0.15)
    assert RONG_2025.risk(at_cutoff) == pytest.approx(RONG_2025.cutoff, abs=1e-12)
    assert chart.cutoff_x == pytest.approx(222 + at_cutoff * 872 / 300, abs=TENTH)


def test_tick_labels_are_placed_by_importance() -> None:
    narrow = nomogram(patient(), layout="narrow")
    assert {label.text for label in narrow.risk.labels} == {
        "1", "5", "10", "20", "50", "80", "90", "95", "99"
    }  # fmt: skip
    wide = nomogram(patient(), layout="wide")
    assert len(wide.risk.labels) == 13
    printed = {row.key: row.axis for row in nomogram(patient(), layout="print").rows}
    chloride = sorted(printed["chloride"].labels, key=lambda label: label.x)
    assert [label.text for label in chloride] == ["115", "105", "95", "85", "76"]


@pytest.mark.parametrize("layout", LAYOUTS)
def test_provisional_shows_open_and_filled_marker_all_the_way(layout: NomogramLayout) -> None:
    result = patient(mvh_restored=None)
    root = parsed(nomogram_svg(result, layout=layout, uid="n"))
    opened = [(x, y) for x, y, filled in circles(root) if not filled]
    assert len(opened) == 3
    x0, x1 = ENDS[layout]
    restored, not_restored = nomogram(result, layout=layout).readings
    assert not_restored.x - restored.x == pytest.approx(35.68 * (x1 - x0) / 300, abs=2 * TENTH)
    assert not restored.filled
    assert not_restored.filled
    assert restored.interval.bottom == pytest.approx(not_restored.interval.top)
    dashed = [path for path in root.iter(f"{SVG}path") if path.get("stroke-dasharray") == "4 3"]
    assert len(dashed) == 1
    callouts = [
        word.text for word in words(root) if word.text.endswith((worked.RISK_RESTORED, worked.RISK))
    ]
    assert len(callouts) == (4 if layout == "wide" else 2)


def test_provisional_plates_stand_left_and_right_as_in_the_design() -> None:
    restored, not_restored = nomogram(patient(mvh_restored=None), layout="wide").readings
    assert restored.x == 652.8
    assert restored.callout.box.right == pytest.approx(644.8, abs=TENTH)
    assert not_restored.callout.box.x == 764.5
    assert restored.callout.label.text == f"restored 148.21 = {worked.RISK_RESTORED}"
    assert not_restored.callout.label.text == f"not restored 183.89 = {worked.RISK}"
    assert (restored.callout.leader, not_restored.callout.leader) == ("", "")


def test_totals_beyond_the_axis_are_held_for_drawing_only() -> None:
    chart = nomogram(highest(), layout="wide")
    (reading,) = chart.readings
    assert reading.x == 1094
    assert reading.callout.label.text == "363.19 points: > 99 %"
    assert reading.callout.box.right < reading.x
    assert reading.tail.endswith("H1094")
    assert {row.key: row.mark_x for row in chart.rows}["pdw"] == pytest.approx(1093.4)


def test_the_axis_runs_on_only_to_a_value_beyond_its_last_tick() -> None:
    def line(result: Result) -> str:
        axes = {row.key: row.axis for row in nomogram(result, layout="wide").rows}
        return axes["pdw"].path.split("M")[1]

    assert line(patient()) == "222 274.9H1069.2"
    assert line(patient(pdw_fl=34)) == "222 274.9H1069.2"
    assert line(patient(pdw_fl=34.5)) == "222 274.9H1093.4"


def test_no_points_at_all() -> None:
    (reading,) = nomogram(lowest(), layout="wide").readings
    assert reading.x == 222
    assert reading.callout.label.text == "0.00 points: < 1 %"
    assert reading.tail.endswith("H222")
    root = parsed(nomogram_svg(lowest(), layout="narrow", uid="n"))
    (name,) = [word for word in words(root) if word.text == "Risk, %"]
    assert name.right == pytest.approx(352)


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("result", [lowest(None), highest(None)], ids=["lowest", "highest"])
def test_plates_that_would_leave_the_drawing_are_stacked(
    result: Result, layout: NomogramLayout
) -> None:
    restored, not_restored = nomogram(result, layout=layout).readings
    if layout == "wide" and restored.x == 222:
        assert restored.callout.leader == ""
        return
    assert restored.callout.box.bottom < not_restored.callout.box.top
    for reading in (restored, not_restored):
        box = reading.callout.box
        assert reading.callout.leader.startswith(f"M{reading.x} ")
        assert all(not box.left <= other.x <= box.right for other in (restored, not_restored))


def test_two_readings_at_one_place_both_stay_visible() -> None:
    restored, not_restored = nomogram(highest(None), layout="wide").readings
    assert restored.x == not_restored.x
    assert restored.radius > not_restored.radius


@given(result=results)
@settings(deadline=None, max_examples=60)
def test_labels_never_meet_nor_leave_the_drawing(result: Result) -> None:
    for layout in LAYOUTS:
        assert_words_stand_apart(nomogram_svg(result, layout=layout, uid="n"))


@given(result=results)
@settings(deadline=None, max_examples=60)
def test_plates_and_reading_lines_keep_clear(result: Result) -> None:
    for layout in LAYOUTS:
        chart = nomogram(result, layout=layout)
        labels = list(chart.labels())
        for reading in chart.readings:
            box, own = reading.callout.box, reading.callout.label
            assert box.left >= 0
            assert box.right <= chart.width
            assert chart.total.y < box.top
            assert box.bottom < chart.risk.y
            assert not any(label.box.meets(box) for label in labels if label is not own)
            assert not any(box.left <= other.x <= box.right for other in chart.readings)
            for label in labels:
                crossed = label.box.left <= reading.x <= label.box.right
                between = chart.total.y < label.box.bottom and label.box.top < chart.risk.y
                assert not (crossed and between), label
            assert chart.layout.x0 - TENTH <= reading.interval.left
            assert reading.interval.right <= chart.layout.x1 + TENTH


@given(result=results)
@settings(deadline=None, max_examples=60)
def test_longer_bars_mean_more_points(result: Result) -> None:
    chart = nomogram(result, layout="wide")
    marked = [
        (points, row.mark_x)
        for (_, points), row in zip(result.points.items(), chart.rows, strict=True)
        if points is not None and row.mark_x is not None
    ]
    assert [x for _, x in sorted(marked)] == sorted(x for _, x in marked)


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("mvh_restored", [True, False, None])
def test_presentable(layout: NomogramLayout, mvh_restored: bool | None) -> None:
    svg = nomogram_svg(patient(mvh_restored=mvh_restored), layout=layout, uid=f"{layout}-1")
    assert_presentable(svg, f"{layout}-1")


def test_the_description_holds_every_number() -> None:
    root = parsed(nomogram_svg(patient(), layout="wide", uid="n"))
    description = root.findtext(f"{SVG}desc")
    assert description == (
        "Age 80 y: 19.00 points; Bone mineral density |T| > 3.5: no: 16.32 points; "
        "Trauma history yes: 19.58 points; Posterior fascia edema on MRI: yes: 44.21 points; "
        "Platelet distribution width 12.8 fL: 23.60 points; Serum chloride 105 mmol/L: "
        "25.50 points; Middle vertebral height not restored: 35.68 points. "
        f"Total 183.89 points, risk {worked.RISK}. Arrow keys go from mark to mark."
    )


def test_coordinates_do_not_follow_the_language() -> None:
    plain = nomogram_svg(patient(), layout="wide", uid="n")
    with translation.override("de"):
        assert nomogram_svg(patient(), layout="wide", uid="n") == plain


@pytest.mark.parametrize("layout", LAYOUTS)
def test_what_is_kept_of_a_drawing_is_of_its_language_and_its_patient(
    layout: NomogramLayout,
) -> None:
    def drawn(**values: Any) -> set[str]:
        svg = nomogram_svg(patient(**values), layout=layout, uid="n")
        return {text for each in parsed(svg).iter(f"{SVG}text") for text in each.itertext()}

    english = drawn()
    with translation.override("zh-hans"):
        chinese = drawn()
        assert drawn(age_years=61) != chinese
    assert {"yes", "no"} <= english
    assert {"是", "否"} <= chinese
    assert not {"yes", "no"} & chinese
    assert drawn() == english


def test_it_reads_in_grey() -> None:
    def grey(color: str) -> float:
        digits = color[1:] if len(color) == 7 else "".join(2 * digit for digit in color[1:])
        red, green, blue = (int(digits[i : i + 2], 16) for i in (0, 2, 4))
        return (0.299 * red + 0.587 * green + 0.114 * blue) / 255

    assert abs(grey(PALETTE.accent) - grey(PALETTE.paper)) > 0.6
    assert abs(grey(PALETTE.accent) - grey(PALETTE.interval)) > 0.3
    assert abs(grey(PALETTE.accent) - grey(PALETTE.shade)) > 0.3
    strokes = re.findall(r'stroke-width="4"', nomogram_svg(patient(), layout="wide", uid="n"))
    assert len(strokes) == 8

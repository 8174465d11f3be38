"""The line of risks from assessment to assessment."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.charts import TrendPoint, trend_svg
from scoring.charts.trend import trend
from tests.charts.drawings import (
    SVG,
    assert_presentable,
    assert_words_stand_apart,
    circles,
    parsed,
    words,
)


def _point(day: date, risks: tuple[float, ...]) -> TrendPoint:
    return TrendPoint(day, day.strftime("%d-%b-%Y"), risks)


ONE_OR_TWO = st.floats(0.0001, 0.9999).map(lambda risk: (risk,)) | st.tuples(
    st.floats(0.0001, 0.5), st.floats(0.5, 0.9999)
)
SERIES = st.lists(
    st.builds(_point, st.dates(date(2025, 1, 1), date(2025, 2, 1)) | st.dates(), ONE_OR_TWO),
    min_size=1,
    max_size=14,
)
PROVISIONAL_THEN_FINAL = (
    _point(date(2026, 3, 12), (0.435, 0.768)),
    _point(date(2026, 3, 14), (0.768,)),
)


def test_a_provisional_assessment_has_an_open_and_a_filled_dot() -> None:
    svg = trend_svg(PROVISIONAL_THEN_FINAL, uid="t")
    root = parsed(svg)
    assert [filled for _, _, filled in circles(root)] == [False, True, True]
    assert {"44 %", "77 %", "12-Mar-2026", "14-Mar-2026"} <= {word.text for word in words(root)}
    assert root.findtext(f"{SVG}desc") == "12-Mar-2026: 44 %, 77 %; 14-Mar-2026: 77 %"
    assert_presentable(svg, "t")


DAY = date(2026, 3, 14)
RISKS = (0.2, 0.7, 0.768, 0.4)


def test_heights_are_proportional() -> None:
    low, high = trend((_point(DAY, (0.0,)), _point(DAY + timedelta(1), (1.0,)))).marks
    assert (low.y, high.y) == (88, 22)
    assert trend((_point(DAY, (0.5,)),)).marks[0].y == 55


def test_places_are_by_time_and_operations_of_one_day_stand_apart() -> None:
    days = [DAY + timedelta(days) for days in (0, 10, 10, 40)]
    drawn = trend([_point(day, (risk,)) for day, risk in zip(days, RISKS, strict=True)])
    xs = [mark.x for mark in drawn.marks]
    # Side by side, so that no dot hides another; the middle of the day is where time puts it.
    assert xs[2] - xs[1] == 28
    middle = (xs[1] + xs[2]) / 2
    assert (middle - xs[0]) * 3 == pytest.approx(xs[3] - middle, abs=0.5)
    # Its date stands there once.
    assert {"77 %", "70 %"} <= {label.text for label in drawn.values}
    assert [label.text for label in drawn.dates].count("24-Mar-2026") == 1
    assert [label.text for label in drawn.scale] == ["100 %", "0"]


def test_two_alike_of_one_day_are_two_dots_with_one_date() -> None:
    drawn = trend((_point(DAY, (0.768,)), _point(DAY, (0.766,))))
    assert len({mark.x for mark in drawn.marks}) == 2
    assert [label.text for label in drawn.values] == ["77 %", "77 %"]
    assert [label.text for label in drawn.dates] == ["14-Mar-2026"]


def test_newest_value_is_always_labelled() -> None:
    many = [_point(date(2026, 3, day), (day / 40,)) for day in range(1, 29)]
    assert "70 %" in {label.text for label in trend(many).values}


def test_an_empty_series_is_an_error() -> None:
    with pytest.raises(ValueError, match="at least one"):
        trend(())


def test_hostile_text_is_escaped() -> None:
    svg = trend_svg((TrendPoint(DAY, '<script>"&', (0.2,)),), uid='x"><script>')
    assert "<script" not in svg
    assert '<script>"&' in {word.text for word in words(parsed(svg))}


@pytest.mark.slow
@given(series=SERIES)
@settings(deadline=None, max_examples=60)
def test_labels_never_meet_nor_leave_the_drawing(series: list[TrendPoint]) -> None:
    assert_words_stand_apart(trend_svg(series, uid="t"))

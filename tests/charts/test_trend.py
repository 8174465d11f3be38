"""The line of risks from assessment to assessment."""

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

ONE_OR_TWO = st.floats(0.0001, 0.9999).map(lambda risk: (risk,)) | st.tuples(
    st.floats(0.0001, 0.5), st.floats(0.5, 0.9999)
)
SERIES = st.lists(
    st.builds(
        TrendPoint,
        date=st.dates().map(lambda day: day.strftime("%d-%b-%Y")),
        risks=ONE_OR_TWO,
    ),
    min_size=1,
    max_size=14,
)
PROVISIONAL_THEN_FINAL = (
    TrendPoint("12-Mar-2026", (0.435, 0.768)),
    TrendPoint("14-Mar-2026", (0.768,)),
)


def test_a_provisional_assessment_has_an_open_and_a_filled_dot() -> None:
    svg = trend_svg(PROVISIONAL_THEN_FINAL, uid="t")
    root = parsed(svg)
    assert [filled for _, _, filled in circles(root)] == [False, True, True]
    assert {"44 %", "77 %", "12-Mar-2026", "14-Mar-2026"} <= {word.text for word in words(root)}
    assert root.findtext(f"{SVG}desc") == "12-Mar-2026: 44 %, 77 %; 14-Mar-2026: 77 %"
    assert_presentable(svg, "t")


def test_heights_are_proportional() -> None:
    low, high = trend((TrendPoint("a", (0.0,)), TrendPoint("b", (1.0,)))).marks
    assert (low.y, high.y) == (88, 22)
    assert trend((TrendPoint("a", (0.5,)),)).marks[0].y == 55


def test_newest_value_is_always_labelled() -> None:
    many = [TrendPoint(f"{day:02}-Mar-2026", (day / 40,)) for day in range(1, 29)]
    assert "70 %" in {label.text for label in trend(many).values}


def test_an_empty_series_is_an_error() -> None:
    with pytest.raises(ValueError, match="at least one"):
        trend(())


def test_hostile_text_is_escaped() -> None:
    svg = trend_svg((TrendPoint('<script>"&', (0.2,)),), uid='x"><script>')
    assert "<script" not in svg
    assert '<script>"&' in {word.text for word in words(parsed(svg))}


@given(series=SERIES)
@settings(deadline=None, max_examples=60)
def test_labels_never_meet_nor_leave_the_drawing(series: list[TrendPoint]) -> None:
    assert_words_stand_apart(trend_svg(series, uid="t"))

"""Months, CUSUM and funnel: where marks stand, and that words never meet."""

import re
from dataclasses import replace

import numpy as np
import pytest

from scoring.charts import FunnelPoint, cusum_svg, funnel_svg, months_svg
from scoring.charts.plots.time_axis import MOST_MONTHS
from scoring.evaluation.drift import Drift, Month, drift_of
from scoring.statistics.drift import group_figures
from tests.charts.drawings import assert_plot_presentable, assert_presentable, paths_of, texts_of

FIRST = 12 * 2025


def _months(count: int, *, pending: int = 0) -> list[Month]:
    return [Month(FIRST + i, group_figures(20, 5, 5.0), pending, 0) for i in range(count)]


def _followed(n: int, *, pain_from: int) -> Drift:
    day = (9200 + 5 * np.arange(n)).astype(np.int32)
    nobody = np.array([], dtype=np.int32)
    event = np.arange(n) >= pain_from
    return drift_of(np.full(n, 0.3), event, day, pending=nobody, not_evaluable=nobody)


@pytest.mark.parametrize("count", [1, 2, 5, 7, 13, 25, 37, 48, 200])
def test_words_never_meet_whatever_the_time(count: int) -> None:
    svg = months_svg(_months(count), uid="months")
    assert_plot_presentable(svg, "months")
    # The newest month is always drawn; of a long time the last four years.
    assert len(_dots(svg)) == min(count, MOST_MONTHS)


def _dots(svg: str) -> list[str]:
    """Marks without that of the key."""
    return paths_of(svg, fill="#0b5a70", stroke="#fff")[:-1]


def test_the_samples_of_two_rows_of_the_key_stay_apart() -> None:
    # Each goes up from its middle and down to its foot: "M69 322.5m0 -6.5v13m".
    svg = months_svg(_months(3), uid="m")
    found = [re.match(r"M[\d.]+ ([\d.]+)m0 -([\d.]+)v([\d.]+)m", path) for path in paths_of(svg)]
    upper, lower = [tuple(map(float, whisker.groups())) for whisker in found if whisker]
    assert upper[0] - upper[1] + upper[2] + 4 < lower[0] - lower[1]


def test_a_month_with_pending_outcomes_has_an_open_mark() -> None:
    complete, waiting = (months_svg(_months(4, pending=n), uid="m") for n in (0, 3))
    assert (len(_dots(complete)), len(_dots(waiting))) == (4, 0)
    assert len(paths_of(waiting, fill="#fff", stroke="#14212b")) == 4 + 1


def test_a_month_without_a_ratio_has_no_mark_but_its_bar() -> None:
    months = _months(3)
    few = replace(months[1], analysed=group_figures(2, 1, 0.4))
    svg = months_svg([months[0], few, months[2]], uid="m")
    assert len(_dots(svg)) == 2
    (bars,) = (path for path in paths_of(svg, fill="#0b5a70") if path.count("z") == 3)
    assert bars.startswith("M56 264h")


def test_an_interval_beyond_the_frame_ends_in_an_arrow() -> None:
    inside = months_svg(_months(1), uid="m")
    wide = months_svg([replace(_months(1)[0], analysed=group_figures(4, 3, 1.5))], uid="m")
    assert not [path for path in paths_of(inside, stroke_width="1.4") if "l4 5" in path]
    assert [path for path in paths_of(wide, stroke_width="1.4") if "l4 5" in path]


def test_a_month_far_above_the_others_has_its_mark_where_its_ratio_is() -> None:
    # Five events where one is expected. On an axis to 4 the mark would stand at 4.
    svg = months_svg([replace(_months(1)[0], analysed=group_figures(6, 5, 1.0))], uid="m")
    assert_plot_presentable(svg, "m")
    assert {"0", "5"} <= texts_of(svg)
    (mark,) = _dots(svg)
    assert mark.split("m")[0].split()[1] == "12"
    even = months_svg([replace(_months(1)[0], analysed=group_figures(20, 11, 1.0))], uid="m")
    assert_plot_presentable(even, "m")
    assert "12" in texts_of(even)


def test_the_cusum_of_a_long_time_starts_from_where_it_stood() -> None:
    # Too few events for a signal, then none are missed: the chart stands above 0 all the time.
    n = 400
    day = (9200 + 5 * np.arange(n)).astype(np.int32)
    nobody = np.array([], dtype=np.int32)
    event = np.arange(n) % 10 < 4
    drift = drift_of(np.full(n, 0.3), event, day, pending=nobody, not_evaluable=nobody)
    assert len(drift.months) > MOST_MONTHS
    svg = cusum_svg(drift, uid="cusum")
    (upwards,) = [path for path in paths_of(svg, stroke_width="2.5") if path.count("L") > 20]
    first, second = (part.split() for part in upwards.removeprefix("M").split("L")[:2])
    assert float(first[0]) < float(second[0])


def test_the_cusum_starts_again_after_its_signal() -> None:
    drift = _followed(60, pain_from=30)
    more = drift.charts[0]
    assert len(more.signals) > 1
    svg = cusum_svg(drift, uid="cusum")
    assert_plot_presentable(svg, "cusum")
    (upwards,) = [path for path in paths_of(svg, stroke_width="2.5") if path.count("L") > 20]
    middle = (264 + 12) / 2
    starts = [part.split("L")[0] for part in upwards.split("M")[1:]]
    assert len(starts) == len(more.signals) + 1
    assert {float(start.split()[1]) for start in starts} == {middle}
    # A mark for each signal, and one in the key.
    assert len(paths_of(svg, fill="#fff", stroke="#14212b")) == len(drift.signals) + 1


def test_a_single_patient_is_drawn() -> None:
    svg = cusum_svg(_followed(1, pain_from=0), uid="cusum")
    assert_plot_presentable(svg, "cusum")
    assert "nan" not in svg.casefold()


def test_a_user_far_above_the_others_stands_where_the_ratio_is() -> None:
    svg = funnel_svg([FunnelPoint(1, 4.0, 3.5), FunnelPoint(2, 6.0, 1.0)], uid="users")
    assert_presentable(svg, "users")
    highest, other = paths_of(svg, fill="#0b5a70", stroke="#fff")
    assert float(highest.split("m")[0].split()[1]) == pytest.approx(12, abs=0.1)
    assert "3.5" in texts_of(svg)
    assert float(other.split("m")[0].split()[1]) == pytest.approx(264 - 252 / 3.5, abs=0.1)


@pytest.mark.parametrize("expected", [1.0, 4.2, 30.0, 350.0])
def test_the_funnel_has_its_limits_and_points(expected: float) -> None:
    points = [FunnelPoint(1, expected, 1.2), FunnelPoint(2, expected / 3 + 1, 0.7)]
    svg = funnel_svg(points, uid="users")
    assert_presentable(svg, "users")
    assert {"1", "2", "95 % limits", "99.8 % limits"} <= texts_of(svg)
    assert len(paths_of(svg, fill="#0b5a70", stroke="#fff")) == 2
    # A lower and an upper line each, and a sample in the key.
    assert len(paths_of(svg, stroke_width="1.4", stroke_dasharray="5 4")) >= 4

"""The axes of total points and risk, and where a total and a risk stand on them."""

from collections.abc import Sequence
from functools import lru_cache

from scoring.charts.axes import Axis, Tick, axis_path, linear, placed_labels
from scoring.charts.nomogram.layout import Layout
from scoring.charts.nomogram.rows import LABEL_GAP_PX
from scoring.charts.text import px
from scoring.nomogram.logistic import Line

_RISK_TICKS = (1, 5, 10, 20, 30, 40, 50, 60, 70, 80, 90, 95, 99)
_RISK_MINOR_TICKS = (2, 3, 4, *range(15, 90, 10), 96, 97, 98)
_RISK_LABEL_ORDER = (50, 10, 90, 1, 99, 20, 80, 5, 95, 30, 70, 40, 60)
_RISK_LABEL_GAP_PX = 4.0


def x_of_total(points: float, layout: Layout) -> float:
    """Held to the ends of the axis: for drawing only, the texts keep the number."""
    held = min(max(points, 0.0), float(layout.total_points))
    return linear(layout.x0, layout.x1, layout.total_points)(held)


def x_of_risk(risk: float, line: Line, layout: Layout) -> float:
    """The same of a risk (0 to 1)."""
    return x_of_total(line.points_at(risk), layout)


@lru_cache
def total_axis(layout: Layout) -> Axis:
    """The axis of the total, labelled above."""
    majors = range(0, layout.total_points + 1, layout.total_every)
    minors = [v for v in range(0, layout.total_points + 1, 10) if v % layout.total_every]
    ticks = [Tick(x_of_total(value, layout), str(value)) for value in majors]
    path = axis_path(
        layout.total_y,
        layout.x0,
        layout.x1,
        (tick.x for tick in ticks),
        (x_of_total(value, layout) for value in minors),
        up=True,
    )
    labels = placed_labels(
        ticks, range(len(ticks)), y=layout.total_y - 9, size=layout.tick_size, gap=LABEL_GAP_PX
    )
    return Axis(px(layout.total_y), path, labels)


def _on_axis(percents: Sequence[int], line: Line, layout: Layout) -> list[int]:
    """Those risks, in per cent, that the total's axis reaches."""
    return [p for p in percents if 0.0 <= line.points_at(p / 100) <= layout.total_points]


def risk_ends(line: Line, layout: Layout) -> tuple[float, float]:
    """Where the axis of the risk begins and ends, px: at its outer ticks, if it reaches any."""
    shown = _on_axis(_RISK_TICKS, line, layout)
    if not shown:
        return layout.x0, layout.x1
    return x_of_risk(shown[0] / 100, line, layout), x_of_risk(shown[-1] / 100, line, layout)


@lru_cache
def risk_axis(y: float, line: Line, layout: Layout) -> Axis:
    """The axis of the risk, labelled below."""
    shown = _on_axis(_RISK_TICKS, line, layout)
    ticks = [Tick(x_of_risk(value / 100, line, layout), str(value)) for value in shown]
    minors = [
        x_of_risk(value / 100, line, layout) for value in _on_axis(_RISK_MINOR_TICKS, line, layout)
    ]
    return Axis(
        px(y),
        axis_path(y, *risk_ends(line, layout), (tick.x for tick in ticks), minors),
        placed_labels(
            ticks,
            (shown.index(value) for value in _RISK_LABEL_ORDER if value in shown),
            y=y + layout.tick_drop,
            size=layout.tick_size,
            gap=_RISK_LABEL_GAP_PX,
        ),
    )

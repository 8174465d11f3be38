"""The ruler and the predictors: axes, central 95 % of the study, the patient's marks."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache
from math import ceil, floor

from scoring.charts.axes import (
    Axis,
    Tick,
    axis_path,
    by_ends_then_every_second,
    grid_path,
    linear,
    placed_labels,
)
from scoring.charts.nomogram.layout import Layout
from scoring.charts.nomogram.words import RowWords
from scoring.charts.text import Box, Label, px
from scoring.nomogram.model import PredictorAxis, Result
from scoring.nomogram.predictor import Measured
from scoring.words.answers import yes_no
from scoring.words.values import answer_text

FULL_RULER_POINTS = 100
LABEL_GAP_PX = 5.0
_SHADE_PX = 10.0
_NAME_GAP_PX = 6.0
_VALUE_SIZE = 13
_VALUE_RISE_PX = 10.5
_BACKDROP_MARGIN_PX = 3.0
_OPEN_MARK_CLEAR_PX = 12.0
# An axis with more labels than this has every second one in print.
_MANY_TICKS = 7


def _ticks(axis: PredictorAxis, every: int) -> list[float]:
    """The whole values from 0 points on, every so many units, and the last one."""
    start, far = axis.fewest.value, axis.most.value
    sign = 1 if far > start else -1
    first, last = (ceil(start), floor(far)) if sign > 0 else (floor(start), ceil(far))
    values = [float(v) for v in range(first, last + sign, sign * every)]
    if not values:
        return [start, far]
    return values if values[-1] == last else [*values, float(last)]


@dataclass(frozen=True, slots=True)
class Value:
    """The patient's value above an axis, with the white backdrop that keeps the grid off it."""

    label: Label
    backdrop: Box


@dataclass(frozen=True, slots=True)
class AxisRow:
    """One predictor. ``mark_x`` is the patient's dot, None while the value is not known.

    Then an open mark stands at the answer with fewer points, a filled one at that with more.
    """

    key: str
    y: float
    axis: Axis
    shade: Box | None
    name: Label | None
    detail: Label | None
    inline_value: str
    points: Label | None
    mark_x: float | None
    open_x: float
    filled_x: float
    values: tuple[Value, ...]


def ruler_scale(layout: Layout) -> Callable[[float], float]:
    """Points of one predictor to px."""
    return linear(layout.x0, layout.x1, FULL_RULER_POINTS)


@lru_cache
def ruler(layout: Layout) -> Axis:
    """The axis of 0 to 100 points above the predictors."""
    x_of = ruler_scale(layout)
    majors = range(0, FULL_RULER_POINTS + 1, 10)
    minors = [v for v in range(0, FULL_RULER_POINTS, layout.ruler_minor_every) if v % 10]
    ticks = [Tick(x_of(v), str(v)) for v in range(0, FULL_RULER_POINTS + 1, layout.ruler_every)]
    return Axis(
        px(layout.ruler_y),
        axis_path(
            layout.ruler_y, layout.x0, layout.x1, map(x_of, majors), map(x_of, minors), up=True
        ),
        placed_labels(
            ticks,
            by_ends_then_every_second(len(ticks)),
            y=layout.ruler_y - 9,
            size=layout.tick_size,
            gap=LABEL_GAP_PX,
        ),
    )


@lru_cache
def ruler_grid(layout: Layout) -> str:
    """Vertical lines at every ten points, through all predictors."""
    tens = map(ruler_scale(layout), range(0, FULL_RULER_POINTS + 1, 10))
    return grid_path(tens, layout.ruler_y, layout.last_row_y)


def rows(result: Result, texts: tuple[RowWords, ...], layout: Layout) -> tuple[AxisRow, ...]:
    """The predictors of one patient, in their order."""
    rows = zip(texts, result.model.axes(), strict=True)
    answers = yes_no(False), yes_no(True)
    return tuple(
        _row(words, axis, answers, result.points[words.key], layout.row_y(index), layout)
        for index, (words, axis) in enumerate(rows)
    )


def _row(
    words: RowWords,
    ends: PredictorAxis,
    answers: tuple[str, str],
    points: float | None,
    y: float,
    layout: Layout,
) -> AxisRow:
    x_of = ruler_scale(layout)
    predictor = ends.predictor
    shade: Box | None = None
    if isinstance(predictor, Measured):
        last = _ticks(ends, predictor.tick_every)[-1]
        beyond = points is not None and points > predictor.points(last)
        axis = _measured_axis(predictor, ends, y, layout, run_on=beyond)
        shade = _shade(predictor, y, layout)
    else:
        fewest, most = (answers[end.value == 1.0] for end in (ends.fewest, ends.most))
        axis = _yes_no_axis(ends, fewest, most, y, layout)
    name, detail = _names(words.name, words.detail, y, layout)
    row = AxisRow(
        key=predictor.key,
        y=px(y),
        axis=axis,
        shade=shade,
        name=name,
        detail=detail,
        inline_value=words.stacked_value if layout.names == "above" else "",
        points=_points_label(words.points, y, layout, bold=points is not None),
        mark_x=None if points is None else px(x_of(points)),
        open_x=px(x_of(ends.fewest.points)),
        filled_x=px(x_of(ends.most.points)),
        values=(),
    )
    return replace(row, values=_values(words, row, ends)) if layout.names == "left" else row


@lru_cache
def _measured_axis(
    predictor: Measured, ends: PredictorAxis, y: float, layout: Layout, *, run_on: bool
) -> Axis:
    x_of = ruler_scale(layout)
    values = _ticks(ends, predictor.tick_every)
    minor = [v for v in _ticks(ends, predictor.minor_tick_every) if v not in values]
    # The line ends at its last tick; it runs on to the end of the domain for the rare patient
    # who stands there, so that no dot is beside its axis.
    end = predictor.points(ends.most.value if run_on else values[-1])
    ticks = [Tick(x_of(predictor.points(value)), f"{value:.0f}") for value in values]
    order = by_ends_then_every_second(len(ticks))
    if layout.sparse and len(ticks) > _MANY_TICKS:
        order = [index for index in order if index % 2 == 0 or index == len(ticks) - 1]
    return Axis(
        px(y),
        axis_path(
            y,
            layout.x0,
            x_of(end),
            (tick.x for tick in ticks),
            (x_of(predictor.points(value)) for value in minor),
        ),
        placed_labels(
            ticks, order, y=y + layout.tick_drop, size=layout.tick_size, gap=LABEL_GAP_PX
        ),
    )


@lru_cache
def _yes_no_axis(ends: PredictorAxis, fewest: str, most: str, y: float, layout: Layout) -> Axis:
    """The answers are in the language of the page: each language has an axis of its own."""
    x_of = ruler_scale(layout)
    ticks = [Tick(x_of(ends.fewest.points), fewest), Tick(x_of(ends.most.points), most)]
    return Axis(
        px(y),
        axis_path(y, ticks[0].x, ticks[1].x, (tick.x for tick in ticks)),
        placed_labels(
            ticks, (0, 1), y=y + layout.tick_drop, size=layout.tick_size, gap=LABEL_GAP_PX
        ),
    )


@lru_cache
def _shade(predictor: Measured, y: float, layout: Layout) -> Box | None:
    if predictor.central is None:
        return None
    x_of = ruler_scale(layout)
    left, right = sorted(x_of(predictor.points(value)) for value in predictor.central)
    return Box(left, y - _SHADE_PX / 2, right, y + _SHADE_PX / 2)


@lru_cache
def _names(name: str, detail: str, y: float, layout: Layout) -> tuple[Label | None, Label | None]:
    if layout.names == "none":
        return None, None
    if layout.names == "above":
        return Label.at(2, y - 15, name, 13, "start", bold=True), None
    if not detail:
        return Label.at(0, y + 4.5, name, 13, "start", bold=True), None
    return (
        Label.at(0, y - 1, name, 13, "start", bold=True),
        Label.at(0, y + 13, detail, 12, "start"),
    )


def _points_label(text: str, y: float, layout: Layout, *, bold: bool) -> Label | None:
    if layout.names == "none":
        return None
    if layout.names == "above":
        return Label.at(layout.width - 2, y - 15, text, 13, "end", bold=True)
    return Label.at(layout.width, y + 4.6, text, 13.5, "end", bold=bold)


def _values(words: RowWords, row: AxisRow, ends: PredictorAxis) -> tuple[Value, ...]:
    y = row.y - _VALUE_RISE_PX
    if row.mark_x is not None:
        label = Label.at(row.mark_x, y, words.value, _VALUE_SIZE, bold=True)
        if row.name and label.box.meets(row.name.box, _NAME_GAP_PX):
            x = row.name.box.right + _NAME_GAP_PX + label.width / 2
            label = replace(label, x=px(x))
        labels = [label]
    else:
        fewest, most = (
            answer_text(ends.predictor, end.value == 1.0) for end in (ends.fewest, ends.most)
        )
        labels = [
            Label.at(row.open_x + _OPEN_MARK_CLEAR_PX, y, fewest, _VALUE_SIZE, "start"),
            Label.at(row.filled_x, y, most, _VALUE_SIZE),
        ]
    return tuple(Value(label, _backdrop(label)) for label in labels)


def _backdrop(label: Label) -> Box:
    box, margin = label.box, _BACKDROP_MARGIN_PX
    return Box(box.left - margin, label.y - 11.5, box.right + margin, label.y + 3.5)

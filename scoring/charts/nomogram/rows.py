"""The ruler and the seven predictors: axes, central 95 % of the study, the patient's marks."""

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
from scoring.charts.nomogram.words import RowWords, restored_text, row_words, yes_no
from scoring.charts.text import Box, Label, px
from scoring.nomogram import Predictor, Result
from scoring.nomogram import publication as paper
from scoring.nomogram.points import age_points, chloride_points, pdw_points

FULL_RULER_POINTS = 100
LABEL_GAP_PX = 5.0
_SHADE_PX = 10.0
_NAME_GAP_PX = 6.0
_VALUE_SIZE = 13
_VALUE_RISE_PX = 10.5
_BACKDROP_MARGIN_PX = 3.0
_OPEN_MARK_CLEAR_PX = 12.0


@dataclass(frozen=True, slots=True)
class _Measured:
    """A measured predictor as an axis: from the value of 0 points to the end of its domain."""

    zero: float
    far: float
    central: paper.Range
    points: Callable[[float], float]
    step: int
    minor_step: int
    sparse_in_print: bool

    def ticks(self) -> list[float]:
        """The labelled values: every step from 0 points on, and the last whole one."""
        sign = 1 if self.far > self.zero else -1
        last = floor(self.far) if sign > 0 else ceil(self.far)
        values = [float(v) for v in range(int(self.zero), last + sign, sign * self.step)]
        return values if values[-1] == last else [*values, float(last)]

    def minor_ticks(self) -> list[float]:
        """Values between the labelled ones, every smaller step."""
        ticks = self.ticks()
        sign = 1 if self.far > self.zero else -1
        fine = range(int(self.zero), int(ticks[-1]) + sign, sign * self.minor_step)
        return [float(value) for value in fine if float(value) not in ticks]


_MEASURED = {
    Predictor.AGE: _Measured(
        zero=paper.AGE_ZERO_POINTS_YEARS,
        far=paper.AGE_DOMAIN_YEARS.low,
        central=paper.AGE_CENTRAL_YEARS,
        points=age_points,
        step=10,
        minor_step=5,
        sparse_in_print=False,
    ),
    Predictor.PDW: _Measured(
        zero=paper.PDW_ZERO_POINTS_FL,
        far=paper.PDW_DOMAIN_FL.high,
        central=paper.PDW_CENTRAL_FL,
        points=pdw_points,
        step=2,
        minor_step=1,
        sparse_in_print=True,
    ),
    Predictor.CHLORIDE: _Measured(
        zero=paper.CHLORIDE_ZERO_POINTS_MMOL_L,
        far=paper.CHLORIDE_DOMAIN_MMOL_L.low,
        central=paper.CHLORIDE_CENTRAL_MMOL_L,
        points=chloride_points,
        step=5,
        minor_step=1,
        sparse_in_print=True,
    ),
}
_YES_NO = {
    Predictor.BMD: paper.BMD_POINTS,
    Predictor.TRAUMA_HISTORY: paper.TRAUMA_HISTORY_POINTS,
    Predictor.POSTERIOR_FASCIA_EDEMA: paper.POSTERIOR_FASCIA_EDEMA_POINTS,
    Predictor.MVH: paper.MVH_POINTS,
}


@dataclass(frozen=True, slots=True)
class Value:
    """The patient's value above an axis, with the white backdrop that keeps the grid off it."""

    label: Label
    backdrop: Box


@dataclass(frozen=True, slots=True)
class Row:
    """One predictor. ``mark_x`` is the patient's dot; open and filled mark stand for unknown."""

    predictor: Predictor
    y: float
    axis: Axis
    shade: Box | None
    name: Label | None
    detail: Label | None
    inline_value: str
    points: Label | None
    mark_x: float | None
    restored_x: float
    not_restored_x: float
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


def rows(result: Result, layout: Layout) -> tuple[Row, ...]:
    """The seven predictors of one patient, in the order of Table 7."""
    points = result.points.as_dict()
    return tuple(
        _row(words, points[words.predictor], layout.first_row_y + index * layout.row_px, layout)
        for index, words in enumerate(row_words(result))
    )


def _row(words: RowWords, points: float | None, y: float, layout: Layout) -> Row:
    x_of = ruler_scale(layout)
    measured = _MEASURED.get(words.predictor)
    shade: Box | None = None
    if measured:
        beyond = points is not None and points > measured.points(measured.ticks()[-1])
        axis = _measured_axis(measured, y, layout, run_on=beyond)
        ends = sorted(x_of(measured.points(value)) for value in measured.central)
        shade = Box(ends[0], y - _SHADE_PX / 2, ends[1], y + _SHADE_PX / 2)
    else:
        axis = _yes_no_axis(_YES_NO[words.predictor], y, layout)
    name, detail = _names(words, y, layout)
    row = Row(
        predictor=words.predictor,
        y=px(y),
        axis=axis,
        shade=shade,
        name=name,
        detail=detail,
        inline_value=words.stacked_value if layout.names == "above" else "",
        points=_points_label(words.points, y, layout, bold=points is not None),
        mark_x=None if points is None else px(x_of(points)),
        restored_x=px(x_of(paper.MVH_POINTS.yes)),
        not_restored_x=px(x_of(paper.MVH_POINTS.no)),
        values=(),
    )
    return replace(row, values=_values(words, row)) if layout.names == "left" else row


@lru_cache
def _measured_axis(measured: _Measured, y: float, layout: Layout, *, run_on: bool) -> Axis:
    x_of = ruler_scale(layout)
    values = measured.ticks()
    # The line ends at its last tick; it runs on to the end of the domain for the rare patient
    # who stands there, so that no dot is beside its axis.
    end = measured.points(measured.far if run_on else values[-1])
    ticks = [Tick(x_of(measured.points(value)), f"{value:.0f}") for value in values]
    order = by_ends_then_every_second(len(ticks))
    if layout.sparse and measured.sparse_in_print:
        order = [index for index in order if index % 2 == 0 or index == len(ticks) - 1]
    return Axis(
        px(y),
        axis_path(
            y,
            layout.x0,
            x_of(end),
            (tick.x for tick in ticks),
            (x_of(measured.points(value)) for value in measured.minor_ticks()),
        ),
        placed_labels(
            ticks, order, y=y + layout.tick_drop, size=layout.tick_size, gap=LABEL_GAP_PX
        ),
    )


def _yes_no_axis(points: paper.YesNoPoints, y: float, layout: Layout) -> Axis:
    x_of = ruler_scale(layout)
    ends = sorted(
        (value, yes_no(answer)) for value, answer in zip(points, (True, False), strict=True)
    )
    ticks = [Tick(x_of(value), text) for value, text in ends]
    return Axis(
        px(y),
        axis_path(y, ticks[0].x, ticks[1].x, (tick.x for tick in ticks)),
        placed_labels(
            ticks, (0, 1), y=y + layout.tick_drop, size=layout.tick_size, gap=LABEL_GAP_PX
        ),
    )


def _names(words: RowWords, y: float, layout: Layout) -> tuple[Label | None, Label | None]:
    if layout.names == "none":
        return None, None
    if layout.names == "above":
        return Label.at(2, y - 15, words.name, 13, "start", bold=True), None
    if not words.detail:
        return Label.at(0, y + 4.5, words.name, 13, "start", bold=True), None
    return (
        Label.at(0, y - 1, words.name, 13, "start", bold=True),
        Label.at(0, y + 13, words.detail, 12, "start"),
    )


def _points_label(text: str, y: float, layout: Layout, *, bold: bool) -> Label | None:
    if layout.names == "none":
        return None
    if layout.names == "above":
        return Label.at(layout.width - 2, y - 15, text, 13, "end", bold=True)
    return Label.at(layout.width, y + 4.6, text, 13.5, "end", bold=bold)


def _values(words: RowWords, row: Row) -> tuple[Value, ...]:
    y = row.y - _VALUE_RISE_PX
    if row.mark_x is not None:
        label = Label.at(row.mark_x, y, words.value, _VALUE_SIZE, bold=True)
        if row.name and label.box.meets(row.name.box, _NAME_GAP_PX):
            x = row.name.box.right + _NAME_GAP_PX + label.width / 2
            label = replace(label, x=px(x))
        labels = [label]
    else:
        labels = [
            Label.at(
                row.restored_x + _OPEN_MARK_CLEAR_PX, y, restored_text(True), _VALUE_SIZE, "start"
            ),
            Label.at(row.not_restored_x, y, restored_text(False), _VALUE_SIZE),
        ]
    return tuple(Value(label, _backdrop(label)) for label in labels)


def _backdrop(label: Label) -> Box:
    box, margin = label.box, _BACKDROP_MARGIN_PX
    return Box(box.left - margin, label.y - 11.5, box.right + margin, label.y + 3.5)

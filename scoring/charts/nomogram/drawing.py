"""The whole nomogram of one patient, laid out: every place and text, nothing drawn yet."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from scoring.charts.axes import Axis
from scoring.charts.nomogram import words
from scoring.charts.nomogram.callouts import Callout, callouts
from scoring.charts.nomogram.layout import Layout, NomogramLayout, layout_for
from scoring.charts.nomogram.rows import AxisRow, rows, ruler, ruler_grid
from scoring.charts.nomogram.scales import risk_axis, risk_ends, total_axis, x_of_risk, x_of_total
from scoring.charts.nomogram.words import RowWords
from scoring.charts.text import Box, Label, px
from scoring.display import percent_text, points_text
from scoring.nomogram.logistic import Line
from scoring.nomogram.model import Result, Scenario

_CAPTION_GAP_PX = 14.0
_INTERVAL_PX = 10.0
_NAME_CLEAR_PX = 10.0
DOT_RADIUS_PX = 5.5
_UNDER_DOT_RADIUS_PX = 7.5


@dataclass(frozen=True, slots=True)
class Reading:
    """One scenario: the line from total to risk, its interval and its callout."""

    x: float
    # Open for the lower of two scenarios, filled otherwise.
    filled: bool
    interval: Box
    # Of its dots: an open one under a filled one (both held to the end of the axis) is larger.
    radius: float
    # From the end of the risk axis to what lies beyond 1 or 99 %; empty within.
    tail: str
    callout: Callout


@dataclass(frozen=True, slots=True)
class NomogramDrawing:
    """The drawing: lengths in px of its viewBox, y downwards."""

    layout: Layout
    provisional: bool
    width: float
    height: float
    heads: tuple[Label, ...]
    units: tuple[Label, ...]
    ruler: Axis
    grid: str
    texts: tuple[RowWords, ...]
    rows: tuple[AxisRow, ...]
    band: Box | None
    total: Axis
    risk: Axis
    cutoff_x: float
    captions: tuple[Label, ...]
    readings: tuple[Reading, ...]

    @property
    def x0(self) -> float:
        """0 points."""
        return px(self.layout.x0)

    @property
    def tick_size(self) -> float:
        """Font size of every tick label."""
        return self.layout.tick_size

    @property
    def cutoff_top(self) -> float:
        """Upper end of the cut-off tick."""
        return px(self.risk.y - 11)

    @property
    def cutoff_bottom(self) -> float:
        """Lower end of the cut-off tick."""
        return px(self.risk.y + 9)

    @property
    def reading_ys(self) -> tuple[float, float]:
        """The two axes a reading line joins."""
        return self.total.y, self.risk.y

    def labels(self) -> Iterator[Label]:
        """Every text of the drawing; a value beside its name counts as part of the name."""
        yield from (*self.heads, *self.units, *self.captions)
        for axis in (self.ruler, self.total, self.risk, *(row.axis for row in self.rows)):
            yield from axis.labels
        for row in self.rows:
            yield from (label for label in (row.name, row.detail, row.points) if label)
            yield from (value.label for value in row.values)
        yield from (reading.callout.label for reading in self.readings)


def nomogram(
    result: Result, *, layout: NomogramLayout, texts: tuple[RowWords, ...] = ()
) -> NomogramDrawing:
    """Lay out the nomogram of one patient; ``texts`` are its ``row_words``, if they are at hand."""
    sizes = layout_for(layout, result.model)
    risk_y = sizes.risk_y(provisional=result.provisional)
    captions = _captions(result, risk_y, sizes)
    bottom = max(caption.y for caption in captions) + sizes.foot_px
    readings = _readings(result, risk_y, sizes)
    texts = texts or words.row_words(result)
    heads, units = _heads(result, risk_y, readings, sizes)
    band = None
    if sizes.band_drop is not None:
        band = Box(0, sizes.last_row_y + sizes.band_drop, sizes.width, bottom)
    return NomogramDrawing(
        layout=sizes,
        provisional=result.provisional,
        width=px(sizes.width),
        height=px(bottom),
        heads=heads,
        units=units,
        ruler=ruler(sizes),
        grid=ruler_grid(sizes),
        texts=texts,
        rows=rows(result, texts, sizes),
        band=band,
        total=total_axis(sizes),
        risk=risk_axis(risk_y, result.model.line, sizes),
        cutoff_x=px(x_of_risk(result.model.cutoff, result.model.line, sizes)),
        captions=captions,
        readings=readings,
    )


def readings_order(result: Result) -> tuple[Scenario, ...]:
    """The scenarios as they stand on the axes: from fewer points to more."""
    return tuple(sorted(result.scenarios, key=lambda scenario: scenario.total_points))


def _captions(result: Result, risk_y: float, layout: Layout) -> tuple[Label, ...]:
    y, size = risk_y + layout.caption_drop, layout.tick_size
    model = result.model
    text = words.cutoff_label(model.cutoff, short=not layout.callout_words)
    cutoff = Label.at(x_of_risk(model.cutoff, model.line, layout), y, text, size)
    if result.provisional:
        return (cutoff,)
    (scenario,) = result.scenarios
    x = x_of_total(scenario.total_points, layout)
    text = words.interval_text(scenario, short=layout.name == "narrow")
    interval = Label.at(x, y, text, size).within(2, layout.width - 2)
    if interval.box.meets(cutoff.box, _CAPTION_GAP_PX):
        interval = Label.at(interval.x, y + layout.caption_line_px, text, size)
    return (cutoff, interval)


def _readings(result: Result, risk_y: float, layout: Layout) -> tuple[Reading, ...]:
    scenarios = readings_order(result)
    lines = [x_of_total(scenario.total_points, layout) for scenario in scenarios]
    texts = [
        words.callout_text(
            result.model, s, with_points=layout.callout_words, provisional=result.provisional
        )
        for s in scenarios
    ]
    placed = callouts(texts, lines, layout.total_y, risk_y, layout)
    together = max(lines) - min(lines) < DOT_RADIUS_PX
    readings = []
    for scenario, x, callout in zip(scenarios, lines, placed, strict=True):
        filled = scenario is scenarios[-1]
        interval = _interval(scenario, result, risk_y, layout, lower=not filled)
        reading = Reading(
            x=px(x),
            filled=filled,
            interval=interval,
            radius=_UNDER_DOT_RADIUS_PX if together and not filled else DOT_RADIUS_PX,
            tail=_tail(
                min(x, interval.left), max(x, interval.right), risk_y, result.model.line, layout
            ),
            callout=callout,
        )
        readings.append(reading)
    return tuple(readings)


def _interval(scenario: Scenario, result: Result, y: float, layout: Layout, *, lower: bool) -> Box:
    """The bar of the interval: across the axis, or one above the other while provisional."""
    low, high = (x_of_risk(end, result.model.line, layout) for end in scenario.ci95)
    half = _INTERVAL_PX / 2
    if not result.provisional:
        return Box(low, y - half, high, y + half)
    top = y - _INTERVAL_PX if lower else y - half
    return Box(low, top, high, top + half)


def _tail(left: float, right: float, y: float, line: Line, layout: Layout) -> str:
    first, last = risk_ends(line, layout)
    below = f"M{px(first)} {px(y)}H{px(left)}" if left < first else ""
    above = f"M{px(last)} {px(y)}H{px(right)}" if right > last else ""
    return below + above


def _heads(
    result: Result, risk_y: float, readings: tuple[Reading, ...], layout: Layout
) -> tuple[tuple[Label, ...], tuple[Label, ...]]:
    """Names and numbers of ruler, total and risk, bold; and the lesser words beside them."""
    total_y, names, scenarios = layout.total_y, layout.names, readings_order(result)
    totals = [points_text(scenario.total_points) for scenario in scenarios]
    if names == "none":
        return (), ()
    if names == "above":
        both = _("%(low)s or %(high)s") % {"low": totals[0], "high": totals[-1]}
        total_head_y = layout.last_row_y + 46
        risk_name = Label.at(8, risk_y - 10, _("Risk, %"), 13, "start", bold=True)
        if min(reading.x for reading in readings) < risk_name.box.right + _NAME_CLEAR_PX:
            risk_name = Label.at(
                layout.width - 6, risk_y - 10, risk_name.text, 13, "end", bold=True
            )
        return (
            Label.at(2, 13, _("Points"), 13, "start", bold=True),
            Label.at(8, total_head_y, _("Total points"), 13, "start", bold=True),
            Label.at(
                layout.width - 6,
                total_head_y,
                both if result.provisional else totals[0],
                13,
                "end",
                bold=True,
            ),
            risk_name,
        ), ()
    right = layout.width - 10
    numbers = []
    for y, texts in (
        (total_y + 4.6, totals),
        (risk_y + 4.7, [percent_text(scenario.risk) for scenario in scenarios]),
    ):
        for index, text in enumerate(texts):
            line = y + 18 * (index - (len(texts) - 1) / 2)
            numbers.append(Label.at(right, line, text, 13.5, "end", bold=True))
    return (
        Label.at(0, layout.ruler_y + 4.6, _("Points"), 13, "start", bold=True),
        Label.at(10, total_y + 4.5, _("Total points"), 13, "start", bold=True),
        Label.at(10, risk_y - 1, _("Risk of residual back pain"), 13, "start", bold=True),
        *numbers,
    ), (
        Label.at(layout.width, layout.ruler_y + 4.6, _("this patient"), 12, "end"),
        Label.at(10, risk_y + 13, _("%, at 3 days and 1 month"), 12, "start"),
    )

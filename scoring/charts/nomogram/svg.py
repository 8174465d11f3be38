"""The laid-out nomogram as SVG, from the back to the front."""

from collections.abc import Iterator
from html import escape

from scoring.charts.nomogram.drawing import DOT_RADIUS_PX, NomogramDrawing, Reading
from scoring.charts.nomogram.rows import AxisRow
from scoring.charts.palette import PALETTE
from scoring.charts.svg import box, dot, element, line, tick_labels, words
from scoring.charts.text import Label


def elements(chart: NomogramDrawing) -> Iterator[str]:
    """Every element of the drawing."""
    if chart.band:
        yield box(chart.band, PALETTE.band)
        yield line(f"M0 {chart.band.y}H{chart.width}", PALETTE.line_strong, 1)
    for label in chart.heads:
        yield words(label, PALETTE.ink)
    for label in chart.units:
        yield words(label, PALETTE.ink_2)
    yield line(chart.grid, PALETTE.grid, 1)
    yield line(chart.ruler.path, PALETTE.ink, 1.2)
    yield tick_labels(chart.ruler.labels, chart.tick_size, PALETTE.ink)
    for row in chart.rows:
        yield from _row(row, chart)
    yield line(chart.total.path, PALETTE.ink, 1.2)
    yield tick_labels(chart.total.labels, chart.tick_size, PALETTE.ink_2)
    for reading in chart.readings:
        yield _interval(reading, provisional=chart.provisional)
    yield line(chart.risk.path, PALETTE.ink, 1.2)
    yield tick_labels(chart.risk.labels, chart.tick_size, PALETTE.ink_2)
    cutoff = f"M{chart.cutoff_x} {chart.cutoff_top}V{chart.cutoff_bottom}"
    yield line(cutoff, PALETTE.ink, 1.5, "3 2")
    for label in chart.captions:
        yield words(label, PALETTE.ink)
    for reading in chart.readings:
        yield from _reading(reading, chart)
    for reading in chart.readings:
        yield from _callout(reading)


def _row(row: AxisRow, chart: NomogramDrawing) -> Iterator[str]:
    if row.name:
        yield _name(row.name, row.inline_value)
    if row.detail:
        yield words(row.detail, PALETTE.ink_2)
    if row.points:
        yield words(row.points, PALETTE.ink)
    if row.shade:
        yield box(row.shade, PALETTE.shade)
    yield line(row.axis.path, PALETTE.ink, 1.1)
    yield tick_labels(row.axis.labels, chart.tick_size, PALETTE.ink_2)
    if row.mark_x is not None:
        yield line(f"M{chart.x0} {row.y}H{row.mark_x}", PALETTE.accent, 4)
        yield _mark(row.mark_x, row.y, filled=True)
    else:
        yield line(f"M{row.open_x} {row.y}H{row.filled_x}", PALETTE.accent, 2, "4 3")
        yield _mark(row.open_x, row.y, filled=False)
        yield _mark(row.filled_x, row.y, filled=True)
    for value in row.values:
        yield box(value.backdrop, PALETTE.paper)
        yield words(value.label, PALETTE.accent_ink)


def _name(name: Label, inline_value: str) -> str:
    if not inline_value:
        return words(name, PALETTE.ink)
    return element(
        "text",
        element("tspan", escape(name.text), font_weight="700"),
        element("tspan", escape(inline_value), dx=7, fill=PALETTE.accent_ink),
        x=name.x,
        y=name.y,
        font_size=name.size,
        fill=PALETTE.ink,
    )


def _mark(x: float, y: float, *, filled: bool, radius: float = DOT_RADIUS_PX) -> str:
    if filled:
        return dot(x, y, radius, PALETTE.accent, PALETTE.paper, 1.5)
    return dot(x, y, radius, PALETTE.paper, PALETTE.accent, 2)


def _interval(reading: Reading, *, provisional: bool) -> str:
    fill = PALETTE.interval if reading.filled else PALETTE.paper
    if not provisional:
        return box(reading.interval, fill)
    outline = PALETTE.interval if reading.filled else PALETTE.accent
    return box(reading.interval, fill, stroke=outline, stroke_width=1)


def _reading(reading: Reading, chart: NomogramDrawing) -> Iterator[str]:
    if not chart.provisional:
        yield line(f"M{chart.x0} {chart.total.y}H{reading.x}", PALETTE.accent, 4)
    if reading.tail:
        yield line(reading.tail, PALETTE.line_strong, 1.2, "2 3")
    yield line(f"M{reading.x} {chart.total.y}V{chart.risk.y}", PALETTE.accent, 2)
    for y in chart.reading_ys:
        yield _mark(reading.x, y, filled=reading.filled, radius=reading.radius)


def _callout(reading: Reading) -> Iterator[str]:
    callout = reading.callout
    if callout.leader:
        yield line(callout.leader, PALETTE.accent, 1.5)
    fill = PALETTE.accent if reading.filled else PALETTE.paper
    yield box(callout.box, fill, stroke=PALETTE.accent, stroke_width=1.5, rx=3)
    yield words(callout.label, PALETTE.paper if reading.filled else PALETTE.accent_ink)

"""The blank nomogram as SVG, and the names beside its axes."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from scoring.charts.axes import grid_path
from scoring.charts.blank_nomogram.geometry import (
    CHECK_LINE,
    FULL_RULER_POINTS,
    SIZE,
    WIDTH,
    WRITTEN_POINTS,
    WRITTEN_VALUE,
    BlankNomogram,
    Row,
    Scale,
    blank_nomogram,
    x_of_points,
)
from scoring.charts.palette import PALETTE, PRINT_FONTS
from scoring.charts.svg import box, drawing, line, tick_labels, words
from scoring.charts.text import Label, px
from scoring.display import per_cent, points_text, signed_text
from scoring.nomogram.model import Nomogram
from scoring.nomogram.predictor import Measured, Predictor, Threshold
from scoring.words.predictors import words_of
from scoring.words.risk import one_decimal_percent
from scoring.words.values import unit_text

_WRITTEN_DROP = 12.0
_CAP_HALF = 9.0
_TICK_WIDTH = 1.6
_AXIS_WIDTH = 2.4
_CUTOFF_DROP = 58.0
_PER_MM = 10.0


@dataclass(frozen=True, slots=True)
class RowLabel:
    """The words left of an axis: name, then unit or meaning; how far its line is from the top."""

    top_mm: float
    name: str
    details: tuple[str, ...]


def row_labels(model: Nomogram) -> tuple[RowLabel, ...]:
    """The words beside the predictors' axes, from top to bottom."""
    rows = zip(blank_nomogram(model).rows, model.predictors, strict=True)
    return tuple(
        RowLabel(
            px(row.y / _PER_MM), str(words_of(predictor).name), tuple(filter(None, _of(predictor)))
        )
        for row, predictor in rows
    )


def _of(predictor: Predictor) -> tuple[str, ...]:
    if isinstance(predictor, Measured):
        return (unit_text(predictor),)
    words = words_of(predictor)
    if isinstance(predictor, Threshold):
        limit = {"name": words.input_name, "limit": signed_text(predictor.below)}
        return str(words.detail), _("yes: %(name)s below %(limit)s") % limit
    return (str(words.detail),)


def blank_nomogram_svg(model: Nomogram) -> SafeString:
    """The axes of a model with a line of 100 mm to check the print by; 260 mm wide on paper."""
    chart = blank_nomogram(model)
    return drawing(
        *_elements(chart, model),
        width=WIDTH,
        height=px(chart.height),
        title=_("Nomogram to be read by hand"),
        uid="blank-nomogram",
        fonts=PRINT_FONTS,
    )


def _elements(chart: BlankNomogram, model: Nomogram) -> Iterator[str]:
    ink = PALETTE.ink
    tens = map(x_of_points, range(0, FULL_RULER_POINTS + 1, 10))
    yield line(grid_path(tens, chart.ruler.y, chart.rows[-1].y), PALETTE.shade, 1.5)
    for row in (chart.ruler, *chart.rows, chart.total):
        yield from _row(row)
    for row in chart.rows:
        for left, right in (WRITTEN_VALUE, WRITTEN_POINTS):
            yield line(f"M{px(left)} {px(row.y + _WRITTEN_DROP)}H{px(right)}", ink, _TICK_WIDTH)
    for label in _heads(chart):
        yield words(label, ink)
    cutoff = f"M{px(chart.cutoff_x)} {px(chart.total.y)}v{px(_CUTOFF_DROP)}"
    yield line(cutoff, ink, 4, "10 6")
    for label in _captions(chart, model):
        yield words(label, ink)
    y = px(chart.check_y)
    ends = f"M0 {px(y - 12)}v24M{CHECK_LINE} {px(y - 12)}v24"
    yield line(f"M0 {y}H{CHECK_LINE}{ends}", ink, _AXIS_WIDTH)
    length, scale = f"{CHECK_LINE / _PER_MM:.1f}", per_cent("100")
    said = _(
        "This line is %(length)s mm long. If it is not, print again at %(scale)s (actual size)."
    ) % {"length": length, "scale": scale}
    yield words(Label.at(CHECK_LINE + 20, chart.check_y + _CAP_HALF, said, 27, "start"), ink)


def _row(row: Row) -> Iterator[str]:
    if row.shade:
        yield box(row.shade, PALETTE.shade)
    yield line(f"M{px(row.left)} {px(row.y)}H{px(row.right)}", PALETTE.ink, _AXIS_WIDTH)
    for scale, up in ((row.above, True), (row.below, False)):
        if scale.xs:
            yield line(_ticks(scale, row.y, up=up), PALETTE.ink, _TICK_WIDTH)
            yield tick_labels(scale.labels, SIZE, PALETTE.ink)


def _ticks(scale: Scale, y: float, *, up: bool) -> str:
    sign = "-" if up else ""
    ticks = zip(scale.xs, scale.lengths, strict=True)
    return "".join(f"M{px(x)} {px(y)}v{sign}{px(length)}" for x, length in ticks)


def _heads(chart: BlankNomogram) -> Iterator[Label]:
    """What the columns and the two scales of the last axis are."""
    y = chart.ruler.y
    yield Label.at(0, y + _CAP_HALF, _("Points"), 28, "start", bold=True)
    for text, ends in ((_("Value"), WRITTEN_VALUE), (_("Points"), WRITTEN_POINTS)):
        yield Label.at(sum(ends) / 2, y + _CAP_HALF, text, 26, bold=True)
    y = chart.total.y
    yield Label.at(0, y - 62, _("Total points"), 28, "start", bold=True)
    yield Label.at(0, chart.caption_y, _("Risk, %"), 28, "start", bold=True)


def _captions(chart: BlankNomogram, model: Nomogram) -> Iterator[Label]:
    """The cut-off, and what lies beyond the ends of the axis."""
    y = chart.caption_y
    risk = per_cent(one_decimal_percent(model.cutoff))
    values = {"percent": risk, "points": points_text(model.points_at(model.cutoff))}
    text = _("study cut-off %(percent)s: %(points)s points") % values
    yield Label.at(chart.cutoff_x, y, text, SIZE)
    low, high = (points_text(model.points_at(end)) for end in (0.01, 0.99))
    beyond = _("below %(low)s points: < 1 %%; above %(high)s points: > 99 %%")
    yield Label.at(WIDTH, y, beyond % {"low": low, "high": high}, SIZE, "end")

"""Where every tick of the blank nomogram stands, from the model alone.

Lengths are in tenths of a millimetre on paper, y downwards. Drawings are written to a tenth of such
a unit: to a hundredth of a millimetre.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import ceil, floor

from scoring.charts.axes import Tick, placed_labels
from scoring.charts.text import Box, Label
from scoring.display import number_text, points_text
from scoring.nomogram.model import Nomogram, PredictorAxis
from scoring.nomogram.predictor import Measured
from scoring.words.values import answer_text

WIDTH = 2600.0
CHECK_LINE = 1000.0
# Left of it stand the names, right of 100 points the value and the points are written.
X0 = 350.0
PER_POINT = 20.0
FULL_RULER_POINTS = 100
WRITTEN_VALUE = (2378.0, 2480.0)
WRITTEN_POINTS = (2498.0, WIDTH)
SIZE = 25.0
_LABEL_GAP = 12.0
# Ticks closer than this can't be counted by eye.
_NEAREST_TICKS = 9.5
_TICK, _MEDIUM_TICK, _LONG_TICK = 10.0, 15.0, 21.0
_ABOVE, _BELOW = 27.0, 45.0
_RULER_Y = 50.0
_MEASURED_ROW, _ANSWERS_ROW = 136.0, 112.0
_TOTAL_DROP, _CAPTION_DROP, _CHECK_DROP, _FOOT = 165.0, 82.0, 66.0, 16.0
_TOTAL_ROOM = 2300.0
_PER_TOTAL_POINT = (20.0, 10.0, 5.0, 2.0, 1.0)
_STEPS = (0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0)
_LOWEST_RISK, _HIGHEST_RISK = 1, 99
_RISK_LABELS = (50, 10, 90, 1, 99, 20, 80, 30, 70, 40, 60, 5, 95, 2, 98, 3, 97, 15, 85, 25, 75)


@dataclass(frozen=True, slots=True)
class Scale:
    """Ticks on one side of an axis: what each stands for, its place, its length; the labels."""

    values: tuple[float, ...]
    xs: tuple[float, ...]
    lengths: tuple[float, ...]
    labels: tuple[Label, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """An axis: its values above the line, what they are worth below it.

    ``shade`` is where the central 95 % of the study's patients lie, None where it is not known.
    """

    y: float
    left: float
    right: float
    above: Scale
    below: Scale
    shade: Box | None = None


@dataclass(frozen=True, slots=True)
class BlankNomogram:
    """The drawing: the ruler of points, a row for each predictor, total above risk."""

    ruler: Row
    rows: tuple[Row, ...]
    total: Row
    cutoff_x: float
    caption_y: float
    check_y: float
    height: float


def blank_nomogram(model: Nomogram) -> BlankNomogram:
    """Lay out the axes of a model."""
    points = _points_scale(FULL_RULER_POINTS, _RULER_Y, _above(_RULER_Y))
    ruler = Row(_RULER_Y, X0, x_of_points(FULL_RULER_POINTS), points, _NO_TICKS)
    y, rows = _RULER_Y, []
    for axis in model.axes():
        y += _MEASURED_ROW if isinstance(axis.predictor, Measured) else _ANSWERS_ROW
        rows.append(_row(axis, y))
    total = _total(model, y + _TOTAL_DROP)
    caption_y = total.y + _CAPTION_DROP
    return BlankNomogram(
        ruler=ruler,
        rows=tuple(rows),
        total=total,
        cutoff_x=_total_scale(model)(model.points_at(model.cutoff)),
        caption_y=caption_y,
        check_y=caption_y + _CHECK_DROP,
        height=caption_y + _CHECK_DROP + _FOOT,
    )


def x_of_points(points: float) -> float:
    """Where so many points of one predictor stand."""
    return X0 + PER_POINT * points


_NO_TICKS = Scale((), (), (), ())


def _above(y: float) -> float:
    return y - _ABOVE


def _below(y: float) -> float:
    return y + _BELOW


def _row(axis: PredictorAxis, y: float) -> Row:
    predictor = axis.predictor
    if not isinstance(predictor, Measured):
        ends = (axis.fewest, axis.most)
        xs = tuple(x_of_points(end.points) for end in ends)
        lengths = (_LONG_TICK, _LONG_TICK)
        answers = [answer_text(predictor, end.value == 1.0) for end in ends]
        values, points = tuple(end.value for end in ends), tuple(end.points for end in ends)
        above = Scale(values, xs, lengths, _labels(xs, answers, _above(y)))
        below = Scale(points, xs, lengths, _labels(xs, map(points_text, points), _below(y)))
        return Row(y, xs[0], xs[-1], above, below)
    right = x_of_points(axis.most.points)
    shade = None
    if predictor.central is not None:
        left, end = sorted(x_of_points(predictor.points(value)) for value in predictor.central)
        shade = Box(left, y - _LONG_TICK, end, y)
    above = _values_scale(predictor, axis, y)
    return Row(y, X0, right, above, _points_scale(axis.most.points, y, _below(y)), shade)


def _labels(xs: Sequence[float], texts: Iterable[str], y: float) -> tuple[Label, ...]:
    ticks = [Tick(x, text) for x, text in zip(xs, texts, strict=True)]
    return placed_labels(ticks, range(len(ticks)), y=y, size=SIZE, gap=_LABEL_GAP)


def _multiples(low: float, high: float, step: float) -> tuple[float, ...]:
    """The multiples of a step from low to high, without the noise of binary fractions."""
    first, last = ceil(low / step - 1e-9), floor(high / step + 1e-9)
    return tuple(round(n * step, 6) for n in range(first, last + 1))


def _values_scale(predictor: Measured, axis: PredictorAxis, y: float) -> Scale:
    """As fine as can be counted, but not finer than the values are measured."""
    finest = 10.0**-predictor.decimals
    per_unit = abs(predictor.points_per_unit) * PER_POINT
    step = next(s for s in _STEPS if s >= finest and s * per_unit >= _NEAREST_TICKS)
    low, high = sorted((axis.fewest.value, axis.most.value))
    values = _multiples(low, high, step)
    return _scale(
        values,
        lambda value: x_of_points(predictor.points(value)),
        medium=max(predictor.minor_tick_every, 1),
        labelled=predictor.tick_every,
        text=number_text,
        y=_above(y),
    )


def _points_scale(most: float, y: float, label_y: float) -> Scale:
    return _scale(
        _multiples(0.0, most, 1.0), x_of_points, medium=5, labelled=10, text=number_text, y=label_y
    )


def _scale(
    values: tuple[float, ...],
    x_of: Callable[[float], float],
    *,
    medium: float,
    labelled: float,
    text: Callable[[float], str],
    y: float,
) -> Scale:
    """Ticks of three lengths; labels at the longest, and at the medium ones if all have room."""

    def is_every(value: float, step: float) -> bool:
        return abs(value / step - round(value / step)) < 1e-6

    longest = [index for index, value in enumerate(values) if is_every(value, labelled)]
    middle = [index for index, value in enumerate(values) if is_every(value, medium)]
    lengths = [_TICK] * len(values)
    for index in middle:
        lengths[index] = _MEDIUM_TICK
    for index in longest:
        lengths[index] = _LONG_TICK
    xs = tuple(x_of(value) for value in values)
    ticks = [Tick(x, text(value)) for x, value in zip(xs, values, strict=True)]
    both = sorted({*longest, *middle})
    labels = placed_labels(ticks, both, y=y, size=SIZE, gap=_LABEL_GAP)
    if len(labels) < len(both):
        labels = placed_labels(ticks, longest, y=y, size=SIZE, gap=_LABEL_GAP)
    return Scale(values, xs, tuple(lengths), labels)


def _total_ends(model: Nomogram) -> tuple[float, float]:
    """From the last ten points below a risk of 1 % to the first beyond 99 %."""
    low, high = (model.points_at(risk / 100) for risk in (_LOWEST_RISK, _HIGHEST_RISK))
    return max(floor(low / 10) * 10.0, 0.0), ceil(high / 10) * 10.0


def _total_scale(model: Nomogram) -> Callable[[float], float]:
    first, last = _total_ends(model)
    per_point = next(s for s in _PER_TOTAL_POINT if s * (last - first) <= _TOTAL_ROOM)
    left = (WIDTH - per_point * (last - first)) / 2
    return lambda points: left + per_point * (points - first)


def _total(model: Nomogram, y: float) -> Row:
    x_of = _total_scale(model)
    first, last = _total_ends(model)
    step = next(s for s in _STEPS[3:] if x_of(s) - x_of(0.0) >= _NEAREST_TICKS)
    totals = _scale(
        _multiples(first, last, step), x_of, medium=5, labelled=10, text=number_text, y=_above(y)
    )
    return Row(y, x_of(first), x_of(last), totals, _risk_scale(model, x_of, y))


def _risk_scale(model: Nomogram, x_of: Callable[[float], float], y: float) -> Scale:
    """Whole per cent from 1 to 99; every second or fifth where the model's line is too steep."""
    for step in (1, 2, 5):
        percents = [
            percent
            for percent in range(_LOWEST_RISK, _HIGHEST_RISK + 1)
            if (percent % step == 0 or percent in _RISK_LABELS)
            and model.points_at(percent / 100) >= 0.0
        ]
        xs = tuple(x_of(model.points_at(percent / 100)) for percent in percents)
        if all(b - a >= _NEAREST_TICKS for a, b in pairwise(xs)):
            break
    lengths = tuple(
        _LONG_TICK if p % 10 == 0 else _MEDIUM_TICK if p in _RISK_LABELS or p % 5 == 0 else _TICK
        for p in percents
    )
    ticks = [Tick(x, str(percent)) for x, percent in zip(xs, percents, strict=True)]
    order = [percents.index(percent) for percent in _RISK_LABELS if percent in percents]
    labels = placed_labels(ticks, order, y=_below(y), size=SIZE, gap=_LABEL_GAP)
    return Scale(tuple(percent / 100 for percent in percents), xs, lengths, labels)

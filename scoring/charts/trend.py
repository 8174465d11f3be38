"""How the risk of one patient changed from assessment to assessment: a small line of dots."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby

from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from scoring.charts.axes import linear
from scoring.charts.palette import PALETTE, SCREEN_FONTS
from scoring.charts.text import Box, Label, px
from scoring.display import per_cent, percent_text, rounded
from scoring.nomogram.rong2025.model import RONG_2025
from scoring.words.marks import clauses, labelled, listed

_WIDTH = 390
_LEFT, _RIGHT = 58.0, 362.0
_TOP, _FOOT = 22.0, 88.0
_DATE_Y = 110.0
_SIZE = 12
_LABEL_GAP_PX = 5.0
_VALUE_RISE_PX = 10.0
_VALUE_DROP_PX = 18.0
_VALUE_ASIDE_PX = 10.0
_BASELINE_PX = 4.0
_CUTOFF_CLEAR_PX = 3.0
_DOT_PX = 7.0
_SCALE_RIGHT = 38
# Between two operations of one day, so that none hides the other.
_ONE_DAY_PX = 28


@dataclass(frozen=True, slots=True)
class TrendPoint:
    """One assessment: its day, also as shown, and its risk; restored and not if provisional."""

    day: date
    date: str
    risks: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class TrendMark:
    """A dot; open for the risk if the height is restored, while provisional."""

    x: float
    y: float
    filled: bool


@dataclass(frozen=True, slots=True)
class Trend:
    """The drawing in px, 390 × 120: dots joined by a line, cut-off, labels that do not meet."""

    marks: tuple[TrendMark, ...]
    line: str
    spans: str
    cutoff_y: float
    values: tuple[Label, ...]
    dates: tuple[Label, ...]
    scale: tuple[Label, ...]
    cutoff: Label | None

    @property
    def labels(self) -> tuple[Label, ...]:
        """Every text of the drawing."""
        cutoff = () if self.cutoff is None else (self.cutoff,)
        return (*self.values, *self.dates, *self.scale, *cutoff)

    @property
    def backdrops(self) -> tuple[Box, ...]:
        """White behind the values, so that no line strikes them through."""
        return tuple(label.box for label in self.values)


def _y_of(risk: float) -> float:
    return linear(_FOOT, _TOP, 1.0)(risk)


def _important_first(count: int) -> list[int]:
    """The newest, the first, then backwards."""
    return [count - 1, *([0] if count > 1 else []), *range(count - 2, 0, -1)]


def _free(box: Box, taken: Iterable[Box]) -> bool:
    return not any(box.meets(other, _LABEL_GAP_PX) for other in taken)


def trend(series: Sequence[TrendPoint]) -> Trend:
    """Lay out the assessments by their days. Raises ValueError for an empty series."""
    if not series:
        raise ValueError("a trend needs at least one assessment")
    series = sorted(series, key=lambda point: point.day)
    xs = _xs([point.day for point in series])
    marks = tuple(
        TrendMark(x, px(_y_of(risk)), filled=len(point.risks) == 1 or index == 1)
        for x, point in zip(xs, series, strict=True)
        for index, risk in enumerate(point.risks)
    )
    scale = (
        Label.at(0, _TOP + _BASELINE_PX, per_cent("100"), _SIZE, "start"),
        Label.at(0, _FOOT + _BASELINE_PX, "0", _SIZE, "start"),
    )
    order = _important_first(len(series))
    values = _values([(xs[index], series[index].risks) for index in order], marks, scale)
    days = _days(xs, series)
    cutoff_y = px(_y_of(RONG_2025.cutoff))
    return Trend(
        marks=marks,
        line="M" + "L".join(f"{mark.x} {mark.y}" for mark in marks if mark.filled),
        spans="".join(
            f"M{x} {px(_y_of(min(point.risks)))}V{px(_y_of(max(point.risks)))}"
            for x, point in zip(xs, series, strict=True)
            if len(point.risks) > 1
        ),
        cutoff_y=cutoff_y,
        values=values,
        dates=_dates([days[index] for index in _important_first(len(days))]),
        scale=scale,
        cutoff=_cutoff(cutoff_y, marks, values),
    )


def _xs(days: Sequence[date]) -> list[float]:
    """Positions proportional to time, those of one day side by side; one day is in the middle."""
    first, span = days[0], (days[-1] - days[0]).days
    xs: list[float] = []
    for day, same in groupby(days):
        share = (day - first).days / span if span else 0.5
        width = _ONE_DAY_PX * (len(list(same)) - 1)
        middle = _LEFT + (_RIGHT - _LEFT) * share
        left = min(max(middle - width / 2, _LEFT), _RIGHT - width)
        xs += [px(left + x) for x in range(0, int(width) + 1, _ONE_DAY_PX)]
    return xs


def _days(xs: Sequence[float], series: Sequence[TrendPoint]) -> list[tuple[float, str]]:
    """The middle of the dots of each day, and the day in words."""
    days = []
    for _day, same in groupby(zip(xs, series, strict=True), key=lambda pair: pair[1].day):
        pairs = list(same)
        days.append(((pairs[0][0] + pairs[-1][0]) / 2, pairs[0][1].date))
    return days


def _dates(places: Iterable[tuple[float, str]]) -> tuple[Label, ...]:
    dates: list[Label] = []
    for x, text in places:
        label = Label.at(x, _DATE_Y, text, _SIZE).within(1, _WIDTH - 1)
        if _free(label.box, (other.box for other in dates)):
            dates.append(label)
    return tuple(dates)


def _values(
    places: Iterable[tuple[float, tuple[float, ...]]],
    marks: Sequence[TrendMark],
    scale: Sequence[Label],
) -> tuple[Label, ...]:
    """Each risk above its dot, the lower of several below; elsewhere where there is no room."""
    values: list[Label] = []
    dots = [Box(m.x - _DOT_PX, m.y - _DOT_PX, m.x + _DOT_PX, m.y + _DOT_PX) for m in marks]
    for x, risks in places:
        # Two that read alike are told once.
        told = {percent_text(risk): risk for risk in sorted(risks)}
        for text, risk in sorted(told.items(), key=lambda pair: -pair[1]):
            y = _y_of(risk)
            levels = [y - _VALUE_RISE_PX, y + _VALUE_DROP_PX]
            if risk < max(risks):
                levels.reverse()
            upright = [Label.at(x, level, text, _SIZE, bold=True) for level in levels]
            first, second = (label.within(1, _WIDTH - 1) for label in upright)
            aside = y + _BASELINE_PX
            for label in (
                first,
                Label.at(x - _VALUE_ASIDE_PX, aside, text, _SIZE, "end", bold=True),
                Label.at(x + _VALUE_ASIDE_PX, aside, text, _SIZE, "start", bold=True),
                second,
            ):
                inside = label.box.bottom < _DATE_Y - _SIZE and label.box.right <= _WIDTH
                others = [other.box for other in (*scale, *values)]
                if inside and _free(label.box, others) and not any(map(label.box.meets, dots)):
                    values.append(label)
                    break
    return tuple(values)


def _cutoff(y: float, marks: Sequence[TrendMark], values: Sequence[Label]) -> Label | None:
    """The caption of the cut-off, right or left on its line; None where neither has room."""
    text = _("cut-off %(percent)s") % {"percent": rounded(RONG_2025.cutoff * 100, 1)}
    dots = [Box(m.x - _DOT_PX, m.y - _DOT_PX, m.x + _DOT_PX, m.y + _DOT_PX) for m in marks]
    taken = [*dots, *(value.box for value in values)]
    right = Label.at(_WIDTH, y - _CUTOFF_CLEAR_PX, text, _SIZE - 1, "end")
    for label in (right, replace(right, x=_SCALE_RIGHT, anchor="start")):
        if not any(label.box.meets(box, 2) for box in taken):
            return label
    return None


def trend_svg(series: Sequence[TrendPoint], *, uid: str) -> SafeString:
    """The trend as SVG; ``uid`` makes its ids unique within the page.

    A label that would touch another is left out: the numbers stand in the table beside it.
    Raises ValueError for an empty series.
    """
    points = clauses(
        labelled(point.date, listed(map(percent_text, point.risks)))
        for point in sorted(series, key=lambda point: point.day)
    )
    return render_to_string(
        "scoring/charts/trend.svg",
        {
            "chart": trend(series),
            "title": _("Risk from assessment to assessment"),
            "description": points,
            "uid": uid,
            "fonts": SCREEN_FONTS,
            "palette": PALETTE,
        },
    )

"""A forest plot: hospitals or subgroups, each with its estimate, and what they say together."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from scoring.charts.palette import PALETTE
from scoring.charts.plots.canvas import DASHED, Canvas, Scale, Shape, line, square
from scoring.charts.text import px, text_width
from scoring.display import MINUS, rounded
from scoring.words.marks import clauses, labelled, parts

WIDTH_PX = 640.0
_NAME_PX, _TEXT_PX = 190.0, 170.0
# Sizes stand between the names and the plot.
_SIZES_PX = 80.0
_ROW_PX = 26.0
_SIZE_PX = 13.0
_MARK_PX = (3.0, 8.0)
_INTERVAL = Shape("", stroke=PALETTE.ink, width=1.4)
_SQUARE = Shape("", fill=PALETTE.accent)
_POOLED = Shape("", fill=PALETTE.ink)
_NEXT = Shape("", stroke=PALETTE.ink_2, width=1.4, dash="4 3")


@dataclass(frozen=True)
class ForestRow:
    """A row: name, estimate with interval, its text; ``weight`` (0 to 1) is the mark's size.

    ``kind``: "centre" a square, "pooled" a diamond, "next" the interval alone, dashed; "none" has
    no estimate, but a text that says why, and "heading" a name alone: their numbers are NaN.
    ``size`` says how many patients there are.
    """

    kind: str
    name: str
    value: float
    low: float
    high: float
    text: str
    weight: float = 0.0
    size: str = ""

    @property
    def has_estimate(self) -> bool:
        """Whether there is something to draw."""
        return self.kind not in {"none", "heading"}

    @property
    def described(self) -> str:
        """The row in words."""
        said = parts(self.size, self.text)
        return labelled(self.name, said) if said else self.name


def _fitted(name: str, room: float) -> str:
    """A name, shortened where it has no room; it stands in full in the table."""
    if text_width(name, _SIZE_PX) <= room:
        return name
    while name and text_width(f"{name}…", _SIZE_PX) > room:
        name = name[:-1]
    return f"{name.rstrip()}…"


def _nice_step(span: float) -> float:
    return next(
        step for step in (0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 1e9) if span / step <= 6
    )


def forest_svg(
    rows: Sequence[ForestRow],
    *,
    reference: float,
    title: str,
    uid: str,
    fonts: str = "",
    sizes: str = "",
) -> SafeString:
    """The rows from above, ``reference`` as a dashed line; an axis with all estimates in sight.

    The axis follows the estimates and the pooled interval; an interval that reaches beyond it ends
    in an arrow. ``sizes`` is the heading of the rows' sizes, "" if they have none. At least one row
    has an estimate.
    """
    low, high = _range([row for row in rows if row.has_estimate], reference)
    step = _nice_step(high - low)
    # A tick at the end itself, whatever its binary fraction.
    first = math.floor(low / step + 1e-9)
    last = max(math.ceil(high / step - 1e-9), first + 1)
    top = 14.0 + (_ROW_PX if sizes else 0.0)
    bottom = top + _ROW_PX * len(rows)
    left = _NAME_PX + (_SIZES_PX if sizes else 0.0)
    x = Scale(first * step, last * step, left, WIDTH_PX - _TEXT_PX)
    canvas = Canvas(x, Scale(0, 1, bottom, top))
    canvas.say(_sizes_end(left), top - 8, sizes, "end", fill=PALETTE.ink_2)
    ticks = [step * place for place in range(first, last + 1)]
    canvas.add(
        Shape("".join(f"M{px(x(t))} {px(top)}V{px(bottom)}" for t in ticks), stroke=PALETTE.grid),
        replace(DASHED, path=line([(x(reference), top), (x(reference), bottom)])),
        Shape(f"M{px(x.start)} {px(bottom)}H{px(x.end)}", stroke=PALETTE.ink, width=1.2),
    )
    decimals = 0 if step >= 1 else 1 if step in {0.1, 0.2, 0.5} else 2
    for tick in ticks:
        text = f"{rounded(tick, decimals) + 0}".replace("-", MINUS)
        canvas.say(x(tick), bottom + 17, text, fill=PALETTE.ink_2)
    for place, row in enumerate(rows):
        middle = top + _ROW_PX * (place + 0.5)
        bold = row.kind in {"pooled", "heading"}
        name = _fitted(row.name, _NAME_PX - 12)
        canvas.say(0, middle + 4.5, name, "start", bold=bold)
        canvas.say(_sizes_end(left), middle + 4.5, row.size, "end", bold=bold)
        canvas.say(WIDTH_PX, middle + 4.5, row.text, "end", bold=bold)
        if row.has_estimate:
            canvas.add(*_marks(row, x, middle))
    canvas.say((x.start + x.end) / 2, bottom + 36, title)
    canvas.foot = bottom + 36
    described = clauses(row.described for row in rows)
    return canvas.svg(
        title=_("Forest plot: %(statistic)s") % {"statistic": title},
        description=described,
        uid=uid,
        fonts=fonts,
        width=WIDTH_PX,
    )


def _sizes_end(left: float) -> float:
    return left - 16.0


def _range(rows: Sequence[ForestRow], reference: float) -> tuple[float, float]:
    values = [row.value for row in rows] + [reference]
    for row in rows:
        if row.kind != "next":
            values += [row.low, row.high]
    # One tiny hospital with an endless interval must not squeeze all the others together.
    centre = sorted(row.value for row in rows)
    reach = 3 * max(centre[-1] - centre[0], 0.1)
    return max(min(values), centre[0] - reach), min(max(values), centre[-1] + reach)


def _marks(row: ForestRow, x: Scale, middle: float) -> list[Shape]:
    start, end, at = x(row.low), x(row.high), x(row.value)
    if row.kind == "pooled":
        corners = [(start, middle), (at, middle - 7), (end, middle), (at, middle + 7)]
        return [replace(_POOLED, path=f"{line(corners)}Z")]
    arrows = ""
    if row.low < x.low:
        arrows += f"M{px(start + 5)} {px(middle - 4)}L{px(start)} {px(middle)}l5 4"
    if row.high > x.high:
        arrows += f"M{px(end - 5)} {px(middle - 4)}L{px(end)} {px(middle)}l-5 4"
    path = f"{line([(start, middle), (end, middle)])}{arrows}"
    if row.kind == "next":
        return [replace(_NEXT, path=path)]
    small, large = _MARK_PX
    half = small + (large - small) * row.weight**0.5
    return [replace(_INTERVAL, path=path), replace(_SQUARE, path=square((at, middle), half))]

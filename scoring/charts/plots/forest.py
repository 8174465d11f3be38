"""A forest plot: hospitals or subgroups, each with its estimate, and what they say together."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, pairwise
from typing import Literal

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from scoring.charts.palette import PALETTE
from scoring.charts.plots.canvas import (
    DASHED,
    MIDDLE_PX,
    TEXT_PX,
    WIDTH_PX,
    Canvas,
    Point,
    Scale,
    Shape,
    line,
    square,
)
from scoring.charts.text import px, text_width
from scoring.display import MINUS, rounded
from scoring.words.marks import clauses, labelled, parts

ForestLayout = Literal["wide", "narrow"]

_TEXT_PX = 170.0
_HEADING_PX = 26.0
_MARK_PX = (3.0, 8.0)
_POOLED_REACH = 5
_INTERVAL = Shape("", stroke=PALETTE.ink, width=1.4)
_SQUARE = Shape("", fill=PALETTE.accent)
_POOLED = Shape("", fill=PALETTE.ink)
_NEXT = Shape("", stroke=PALETTE.ink_2, width=1.4, dash="4 3")


@dataclass(frozen=True, slots=True)
class _Layout:
    """Measures in px: names and texts stand beside the marks, or in a line above them.

    ``name_room``: for the longest name. ``left``, ``right``: beside the plot; ``sizes``: more at
    its left where rows have sizes. ``said_drop`` and ``mark_drop``: from the top of a row of
    ``row_px`` to the middle of its words and of its mark.
    """

    width: float
    name_room: float
    left: float
    right: float
    sizes: float
    row_px: float
    said_drop: float
    mark_drop: float

    def lines(self, top: float, heights: Sequence[float]) -> list[Point]:
        """From where to where upright lines run: through all rows, or below words above marks."""
        if self.said_drop == self.mark_drop:
            return [(top, top + sum(heights))]
        ends = list(accumulate(heights, initial=top))
        return [
            (start + self.said_drop + 7, end)
            for start, end in pairwise(ends)
            if end - start > _HEADING_PX
        ]


_LAYOUTS: dict[ForestLayout, _Layout] = {
    "wide": _Layout(640, 178, 190, _TEXT_PX, 80, 26, said_drop=13, mark_drop=13),
    "narrow": _Layout(
        WIDTH_PX, WIDTH_PX - _TEXT_PX - 12, 14, 14, 70, 44, said_drop=11, mark_drop=31
    ),
}


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
    if text_width(name, TEXT_PX) <= room:
        return name
    while name and text_width(f"{name}…", TEXT_PX) > room:
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
    layout: ForestLayout = "wide",
) -> SafeString:
    """The rows from above, ``reference`` as a dashed line; an axis with all estimates in sight.

    The axis follows the estimates and the pooled interval; an interval that reaches beyond it ends
    in an arrow. ``sizes`` is the heading of the rows' sizes, "" if they have none. At least one row
    has an estimate. A narrow drawing has names and texts above the marks.
    """
    low, high = _range([row for row in rows if row.has_estimate], reference)
    step = _nice_step(high - low)
    # A tick at the end itself, whatever its binary fraction.
    first = math.floor(low / step + 1e-9)
    last = max(math.ceil(high / step - 1e-9), first + 1)
    at = _LAYOUTS[layout]
    top = 14.0 + (_HEADING_PX if sizes else 0.0)
    heights = [_HEADING_PX if row.kind == "heading" else at.row_px for row in rows]
    bottom = top + sum(heights)
    left = at.left + (at.sizes if sizes else 0.0)
    x = Scale(first * step, last * step, left, at.width - at.right)
    canvas = Canvas(x, Scale(0, 1, bottom, top))
    canvas.say(_sizes_end(left), top - 8, sizes, "end", fill=PALETTE.ink_2)
    ticks = [step * place for place in range(first, last + 1)]
    spans = at.lines(top, heights)
    grid = (line([(x(tick), start), (x(tick), end)]) for tick in ticks for start, end in spans)
    dashes = (line([(x(reference), start), (x(reference), end)]) for start, end in spans)
    canvas.add(
        Shape("".join(grid), stroke=PALETTE.grid),
        replace(DASHED, path="".join(dashes)),
        Shape(f"M{px(x.start)} {px(bottom)}H{px(x.end)}", stroke=PALETTE.ink, width=1.2),
    )
    decimals = 0 if step >= 1 else 1 if step in {0.1, 0.2, 0.5} else 2
    for tick in ticks:
        text = f"{rounded(tick, decimals) + 0}".replace("-", MINUS)
        canvas.say(x(tick), bottom + 17, text, fill=PALETTE.ink_2)
    edge = top
    for row, height in zip(rows, heights, strict=True):
        said, middle = edge + at.said_drop + MIDDLE_PX, edge + at.mark_drop
        bold = row.kind in {"pooled", "heading"}
        canvas.say(0, said, _fitted(row.name, at.name_room), "start", bold=bold)
        canvas.say(_sizes_end(left), middle + MIDDLE_PX, row.size, "end", bold=bold)
        canvas.say(at.width, said, row.text, "end", bold=bold)
        if row.has_estimate:
            canvas.add(*_marks(row, x, middle))
        edge += height
    canvas.say((x.start + x.end) / 2, bottom + 36, title)
    canvas.foot = bottom + 36
    described = clauses(row.described for row in rows)
    return canvas.svg(
        title=_("Forest plot: %(statistic)s") % {"statistic": title},
        description=described,
        uid=uid,
        fonts=fonts,
        width=at.width,
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
    # What all say together is seen whole, unless two hospitals say next to nothing together.
    ends = [end for row in rows if row.kind == "pooled" for end in (row.low, row.high)]
    lowest, highest = centre[0] - _POOLED_REACH * reach, centre[-1] + _POOLED_REACH * reach
    return (
        min([max(min(values), centre[0] - reach), *(max(end, lowest) for end in ends)]),
        max([min(max(values), centre[-1] + reach), *(min(end, highest) for end in ends)]),
    )


def _marks(row: ForestRow, x: Scale, middle: float) -> list[Shape]:
    start, end, at = x(row.low), x(row.high), x(row.value)
    arrows = ""
    if row.low < x.low:
        arrows += f"M{px(start + 5)} {px(middle - 4)}L{px(start)} {px(middle)}l5 4"
    if row.high > x.high:
        arrows += f"M{px(end - 5)} {px(middle - 4)}L{px(end)} {px(middle)}l-5 4"
    if row.kind == "pooled":
        corners = [(start, middle), (at, middle - 7), (end, middle), (at, middle + 7)]
        diamond = replace(_POOLED, path=f"{line(corners)}Z")
        return [diamond, replace(_INTERVAL, path=arrows)]
    path = f"{line([(start, middle), (end, middle)])}{arrows}"
    if row.kind == "next":
        return [replace(_NEXT, path=path)]
    small, large = _MARK_PX
    half = small + (large - small) * row.weight**0.5
    return [replace(_INTERVAL, path=path), replace(_SQUARE, path=square((at, middle), half))]

"""Where the callouts with the risk stand beside their reading lines."""

from collections.abc import Sequence
from dataclasses import dataclass

from scoring.charts.nomogram.layout import Layout
from scoring.charts.text import Box, Label, px, text_width

_CLEAR_PX = 8.0
_EDGE_PX = 2.0
_MARGIN_PX = 20.0
_STACK_GAP_PX = 3.0
# Stacked callouts are flatter, and stand a little high: the intervals lie on the risk axis below.
_STACKED_MARGIN_PX = 8.0
_STACKED_RISE_PX = 2.0
_CAP_HALF = 0.36


@dataclass(frozen=True, slots=True)
class Callout:
    """Box, text, and a leader to the reading line where another callout stands between."""

    box: Box
    label: Label
    leader: str


def _callout(
    text: str, left: float, middle_y: float, height: float, size: float, to: str
) -> Callout:
    width = text_width(text, size, bold=True) + _MARGIN_PX
    box = Box(left, middle_y - height / 2, left + width, middle_y + height / 2)
    label = Label.at(left + width / 2, middle_y + _CAP_HALF * size, text, size, bold=True)
    return Callout(box, label, to)


def callouts(
    texts: Sequence[str], lines: Sequence[float], top: float, bottom: float, layout: Layout
) -> tuple[Callout, ...]:
    """Plates for reading lines at ``lines`` px (ascending), between total and risk axis.

    One stands right of its line, and left of it where it would leave the drawing. Two stand left
    and right of their lines; where one would leave the drawing, both stand beyond the other line,
    one above the other, each with a leader to its own line.
    """
    middle, size, height = (top + bottom) / 2, layout.callout_size, layout.callout_height
    widths = [text_width(text, size, bold=True) + _MARGIN_PX for text in texts]
    fits_right = lines[-1] + _CLEAR_PX + widths[-1] <= layout.width - _EDGE_PX
    fits_left = lines[0] - _CLEAR_PX - widths[0] >= _EDGE_PX
    lefts = [x - _CLEAR_PX - width for x, width in zip(lines, widths, strict=True)]
    rights = [x + _CLEAR_PX for x in lines]
    if len(lines) == 1:
        left = rights[0] if fits_right else lefts[0]
        return (_callout(texts[0], left, middle, height, size, ""),)
    if fits_left and fits_right:
        return (
            _callout(texts[0], lefts[0], middle, height, size, ""),
            _callout(texts[1], rights[1], middle, height, size, ""),
        )
    flat = size + _STACKED_MARGIN_PX
    stacked = []
    for index, text in enumerate(texts):
        shift = (index - 0.5) * (flat + _STACK_GAP_PX) - _STACKED_RISE_PX
        left = rights[1] if not fits_left else lines[0] - _CLEAR_PX - widths[index]
        near = left if not fits_left else left + widths[index]
        leader = f"M{px(lines[index])} {px(middle + shift)}H{px(near)}"
        stacked.append(_callout(text, left, middle + shift, flat, size, leader))
    return tuple(stacked)

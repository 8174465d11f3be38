"""A risk as 100 circles, so many of them filled: row by row from the top left."""

from dataclasses import dataclass

from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from scoring.charts.palette import PALETTE
from scoring.display import whole_percent

_PER_ROW = 10
# A dot is a dash of next to no length with round caps: ten of them are one path command.
_DASH_PX = 0.01
_OUTLINE_PX = 1.5


def _hundredth(length: float) -> float:
    value = round(length, 2)
    return int(value) if value == int(value) else value


@dataclass(frozen=True, slots=True)
class IconArray:
    """100 circles: how many are filled, and the paths that draw them. Lengths in px."""

    filled: int
    size: float
    cell: float
    filled_path: str
    open_path: str

    @property
    def diameter(self) -> float:
        """Of a circle with its outline; the gaps shrink faster than the circles do."""
        return round(0.694 * self.cell + _OUTLINE_PX, 1)

    @property
    def open_diameter(self) -> float:
        """Of the white inside of an open circle."""
        return round(self.diameter - 2 * _OUTLINE_PX, 1)

    @property
    def dashes(self) -> str:
        """The dash pattern that puts one dot into every cell."""
        return f"{_DASH_PX} {_hundredth(self.cell - _DASH_PX)}"


def filled_circles(risk: float) -> int:
    """How many of 100 circles stand for a risk (0 to 1): none below 1 %, all above 99 %."""
    return whole_percent(risk)


def _dots_path(first: int, last: int, cell: float) -> str:
    """Path data for the circles from ``first`` up to, not including, ``last``."""
    parts = []
    for row in range(_PER_ROW):
        start, end = max(first, row * _PER_ROW), min(last, (row + 1) * _PER_ROW)
        if start < end:
            x = _hundredth((start % _PER_ROW + 0.5) * cell)
            y = _hundredth((row + 0.5) * cell)
            parts.append(f"M{x} {y}h{_hundredth((end - start - 1) * cell + 0.1)}")
    return "".join(parts)


def icon_array(risk: float, *, size: float) -> IconArray:
    """The geometry of the array for a risk (0 to 1) in a square of ``size`` px."""
    filled, cell = filled_circles(risk), size / _PER_ROW
    return IconArray(
        filled=filled,
        size=_hundredth(size),
        cell=cell,
        filled_path=_dots_path(0, filled, cell),
        open_path=_dots_path(filled, _PER_ROW**2, cell),
    )


def icon_array_title(risk: float) -> str:
    """What the array shows, in words, for people who do not see it."""
    filled = filled_circles(risk)
    if filled == 0:
        return _("Fewer than 1 of 100: no circle filled")
    if filled == _PER_ROW**2:
        return _("More than 99 of 100: all 100 circles filled")
    return ngettext(
        "%(count)d of 100 circles filled", "%(count)d of 100 circles filled", filled
    ) % {"count": filled}


def icon_array_svg(risk: float, *, size: float = 190, uid: str) -> SafeString:
    """The array as SVG; ``size`` px square (190 on the page, 105 in print).

    ``uid`` makes the ids unique within the page.
    """
    return render_to_string(
        "scoring/charts/icon_array.svg",
        {
            "array": icon_array(risk, size=size),
            "title": icon_array_title(risk),
            "uid": uid,
            "palette": PALETTE,
        },
    )

"""Bars of the point breakdown: a small one beside each number of a table."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from scoring.charts.palette import PALETTE
from scoring.charts.text import px

SCALE_POINTS = 50
WIDE_SCALE_POINTS = 100
_OUTLINE_PX = 1.5


@dataclass(frozen=True, slots=True)
class Bar:
    """Length of the bar in px of a 100 px scale, and of the dashed outline inside it."""

    length: float
    known: bool

    @property
    def inset(self) -> float:
        """Where the middle of the outline runs."""
        return _OUTLINE_PX / 2

    @property
    def outline_length(self) -> float:
        """Length of the outline, so that its outer edge ends where a bar would."""
        return px(max(self.length - _OUTLINE_PX, 0.0))


def bar_scale(points: Iterable[float]) -> int:
    """What 100 % of the bars stand for: 50 points, or 100 once any predictor exceeds 50."""
    return WIDE_SCALE_POINTS if any(value > SCALE_POINTS for value in points) else SCALE_POINTS


def bar_percent(points: float, *, scale_max: float) -> float:
    """The length of a bar in per cent of the scale from 0 to ``scale_max`` points."""
    return px(100 * min(points / scale_max, 1.0))


def bar_svg(points: float, *, scale_max: float, known: bool = True) -> SafeString:
    """A bar as SVG that stretches to the width of its cell.

    ``known=False`` draws the points a predictor may still bring as a dashed outline. Hidden from
    screen readers: the number stands in the table beside it.
    """
    return _drawn(Bar(bar_percent(points, scale_max=scale_max), known))


@lru_cache(maxsize=1024)
def _drawn(bar: Bar) -> SafeString:
    """Kept by all that it depends on: a page has 14 bars, most of them those of many patients."""
    return render_to_string("scoring/charts/bar.svg", {"bar": bar, "palette": PALETTE})

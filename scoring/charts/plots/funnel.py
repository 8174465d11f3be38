"""A funnel plot: observed / expected of groups against how many events were expected."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from scoring.charts.palette import PALETTE
from scoring.charts.plots.canvas import (
    DASHED,
    OWN_DOT,
    WIDTH_PX,
    Canvas,
    Scale,
    Shape,
    Ticks,
    dot,
    line,
    sample_line,
)
from scoring.charts.plots.ratio_axis import ratio_steps
from scoring.statistics.drift import FUNNEL_TAILS, LEAST_EXPECTED, funnel_limits

_LEFT, _RIGHT, _TOP, _BOTTOM = 56.0, WIDTH_PX - 14, 12.0, 264.0
_PLACES = 120
_INNER = Shape("", stroke=PALETTE.ink_2, width=1.4, dash="5 4")
_OUTER = Shape("", stroke=PALETTE.ink, width=1.4)


@dataclass(frozen=True)
class FunnelPoint:
    """A group: its number in the table, expected events, observed / expected."""

    number: int
    expected: float
    ratio: float


def funnel_svg(points: Sequence[FunnelPoint], *, uid: str) -> SafeString:
    """Points with their numbers between 95 % (dashed) and 99.8 % limits. There is one at least."""
    most = 1.1 * max(point.expected for point in points)
    step = next(step for step in (1, 2, 5, 10, 20, 50, 100, 1e3, 1e4, 1e5, 1e9) if most / step <= 6)
    y_ticks = ratio_steps(point.ratio for point in points)
    canvas = Canvas(
        Scale(0, math.ceil(most / step) * step, _LEFT, _RIGHT),
        Scale(0, y_ticks[-1], _BOTTOM, _TOP),
    )
    x, y = canvas.x, canvas.y
    x_ticks = [step * place for place in range(math.ceil(most / step) + 1)]
    canvas.frame(
        Ticks(x_ticks, [f"{tick:.0f}" for tick in x_ticks], _("Expected events")),
        Ticks(y_ticks, [f"{tick:g}" for tick in y_ticks], _("Observed / expected")),
    )
    canvas.add(replace(DASHED, path=line([(_LEFT, y(1)), (_RIGHT, y(1))])))
    expected = np.linspace(LEAST_EXPECTED, x.high, _PLACES)
    for tail, shape in zip(FUNNEL_TAILS, (_INNER, _OUTER), strict=True):
        for side in funnel_limits(expected, tail):
            # Beyond the frame the limit is not drawn.
            places = [
                (x(at), y(value))
                for at, value in zip(expected.tolist(), side.tolist(), strict=True)
                if value <= y.high
            ]
            canvas.add(replace(shape, path=line(places)))
    for point in points:
        at = (x(point.expected), y(point.ratio))
        canvas.add(replace(OWN_DOT, path=dot(at, 5)))
        canvas.say(at[0] + 8, at[1] - 6, str(point.number), "start")
    canvas.key(
        [
            ((sample_line(_INNER),), _("95 % limits")),
            ((sample_line(_OUTER),), _("99.8 % limits")),
        ]
    )
    return canvas.svg(
        title=_("Funnel plot by user"),
        description=_(
            "Observed / expected of each user against the expected events. The table has the "
            "numbers."
        ),
        uid=uid,
    )

"""The lines from points to risk that a reconstruction leaves possible."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from scoring.charts.palette import PALETTE
from scoring.charts.plots.canvas import (
    OPEN_MARK,
    OWN_LINE,
    PER_CENT_TEXTS,
    PER_CENT_TICKS,
    WIDTH_PX,
    Canvas,
    Scale,
    Shape,
    Ticks,
    diamond,
    line,
    sample_line,
)
from scoring.nomogram.logistic import Line

_LEFT, _RIGHT, _TOP, _BOTTOM = 56.0, WIDTH_PX - 14, 12.0, 284.0
_POINTS = (40.0, 240.0)
_POINT_TICKS = (40, 80, 120, 160, 200, 240)
_STEP_POINTS = 4.0
_POSSIBLE = Shape("", stroke=PALETTE.ink_2, width=0.6)
_SHOWN = replace(OWN_LINE, width=1.4)


@dataclass(frozen=True)
class PrintedMark:
    """A printed pair of points and risk (0 to 1), with its name in the key."""

    total_points: float
    risk: float
    name: str


def lines_svg(shown: Line, possible: Sequence[Line], mark: PrintedMark, *, uid: str) -> SafeString:
    """The line in use above the others, from 40 to 240 points."""
    canvas = Canvas(Scale(*_POINTS, _LEFT, _RIGHT), Scale(0, 1, _BOTTOM, _TOP))
    canvas.frame(
        Ticks(_POINT_TICKS, [str(tick) for tick in _POINT_TICKS], _("Total points")),
        Ticks(PER_CENT_TICKS, PER_CENT_TEXTS, _("Risk, %")),
    )
    canvas.add(*(replace(_POSSIBLE, path=_path(canvas, other)) for other in possible))
    canvas.add(replace(_SHOWN, path=_path(canvas, shown)))
    at = canvas.x(mark.total_points), canvas.y(mark.risk)
    canvas.add(replace(OPEN_MARK, path=diamond(at, 6)))
    canvas.key(
        [
            ((sample_line(_SHOWN),), _("line in use")),
            ((sample_line(_POSSIBLE),), _("lines around it that fit what is printed")),
            ((replace(OPEN_MARK, path=diamond((0, 0), 6)),), mark.name),
        ]
    )
    return canvas.svg(
        title=_("Lines from points to risk"),
        description=_(
            "Risk against total points: the line in use, %(number)s lines around it; %(mark)s"
        )
        % {"number": len(possible), "mark": mark.name},
        uid=uid,
    )


def _path(canvas: Canvas, one: Line) -> str:
    points = np.arange(_POINTS[0], _POINTS[1] + _STEP_POINTS, _STEP_POINTS)
    risk = one.risk(points)
    return line(
        (canvas.x(a), canvas.y(b)) for a, b in zip(points.tolist(), risk.tolist(), strict=True)
    )

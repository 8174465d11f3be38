"""The decision curve: the model against treating all and treating none."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from scoring.charts.palette import PALETTE
from scoring.charts.plots.canvas import (
    OWN_BAND,
    OWN_LINE,
    WIDTH_PX,
    Canvas,
    Point,
    Scale,
    Shape,
    Ticks,
    band,
    line,
    sample_area,
    sample_line,
)
from scoring.display import MINUS, rounded
from scoring.statistics import Interval
from scoring.statistics.decision_curve import DecisionCurve

_LEFT, _RIGHT, _TOP, _BOTTOM = 62.0, WIDTH_PX - 14, 12.0, 284.0
_LAST_THRESHOLD = 0.8
_FLOOR = -0.05
_ALL = Shape("", stroke=PALETTE.ink_2, width=1.6, dash="7 4")
_NONE = Shape("", stroke=PALETTE.ink, width=1.6, dash="2 3")
_CUTOFF = Shape("", stroke=PALETTE.ink, dash="3 2")
_WINS = Shape("", stroke=PALETTE.accent, width=5.0)


def _value_ticks(highest: float) -> tuple[float, ...]:
    """From the floor in even steps to above the highest value, seven at the most."""
    step = next(s for s in (0.05, 0.1, 0.2, 0.25, 0.5) if highest / s <= 5)
    top = max(math.ceil(highest / step - 1e-9), 1)
    return tuple(step * i for i in range(top + 1))


def decision_curve_svg(
    curve: DecisionCurve,
    wins: Sequence[Interval],
    *,
    cutoff: float | None,
    uid: str,
    fonts: str = "",
) -> SafeString:
    """Net benefit up to a threshold of 80 %; below -0.05 the lines leave the drawing.

    ``wins`` are the thresholds at which the model is best, drawn along the axis; a line stands at
    ``cutoff`` if it is there.
    """
    values = _value_ticks(max(*curve.model.tolist(), *curve.treat_all.tolist(), 0.05))
    canvas = Canvas(
        Scale(0, _LAST_THRESHOLD, _LEFT, _RIGHT), Scale(_FLOOR, values[-1], _BOTTOM, _TOP)
    )
    x, y = canvas.x, canvas.y
    thresholds = tuple(i / 5 for i in range(5))
    canvas.frame(
        Ticks(thresholds, [str(20 * i) for i in range(5)], _("Threshold risk, %")),
        Ticks(
            (_FLOOR, *values),
            [f"{rounded(value, 2)}".replace("-", MINUS) for value in (_FLOOR, *values)],
            _("Net benefit"),
        ),
    )
    shown = [i for i, t in enumerate(curve.threshold.tolist()) if t <= _LAST_THRESHOLD]

    def points(column: Sequence[float]) -> list[Point]:
        return [(x(float(curve.threshold[i])), y(float(column[i]))) for i in shown]

    def stretches(column: Sequence[float]) -> str:
        return "".join(line(part) for part in _above_floor(points(column), y(_FLOOR)))

    key: list[tuple[Sequence[Shape], str]] = []
    if curve.low is not None and curve.high is not None:
        canvas.add(
            replace(OWN_BAND, path=band(points(curve.high.tolist()), points(curve.low.tolist())))
        )
        key.append(((sample_area(OWN_BAND), sample_line(OWN_LINE)), _("model, with 95 % band")))
    else:
        key.append(((sample_line(OWN_LINE),), _("model")))
    canvas.add(
        replace(_NONE, path=line([(x(0), y(0)), (x(_LAST_THRESHOLD), y(0))])),
        replace(_ALL, path=stretches(curve.treat_all.tolist())),
        replace(OWN_LINE, path=stretches(curve.model.tolist())),
    )
    if cutoff is not None and cutoff <= _LAST_THRESHOLD:
        canvas.add(replace(_CUTOFF, path=line([(x(cutoff), y(_FLOOR)), (x(cutoff), y.end)])))
        # Far to the right the words stand on the other side of the line.
        left = cutoff < 0.75 * _LAST_THRESHOLD
        canvas.say(
            x(cutoff) + (5 if left else -5),
            y.end + 11,
            _("cut-off %(percent)s %%") % {"percent": rounded(100 * cutoff, 1)},
            "start" if left else "end",
        )
    best = [
        line([(x(low), y(_FLOOR) - 2.5), (max(x(high), x(low) + 1), y(_FLOOR) - 2.5)])
        for low, high in wins
        if low < _LAST_THRESHOLD
    ]
    canvas.add(replace(_WINS, path="".join(best)))
    key += [
        ((sample_line(_ALL),), _("treat all")),
        ((sample_line(_NONE),), _("treat none")),
        ((sample_line(_WINS),), _("thresholds at which the model is best")),
    ]
    canvas.key(key)
    return canvas.svg(
        title=_("Decision curve"),
        description=_("Net benefit of the model, of treating all and of treating none"),
        uid=uid,
        fonts=fonts,
    )


def _above_floor(points: Sequence[Point], floor: float) -> Iterator[Sequence[Point]]:
    """The line where it is above the floor, from where it enters the drawing to where it leaves.

    Along the floor it would read as a net benefit of -0.05.
    """
    for is_inside, same in groupby(range(len(points)), key=lambda place: points[place][1] < floor):
        places = list(same)
        if is_inside:
            yield points[max(places[0] - 1, 0) : places[-1] + 2]

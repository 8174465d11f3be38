"""The two CUSUM charts in one drawing: more events upwards, fewer downwards."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from scoring.charts.palette import PALETTE
from scoring.charts.plots.canvas import (
    DASHED,
    OPEN_MARK,
    OWN_LINE,
    Canvas,
    Point,
    Scale,
    Shape,
    Ticks,
    diamond,
    line,
    sample_line,
)
from scoring.charts.plots.time_axis import LEFT_PX, RIGHT_PX, TimeAxis
from scoring.display import MINUS
from scoring.evaluation.drift import DAY_ZERO, MORE, Chart, Drift

_TOP, _BOTTOM = 12.0, 264.0
_ROOM = 1.15
_STEP = 2
_FEWER_LINE = Shape("", stroke=PALETTE.ink_2, width=1.8)
_LIMIT = replace(DASHED, stroke=PALETTE.ink)


def cusum_svg(drift: Drift, *, uid: str, fonts: str = "") -> SafeString:
    """Both charts by day of the operation with their limits; a mark for each signal.

    ``drift`` has charts.
    """
    axis = TimeAxis(drift.months)
    reach = _ROOM * max(chart.limit for chart in drift.charts)
    canvas = Canvas(axis.scale, Scale(-reach, reach, _BOTTOM, _TOP))
    most = int(reach // _STEP)
    steps = [_STEP * step for step in range(-most, most + 1)]
    canvas.frame(
        axis.ticks(_("Month of the operation")),
        Ticks(steps, [f"{step}".replace("-", MINUS) for step in steps], _("Log-likelihood ratio")),
    )
    canvas.add(Shape(line([(LEFT_PX, canvas.y(0)), (RIGHT_PX, canvas.y(0))]), stroke=PALETTE.ink))
    for chart in drift.charts:
        upwards = 1.0 if chart.odds_ratio == MORE else -1.0
        limit = canvas.y(upwards * chart.limit)
        canvas.add(replace(_LIMIT, path=line([(LEFT_PX, limit), (RIGHT_PX, limit)])))
        shape = OWN_LINE if chart.odds_ratio == MORE else _FEWER_LINE
        paths = "".join(line(part) for part in _parts(drift, chart, axis, canvas.y, upwards))
        canvas.add(replace(shape, path=paths))
        for signal in chart.signals:
            if axis.shows(signal.on_day):
                at = (axis.place(signal.on_day), limit)
                canvas.add(replace(OPEN_MARK, path=diamond(at, 6)))
    canvas.key(
        [
            (
                (sample_line(OWN_LINE),),
                _("more residual back pain: odds twice as high"),
            ),
            ((sample_line(_FEWER_LINE),), _("less: odds half as high")),
            ((sample_line(_LIMIT),), _("limit")),
            ((replace(OPEN_MARK, path="M0 0m0 -6l6 6l-6 6l-6 -6z"),), _("signal")),
        ]
    )
    return canvas.svg(
        title=_("CUSUM chart"),
        description=_(
            "Evidence that residual back pain has become more frequent than the model expects, "
            "upwards, or less frequent, downwards, by day of the operation. Signals: %(signals)s."
        )
        % {"signals": len(drift.signals)},
        uid=uid,
        fonts=fonts,
    )


def _parts(
    drift: Drift, chart: Chart, axis: TimeAxis, y: Scale, upwards: float
) -> Iterator[list[Point]]:
    """The line from signal to signal; after each it starts from 0, as it did on the first day.

    Where the time before is not drawn, it starts from where it stood.
    """
    ends = {signal.on for signal in chart.signals}
    part: list[Point] = []
    for day, value in zip(drift.days.tolist(), chart.highest.tolist(), strict=True):
        on = DAY_ZERO + timedelta(days=int(day))
        if not axis.shows(on):
            continue
        x = axis.place(on)
        if day == drift.days[0]:
            part = [(x, y(0.0))]
        part.append((x, y(upwards * value)))
        if day in ends:
            yield part
            part = [(x, y(0.0))]
    if len(part) > 1:
        yield part

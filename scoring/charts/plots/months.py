"""Observed / expected by month with its interval, and below it how many patients there were."""

from collections.abc import Sequence
from dataclasses import replace

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from scoring.charts.palette import PALETTE
from scoring.charts.plots.canvas import (
    DASHED,
    OPEN_MARK,
    OWN_DOT,
    Canvas,
    Scale,
    Shape,
    Ticks,
    dot,
    line,
    sample_area,
    sample_line,
)
from scoring.charts.plots.ratio_axis import ratio_steps
from scoring.charts.plots.time_axis import LEFT_PX, RIGHT_PX, TimeAxis
from scoring.charts.text import px
from scoring.evaluation.drift import Month
from scoring.words.dates import month_text

_TOP, _FRAME_FOOT, _BOTTOM = 12.0, 204.0, 264.0
_STRIP_PX = 44.0
_INTERVAL = Shape("", stroke=PALETTE.accent_ink, width=1.4)
_ANALYSED = Shape("", fill=PALETTE.accent)
_PENDING = Shape("", fill=PALETTE.interval)


def months_svg(months: Sequence[Month], *, uid: str, fonts: str = "") -> SafeString:
    """A mark for each month with a ratio, open where outcomes are pending.

    An interval that reaches beyond the frame ends in an arrow. ``months`` has at least one.
    """
    axis = TimeAxis(months)
    ratios = [month.analysed.ratio for month in axis.months]
    steps = ratio_steps(ratio.value for ratio in ratios if ratio)
    canvas = Canvas(axis.scale, Scale(0, steps[-1], _FRAME_FOOT, _TOP))
    x_ticks = axis.ticks("")
    canvas.frame(
        replace(x_ticks, texts=[""] * len(x_ticks.values)),
        Ticks(steps, [f"{step:g}" for step in steps], _("Observed / expected")),
    )
    canvas.add(replace(DASHED, path=line([(LEFT_PX, canvas.y(1)), (RIGHT_PX, canvas.y(1))])))
    radius = min(4.5, axis.month_px * 0.42)
    for month in axis.months:
        _mark(canvas, axis.middle(month), month, radius, half=min(4.0, radius))
    _strip(canvas, axis, x_ticks)
    # Low enough that the samples of two rows do not meet.
    sample = replace(_INTERVAL, path="M0 0m0 -6.5v13m-3.5 -13h7m-7 13h7")
    canvas.key(
        [
            ((sample, replace(OWN_DOT, path=dot((0, 0), 3.5))), _("all outcomes known, 95 % CI")),
            ((sample, replace(OPEN_MARK, path=dot((0, 0), 3))), _("some outcomes pending")),
            ((sample_line(DASHED),), _("as many as the model expects")),
            ((sample_area(_ANALYSED),), _("assessments analyzed")),
            ((sample_area(_PENDING),), _("pending")),
        ]
    )
    return canvas.svg(
        title=_("Observed / expected by month"),
        description=_(
            "Residual back pain observed over the sum of the risks, for the operations of each "
            "month from %(first)s to %(last)s. The table has the numbers."
        )
        % {
            "first": month_text(axis.months[0].first_day),
            "last": month_text(axis.months[-1].first_day),
        },
        uid=uid,
        fonts=fonts,
    )


def _mark(canvas: Canvas, x: float, month: Month, radius: float, *, half: float) -> None:
    """The ratio of one month; none where too few events are expected."""
    ratio = month.analysed.ratio
    if ratio is None:
        return
    y, (low, high) = canvas.y, ratio.ci95
    end = f"M{px(x - half)} {px(y(high))}h{px(2 * half)}"
    if high > y.high:
        end = f"M{px(x - half)} {px(_TOP + 5)}L{px(x)} {px(_TOP)}l{px(half)} 5"
    foot = f"M{px(x - half)} {px(y(low))}h{px(2 * half)}"
    canvas.add(replace(_INTERVAL, path=f"M{px(x)} {px(y(low))}V{px(y(high))}{end}{foot}"))
    shape = OPEN_MARK if month.pending else OWN_DOT
    canvas.add(replace(shape, path=dot((x, y(ratio.value)), radius)))


def _strip(canvas: Canvas, axis: TimeAxis, x_ticks: Ticks) -> None:
    """Bars of the numbers of assessments: analysed at the foot, pending above them."""
    counts = [(month.analysed.n, month.pending) for month in axis.months]
    tallest = max(analysed + pending for analysed, pending in counts) or 1
    wide = px(max(axis.month_px - 1.5, 1.0))
    paths = ["", ""]
    for month, pair in zip(axis.months, counts, strict=True):
        left, foot = px(axis.scale(month.number)), _BOTTOM
        for place, number in enumerate(pair):
            tall = _STRIP_PX * number / tallest
            if number:
                paths[place] += f"M{left} {px(foot)}h{wide}v{px(-tall)}h{px(-wide)}z"
            foot -= tall
    canvas.add(
        replace(_ANALYSED, path=paths[0]),
        replace(_PENDING, path=paths[1]),
        Shape(f"M{px(LEFT_PX)} {px(_BOTTOM)}H{px(RIGHT_PX)}", stroke=PALETTE.ink, width=1.2),
    )
    canvas.say(LEFT_PX - 6, _BOTTOM - _STRIP_PX + 4.5, str(tallest), "end", fill=PALETTE.ink_2)
    canvas.say(LEFT_PX - 6, _BOTTOM + 4.5, "0", "end", fill=PALETTE.ink_2)
    for value, text in zip(x_ticks.values, x_ticks.texts, strict=True):
        canvas.say(canvas.x(value), _BOTTOM + 17, text, fill=PALETTE.ink_2)
    canvas.say((LEFT_PX + RIGHT_PX) / 2, _BOTTOM + 36, _("Month of the operation"))
    canvas.foot = _BOTTOM + 40

"""Predicted against observed: groups with intervals, a flexible curve with its band, the risks."""

from collections.abc import Sequence
from dataclasses import replace

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from scoring.charts.palette import PALETTE
from scoring.charts.plots.canvas import (
    DASHED,
    OWN_BAND,
    OWN_DOT,
    OWN_LINE,
    PER_CENT_TEXTS,
    PER_CENT_TICKS,
    WIDTH_PX,
    Canvas,
    Scale,
    Shape,
    Ticks,
    band,
    dot,
    line,
    sample_area,
    sample_line,
    whisker,
)
from scoring.charts.text import px
from scoring.statistics.calibration import RiskGroup, RiskHistogram
from scoring.statistics.calibration_curve import CalibrationCurve
from scoring.words.marks import labelled

_LEFT, _RIGHT, _TOP, _BOTTOM = 56.0, WIDTH_PX - 14, 12.0, 284.0
# The histogram stands below the frame, on a strip of its own, so that it covers no point.
_STRIP_PX = 44.0
_STRIP_GAP_PX = 8.0

_INTERVAL = Shape("", stroke=PALETTE.accent_ink, width=1.6)
_WITH = Shape("", fill=PALETTE.accent)
_WITHOUT = Shape("", fill=PALETTE.interval)


def calibration_svg(
    groups: Sequence[RiskGroup],
    curve: CalibrationCurve | None,
    spread: RiskHistogram,
    *,
    uid: str,
    fonts: str = "",
    title: str = "",
) -> SafeString:
    """Calibration plot; below it how many patients have which risk, with and without pain."""
    bottom = _BOTTOM - _STRIP_PX - _STRIP_GAP_PX
    canvas = Canvas(Scale(0, 1, _LEFT, _RIGHT), Scale(0, 1, bottom, _TOP))
    x, y = canvas.x, canvas.y
    canvas.frame(
        Ticks(PER_CENT_TICKS, [""] * len(PER_CENT_TICKS), ""),
        Ticks(PER_CENT_TICKS, PER_CENT_TEXTS, _("Observed, %")),
    )
    key: list[tuple[Sequence[Shape], str]] = []
    if curve is not None:
        lines = [
            [(x(a), y(b)) for a, b in zip(curve.risk.tolist(), values.tolist(), strict=True)]
            for values in (curve.high, curve.low, curve.observed)
        ]
        canvas.add(replace(OWN_BAND, path=band(lines[0], lines[1])))
    canvas.add(replace(DASHED, path=line([(x(0), y(0)), (x(1), y(1))])))
    if curve is not None:
        canvas.add(replace(OWN_LINE, path=line(lines[2])))
        key.append(((sample_area(OWN_BAND), sample_line(OWN_LINE)), _("smoothed, with 95 % band")))
    for group in groups:
        low, high = group.observed.ci95
        at = (x(group.mean_risk), y(group.observed.value))
        canvas.add(replace(_INTERVAL, path=whisker(at[0], y(low), y(high))))
        canvas.add(replace(OWN_DOT, path=dot(at, 5)))
    mark = (
        replace(_INTERVAL, path="M0 0m0 -8v16m-4 -16h8m-8 16h8"),
        replace(OWN_DOT, path=dot((0, 0), 4.5)),
    )
    key += [
        (mark, _("groups by predicted risk, 95 % CI")),
        ((sample_line(DASHED),), _("ideal")),
    ]
    _strip(canvas, spread)
    key += [
        ((sample_area(_WITH),), _("with residual back pain")),
        ((sample_area(_WITHOUT),), _("without residual back pain")),
    ]
    canvas.key(key)
    return canvas.svg(
        title=labelled(_("Calibration plot"), title) if title else _("Calibration plot"),
        description=_(
            "Observed share of residual back pain against predicted risk, in groups by that risk"
        ),
        uid=uid,
        fonts=fonts,
    )


def _strip(canvas: Canvas, spread: RiskHistogram) -> None:
    """Bars of the risks: with pain at the bottom, without above them, one scale for both."""
    tallest = max(a + b for a, b in zip(spread.events, spread.non_events, strict=True)) or 1
    count = len(spread.events)
    step = (_RIGHT - _LEFT) / count
    wide = px(step - 2)
    paths: dict[str, list[str]] = {"with": [], "without": []}
    for place, (events, others) in enumerate(zip(spread.events, spread.non_events, strict=True)):
        left = px(_LEFT + place * step + 1)
        foot = _BOTTOM
        for kind, number in (("with", events), ("without", others)):
            tall = _STRIP_PX * number / tallest
            if number:
                paths[kind].append(f"M{left} {px(foot)}h{wide}v{px(-tall)}h{px(-wide)}z")
            foot -= tall
    canvas.add(
        replace(_WITHOUT, path="".join(paths["without"])),
        replace(_WITH, path="".join(paths["with"])),
        Shape(f"M{px(_LEFT)} {px(_BOTTOM)}H{px(_RIGHT)}", stroke=PALETTE.ink, width=1.2),
    )
    for value, text in zip(PER_CENT_TICKS, PER_CENT_TEXTS, strict=True):
        canvas.say(canvas.x(value), _BOTTOM + 17, text, fill=PALETTE.ink_2)
    canvas.say((_LEFT + _RIGHT) / 2, _BOTTOM + 36, _("Predicted risk, %"))
    canvas.foot = _BOTTOM + 40

"""The risk on a scale from 0 to 100 %: interval, band, the study's cut-off and event rate."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Literal

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from scoring.charts import svg
from scoring.charts.axes import Axis, axis_path, linear
from scoring.charts.palette import PALETTE, SCREEN_FONTS
from scoring.charts.text import Box, Label, px
from scoring.display import per_cent, percent_range_number, percent_text, rounded
from scoring.nomogram.model import Scenario
from scoring.nomogram.rong2025.model import RONG_2025

RiskScaleLayout = Literal["wide", "narrow", "scenario"]

# The captions stand on a line above the axis; that of the band has a second one above that.
_CAPTION_RISE_PX = 20.0
_CAPTION_LINE_PX = 15.0
_CAPTION_TO_TICK_PX = 5.0
_CAPTION_GAP_PX = 10.0
_BRACKET_FOOT_RISE_PX = 9.0
_BRACKET_PX = 5.0
_TALL_BRACKET_PX = 20.0
_ARM_TO_CAPTION_PX = 1.5
_STUDY_RATE = RONG_2025.outcome.rate


@dataclass(frozen=True, slots=True)
class _Layout:
    width: float
    x1: float
    size: float
    label_drop: float
    depth: float
    two_lines: bool
    x0: float = 8.0
    axis_y: float = 42.0


_LAYOUTS: dict[RiskScaleLayout, _Layout] = {
    "wide": _Layout(448, 430, 12, 20, 25, two_lines=False),
    "narrow": _Layout(326, 308, 11, 19, 24, two_lines=False),
    # Two of these stand side by side: both keep the second line, so that they stay level.
    "scenario": _Layout(352, 334, 12, 20, 25, two_lines=True),
}


@dataclass(frozen=True, slots=True)
class RiskScale:
    """The drawing: lengths in px of its own viewBox, y downwards."""

    width: float
    height: float
    axis: Axis
    interval: Box
    dot_x: float
    cutoff_x: float
    cutoff: Label
    study_x: float
    study: Label
    bracket: str
    band: Label

    @property
    def tick_top(self) -> float:
        """Upper end of the marks of cut-off and study rate."""
        return px(self.axis.y - 18)

    @property
    def tick_bottom(self) -> float:
        """Lower end of the same marks."""
        return px(self.axis.y + 6)

    @property
    def labels(self) -> tuple[Label, ...]:
        """Every text of the drawing."""
        return (*self.axis.labels, self.cutoff, self.study, self.band)


def _axis(layout: _Layout, y: float, x_of: Callable[[float], float]) -> Axis:
    labels = tuple(
        Label.at(
            x_of(value / 100),
            y + layout.label_drop,
            per_cent("100") if value == 100 else str(value),
            layout.size,
        )
        for value in range(0, 101, 20)
    )
    path = axis_path(
        y,
        layout.x0,
        layout.x1,
        (x_of(value / 100) for value in range(0, 101, 20)),
        (x_of(value / 100) for value in range(10, 100, 20)),
        major_px=7,
        minor_px=4,
    )
    return Axis(px(y), path, labels)


def risk_scale(scenario: Scenario, *, layout: RiskScaleLayout) -> RiskScale:
    """Lay the scale out for one scenario."""
    sizes = _LAYOUTS[layout]
    x_of = linear(sizes.x0, sizes.x1, 1.0)
    ends = percent_range_number(*scenario.band)
    one_line, two_lines = sizes.axis_y, sizes.axis_y + _CAPTION_LINE_PX

    def captions(y: float) -> tuple[Label, Label, Label]:
        line = y - _CAPTION_RISE_PX
        cutoff = _("cut-off %(percent)s") % {"percent": rounded(scenario.cutoff * 100, 1)}
        study = _("study %(percent)s") % {"percent": rounded(_STUDY_RATE * 100, 1)}
        band = _("reconstruction %(range)s") % {"range": ends}
        middle = (x_of(scenario.band.low) + x_of(scenario.band.high)) / 2
        return (
            Label.at(x_of(scenario.cutoff) - _CAPTION_TO_TICK_PX, line, cutoff, sizes.size, "end"),
            Label.at(x_of(_STUDY_RATE) + _CAPTION_TO_TICK_PX, line, study, sizes.size, "start"),
            Label.at(middle, line, band, sizes.size).within(2, sizes.width - 2),
        )

    y = two_lines if sizes.two_lines else one_line
    cutoff, study, band = captions(y)
    if not sizes.two_lines and _touches(band, cutoff, study):
        y = two_lines
        cutoff, study, band = captions(y)
    if y == two_lines:
        band = replace(band, y=px(band.y - _CAPTION_LINE_PX))

    low, high = scenario.ci95
    return RiskScale(
        width=sizes.width,
        height=px(y + sizes.depth),
        axis=_axis(sizes, y, x_of),
        interval=Box(x_of(low), y - 6, x_of(high), y + 6),
        dot_x=px(x_of(scenario.risk)),
        cutoff_x=px(x_of(scenario.cutoff)),
        cutoff=cutoff,
        study_x=px(x_of(_STUDY_RATE)),
        study=study,
        bracket=_bracket(y, x_of(scenario.band.low), x_of(scenario.band.high), cutoff, study, band),
        band=band,
    )


def _touches(band: Label, cutoff: Label, study: Label) -> bool:
    """Whether the band would run into the captions, which begin left and end right of it."""
    between = Box(cutoff.box.left, study.box.top, study.box.right, study.box.bottom)
    return band.box.meets(between, _CAPTION_GAP_PX)


def _bracket(y: float, low: float, high: float, cutoff: Label, study: Label, band: Label) -> str:
    """Path data of the bracket over the band, tall when its caption is one line up.

    It stays low where tall arms would strike through a caption.
    """
    arms = Box(low, band.y, high, y - _BRACKET_FOOT_RISE_PX)
    raised = band.y < study.y
    struck = any(arms.meets(caption.box, _ARM_TO_CAPTION_PX) for caption in (cutoff, study))
    arm = _TALL_BRACKET_PX if raised and not struck else _BRACKET_PX
    foot = px(y - _BRACKET_FOOT_RISE_PX)
    return f"M{px(low)} {foot}v-{px(arm)}H{px(high)}v{px(arm)}"


def risk_scale_svg(scenario: Scenario, *, layout: RiskScaleLayout, uid: str) -> SafeString:
    """The scale as SVG; ``uid`` makes its ids unique within the page."""
    title = _(
        "Risk %(risk)s on a scale from 0 to 100 %%, with interval, study cut-off and study "
        "event rate"
    ) % {"risk": percent_text(scenario.risk)}
    scale = risk_scale(scenario, layout=layout)
    return svg.drawing(
        *_elements(scale),
        width=scale.width,
        height=scale.height,
        title=title,
        uid=uid,
        fonts=SCREEN_FONTS,
    )


def _elements(scale: RiskScale) -> Iterator[str]:
    """From the back to the front."""
    ticks = f"{scale.tick_top}V{scale.tick_bottom}"
    yield svg.box(scale.interval, PALETTE.interval)
    yield svg.line(scale.axis.path, PALETTE.ink, 1.2)
    for label in scale.axis.labels:
        yield svg.words(label, PALETTE.ink_2)
    yield svg.line(f"M{scale.cutoff_x} {ticks}", PALETTE.ink, 1.5, "3 2")
    yield svg.words(scale.cutoff, PALETTE.ink)
    yield svg.line(f"M{scale.study_x} {ticks}", PALETTE.ink_2, 1.5)
    yield svg.words(scale.study, PALETTE.ink_2)
    yield svg.line(scale.bracket, PALETTE.accent_ink, 1.5)
    yield svg.words(scale.band, PALETTE.accent_ink)
    yield svg.dot(scale.dot_x, scale.axis.y, 6.5, PALETTE.accent, PALETTE.paper, 2)

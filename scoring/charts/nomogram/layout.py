"""Measures of the three nomograms, in px of each one's viewBox, y downwards."""

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

from scoring.nomogram.model import Nomogram

NomogramLayout = Literal["wide", "narrow", "print"]

# With two callouts between total and risk the gap grows by this factor.
PROVISIONAL_STRETCH = 1.55


@dataclass(frozen=True, slots=True)
class Layout:
    """Positions in one layout, for a model with ``rows`` predictors.

    ``names``: beside the axes ("left"), above them ("above"), or outside the drawing ("none").
    ``drop`` and ``rise`` are distances from an axis down and up to a baseline.
    """

    name: NomogramLayout
    names: Literal["left", "above", "none"]
    width: float
    x0: float
    x1: float
    ruler_y: float
    first_row_y: float
    row_px: float
    total_drop: float
    risk_drop: float
    tick_size: float
    tick_drop: float
    ruler_every: int
    ruler_minor_every: int
    total_every: int
    caption_drop: float
    caption_line_px: float
    foot_px: float
    callout_size: float
    callout_height: float
    callout_words: bool
    # A row of print is too low for every label of the two longest axes.
    sparse: bool
    # Space between the last row and the band behind total and risk; None for no band.
    band_drop: float | None
    rows: int = 0
    # Points at the end of the total's axis.
    total_points: int = 0

    def row_y(self, index: int) -> float:
        """The axis of a predictor, counted from 0."""
        return self.first_row_y + index * self.row_px

    @property
    def last_row_y(self) -> float:
        """The axis of the last predictor."""
        return self.row_y(self.rows - 1)

    @property
    def total_y(self) -> float:
        """The axis of the total."""
        return self.last_row_y + self.total_drop

    def risk_y(self, *, provisional: bool) -> float:
        """The axis of the risk."""
        return self.total_y + self.risk_drop * (PROVISIONAL_STRETCH if provisional else 1.0)


_LAYOUTS: dict[NomogramLayout, Layout] = {
    "wide": Layout(
        name="wide",
        names="left",
        width=1200,
        x0=222,
        x1=1094,
        ruler_y=27,
        first_row_y=70.86,
        row_px=51,
        total_drop=63,
        risk_drop=57.12,
        tick_size=12,
        tick_drop=18,
        ruler_every=10,
        ruler_minor_every=2,
        total_every=20,
        caption_drop=36,
        caption_line_px=16,
        foot_px=7,
        callout_size=13,
        callout_height=25,
        callout_words=True,
        sparse=False,
        band_drop=29,
    ),
    "narrow": Layout(
        name="narrow",
        names="above",
        width=358,
        x0=12.4,
        x1=345.6,
        ruler_y=42,
        first_row_y=88.4,
        row_px=58,
        total_drop=76,
        risk_drop=56,
        tick_size=12,
        tick_drop=17,
        ruler_every=20,
        ruler_minor_every=5,
        total_every=50,
        caption_drop=34,
        caption_line_px=16,
        foot_px=6,
        callout_size=13,
        callout_height=25,
        callout_words=False,
        sparse=False,
        band_drop=28,
    ),
    "print": Layout(
        name="print",
        names="none",
        width=500,
        x0=14,
        x1=486,
        ruler_y=24,
        first_row_y=47.22,
        row_px=27,
        total_drop=39,
        risk_drop=38,
        tick_size=9,
        tick_drop=15,
        ruler_every=20,
        ruler_minor_every=5,
        total_every=50,
        caption_drop=30,
        caption_line_px=11,
        foot_px=7,
        callout_size=10,
        callout_height=22,
        callout_words=False,
        sparse=True,
        band_drop=None,
    ),
}


@lru_cache
def layout_for(name: NomogramLayout, model: Nomogram) -> Layout:
    """The layout with as many rows and as long a total as the model needs."""
    return replace(_LAYOUTS[name], rows=len(model.predictors), total_points=model.total_axis_points)

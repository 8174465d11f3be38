"""Observed and expected by the user who recorded the index assessment: a funnel and its table."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from django.utils.translation import gettext as _

from scoring import charts
from scoring.evaluation.statistic_text import number
from scoring.report.table import Table
from scoring.report.validation.drift import figure_texts
from scoring.report.validation.plots import Plot
from scoring.statistics.drift import FUNNEL_TAILS, GroupFigures, Ratio, funnel_limits

# Users with fewer analysed assessments are counted together, without their names.
FEWEST_NAMED = 20


def by_user_context(users: Sequence[tuple[str, GroupFigures]]) -> dict[str, Any]:
    """The funnel of users with enough assessments; how many others there are."""
    named = [
        (name, figures, figures.ratio)
        for name, figures in users
        if figures.n >= FEWEST_NAMED and figures.ratio is not None
    ]
    points = [
        charts.FunnelPoint(place, figures.expected, ratio.value)
        for place, (_name, figures, ratio) in enumerate(named, start=1)
    ]
    rows = [
        [f"{place} {name}", *figure_texts(figures), _outside(figures, ratio)]
        for place, (name, figures, ratio) in enumerate(named, start=1)
    ]
    header = [
        _("User who recorded the index assessment"),
        _("Analyzed"),
        _("Residual back pain"),
        _("Expected"),
        _("Observed / expected (95\u00a0% CI)"),
        _("Funnel limits"),
    ]
    title = _("Observed and expected by user")
    others = len(users) - len(named)
    return {
        "funnel": Plot(
            "users",
            title,
            charts.funnel_svg(points, uid="users") if points else None,
            [Table(title, header, rows)] if rows else [],
        ),
        "others": others,
        "fewest_named": FEWEST_NAMED,
    }


def _outside(figures: GroupFigures, ratio: Ratio) -> str:
    """The widest limits that the ratio lies outside of, or that it lies inside."""
    said = _("inside")
    for tail, outside in zip(FUNNEL_TAILS, (_("outside 95 %"), _("outside 99.8 %")), strict=True):
        low, high = funnel_limits(np.array([figures.expected]), tail)
        if not low[0] <= ratio.value <= high[0]:
            said = _("%(where)s (%(low)s to %(high)s)") % {
                "where": outside,
                "low": number(low[0], 2),
                "high": number(high[0], 2),
            }
    return said

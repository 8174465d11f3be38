"""What a recalibration changes, for people: points to risk before and after, in words and plots."""

from dataclasses import dataclass

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from scoring import charts
from scoring.display import (
    count_text,
    no_break_spaces,
    percent_range_text,
    percent_text,
    points_text,
)
from scoring.evaluation.calibration_fits import Fit, Fits
from scoring.evaluation.statistic_text import number, with_interval
from scoring.nomogram.recalibrated import RecalibratedCurve
from scoring.report.table import Table
from scoring.words.marks import sentences
from scoring.words.risk import one_decimal_percent

# Round totals between a low and a high risk; the cut-off stands among them.
ROUND_POINTS = (60.0, 80.0, 100.0, 120.0, 140.0, 160.0, 180.0, 200.0, 220.0)


@dataclass(frozen=True)
class FitPlot:
    """One of the two calibration plots."""

    code: str
    title: str
    svg: SafeString


def change_table(curve: RecalibratedCurve, cutoff: float) -> Table:
    """Total points with the risk before and after. ``cutoff`` is a risk by the published curve."""
    at_cutoff = curve.original.points_at(cutoff)
    rows = []
    for points in sorted((*ROUND_POINTS, at_cutoff)):
        label = points_text(points) if points == at_cutoff else f"{points:.0f}"
        if points == at_cutoff:
            label = _("%(points)s, the study's cut-off (%(cutoff)s\u00a0%%)") % {
                "points": label,
                "cutoff": one_decimal_percent(cutoff),
            }
        rows.append(
            [
                label,
                no_break_spaces(percent_text(curve.original.risk(points))),
                no_break_spaces(percent_text(curve.risk_at(points))),
                no_break_spaces(percent_range_text(*curve.ci95_at(points))),
            ]
        )
    return Table(
        _("Points to risk, before and after"),
        [
            _("Total points"),
            _("Published model"),
            _("Adjusted to this hospital"),
            _("95\u00a0% CI of the adjustment"),
        ],
        rows,
    )


def frequency_text(fits: Fits) -> str:
    """Whether the outcome was more or less frequent than the published model expects."""
    ratio = fits.observed_expected
    if ratio.ci95.low > 1.0:
        said = _("In this hospital residual back pain was more frequent than the model expects:")
    elif ratio.ci95.high < 1.0:
        said = _("In this hospital residual back pain was less frequent than the model expects:")
    else:
        said = _("In this hospital residual back pain was about as frequent as the model expects:")
    counts = _("%(events)s observed, %(expected)s expected; observed / expected %(ratio)s.") % {
        "events": count_text(sum(group.observed.successes for group in fits.before.groups)),
        "expected": number(fits.expected, 1),
        "ratio": with_interval(ratio.value, ratio.ci95),
    }
    return sentences(said, counts)


def direction_text(curve: RecalibratedCurve) -> str:
    """Which totals get a higher risk by the adjusted curve, and which a lower one."""
    ends = [curve.risk_at(p) - curve.original.risk(p) for p in (ROUND_POINTS[0], ROUND_POINTS[-1])]
    if min(ends) > 0.0:
        return _("The adjusted curve raises the risk at all totals in the table.")
    if max(ends) < 0.0:
        return _("The adjusted curve lowers the risk at all totals in the table.")
    if ends == [0.0, 0.0]:
        return _("The adjusted curve is the published one.")
    # Where both curves meet: logit = intercept + slope x logit.
    meeting = curve.intercept / (1.0 - curve.slope)
    points = curve.original.p50_points + meeting * curve.original.k_points_per_logit
    if ends[0] > 0.0:
        said = _(
            "The adjusted curve raises the risk below about %(points)s points, lowers it above."
        )
    else:
        said = _(
            "The adjusted curve lowers the risk below about %(points)s points, raises it above."
        )
    return said % {"points": f"{points:.0f}"}


def fit_plots(fits: Fits) -> list[FitPlot]:
    """The same patients by both curves."""
    return [
        _plot("before", _("Before: published model"), fits.before),
        _plot("after", _("After: adjusted to this hospital"), fits.after),
    ]


def _plot(code: str, title: str, fit: Fit) -> FitPlot:
    svg = charts.calibration_svg(
        fit.groups, fit.curve, fit.spread, uid=f"calibration-{code}", title=title
    )
    return FitPlot(code, title, svg)

"""The risk by the curve adjusted to this hospital, in words; it stands beside the published one."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from scoring import charts
from scoring.display import (
    count_text,
    no_break_spaces,
    percent_range_text,
    percent_text,
    whole_percent,
)
from scoring.models import Assessment, RecalibratedRisk, Recalibration
from scoring.nomogram.logistic import Interval
from scoring.nomogram.model import Result
from scoring.report.summary_text import whole_percent_text
from scoring.words.risk import count_of_hundred_text


@dataclass(frozen=True)
class RecalibratedText:
    """One scenario, with the interval of the adjustment.

    ``value`` and ``interval`` are risks from 0 to 1; ``code`` is that of the scenario.
    """

    code: str
    value: float
    interval: Interval

    @property
    def risk(self) -> str:
        """Whole per cent without the sign: "62", "< 1"."""
        return whole_percent_text(self.value)

    @property
    def percent(self) -> str:
        """The same with the sign."""
        return no_break_spaces(percent_text(self.value))

    @property
    def with_pain(self) -> str:
        """How many of 100 have the outcome."""
        return count_of_hundred_text(whole_percent(self.value))

    @property
    def without_pain(self) -> str:
        """How many of 100 do not."""
        return count_of_hundred_text(100 - whole_percent(self.value))

    @property
    def ci95(self) -> str:
        """From the uncertainty of the adjustment alone."""
        return no_break_spaces(percent_range_text(*self.interval))

    @property
    def icons(self) -> str:
        """The 10 × 10 icon array."""
        return charts.icon_array_svg(self.value, size=190, uid=f"icons-adjusted-{self.code}")


@dataclass(frozen=True)
class Recalibrated:
    """Which adjusted version, and its risks: one, or restored and not restored."""

    recalibration: Recalibration
    scenarios: list[RecalibratedText]

    @property
    def label(self) -> str:
        """Recalibrated version 2, n = 640."""
        return label(self.recalibration)


def label(recalibration: Recalibration) -> str:
    """Recalibrated version 2, n = 640."""
    return _("recalibrated version %(number)s, n = %(n)s") % {
        "number": recalibration.number,
        "n": count_text(recalibration.n),
    }


def stored(assessment: Assessment) -> Recalibrated | None:
    """What was kept with a version; None where the published curve stood alone."""
    # Where there is none the reverse one-to-one raises an AttributeError.
    kept: RecalibratedRisk | None = getattr(assessment, "recalibrated", None)
    if kept is None:
        return None
    known = [
        (restored, risk, Interval(low, high))
        for restored, risk, low, high in (
            (True, kept.restored_risk, kept.restored_ci95_low, kept.restored_ci95_high),
            (
                False,
                kept.not_restored_risk,
                kept.not_restored_ci95_low,
                kept.not_restored_ci95_high,
            ),
        )
        if risk is not None and low is not None and high is not None
    ]
    provisional = assessment.mvh_restored is None
    return Recalibrated(
        kept.recalibration,
        [
            RecalibratedText(_code(provisional=provisional, restored=restored), risk, ci95)
            for restored, risk, ci95 in known
        ],
    )


def live(result: Result, recalibration: Recalibration | None) -> Recalibrated | None:
    """The same for a result that is not saved yet."""
    if recalibration is None:
        return None
    curve = recalibration.curve
    return Recalibrated(
        recalibration,
        [
            RecalibratedText(s.code, curve.risk_at(s.total_points), curve.ci95_at(s.total_points))
            for s in result.scenarios
        ],
    )


def _code(*, provisional: bool, restored: bool) -> str:
    if not provisional:
        return "final"
    return "if_restored" if restored else "if_not_restored"

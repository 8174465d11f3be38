"""The risk by the curve adjusted to this hospital, in words; it stands beside the published one."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from scoring.display import count_text, no_break_spaces, percent_range_text, percent_text
from scoring.models import Assessment, RecalibratedRisk, Recalibration
from scoring.nomogram.logistic import Interval
from scoring.nomogram.model import Result
from scoring.report.scenarios import HEADINGS
from scoring.words.types import Words


@dataclass(frozen=True)
class RecalibratedText:
    """One scenario: "62 %", with the interval of the adjustment."""

    heading: Words
    risk: str
    ci95: str


@dataclass(frozen=True)
class Recalibrated:
    """Which adjusted version, and its risks: one, or restored and not restored."""

    recalibration: Recalibration
    scenarios: list[RecalibratedText]

    @property
    def label(self) -> str:
        """Recalibrated at this hospital, version 2 (n = 640)."""
        return label(self.recalibration)

    @property
    def risk_text(self) -> str:
        """Both risks in one where two are possible: "38 % or 62 %"."""
        return _(" or ").join(text.risk for text in self.scenarios)


def label(recalibration: Recalibration) -> str:
    """Recalibrated at this hospital, version 2 (n = 640)."""
    return _("recalibrated at this hospital, version %(number)s (n = %(n)s)") % {
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
            _text(_code(provisional=provisional, restored=restored), risk, ci95)
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
            _text(s.code, curve.risk_at(s.total_points), curve.ci95_at(s.total_points))
            for s in result.scenarios
        ],
    )


def _code(*, provisional: bool, restored: bool) -> str:
    if not provisional:
        return "final"
    return "if_restored" if restored else "if_not_restored"


def _text(code: str, risk: float, ci95: Interval) -> RecalibratedText:
    return RecalibratedText(
        HEADINGS[code],
        no_break_spaces(percent_text(risk)),
        no_break_spaces(percent_range_text(*ci95)),
    )

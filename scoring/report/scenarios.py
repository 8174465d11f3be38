"""A scenario in words and pictures: the final one, or restored and not restored."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from scoring import charts
from scoring.display import no_break_spaces, percent_range_text, points_text, whole_percent
from scoring.nomogram.model import Result, Scenario
from scoring.report.recalibrated import Recalibrated, RecalibratedText
from scoring.report.summary_text import whole_percent_text
from scoring.words import risk
from scoring.words.types import Words


@dataclass(frozen=True)
class ScenarioText:
    """A scenario in words. ``is_outside``: the patient is outside the study population.

    ``adjusted`` is its risk by the curve adjusted to this hospital, None where there is none.
    """

    scenario: Scenario
    heading: Words
    is_outside: bool = False
    adjusted: RecalibratedText | None = None

    @property
    def icons(self) -> str:
        """The 10 × 10 icon array."""
        return charts.icon_array_svg(self.scenario.risk, size=190, uid=f"icons-{self.code}")

    @property
    def scale_wide(self) -> str:
        """The risk on a scale from 0 to 100 %, beside one icon array."""
        return charts.risk_scale_svg(self.scenario, layout="wide", uid=f"scale-wide-{self.code}")

    @property
    def scale_narrow(self) -> str:
        """The same for narrow screens."""
        return charts.risk_scale_svg(
            self.scenario, layout="narrow", uid=f"scale-narrow-{self.code}"
        )

    @property
    def scale_scenario(self) -> str:
        """The same where two scenarios stand side by side."""
        return charts.risk_scale_svg(
            self.scenario, layout="scenario", uid=f"scale-scenario-{self.code}"
        )

    @property
    def code(self) -> str:
        """final, if_restored or if_not_restored."""
        return self.scenario.code

    @property
    def risk(self) -> str:
        """Whole per cent without the sign: "77", "< 1"."""
        return whole_percent_text(self.scenario.risk)

    @property
    def of_hundred(self) -> str:
        """The risk as a natural frequency."""
        return risk.of_hundred_text(self.scenario.risk, outside=self.is_outside)

    @property
    def adjusted_of_hundred(self) -> str:
        """The adjusted risk as a natural frequency; empty where there is none."""
        if self.adjusted is None:
            return ""
        return risk.of_hundred_text(self.adjusted.value, outside=self.is_outside)

    @property
    def ci95_of_hundred(self) -> tuple[str, str]:
        """The ends of the approximate 95 % confidence interval as counts of 100."""
        low, high = (whole_percent(end) for end in self.scenario.ci95)
        return risk.count_of_hundred_text(low), risk.count_of_hundred_text(high)

    @property
    def picture_text(self) -> str:
        """What the icon array shows, in words."""
        return charts.icon_array_title(self.scenario.risk)

    @property
    def hundred_text(self) -> str:
        """The natural frequency; of a patient outside the study population it says so."""
        if not self.is_outside:
            return self.of_hundred
        return _("%(hundred)s (no patients like this one were in the study)") % {
            "hundred": self.of_hundred
        }

    @property
    def with_pain(self) -> str:
        """How many of 100 have the outcome."""
        return risk.count_of_hundred_text(self.count)

    @property
    def without_pain(self) -> str:
        """How many of 100 do not."""
        return risk.count_of_hundred_text(self.open_count)

    @property
    def is_extreme(self) -> bool:
        """Whether the risk is below 1 % or above 99 %, which takes more words."""
        return self.count in {0, 100}

    @property
    def count(self) -> int:
        """Filled dots of the icon array."""
        return whole_percent(self.scenario.risk)

    @property
    def open_count(self) -> int:
        """Open dots of the icon array."""
        return 100 - self.count

    @property
    def total(self) -> str:
        """Total points."""
        return points_text(self.scenario.total_points)

    @property
    def ci95(self) -> str:
        """Approximate 95 % confidence interval."""
        return no_break_spaces(percent_range_text(*self.scenario.ci95))

    @property
    def band(self) -> str:
        """Risk however the published figure is read."""
        return no_break_spaces(percent_range_text(*self.scenario.band))

    @property
    def cutoff(self) -> str:
        """At or above, or below, the study's cut-off."""
        return risk.cutoff_text(self.scenario)


def scenario_texts(
    result: Result, *, is_outside: bool = False, recalibrated: Recalibrated | None = None
) -> list[ScenarioText]:
    """One scenario, or restored and not restored; with the adjusted risk where there is one."""
    adjusted = {text.code: text for text in recalibrated.scenarios} if recalibrated else {}
    return [
        ScenarioText(one, risk.SCENARIO_HEADINGS[one.code], is_outside, adjusted.get(one.code))
        for one in result.scenarios
    ]

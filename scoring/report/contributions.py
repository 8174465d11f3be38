"""What contributes to a result: each predictor against the study's average, in words."""

from dataclasses import dataclass

from scoring import charts
from scoring.display import MINUS, no_break_spaces, percent_text, points_text
from scoring.nomogram.contributions import contributions
from scoring.nomogram.model import Result
from scoring.words.marks import alternatives
from scoring.words.predictors import words_of
from scoring.words.types import Words


@dataclass(frozen=True)
class ContributionRow:
    """One predictor. ``differences`` in points and ``risks`` as the result has scenarios."""

    name: Words
    differences: tuple[float, ...]
    risks: tuple[str, ...]
    bar_scale: float

    @property
    def points_text(self) -> str:
        """Points more or fewer than the average, with their sign: "+9.07"; both if they differ."""
        return alternatives(dict.fromkeys(map(_signed_points, self.differences)))

    @property
    def largest(self) -> float:
        """The difference that is furthest from none."""
        return max(self.differences, key=abs)

    @property
    def bar(self) -> str:
        """Filled for more points than the average, a dashed outline for fewer."""
        largest = self.largest
        return charts.bar_svg(abs(largest), scale_max=self.bar_scale, known=largest > 0)


def _signed_points(difference: float) -> str:
    size = points_text(abs(difference))
    if size == points_text(0.0):
        return size
    return f"{MINUS if difference < 0 else '+'}{size}"


def contribution_rows(result: Result) -> list[ContributionRow]:
    """The predictors, furthest from the average first; none if no average is published."""
    of_scenarios = [contributions(result.model, scenario) for scenario in result.scenarios]
    every = [abs(found.difference) for of_one in of_scenarios for found in of_one]
    rows = [
        ContributionRow(
            name=words_of(result.model.by_key[of_one[0].key]).table_name,
            differences=tuple(found.difference for found in of_one),
            risks=tuple(no_break_spaces(percent_text(found.risk_at_average)) for found in of_one),
            bar_scale=charts.bar_scale(every),
        )
        for of_one in zip(*of_scenarios, strict=True)
    ]
    return sorted(rows, key=lambda row: -abs(row.largest))

"""What is said about one result, saved or not: the same on every page and on paper."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from functools import cached_property, partial

from django.utils.translation import gettext as _

from scoring import charts
from scoring.nomogram.eligibility import Answer, Criterion, deviations, not_assessed
from scoring.nomogram.model import Result
from scoring.nomogram.predictor import Predictor
from scoring.nomogram.rong2025.model import RONG_2025
from scoring.report.contributions import ContributionRow, contribution_rows
from scoring.report.recalibrated import Recalibrated
from scoring.report.rows import BreakdownRow
from scoring.report.scenarios import ScenarioText, scenario_texts
from scoring.words.cautions import caution_text, caution_title
from scoring.words.eligibility import CRITERION_NAMES, answered_text
from scoring.words.risk import axis_formula
from scoring.words.study import study_numbers
from scoring.words.types import Words


class ResultText(ABC):
    """A result, and the answers about eligibility given with it, in words and pictures."""

    @property
    @abstractmethod
    def result(self) -> Result:
        """The result."""

    @property
    @abstractmethod
    def answers(self) -> Mapping[Criterion, Answer]:
        """The answers about eligibility."""

    @property
    def provisional(self) -> bool:
        """Whether the middle vertebral height was not known yet."""
        return self.result.provisional

    @property
    def recalibrated(self) -> Recalibrated | None:
        """The risk by the curve adjusted to this hospital; None where the result has none."""
        return None

    @cached_property
    def scenarios(self) -> list[ScenarioText]:
        """One scenario, or restored and not restored."""
        return scenario_texts(
            self.result, is_outside=bool(self.outside), recalibrated=self.recalibrated
        )

    @property
    def less_favourable(self) -> ScenarioText:
        """The final scenario, or the one with the height not restored."""
        return self.scenarios[-1]

    def nomogram(self, layout: charts.NomogramLayout) -> str:
        """The nomogram with this patient marked on every axis."""
        texts = self._texts_of_axes
        return charts.nomogram_svg(
            self.result, layout=layout, uid=f"nomogram-{layout}", texts=texts
        )

    @cached_property
    def _texts_of_axes(self) -> tuple[charts.RowWords, ...]:
        return charts.row_words(self.result)

    @property
    def nomogram_wide(self) -> str:
        """For screens from 992 px."""
        return self.nomogram("wide")

    @property
    def nomogram_narrow(self) -> str:
        """For narrower screens."""
        return self.nomogram("narrow")

    @property
    def _less_favourable_points(self) -> Mapping[str, float]:
        return self.result.scenarios[-1].points

    @property
    def bar_scale(self) -> int:
        """Points at the full length of the breakdown's bars."""
        return charts.bar_scale(self._less_favourable_points.values())

    @cached_property
    def rows(self) -> list[BreakdownRow]:
        """The seven predictors, largest points first; unknown points count as their largest."""
        points, less_favourable = self.result.points, self._less_favourable_points
        bar_scale = self.bar_scale
        rows = [
            BreakdownRow(
                predictor=predictor,
                inputs=self.result.inputs,
                asks_source=partial(self.source_text, predictor),
                points=less_favourable[predictor.key],
                known=points[predictor.key] is not None,
                bar_scale=bar_scale,
            )
            for predictor in self.result.model.predictors
        ]
        return sorted(rows, key=lambda row: -row.points)

    @cached_property
    def contributions(self) -> list[ContributionRow]:
        """Each predictor against the study's average, furthest from it first."""
        return contribution_rows(self.result)

    def source_text(self, predictor: Predictor) -> str:
        """Where a value comes from; nothing is known of that without an assessment."""
        return ""

    @property
    def rows_in_order(self) -> list[BreakdownRow]:
        """The same in the order of Table 7."""
        order = self.result.model.predictors
        return sorted(self.rows, key=lambda row: order.index(row.predictor))

    @property
    def cautions(self) -> list[tuple[str, str]]:
        """Title and text of every caution kept with the result."""
        return [
            (caution_title(self.result.model, caution), caution_text(caution))
            for caution in self.result.cautions
        ]

    @property
    def outside(self) -> list[Words]:
        """Criteria that put the patient outside the study population, with what was answered."""
        return [answered_text(c, self.answers[c]) for c in deviations(self.answers)]

    @property
    def not_assessed(self) -> list[Words]:
        """Criteria that were not assessed."""
        return [CRITERION_NAMES[c] for c in not_assessed(self.answers)]

    @property
    def is_eligible(self) -> bool:
        """Whether every criterion was assessed and answered as in the study."""
        return not self.outside and not not_assessed(self.answers)

    def criteria(self, answer: str) -> list[Words]:
        """Criteria with a given answer that is the study's; ``outside`` has the others."""
        others = set(deviations(self.answers))
        return [
            CRITERION_NAMES[criterion]
            for criterion, given in self.answers.items()
            if given == answer and criterion not in others
        ]

    @property
    def present(self) -> list[Words]:
        """Criteria answered yes, as in the study."""
        return self.criteria("yes")

    @property
    def absent(self) -> list[Words]:
        """Criteria answered no, as in the study."""
        return self.criteria("no")

    @property
    def earlier_model_text(self) -> str:
        """Which version of the model it was scored with, where that is an earlier one; or empty."""
        made_with = self.result.model
        if made_with.label == RONG_2025.label:
            return ""
        return _(
            "Scored with version %(version)s of the model; new assessments use version %(latest)s."
        ) % {"version": made_with.version, "latest": RONG_2025.version}

    @property
    def risk_axis_text(self) -> str:
        """The two reconstructed numbers."""
        p50, k = self.result.model.line
        return f"(P50\u00a0{p50:.2f}, K\u00a0{k:.3f})"

    @property
    def formula_text(self) -> str:
        """The reconstructed risk axis as a formula."""
        p50, k = self.result.model.line
        return axis_formula(f"{p50:.2f}", f"{k:.3f}")

    @property
    def study(self) -> dict[str, str]:
        """The numbers of the published study, shown beside a result."""
        return study_numbers()

    @property
    def citation(self) -> str:
        """The paper."""
        return self.result.model.citation.text

    @property
    def doi(self) -> str:
        """Its digital object identifier."""
        return self.result.model.citation.doi


class Calculated(ResultText):
    """A result that belongs to nobody and is not saved."""

    def __init__(self, result: Result, answers: Mapping[Criterion, Answer]) -> None:
        self._result, self._answers = result, answers

    @property
    def result(self) -> Result:
        """The result."""
        return self._result

    @property
    def answers(self) -> Mapping[Criterion, Answer]:
        """The answers about eligibility; what is open counts as not assessed."""
        return self._answers

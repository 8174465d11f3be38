"""What a result says about one assessment: the same on the page and on paper."""

from functools import cached_property

from django.utils.translation import gettext as _

from scoring import charts
from scoring.models import Assessment
from scoring.models.codes import Change, OperationStatus, State
from scoring.nomogram.eligibility import deviations, not_assessed
from scoring.nomogram.model import Result
from scoring.report import recalibrated, summary_text
from scoring.report.recalibrated import Recalibrated
from scoring.report.rows import Row, source_text
from scoring.report.scenarios import ScenarioText, scenario_texts
from scoring.words.cautions import caution_text, caution_title
from scoring.words.dates import born_text, day_text
from scoring.words.eligibility import CRITERION_NAMES, answered_text
from scoring.words.predictors import words_of
from scoring.words.study import study_numbers
from scoring.words.types import Words
from scoring.words.values import rule_text, value_text


class Sheet:
    """One assessment with everything a result page or report says about it."""

    def __init__(self, assessment: Assessment) -> None:
        self.assessment = assessment
        self.patient = assessment.patient

    @cached_property
    def result(self) -> Result:
        """The stored result."""
        return self.assessment.result

    @property
    def provisional(self) -> bool:
        """Whether the middle vertebral height was not known yet."""
        return self.result.provisional

    @cached_property
    def scenarios(self) -> list[ScenarioText]:
        """One scenario, or restored and not restored."""
        return scenario_texts(self.result)

    @property
    def less_favourable(self) -> ScenarioText:
        """The final scenario, or the one with the height not restored."""
        return self.scenarios[-1]

    @property
    def total_text(self) -> str:
        """Total points; both totals where two are possible."""
        a = self.assessment
        return summary_text.total_text(a.restored_total_points, a.not_restored_total_points)

    @property
    def risk_text(self) -> str:
        """Risk in whole per cent; both where two are possible: "44 or 77 %"."""
        return summary_text.risk_text(
            self.assessment.restored_risk, self.assessment.not_restored_risk
        )

    @property
    def cutoff_text(self) -> str:
        """At or above, below, or depending on the height."""
        return summary_text.side_text(
            self.assessment.restored_risk, self.assessment.not_restored_risk
        )

    def nomogram(self, layout: charts.NomogramLayout) -> str:
        """The nomogram with this patient marked on every axis."""
        return charts.nomogram_svg(self.result, layout=layout, uid=f"nomogram-{layout}")

    @property
    def nomogram_wide(self) -> str:
        """For screens from 992 px."""
        return self.nomogram("wide")

    @property
    def nomogram_narrow(self) -> str:
        """For narrower screens."""
        return self.nomogram("narrow")

    @property
    def bar_scale(self) -> int:
        """Points at the full length of the breakdown's bars."""
        return charts.bar_scale(self.less_favourable.scenario.points.values())

    @cached_property
    def rows(self) -> list[Row]:
        """The seven predictors, largest points first; unknown points count as their largest."""
        points, less_favourable = self.result.points, self.less_favourable.scenario.points
        rows = [
            Row(
                predictor=predictor,
                name=words_of(predictor).table_name,
                short_name=words_of(predictor).short_name,
                value=value_text(predictor, self.result.inputs),
                source=source_text(self.assessment, predictor),
                rule=rule_text(predictor, self.result.inputs),
                points=less_favourable[predictor.key],
                known=points[predictor.key] is not None,
                bar=charts.bar_svg(
                    less_favourable[predictor.key],
                    scale_max=self.bar_scale,
                    known=points[predictor.key] is not None,
                ),
            )
            for predictor in self.result.model.predictors
        ]
        return sorted(rows, key=lambda row: -row.points)

    @property
    def rows_in_order(self) -> list[Row]:
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
        answers = self.assessment.answers
        return [answered_text(c, answers[c]) for c in deviations(answers)]

    @property
    def not_assessed(self) -> list[Words]:
        """Criteria that were not assessed."""
        return [CRITERION_NAMES[c] for c in not_assessed(self.assessment.answers)]

    @property
    def is_eligible(self) -> bool:
        """Whether every criterion was assessed and answered as in the study."""
        return not self.outside and not self.not_assessed

    def criteria(self, answer: str) -> list[Words]:
        """Criteria with a given answer that is the study's; ``outside`` has the others."""
        answers = self.assessment.answers
        others = set(deviations(answers))
        return [
            CRITERION_NAMES[criterion]
            for criterion, given in answers.items()
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
    def operation_text(self) -> str:
        """PKP of L1 on 13-Mar-2026 08:30, or planned for it."""
        a = self.assessment
        moment = day_text(a.operation_date)
        if a.operation_time is not None:
            moment += f" {a.operation_time:%H:%M}"
        values = {"level": a.fracture_level, "moment": moment}
        if a.operation_status == OperationStatus.PLANNED:
            return _("PKP of %(level)s planned for %(moment)s") % values
        return _("PKP of %(level)s on %(moment)s") % values

    @property
    def born_text(self) -> str:
        """born 14-Jul-1945, or that it is not known."""
        return born_text(self.patient.birth_date)

    @property
    def completable(self) -> bool:
        """Whether the radiograph's finding can be entered."""
        return not self.superseded and self.assessment.state == State.PROVISIONAL

    @property
    def amendable(self) -> bool:
        """Whether the version can be corrected or voided."""
        return not self.superseded and self.assessment.state != State.VOIDED

    @property
    def reinstatable(self) -> bool:
        """Whether a void can be undone."""
        return not self.superseded and self.assessment.state == State.VOIDED

    @property
    def birth_date_caution(self) -> str:
        """What to say where the birth date was corrected since the result was made; else empty."""
        made_with = self.assessment.birth_date
        if made_with == self.patient.birth_date:
            return ""
        said = _("This result was made with %(day)s and keeps the age of %(age)s.") % {
            "day": _("date of birth not known") if made_with is None else day_text(made_with),
            "age": self.assessment.age_years,
        }
        return f"{said} {_('Amend it to use the corrected age.')}" if self.amendable else said

    @property
    def risk_axis_text(self) -> str:
        """The two reconstructed numbers."""
        p50, k = self.result.model.line
        return f"(P50\u00a0{p50:.2f}, K\u00a0{k:.3f})"

    @property
    def formula_text(self) -> str:
        """The reconstructed risk axis as a formula."""
        p50, k = self.result.model.line
        return f"risk = 1 / (1 + exp(−(points − {p50:.2f}) / {k:.3f}))"

    @property
    def study(self) -> dict[str, str]:
        """The numbers of the published study beside which a result stands."""
        return study_numbers()

    @property
    def citation(self) -> str:
        """The paper."""
        return self.result.model.citation.text

    @property
    def doi(self) -> str:
        """Its digital object identifier."""
        return self.result.model.citation.doi

    @cached_property
    def recalibrated(self) -> Recalibrated | None:
        """The risk by the curve adjusted to this hospital, where the version has one."""
        return recalibrated.stored(self.assessment)

    @property
    def reason_text(self) -> str:
        """Why this version was made, where a reason was needed."""
        return self.assessment.reason

    @property
    def change_label(self) -> str:
        """The word for how this version came to be."""
        return str(Change(self.assessment.change).label)

    @property
    def unchanged_text(self) -> str:
        """What to say of a version that differs from the one before in no value."""
        if self.assessment.change == Change.VOID:
            return _("Voided; no value changed.")
        if self.assessment.change == Change.REINSTATE:
            return _("The void was undone; no value changed.")
        return _("No value changed.")

    @property
    def is_dense(self) -> bool:
        """Whether the printed page has so much to say that it needs smaller type."""
        return bool(self.outside or len(self.cautions) > 2 or self.recalibrated)

    @property
    def watermark(self) -> str:
        """The word across a printed page that must not be mistaken for the valid one."""
        if self.superseded:
            return _("SUPERSEDED")
        return _("VOIDED") if self.assessment.state == State.VOIDED else ""

    @property
    def superseded(self) -> bool:
        """Whether a later version stands above this one."""
        return not self.assessment.is_current

    @property
    def state_code(self) -> str:
        """The state a list shows: superseded comes before what a version is in itself."""
        return "superseded" if self.superseded else self.assessment.state

    @property
    def state_label(self) -> str:
        """The word for the state."""
        return summary_text.state_label(self.state_code)

"""Points so far, from a form that is still being filled in."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import isnan, nan

from django.utils.translation import gettext as _

from scoring import nomogram
from scoring.display import number_text, points_text
from scoring.models import Recalibration
from scoring.nomogram import Covariates, Predictor
from scoring.nomogram.eligibility import Criterion
from scoring.nomogram.points import points_of
from scoring.nomogram.predictors import INPUT_OF, MEASURES, Caution, cautions_of
from scoring.nomogram.publication import MVH_POINTS
from scoring.report import glance, recalibrated, wording
from scoring.report.recalibrated import Recalibrated
from scoring.report.scenarios import ScenarioText, scenario_texts
from scoring.report.wording import Words
from scoring.web.forms import AssessmentForm
from scoring.web.forms.fields import Typed, folded
from scoring.web.forms.layout import PREDICTOR_ROWS
from scoring.web.forms.links import anchor


@dataclass(frozen=True)
class LiveRow:
    """One predictor in the points panel."""

    field: str
    anchor: str
    name: Words
    value: str
    points: str
    open: bool
    refused: bool


def known_values(form: AssessmentForm) -> dict[str, float | bool | None]:
    """The predictors that can be read so far, by input field; MVH None is "not known yet"."""
    cleaned = getattr(form, "cleaned_data", {})
    values: dict[str, float | bool | None] = {}
    for name in ("age_years", "t_score", "pdw_fl", "chloride_mmol_l"):
        typed = cleaned.get(name)
        if isinstance(typed, Typed) and name not in form.errors:
            values[name] = float(typed.value)
    if form.birth_date is not None:
        values.pop("age_years", None)
        if form.age_from_birth_date is not None:
            values["age_years"] = form.age_from_birth_date
    if "pdw_unit" not in cleaned:
        values.pop("pdw_fl", None)
    for name in ("trauma_history", "posterior_fascia_edema", "mvh_restored"):
        answer = cleaned.get(name)
        if answer and name not in form.errors:
            values[name] = {"yes": True, "no": False}.get(answer)
    return values


class LivePoints:
    """What the panel beside the form says; the formula stands in the core alone."""

    def __init__(self, form: AssessmentForm) -> None:
        self.form = form
        self.values = known_values(form)
        self.result = self._result()

    def _result(self) -> nomogram.Result | None:
        """The result once all seven predictors are in."""
        if set(self.values) != set(INPUT_OF.values()):
            return None
        return nomogram.assess(nomogram.Inputs(**self.values))  # type: ignore[arg-type]

    @property
    def complete(self) -> bool:
        """Whether a risk can be shown."""
        return self.result is not None

    @property
    def scenarios(self) -> list[ScenarioText]:
        """One risk, or restored and not restored."""
        return scenario_texts(self.result) if self.result else []

    @property
    def risk_text(self) -> str:
        """The risk in whole per cent, or both of them; only of a complete form."""
        risks = [text.scenario.risk for text in self.scenarios]
        return glance.risk_text(risks[0], risks[1] if self.provisional else None)

    @cached_property
    def recalibrated(self) -> Recalibrated | None:
        """The same by the curve adjusted to this hospital, where one is active."""
        return recalibrated.live(self.result, Recalibration.active()) if self.result else None

    @property
    def provisional(self) -> bool:
        """Whether the height is answered "not known yet"."""
        return "mvh_restored" in self.values and self.values["mvh_restored"] is None

    @property
    def answered_criteria(self) -> int:
        """How many of the ten criteria are answered."""
        cleaned = getattr(self.form, "cleaned_data", {})
        return sum(1 for criterion in Criterion if cleaned.get(criterion.value))

    @property
    def message_areas(self) -> list[tuple[str, tuple[str, ...]]]:
        """The elements that hold what is said of the predictors, and the fields of each."""
        return [area for row in PREDICTOR_ROWS for area in row.areas]

    @property
    def missing(self) -> list[LiveRow]:
        """Predictors still to be entered or corrected."""
        return [row for row in self.rows if row.open or row.refused]

    @property
    def rows(self) -> list[LiveRow]:
        """The seven predictors in the order of the form."""
        points = self._points()
        return [self._row(predictor, points[predictor]) for predictor in Predictor]

    @property
    def total(self) -> str:
        """Points so far, or both totals when the height is not known yet."""
        if self.result is not None and self.provisional:
            totals = [points_text(s.total_points) for s in self.result.scenarios]
            return _("%(restored)s or %(not_restored)s") % {
                "restored": totals[0],
                "not_restored": totals[1],
            }
        return points_text(sum(p for p in self._points().values() if not isnan(p)))

    def _points(self) -> dict[Predictor, float]:
        """Points by predictor; NaN where the input is not in yet."""

        def number(name: str) -> float:
            value = self.values.get(name)
            return nan if value is None else float(value)

        t_score = number("t_score")
        covariates = Covariates(
            age_years=number("age_years"),
            abs_t_above_3_5=nan if isnan(t_score) else float(wording.bmd_above(t_score)),
            trauma_history=number("trauma_history"),
            posterior_fascia_edema=number("posterior_fascia_edema"),
            pdw_fl=number("pdw_fl"),
            chloride_mmol_l=number("chloride_mmol_l"),
            mvh_restored=number("mvh_restored"),
        )
        return {Predictor(name): p for name, p in points_of(covariates)._asdict().items()}

    def _row(self, predictor: Predictor, points: float) -> LiveRow:
        field = INPUT_OF[predictor]
        is_open = field not in self.values
        refused = is_open and self._entered(field)
        text = "–" if isnan(points) else points_text(points)
        if predictor is Predictor.MVH and self.provisional:
            text = _("0 or %(points)s") % {"points": points_text(MVH_POINTS.no)}
        return LiveRow(
            field=field,
            anchor=anchor(self.form, field),
            name=wording.SHORT_NAMES[predictor],
            value=self._value(predictor, field, is_open=is_open, refused=refused),
            points=text,
            open=is_open,
            refused=refused,
        )

    def _entered(self, field: str) -> bool:
        """Whether something was typed or chosen that cannot be read or scored."""
        if field == "age_years" and self.form.birth_date is not None:
            return field in self.form.errors
        return bool(str(self.form.data.get(self.form.add_prefix(field), "")).strip())

    def _value(self, predictor: Predictor, field: str, *, is_open: bool, refused: bool) -> str:
        if refused:
            return _("error")
        if is_open:
            return _("unanswered")
        value = self.values[field]
        writers: dict[Predictor, Callable[[float], str]] = {
            Predictor.AGE: lambda v: _("%(age)s\u00a0y") % {"age": number_text(v)},
            Predictor.BMD: lambda v: wording.yes_no(wording.bmd_above(v)),
            Predictor.PDW: lambda v: f"{number_text(v)}\u00a0fL",
            Predictor.CHLORIDE: lambda v: f"{number_text(v)}\u00a0mmol/L",
        }
        if predictor in writers and value is not None:
            return writers[predictor](value)
        return wording.yes_no(None if value is None else bool(value))


@dataclass(frozen=True)
class Message:
    """A line under a field: error, caution, or how a value was read.

    ``field`` is the name by which the page knows the control that an error is about.
    """

    kind: str
    text: str
    field: str = ""


def field_messages(form: AssessmentForm, names: Sequence[str]) -> list[Message]:
    """Errors and cautions of some fields of a row; what is merely open stays silent until sent."""
    found: list[Message] = []
    for name in names:
        label = "" if name in INPUT_OF.values() else f"{form[name].label}: "
        for error in form.errors.as_data().get(name, []) if form.is_bound else []:
            if form.sent or error.code != "required":
                control = form.add_prefix(name)
                found += [Message("error", f"{label}{text}", control) for text in error.messages]
    value = known_values(form).get(names[0])
    if names[0] in MEASURES and value is not None:
        found += [_caution(caution) for caution in cautions_of(names[0], float(value))]
    typed = form.cleaned_data.get(names[0]) if form.is_bound else None
    if isinstance(typed, Typed) and "," in folded(typed.entered):
        shown = number_text(typed.value)
        found.append(Message("reading", _("read as %(value)s") % {"value": shown}))
    return found


def _caution(caution: Caution) -> Message:
    text = f"{wording.caution_title(caution)}. {wording.caution_text(caution)}"
    return Message("caution", _("%(text)s Scored; kept with the result.") % {"text": text})


def t_score_reading(form: AssessmentForm) -> str:
    """How the model reads the T-score: "|T| > 3.5: no"."""
    value = known_values(form).get("t_score")
    if value is None:
        return "|T| > 3.5: –"
    return f"|T| > 3.5: {wording.yes_no(wording.bmd_above(float(value)))}"

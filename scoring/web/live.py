"""Points so far, from a form that is still being filled in."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from django.utils.translation import gettext as _

from scoring.display import points_text
from scoring.entry.folding import folded_number
from scoring.entry.windows import DoubtfulDay
from scoring.forms import AssessmentForm
from scoring.forms.fields import Typed
from scoring.forms.layout import PREDICTOR_ROWS
from scoring.forms.links import anchor
from scoring.forms.readings import day_reading
from scoring.models import Recalibration
from scoring.nomogram.eligibility import Answer, Criterion, deviations
from scoring.nomogram.model import Result
from scoring.nomogram.predictor import Caution, Predictor
from scoring.nomogram.rong2025.model import AGE, BMD, MVH, RONG_2025
from scoring.report import recalibrated, summary_text
from scoring.report.recalibrated import Recalibrated
from scoring.report.scenarios import ScenarioText, scenario_texts
from scoring.report.windows import doubt_text, doubt_title
from scoring.words.answers import yes_no
from scoring.words.cautions import caution_text, caution_title
from scoring.words.eligibility import answered_text
from scoring.words.marks import labelled, sentences, titled
from scoring.words.predictors import words_of
from scoring.words.types import Words
from scoring.words.values import brief_text, measured_text


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


@dataclass(frozen=True)
class Message:
    """A line under a field: error, caution, or how a value was read.

    ``field`` is the name by which the page knows the control that an error is about.
    """

    kind: str
    text: str
    field: str = ""


def known_values(form: AssessmentForm) -> dict[str, float | bool | None]:
    """The predictors that can be read so far, by input field; MVH None is "not known yet"."""
    entered = form.readable()
    if not form.asks_age:
        # The age follows from the date of birth, whatever stands in the field.
        entered.pop(AGE.field, None)
        if form.age_from_birth_date is not None:
            entered[AGE.field] = form.age_from_birth_date
    for name, beside in RONG_2025.provenances.items():
        if beside.unit_field and beside.unit_field not in entered:
            entered.pop(name, None)
    known = ((name, entered[name]) for name in RONG_2025.fields if name in entered)
    return {
        name: float(value) if isinstance(value, Decimal) else value
        for name, value in known
        if name not in form.errors
    }


def _either(first: float, second: float | None = None) -> str:
    return summary_text.risk_text(first, second)


class LivePoints:
    """What the panel beside the form says; the model does the arithmetic."""

    def __init__(self, form: AssessmentForm) -> None:
        self.form = form
        self.values = known_values(form)
        self.result = self._result()

    def _result(self) -> Result | None:
        """The result once all seven predictors are in."""
        if set(self.values) != set(RONG_2025.fields):
            return None
        return RONG_2025.assess(self.values)

    @property
    def complete(self) -> bool:
        """Whether a risk can be shown."""
        return self.result is not None

    @cached_property
    def scenarios(self) -> list[ScenarioText]:
        """One risk, or restored and not restored."""
        if self.result is None:
            return []
        return scenario_texts(self.result, recalibrated=self.recalibrated)

    @property
    def risk_text(self) -> str:
        """The risk in whole per cent, or both of them; only of a complete form."""
        published = _either(*(text.scenario.risk for text in self.scenarios))
        if self.recalibrated is None:
            return published
        return _("%(published)s published · %(adjusted)s adjusted") % {
            "published": published,
            "adjusted": _either(*(text.value for text in self.recalibrated.scenarios)),
        }

    @cached_property
    def recalibrated(self) -> Recalibrated | None:
        """The same by the curve adjusted to this hospital, where one is active."""
        return recalibrated.live(self.result, Recalibration.active()) if self.result else None

    @property
    def provisional(self) -> bool:
        """Whether the height is answered "not known yet"."""
        return MVH.field in self.values and self.values[MVH.field] is None

    @property
    def answered_criteria(self) -> int:
        """How many of the ten criteria are answered."""
        cleaned = getattr(self.form, "cleaned_data", {})
        return sum(1 for criterion in Criterion if cleaned.get(criterion.value))

    @property
    def answers(self) -> dict[Criterion, Answer]:
        """The answers on eligibility so far; what is open counts as not assessed."""
        cleaned = getattr(self.form, "cleaned_data", {})
        return {c: Answer(cleaned.get(c.value) or Answer.NOT_ASSESSED) for c in Criterion}

    @property
    def outside(self) -> list[Words]:
        """The answers so far that put the patient outside the study population."""
        return [answered_text(c, self.answers[c]) for c in deviations(self.answers)]

    @property
    def message_areas(self) -> list[tuple[str, tuple[str, ...]]]:
        """The elements that hold what is said of the predictors, and the fields of each."""
        areas = (area for row in PREDICTOR_ROWS.values() for area in row.areas)
        return [(area, names) for area, names in areas if names[0] in self.form.fields]

    @cached_property
    def missing(self) -> list[LiveRow]:
        """Predictors still to be entered or corrected."""
        return [row for row in self.rows if row.open or row.refused]

    @cached_property
    def rows(self) -> list[LiveRow]:
        """The seven predictors in the order of the form."""
        points = self._points()
        return [
            self._row(predictor, points.get(predictor.key)) for predictor in RONG_2025.predictors
        ]

    @property
    def total(self) -> str:
        """Points so far, or both totals when the height is not known yet."""
        if self.result is not None:
            totals = [points_text(s.total_points) for s in self.result.scenarios]
            if not self.provisional:
                return totals[0]
            return _("%(restored)s or %(not_restored)s") % {
                "restored": totals[0],
                "not_restored": totals[1],
            }
        return points_text(sum(self._points().values()))

    def _points(self) -> dict[str, float]:
        """Points by predictor, of those whose input is in."""
        known = ((p, self.values.get(p.field)) for p in RONG_2025.predictors)
        return RONG_2025.points({p.key: p.covariate(v) for p, v in known if v is not None})

    def _row(self, predictor: Predictor, points: float | None) -> LiveRow:
        field = predictor.field
        is_open = field not in self.values
        refused = is_open and self._entered(field)
        text = "–" if points is None else points_text(points)
        if predictor.may_be_unknown and self.provisional:
            most = predictor.axis()[-1].points
            text = _("0 or %(points)s") % {"points": points_text(most)}
        return LiveRow(
            field=field,
            anchor=anchor(self.form, field),
            name=words_of(predictor).short_name,
            value=self._value(predictor, field, is_open=is_open, refused=refused),
            points=text,
            open=is_open,
            refused=refused,
        )

    def _entered(self, field: str) -> bool:
        """Whether something was typed or chosen that cannot be read or scored."""
        if field == AGE.field and not self.form.asks_age:
            is_unread = self.form.birth_date is None and bool(self.form.data.get("birth_date"))
            return is_unread or field in self.form.errors
        return bool(str(self.form.data.get(self.form.add_prefix(field), "")).strip())

    def _value(self, predictor: Predictor, field: str, *, is_open: bool, refused: bool) -> str:
        if refused:
            return _("error")
        if field == AGE.field and self.form.birth_date is not None and is_open:
            return _("needs the operation date")
        if is_open:
            return _("unanswered")
        return brief_text(predictor, self.values[field])

    @cached_property
    def _doubts(self) -> list[DoubtfulDay]:
        return self.form.doubtful_days() if self.form.is_bound else []

    def messages(self, names: Sequence[str]) -> list[Message]:
        """Errors and cautions of fields of a row; what is merely open stays silent until sent."""
        form = self.form
        found: list[Message] = []
        for name in names:
            label = "" if name in RONG_2025.fields else form[name].label
            if reading := day_reading(form[name]):
                found.append(Message("reading", reading))
            for error in form.errors[name].as_data() if name in form.errors else []:
                if form.sent or error.code != "required":
                    control = form.add_prefix(name)
                    found += [
                        Message("error", labelled(label, text) if label else text, control)
                        for text in error.messages
                    ]
        found += [
            Message("caution", titled(doubt_title(doubt), doubt_text(doubt)))
            for doubt in self._doubts
            if doubt.field in names and doubt.field not in form.errors
        ]
        predictor = RONG_2025.by_field.get(names[0])
        if predictor is not None:
            cautions = predictor.cautions(self.values.get(names[0]))
            found += [_caution(caution, is_saved=form.is_saved) for caution in cautions]
        typed = form.cleaned_data.get(names[0]) if form.is_bound else None
        if isinstance(typed, Typed) and folded_number(typed.entered) != str(typed.value):
            shown = measured_text(RONG_2025.numeric[names[0]], float(typed.value))
            found.append(Message("reading", _("read as %(value)s") % {"value": shown}))
        return found

    @property
    def t_score_reading(self) -> str:
        """How the model reads the T-score: "|T| > 3.5: no"."""
        value = self.values.get(BMD.field)
        answer = "–" if value is None else yes_no(BMD.is_below(float(value)))
        return labelled(words_of(BMD).detail, answer)


def _caution(caution: Caution, *, is_saved: bool) -> Message:
    text = titled(caution_title(RONG_2025, caution), caution_text(caution))
    kept = _("Still calculated; printed on the report.") if is_saved else _("Still calculated.")
    return Message("caution", sentences(text, kept))

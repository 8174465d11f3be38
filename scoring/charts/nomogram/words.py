"""What the nomogram says: names of the axes, the patient's values, and the whole in one sentence.

Words are looked up when a chart is drawn, in the language of the request.
"""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from scoring.display import (
    number_text,
    per_cent,
    percent_range_text,
    percent_text,
    plain,
    points_text,
)
from scoring.nomogram.model import Nomogram, Result, Scenario
from scoring.nomogram.parts import AxisEnd
from scoring.nomogram.predictor import Measured, Predictor
from scoring.words.answers import yes_no
from scoring.words.marks import clauses
from scoring.words.predictors import words_of
from scoring.words.risk import one_decimal_percent
from scoring.words.values import answer_text, brief_text, measured_text, unit_text


@dataclass(frozen=True, slots=True)
class RowWords:
    """Texts of one predictor: name and detail beside its axis, value as each layout writes it."""

    key: str
    name: str
    detail: str
    value: str
    stacked_value: str
    printed_value: str
    points: str


def row_words(result: Result) -> tuple[RowWords, ...]:
    """The texts of the predictors, in their order."""
    return tuple(_row_words(result, predictor) for predictor in result.model.predictors)


def _row_words(result: Result, predictor: Predictor) -> RowWords:
    words, value = words_of(predictor), result.inputs[predictor.field]
    points = result.points[predictor.key]
    detail = unit_text(predictor) if isinstance(predictor, Measured) else plain(str(words.detail))
    if value is None or points is None:
        fewest, most = predictor.axis()
        ends = {"low": number_text(fewest.points), "high": points_text(most.points)}
        texts = "", yes_no(None), yes_no(None), _("%(low)s or %(high)s") % ends
    elif isinstance(predictor, Measured):
        brief = plain(brief_text(predictor, value))
        texts = brief, brief, plain(measured_text(predictor, value)), points_text(points)
    else:
        answer = bool(predictor.covariate(value))
        said = {"detail": detail, "answer": yes_no(answer)}
        whole = _("%(detail)s: %(answer)s") % said if detail else yes_no(answer)
        stacked = whole if words.answers is None else answer_text(predictor, answer)
        texts = yes_no(answer), stacked, whole, points_text(points)
    return RowWords(predictor.key, str(words.name), detail, *texts)


def keys_text() -> str:
    """How the keyboard goes through the marks."""
    return _("Arrow keys go from mark to mark.")


def value_name(row: RowWords) -> str:
    """A mark on the axis of a predictor: "Age 80 y: 19.00 points"."""
    said = {"name": row.name, "value": row.stacked_value, "points": row.points}
    return _("%(name)s %(value)s: %(points)s points") % said


def answer_name(row: RowWords, predictor: Predictor, end: AxisEnd) -> str:
    """One of the two marks of a predictor that is not known yet."""
    answer, points = answer_text(predictor, end.value == 1.0), points_text(end.points)
    said = {"name": row.name, "value": answer, "points": points}
    return _("%(name)s %(value)s: %(points)s points") % said


def total_name(result: Result, scenario: Scenario) -> str:
    """A mark on the axis of the total."""
    said = {"points": points_text(scenario.total_points), "answer": _answer(result, scenario)}
    if not said["answer"]:
        return _("Total %(points)s points") % said
    return _("%(answer)s: total %(points)s points") % said


def risk_name(result: Result, scenario: Scenario) -> str:
    """A mark on the axis of the risk, with its interval."""
    said = {
        "risk": percent_text(scenario.risk),
        "range": percent_range_text(*scenario.ci95),
        "answer": _answer(result, scenario),
    }
    if not said["answer"]:
        return _("Risk %(risk)s, approximate 95 %% CI %(range)s") % said
    return _("%(answer)s: risk %(risk)s, approximate 95 %% CI %(range)s") % said


def _answer(result: Result, scenario: Scenario) -> str:
    """Which answer to the late predictor a scenario assumes; "" of a final result."""
    late = result.model.late
    if late is None or not result.provisional:
        return ""
    return answer_text(late, bool(scenario.late_answer))


def callout_text(
    model: Nomogram, scenario: Scenario, *, with_points: bool, provisional: bool
) -> str:
    """The callout at the reading line: "77 %", or "183.89 points = 77 %" where there is room."""
    risk = percent_text(scenario.risk)
    if not with_points:
        return risk
    # "20.00 points = < 1 %" would be no sentence: a risk beyond the axis stands after a colon.
    exact = risk[0].isdigit()
    values = {"points": points_text(scenario.total_points), "risk": risk}
    if not provisional or model.late is None:
        text = _("%(points)s points = %(risk)s") if exact else _("%(points)s points: %(risk)s")
        return text % values
    values["answer"] = answer_text(model.late, bool(scenario.late_answer))
    text = _("%(answer)s %(points)s = %(risk)s") if exact else _("%(answer)s %(points)s: %(risk)s")
    return text % values


def cutoff_label(cutoff: float, *, short: bool) -> str:
    """The caption of the study's cut-off, a risk."""
    percent = {"percent": per_cent(one_decimal_percent(cutoff))}
    return (_("cut-off %(percent)s") if short else _("study cut-off %(percent)s")) % percent


def interval_text(scenario: Scenario, *, short: bool) -> str:
    """The caption of the approximate 95 % confidence interval."""
    interval = {"range": percent_range_text(*scenario.ci95)}
    text = _("95 %% CI %(range)s") if short else _("approx. 95 %% CI %(range)s")
    return text % interval


def title() -> str:
    """The name of the drawing."""
    return _("Nomogram with this patient marked on every axis")


def description(result: Result, texts: tuple[RowWords, ...]) -> str:
    """Every number of the drawing in one sentence, for people who do not see it."""
    rows = map(value_name, texts)
    readings = [
        _("Total %(points)s points, risk %(risk)s")
        % {
            "points": points_text(scenario.total_points),
            "risk": percent_text(scenario.risk),
        }
        for scenario in result.scenarios
    ]
    return _("%(rows)s. %(readings)s.") % {
        "rows": clauses(rows),
        "readings": clauses(readings),
    }

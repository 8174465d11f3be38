"""What the nomogram says: names of the axes, the patient's values, and the whole in one sentence.

Words are looked up when a chart is drawn, in the language of the request.
"""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from scoring.display import number_text, percent_range_text, percent_text, points_text, rounded
from scoring.nomogram.model import Result, Scenario
from scoring.nomogram.rong2025.model import BMD, MVH


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


def yes_no(answer: bool) -> str:
    """ "yes" or "no"."""
    return pgettext("answer", "yes") if answer else pgettext("answer", "no")


def row_words(result: Result) -> tuple[RowWords, ...]:
    """The texts of the seven predictors, in the order of Table 7."""
    inputs = result.inputs
    age = number_text(inputs.number("age_years"))
    pdw = _("%(value)s fL") % {"value": number_text(inputs.number("pdw_fl"))}
    chloride = _("%(value)s mmol/L") % {"value": number_text(inputs.number("chloride_mmol_l"))}
    low_bmd = yes_no(BMD.is_below(inputs.number("t_score")))
    threshold = _("|T| > %(threshold)s") % {"threshold": number_text(abs(BMD.below))}
    edema = yes_no(bool(inputs["posterior_fascia_edema"]))
    trauma = yes_no(bool(inputs["trauma_history"]))

    def known(key: str) -> str:
        return points_text(result.scenarios[0].points[key])

    return (
        RowWords(
            "age",
            _("Age"),
            _("years"),
            _("%(age)s y") % {"age": age},
            _("%(age)s y") % {"age": age},
            _("%(age)s years") % {"age": age},
            known("age"),
        ),
        RowWords(
            "bmd",
            _("Bone mineral density"),
            threshold,
            low_bmd,
            f"{threshold}: {low_bmd}",
            f"{threshold}: {low_bmd}",
            known("bmd"),
        ),
        RowWords(
            "trauma_history",
            _("Trauma history"),
            "",
            trauma,
            trauma,
            trauma,
            known("trauma_history"),
        ),
        RowWords(
            "posterior_fascia_edema",
            _("Posterior fascia edema"),
            _("on MRI"),
            edema,
            _("on MRI: %(answer)s") % {"answer": edema},
            _("on MRI: %(answer)s") % {"answer": edema},
            known("posterior_fascia_edema"),
        ),
        RowWords(
            "pdw",
            _("Platelet distribution width"),
            _("fL"),
            pdw,
            pdw,
            pdw,
            known("pdw"),
        ),
        RowWords(
            "chloride",
            _("Serum chloride"),
            _("mmol/L"),
            chloride,
            chloride,
            chloride,
            known("chloride"),
        ),
        _mvh_words(result),
    )


def _mvh_words(result: Result) -> RowWords:
    name, detail = _("Middle vertebral height"), _("restored at 24 h")
    restored, points = result.inputs.answer(MVH.field), result.points[MVH.key]
    if restored is None or points is None:
        unknown = _("not known yet")
        either = _("%(low)s or %(high)s") % {
            "low": number_text(MVH.answer_points.yes),
            "high": points_text(MVH.answer_points.no),
        }
        return RowWords("mvh", name, detail, "", unknown, unknown, either)
    return RowWords(
        "mvh",
        name,
        detail,
        yes_no(restored),
        restored_text(restored),
        _("restored at 24 h: %(answer)s") % {"answer": yes_no(restored)},
        points_text(points),
    )


def restored_text(restored: bool) -> str:
    """What the radiograph shows of the middle vertebral height."""
    return _("restored") if restored else _("not restored")


def plate_text(scenario: Scenario, *, with_points: bool, provisional: bool) -> str:
    """The plate at the reading line: "77 %", or "183.89 points = 77 %" where there is room."""
    risk = percent_text(scenario.risk)
    if not with_points:
        return risk
    # "20.00 points = < 1 %" would be no sentence: a risk beyond the axis stands after a colon.
    exact = risk[0].isdigit()
    values = {"points": points_text(scenario.total_points), "risk": risk}
    if not provisional:
        text = _("%(points)s points = %(risk)s") if exact else _("%(points)s points: %(risk)s")
    elif scenario.late_answer:
        text = _("restored %(points)s = %(risk)s") if exact else _("restored %(points)s: %(risk)s")
    elif exact:
        text = _("not restored %(points)s = %(risk)s")
    else:
        text = _("not restored %(points)s: %(risk)s")
    return text % values


def cutoff_text(cutoff: float, *, short: bool) -> str:
    """The caption of the study's cut-off, a risk."""
    percent = {"percent": f"{rounded(cutoff * 100, 1)} %"}
    return (_("cut-off %(percent)s") if short else _("study cut-off %(percent)s")) % percent


def interval_text(scenario: Scenario, *, short: bool) -> str:
    """The caption of the approximate 95 % confidence interval."""
    interval = {"range": percent_range_text(*scenario.ci95)}
    text = _("95 %% CI %(range)s") if short else _("approx. 95 %% CI %(range)s")
    return text % interval


def title() -> str:
    """The name of the drawing."""
    return _("Nomogram with this patient marked on every axis")


def description(result: Result) -> str:
    """Every number of the drawing in one sentence, for people who do not see it."""
    rows = [
        _("%(name)s %(value)s: %(points)s points")
        % {"name": row.name, "value": row.stacked_value, "points": row.points}
        for row in row_words(result)
    ]
    readings = [
        _("Total %(points)s points, risk %(risk)s")
        % {
            "points": points_text(scenario.total_points),
            "risk": percent_text(scenario.risk),
        }
        for scenario in result.scenarios
    ]
    return f"{'; '.join(rows)}. {'; '.join(readings)}."

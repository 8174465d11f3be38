"""What the nomogram says: names of the axes, the patient's values, and the whole in one sentence.

Words are looked up when a chart is drawn, in the language of the request.
"""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from scoring.display import number_text, percent_range_text, percent_text, points_text, rounded
from scoring.nomogram import Predictor, Result, Scenario
from scoring.nomogram.publication import BMD_T_SCORE_THRESHOLD, CUTOFF, MVH_POINTS


@dataclass(frozen=True, slots=True)
class RowWords:
    """Texts of one predictor: name and detail beside its axis, value as each layout writes it."""

    predictor: Predictor
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
    inputs, points = result.inputs, result.points
    age = number_text(inputs.age_years)
    pdw = _("%(value)s fL") % {"value": number_text(inputs.pdw_fl)}
    chloride = _("%(value)s mmol/L") % {"value": number_text(inputs.chloride_mmol_l)}
    low_bmd = yes_no(inputs.t_score < BMD_T_SCORE_THRESHOLD)
    threshold = _("|T| > %(threshold)s") % {"threshold": number_text(abs(BMD_T_SCORE_THRESHOLD))}
    edema = yes_no(inputs.posterior_fascia_edema)
    trauma = yes_no(inputs.trauma_history)
    return (
        RowWords(
            Predictor.AGE,
            _("Age"),
            _("years"),
            _("%(age)s y") % {"age": age},
            _("%(age)s y") % {"age": age},
            _("%(age)s years") % {"age": age},
            points_text(points.age),
        ),
        RowWords(
            Predictor.BMD,
            _("Bone mineral density"),
            threshold,
            low_bmd,
            f"{threshold}: {low_bmd}",
            f"{threshold}: {low_bmd}",
            points_text(points.bmd),
        ),
        RowWords(
            Predictor.TRAUMA_HISTORY,
            _("Trauma history"),
            "",
            trauma,
            trauma,
            trauma,
            points_text(points.trauma_history),
        ),
        RowWords(
            Predictor.POSTERIOR_FASCIA_EDEMA,
            _("Posterior fascia edema"),
            _("on MRI"),
            edema,
            _("on MRI: %(answer)s") % {"answer": edema},
            _("on MRI: %(answer)s") % {"answer": edema},
            points_text(points.posterior_fascia_edema),
        ),
        RowWords(
            Predictor.PDW,
            _("Platelet distribution width"),
            _("fL"),
            pdw,
            pdw,
            pdw,
            points_text(points.pdw),
        ),
        RowWords(
            Predictor.CHLORIDE,
            _("Serum chloride"),
            _("mmol/L"),
            chloride,
            chloride,
            chloride,
            points_text(points.chloride),
        ),
        _mvh_words(result),
    )


def _mvh_words(result: Result) -> RowWords:
    name, detail = _("Middle vertebral height"), _("restored at 24 h")
    restored, points = result.inputs.mvh_restored, result.points.mvh
    if restored is None or points is None:
        unknown = _("not known yet")
        either = _("%(low)s or %(high)s") % {
            "low": number_text(MVH_POINTS.yes),
            "high": points_text(MVH_POINTS.no),
        }
        return RowWords(Predictor.MVH, name, detail, "", unknown, unknown, either)
    return RowWords(
        Predictor.MVH,
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
    elif scenario.mvh_restored:
        text = _("restored %(points)s = %(risk)s") if exact else _("restored %(points)s: %(risk)s")
    elif exact:
        text = _("not restored %(points)s = %(risk)s")
    else:
        text = _("not restored %(points)s: %(risk)s")
    return text % values


def cutoff_text(*, short: bool) -> str:
    """The caption of the study's cut-off."""
    percent = {"percent": f"{rounded(CUTOFF * 100, 1)} %"}
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

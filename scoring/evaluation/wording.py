"""Why there is no number, or no analysis, in words."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from scoring import display
from scoring.evaluation.cautions import CohortCaution
from scoring.evaluation.cohort_file import CohortFileError
from scoring.evaluation.development import SCREEN_ALPHA
from scoring.nomogram.rong2025.model import RONG_2025
from scoring.statistics import Validation
from scoring.words.predictors import unit_text, with_unit


def reason_text(code: str) -> str:
    """A NotEstimableError or DataError of the statistics in words."""
    return {
        "no_events": _("no patient had the outcome"),
        "all_events": _("every patient had the outcome"),
        "too_few": _("too few patients, events or hospitals"),
        "constant_risk": _("every patient has the same risk"),
        "risk_of_0_or_1": _("a risk of exactly 0 or 1 has no odds"),
        "complete_separation": _(
            "the risks of patients with and without the outcome don't overlap"
        ),
        "separation": _("the outcome is separated completely, so that a coefficient is not finite"),
        "constant_predictor": _("a predictor is the same in every patient"),
        "collinear": _("a predictor follows from the others, or there are too few patients"),
        "no_convergence": _("the estimation did not settle"),
        "nothing_significant": _("no predictor has p < %(alpha)s")
        % {"alpha": display.number_text(SCREEN_ALPHA)},
        "no_variation": _("nothing differs between the patients"),
        "worse_than_chance": _("the order of the risks is no better than chance"),
        "nobody_positive": _("nobody is at or above the cut-off"),
        "nobody_negative": _("nobody is below the cut-off"),
        "too_few_groups": _("fewer than three groups of different risk"),
        "fewer_than_100_events": _("fewer than 100 patients had the outcome"),
        "fewer_than_100_non_events": _("fewer than 100 patients were without the outcome"),
        "slope_not_positive": _("higher predicted risks had fewer outcomes"),
        "nothing_expected": _("the model expects nobody to have the outcome"),
        "too_wide": _("the hospitals differ so much that the interval has no end"),
        "same_data": _("the model was made from these patients"),
        "bad_file": _("not an aggregate, or it contradicts itself"),
        "different_models": _("the files are about different models"),
        "same_centre": _("two files are of the same centre"),
        "same_patients": _("two files are about the same patients, who would count twice"),
        "synthetic_and_real": _("synthetic patients don't count with real ones"),
        "empty": _("there is nothing to analyse"),
    }[code]


def statistic_name(field: str) -> str:
    """A field of a Validation, or what is judged beside it, in words."""
    return {
        "auc": _("AUC"),
        "auc_ci95": _("interval of the AUC"),
        "youden": _("best cut-off (Youden)"),
        "at_cutoff": _("sensitivity and specificity at the cut-off"),
        "observed_expected": _("observed / expected"),
        "calibration_in_the_large": _("calibration in the large"),
        "calibration_intercept": _("calibration intercept"),
        "calibration_slope": _("calibration slope"),
        "scaled_brier": _("scaled Brier score"),
        "hosmer_lemeshow": _("Hosmer–Lemeshow"),
        "calibration_curve": _("smoothed calibration curve, ICI, E50 and E90"),
        "decision_curve": _("net benefit"),
        "winning_intervals": _("thresholds with net benefit"),
        "recalibration": _("recalibration"),
        "ppv": _("positive predictive value at the cut-off"),
        "npv": _("negative predictive value at the cut-off"),
    }[field]


def not_estimable_lines(judged: Validation) -> Iterator[str]:
    """What these patients do not determine, and why."""
    at_cutoff = judged.at_cutoff.not_estimable if judged.at_cutoff else {}
    for name, code in (judged.not_estimable | at_cutoff).items():
        yield _("Not estimable: %(name)s, because %(reason)s.") % {
            "name": statistic_name(name),
            "reason": reason_text(code),
        }


def _allowed_text(error: CohortFileError) -> str:
    if error.low is None or error.high is None:
        return _("1 or 0, yes or no")
    return _range_text(error.column or "", error.low, error.high)


def _range_text(column: str, lowest: float, highest: float) -> str:
    low, high = display.domain_texts(lowest, highest)
    text = _("%(low)s to %(high)s") % {"low": low, "high": high}
    return display.plain(with_unit(RONG_2025.numeric[column], text))


def cohort_error_text(error: CohortFileError) -> str:
    """Row, column, value and reason."""
    words = {"row": error.row, "column": error.column, "value": error.value}
    whole_file = {
        "too_large": _("The file is larger than %(value)s MB."),
        "not_utf8": _("The file is not UTF-8 text."),
        "not_csv": _("The file is not a CSV file."),
        "empty_file": _("The file is empty."),
        "no_rows": _("The file has a header but no patient."),
        "missing_column": _("The column %(column)s is missing."),
        "duplicate_column": _("The column %(column)s is there twice."),
        "wrong_number_of_cells": _(
            "Row %(row)s has another number of cells than the header: %(value)s."
        ),
        "duplicate_id": _('Row %(row)s, column %(column)s: "%(value)s" is there twice.'),
    }
    if error.code in whole_file:
        return whole_file[error.code] % words
    if error.column == "id":
        return _("Row %(row)s, column %(column)s: the value is missing.") % words
    words["allowed"] = _allowed_text(error)
    cell = {
        "missing": _("Row %(row)s, column %(column)s: the value is missing; allowed: %(allowed)s."),
        "not_a_number": _(
            'Row %(row)s, column %(column)s: "%(value)s" is not a number; allowed: %(allowed)s.'
        ),
        "out_of_range": _(
            'Row %(row)s, column %(column)s: "%(value)s" is outside what can be scored: '
            "%(allowed)s."
        ),
        "not_yes_or_no": _(
            'Row %(row)s, column %(column)s: "%(value)s" is not an answer; allowed: %(allowed)s.'
        ),
    }
    return cell[error.code] % words


def cohort_caution_text(caution: CohortCaution) -> str:
    """What to look at in a column, and in how many patients."""
    column = caution.column or ""
    words: dict[str, object] = {"column": column, "count": caution.count, "n": caution.n}
    if caution.low is not None and caution.high is not None:
        words["range"] = _range_text(column, caution.low, caution.high)
    if caution.value is not None:
        words["value"] = display.number_text(round(caution.value, 2))
        words["unit"] = unit_text(RONG_2025.numeric[column])
    if caution.high is not None:
        words["limit"] = display.signed_text(caution.high)
    texts = {
        "same_data": _(
            "CAUTION: the model was made from these patients. What follows is its apparent "
            "performance, no validation."
        ),
        "t_score_unsigned": _(
            "CAUTION: %(column)s is positive in %(count)s of %(n)s patients: are these absolute "
            "values? Enter them signed, as −2.8."
        ),
        "t_score_positive": _(
            "CAUTION: %(column)s is positive in %(count)s of %(n)s patients; it is read as signed."
        ),
        "t_score_above_osteoporosis": _(
            "Caution: %(column)s of %(count)s of %(n)s patients does not meet the study's "
            "criterion, T ≤ %(limit)s."
        ),
        "median_outside_central": _(
            "CAUTION: the median of %(column)s, %(value)s, lies outside the central 95 %% of the "
            "study (%(range)s): is this in %(unit)s?"
        ),
        "outside_central_95": _(
            "Caution: %(column)s of %(count)s of %(n)s patients lies outside the central 95 %% of "
            "the study (%(range)s)."
        ),
    }
    return texts[caution.code] % words

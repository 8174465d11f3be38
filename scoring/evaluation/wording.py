"""Why there is no number, or no analysis, in words."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from scoring import display
from scoring.statistics import Validation
from scoring.statistics.development.develop import SCREEN_ALPHA
from scoring.statistics.weighting import FEWEST


def reason_text(code: str) -> str:
    """A NotEstimableError or DataError of the statistics in words."""
    return {
        "no_events": _("no patient had the outcome"),
        "all_events": _("every patient had the outcome"),
        "too_few": _("too few patients, events or hospitals"),
        "too_few_missing": _("fewer than %(fewest)s outcomes are missing") % {"fewest": FEWEST},
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
        "fewer_than_10_events": _("fewer than 10 with the outcome"),
        "fewer_than_10_non_events": _("fewer than 10 without it"),
        "fewer_than_100_events": _("fewer than 100 patients had the outcome"),
        "fewer_than_100_non_events": _("fewer than 100 patients were without the outcome"),
        "slope_not_positive": _("higher predicted risks had fewer outcomes"),
        "nothing_expected": _("the model expects nobody to have the outcome"),
        "too_wide": _("the hospitals differ so much that the interval has no end"),
        "same_data": _("the model was made from these patients"),
        "bad_file": _("not an aggregate, or it contradicts itself"),
        "different_models": _("the files are about different models"),
        "same_centre": _("two files are of the same center"),
        "same_patients": _("two files are about the same patients, who would count twice"),
        "synthetic_and_real": _("synthetic patients don't count with real ones"),
        "empty": _("there is nothing to analyze"),
    }[code]


def statistic_name(field: str) -> str:
    """A field of a Validation, or what is judged beside it, in words."""
    return {
        "auc": _("AUC"),
        "auc_ci95": _("interval of the AUC"),
        "youden": _("best cut-off (Youden)"),
        "at_cutoff": _("sensitivity and specificity at the cut-off"),
        "observed_expected": _("observed / expected"),
        "calibration_in_the_large": _("calibration-in-the-large"),
        "calibration_intercept": _("calibration intercept"),
        "calibration_slope": _("calibration slope"),
        "scaled_brier": _("scaled Brier score"),
        "hosmer_lemeshow": _("Hosmer–Lemeshow"),
        "calibration_curve": _("smoothed calibration curve, ICI, E50 and E90"),
        "decision_curve": _("net benefit"),
        "net_benefit_intervals": _("thresholds with net benefit"),
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

"""A validation and a recalibration as plain dictionaries."""

from collections.abc import Iterator
from dataclasses import fields
from typing import Any

from scoring.nomogram.logistic import Line
from scoring.statistics.calibration import HosmerLemeshow
from scoring.statistics.decision_curve import DecisionCurve
from scoring.statistics.discrimination import AUC_SCALE, OperatingPoint, SimplifiedRoc
from scoring.statistics.intervals import Estimate
from scoring.statistics.recalibration import Fitness, RecalibrationFit
from scoring.statistics.validation import Validation

HOSMER_LEMESHOW_RULE = "quantiles of the risk (type 7), intervals closed above; df = groups - 2"


# The fields that hold what stands in JSON under other keys.
_FIELDS = {
    "ici": "calibration_curve",
    "e50": "calibration_curve",
    "e90": "calibration_curve",
    "calibration_plot.curve": "calibration_curve",
    "calibration_plot.smoother": "calibration_curve",
    "net_benefit": "decision_curve",
    "roc": "auc",
}


def _reasons(validation: Validation, plain: dict[str, Any]) -> dict[str, str]:
    """A code for every null, by key; for one in an object by both, with a dot."""
    found = dict(validation.not_estimable)
    for operating in ("youden", "at_cutoff"):
        shares = getattr(validation, operating)
        if shares is not None:
            found |= {f"{operating}.{name}": code for name, code in shares.not_estimable.items()}
    reasons = {}
    for key in _nulls(plain):
        field = _FIELDS.get(key, key)
        code = found.get(field) or found.get(field.removesuffix("_ci95"))
        # A null without a code was not asked for.
        if code is not None:
            reasons[key] = code
    # What is judged elsewhere has its reason here all the same.
    known = {one.name for one in fields(validation)}
    others = {name: code for name, code in validation.not_estimable.items() if name not in known}
    return reasons | others


def _nulls(plain: dict[str, Any]) -> Iterator[str]:
    for key, value in plain.items():
        if value is None:
            yield key
        elif isinstance(value, dict):
            yield from (f"{key}.{name}" for name in _nulls(value))


def _with_interval(name: str, estimate: Estimate | None) -> dict[str, Any]:
    if estimate is None:
        return {name: None, f"{name}_ci95": None}
    return {name: estimate.value, f"{name}_ci95": list(estimate.ci95)}


def operating_as_dict(operating: OperatingPoint) -> dict[str, Any]:
    """Threshold, and each proportion with its Wilson interval."""
    plain: dict[str, Any] = {"threshold": operating.threshold}
    for name in ("sensitivity", "specificity", "ppv", "npv"):
        share = getattr(operating, name)
        plain[name] = share and share.value
        plain[f"{name}_ci95"] = share and list(share.ci95)
    return plain


def _net_benefit(curve: DecisionCurve) -> list[dict[str, Any]]:
    """Treating none has net benefit 0: model − treat none is the model itself, with its band."""
    columns = (curve.threshold, curve.model, curve.treat_all, curve.over_all)
    rows: list[dict[str, Any]] = [
        {
            "threshold": threshold,
            "model": model,
            "treat_all": treat_all,
            "treat_none": 0.0,
            "model_minus_treat_all": difference,
            "model_minus_treat_none": model,
        }
        for threshold, model, treat_all, difference in zip(
            *(column.tolist() for column in columns), strict=True
        )
    ]
    for names, low, high in (
        (("model_ci95", "model_minus_treat_none_ci95"), curve.low, curve.high),
        (("model_minus_treat_all_ci95",), curve.over_all_low, curve.over_all_high),
    ):
        if low is None or high is None:
            continue
        for row, *ends in zip(rows, low.tolist(), high.tolist(), strict=True):
            row |= dict.fromkeys(names, ends)
    return rows


def _roc(outline: SimplifiedRoc) -> list[dict[str, float]]:
    columns = outline.sensitivity.tolist(), outline.false_positive_rate.tolist()
    return [
        {"sensitivity": sensitivity, "false_positive_rate": rate}
        for sensitivity, rate in zip(*columns, strict=True)
    ]


def _calibration_plot(validation: Validation) -> dict[str, Any]:
    curve = validation.calibration_curve
    return {
        "groups": [
            {
                "n": group.n,
                "mean_risk": group.mean_risk,
                "observed": group.observed.value,
                "observed_ci95": list(group.observed.ci95),
            }
            for group in validation.risk_groups
        ],
        "curve": curve
        and [
            {"risk": risk, "observed": observed, "ci95": [low, high]}
            for risk, observed, low, high in zip(
                *(c.tolist() for c in (curve.risk, curve.observed, curve.low, curve.high)),
                strict=True,
            )
        ],
        "smoother": curve
        and f"logistic regression on a restricted cubic spline, {len(curve.knots)} knots",
    }


def _hosmer_lemeshow(test: HosmerLemeshow, *, external: bool) -> dict[str, Any]:
    plain = {"chi2": test.chi2, "df": test.df, "p": test.p, "groups": test.groups}
    if external:
        plain |= {"external_df": test.external_df, "external_p": test.external_p}
    return {**plain, "rule": HOSMER_LEMESHOW_RULE}


def validation_as_dict(validation: Validation, *, external: bool = True) -> dict[str, Any]:
    """The statistics by name; ``not_estimable`` has the reason for every null, by its key.

    The key of a null within an object is that of both, as in "at_cutoff.ppv". ``external`` False:
    these are the patients the model was made from, for whom the test's other degrees of freedom
    don't hold.
    """
    test, curve = validation.hosmer_lemeshow, validation.calibration_curve
    plain = {
        "n": validation.n,
        "patients": validation.patients,
        "clustered_by_patient": validation.repeated,
        "events": validation.events,
        "auc": validation.auc,
        "auc_ci95": validation.auc_ci95 and list(validation.auc_ci95),
        "auc_ci95_scale": AUC_SCALE,
        "youden": validation.youden and operating_as_dict(validation.youden),
        "at_cutoff": validation.at_cutoff and operating_as_dict(validation.at_cutoff),
        **_with_interval("observed_expected", validation.observed_expected),
        **_with_interval("calibration_in_the_large", validation.calibration_in_the_large),
        **_with_interval("calibration_intercept", validation.calibration_intercept),
        **_with_interval("calibration_slope", validation.calibration_slope),
        "brier": validation.brier,
        "scaled_brier": validation.scaled_brier,
        "ici": curve and curve.ici,
        "e50": curve and curve.e50,
        "e90": curve and curve.e90,
        "hosmer_lemeshow": test and _hosmer_lemeshow(test, external=external),
        "net_benefit": validation.decision_curve and _net_benefit(validation.decision_curve),
        "net_benefit_intervals": None
        if validation.net_benefit_intervals is None
        else [list(interval) for interval in validation.net_benefit_intervals],
        "calibration_plot": _calibration_plot(validation),
        "roc": validation.roc and _roc(validation.roc),
    }
    return {**plain, "not_estimable": _reasons(validation, plain)}


def _fitness(fitness: Fitness) -> dict[str, float]:
    return {
        "brier": fitness.brier,
        "calibration_in_the_large": fitness.in_the_large,
        "calibration_intercept": fitness.intercept,
        "calibration_slope": fitness.slope,
    }


def recalibration_as_dict(recalibration: RecalibrationFit, original: Line | None) -> dict[str, Any]:
    """Method, intercept, slope, adjusted line (null without an original one), test, evidence."""
    line = original and recalibration.line(original)
    intercept, slope = recalibration.estimates
    corrected = recalibration.corrected
    return {
        "method": recalibration.method,
        "intercept": recalibration.intercept,
        "intercept_ci95": intercept and list(intercept.ci95),
        "slope": recalibration.slope,
        "slope_ci95": slope and list(slope.ci95),
        "p50": line and line.p50_points,
        "k": line and line.k_points_per_logit,
        "test": {
            "both_against_original": recalibration.test.both_against_original._asdict(),
            "both_against_intercept": recalibration.test.both_against_intercept._asdict(),
            "alpha": recalibration.test.alpha,
        },
        "before": _fitness(recalibration.before),
        "after": _fitness(recalibration.after),
        "after_corrected": corrected
        and {
            **_fitness(corrected.performance),
            "n": corrected.n,
            "failed": corrected.failed,
            "seed": corrected.seed,
            "methods": corrected.methods,
            "cells": corrected.cells,
        },
    }

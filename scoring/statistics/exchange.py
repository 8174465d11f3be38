"""Results as plain dictionaries for JSON: full precision, null where a reason stands beside."""

from typing import Any

from scoring.statistics.decision_curve import DecisionCurve
from scoring.statistics.development import Development
from scoring.statistics.development.axes import Nomogram
from scoring.statistics.development.univariate import MeanSd, Summary, Univariate
from scoring.statistics.discrimination import Operating
from scoring.statistics.intervals import Estimate
from scoring.statistics.recalibration import Fitness, Line, Recalibration
from scoring.statistics.validation import Validation

HOSMER_LEMESHOW_RULE = "quantiles of the risk (type 7), intervals closed above; df = groups - 2"


def _with_interval(name: str, estimate: Estimate | None) -> dict[str, Any]:
    if estimate is None:
        return {name: None, f"{name}_ci95": None}
    return {name: estimate.value, f"{name}_ci95": list(estimate.ci95)}


def operating_as_dict(operating: Operating) -> dict[str, Any]:
    """Threshold, and each proportion with its Wilson interval."""
    plain: dict[str, Any] = {"threshold": operating.threshold}
    for name in ("sensitivity", "specificity", "ppv", "npv"):
        share = getattr(operating, name)
        plain[name] = share and share.value
        plain[f"{name}_ci95"] = share and list(share.ci95)
    return plain


def _net_benefit(curve: DecisionCurve) -> list[dict[str, Any]]:
    columns = (curve.threshold, curve.model, curve.treat_all)
    rows: list[dict[str, Any]] = [
        {"threshold": threshold, "model": model, "treat_all": treat_all, "treat_none": 0.0}
        for threshold, model, treat_all in zip(
            *(column.tolist() for column in columns), strict=True
        )
    ]
    if curve.low is not None and curve.high is not None:
        for row, *ends in zip(rows, curve.low.tolist(), curve.high.tolist(), strict=True):
            row["model_ci95"] = ends
    return rows


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


def validation_as_dict(validation: Validation) -> dict[str, Any]:
    """The statistics by name; ``not_estimable`` has the reason for every null."""
    test, curve = validation.hosmer_lemeshow, validation.calibration_curve
    return {
        "n": validation.n,
        "events": validation.events,
        "conclusive": validation.conclusive,
        "auc": validation.auc,
        "auc_ci95": validation.auc_ci95 and list(validation.auc_ci95),
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
        "hosmer_lemeshow": test
        and {
            "chi2": test.chi2,
            "df": test.df,
            "p": test.p,
            "groups": test.groups,
            "external_df": test.external_df,
            "external_p": test.external_p,
            "rule": HOSMER_LEMESHOW_RULE,
        },
        "net_benefit": validation.decision_curve and _net_benefit(validation.decision_curve),
        "net_benefit_intervals": None
        if validation.winning_intervals is None
        else [list(interval) for interval in validation.winning_intervals],
        "calibration_plot": _calibration_plot(validation),
        "not_estimable": dict(validation.not_estimable),
    }


def _fitness(fitness: Fitness) -> dict[str, float]:
    return {
        "brier": fitness.brier,
        "calibration_in_the_large": fitness.in_the_large,
        "calibration_intercept": fitness.intercept,
        "calibration_slope": fitness.slope,
    }


def recalibration_as_dict(recalibration: Recalibration, original: Line | None) -> dict[str, Any]:
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
        "p50": line and line.p50,
        "k": line and line.k,
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


def _summary(summary: Summary) -> dict[str, Any]:
    if isinstance(summary, MeanSd):
        return {"n": summary.n, "mean": summary.mean, "sd": summary.sd}
    return {"n": summary.n, "yes": summary.yes}


def _univariate(row: Univariate) -> dict[str, Any]:
    test = row.test
    return {
        "test": test and test.name,
        "statistic": test and test.statistic,
        "df": test and test.df,
        "p": test and test.p,
        "all": _summary(row.everybody),
        "without_event": _summary(row.without_event),
        "with_event": _summary(row.with_event),
        "not_estimable": row.not_estimable,
    }


def nomogram_as_dict(nomogram: Nomogram) -> dict[str, Any]:
    """Each predictor's points under its name, ``points_per_logit``, ``p50``, points to risk."""
    plain: dict[str, Any] = {}
    for axis in nomogram.axes:
        if axis.variable.binary:
            plain[axis.variable.name] = {
                "no": axis.points(0.0),
                "yes": axis.points(1.0),
            }
        else:
            plain[axis.variable.name] = {
                "points_per_unit": axis.points_per_unit,
                "zero_at": axis.zero_at,
                "low": axis.low,
                "high": axis.high,
            }
    return {
        **plain,
        "points_per_logit": nomogram.points_per_logit,
        "p50": nomogram.p50_points,
        "total_to_risk": [
            {"points": points, "risk": risk} for points, risk in nomogram.total_to_risk()
        ],
        "risk_to_total": [
            {"points": points, "risk": risk} for points, risk in nomogram.risk_to_total()
        ],
    }


def development_as_dict(development: Development) -> dict[str, Any]:
    """Univariate screen, Table 4, log-likelihood, Table 6, Table 7, optimism."""
    optimism = development.optimism
    return {
        "screen_alpha": development.screen_alpha,
        "univariate": {row.variable.name: _univariate(row) for row in development.univariate},
        "coefficients": {
            row.name: {
                "beta": row.beta,
                "se": row.se,
                "or": row.odds_ratio,
                "or_ci95": list(row.odds_ratio_ci95),
                "p": row.p,
            }
            for row in development.coefficients
        },
        "log_likelihood": development.fit.log_likelihood,
        "single_predictors": {
            row.name: {
                "higher_is_risk": row.higher_is_risk,
                "auc": row.auc.value,
                "se": row.auc.se,
                "auc_ci95": list(row.auc.ci95),
                "p": row.p,
                "threshold": row.threshold,
                "sensitivity": row.sensitivity.value,
                "specificity": row.specificity.value,
            }
            for row in development.single_rocs
        },
        "single_predictors_not_estimable": dict(development.single_rocs_not_estimable),
        "nomogram": nomogram_as_dict(development.nomogram),
        "bootstrap": optimism
        and {
            "n": optimism.n,
            "failed": optimism.failed,
            "seed": optimism.seed,
            "auc_optimism": optimism.auc_optimism,
            "auc_corrected": optimism.auc_corrected,
            "brier_optimism": optimism.brier_optimism,
            "brier_corrected": optimism.brier_corrected,
            "slope": optimism.slope,
            "intercept": optimism.intercept,
        },
    }

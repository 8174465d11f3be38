"""A model made from a cohort, and its nomogram, as plain dictionaries."""

from typing import Any

from scoring.statistics.development import Development, SingleRoc
from scoring.statistics.development.axes import DerivedNomogram
from scoring.statistics.development.univariate import GroupMeanSd, Summary, Univariate
from scoring.statistics.discrimination import AUC_SCALE


def _summary(summary: Summary) -> dict[str, Any]:
    if isinstance(summary, GroupMeanSd):
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


def nomogram_as_dict(nomogram: DerivedNomogram) -> dict[str, Any]:
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
        "points_per_logit": nomogram.line.k_points_per_logit,
        "p50": nomogram.line.p50_points,
        "total_to_risk": [
            {"points": points, "risk": risk} for points, risk in nomogram.total_to_risk()
        ],
        "risk_to_total": [
            {"points": points, "risk": risk} for points, risk in nomogram.risk_to_total()
        ],
    }


def _single_roc(row: SingleRoc) -> dict[str, Any]:
    return {
        "auc": row.auc.value,
        "se": row.auc.se,
        "auc_ci95": list(row.auc.ci95),
        "auc_ci95_scale": AUC_SCALE,
        "p": row.p,
        "threshold": row.threshold,
        "sensitivity": row.sensitivity.value,
        "specificity": row.specificity.value,
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
            row.name: {"higher_is_risk": row.higher_is_risk, **_single_roc(row)}
            for row in development.single_rocs
        },
        "combined": development.combined and _single_roc(development.combined),
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

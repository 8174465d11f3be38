"""Prints the table of docs/statistics.md: every statistic beside outside software.

Run as ``python -m tests.statistics.reference.oracles``. A difference is relative, of numbers
below 0.01 to 0.01; that of a bootstrap is in standard deviations.
"""

import sys
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import numpy as np

from scoring.statistics import Predictions, calibration, discrimination
from scoring.statistics.calibration_curve import calibration_curve
from scoring.statistics.decision_curve import decision_curve
from scoring.statistics.development.univariate import (
    GroupMeanSd,
    Variable,
    rank_sum,
    student_t,
    summary,
)
from scoring.statistics.drift import cusum
from scoring.statistics.logistic import fit
from scoring.statistics.pooling import random_effects
from scoring.statistics.recalibration import recalibrate
from tests.statistics.reference.values import (
    SETS,
    cohort_columns,
    logit_interval,
    predictions_of,
    r_reference,
    reference,
)
from tests.statistics.test_clusters import repeated
from tests.statistics.test_sample_size import normal, of_the_study

Pairs = Iterator[tuple[Any, Any]]


class Oracle(NamedTuple):
    """A row; ``pairs`` yields numbers of ours and theirs."""

    statistic: str
    software: str
    test: str
    pairs: Callable[[], Pairs]

    def largest_difference(self) -> float:
        """Over all pairs."""
        return max(
            float(
                np.max(
                    np.abs(np.asarray(ours, float) - np.asarray(theirs, float))
                    / np.maximum(np.abs(np.asarray(theirs, float)), 0.01)
                )
            )
            for ours, theirs in self.pairs()
        )


def _each() -> Iterator[tuple[Predictions, Any]]:
    return ((predictions_of(name), r_reference()["sets"][name]) for name in SETS)


def _auc() -> Pairs:
    for these, known in _each():
        found = discrimination.auc_estimate(these)
        yield (found.value, found.se**2), (known["auc"], known["auc_variance"])
        yield found.ci95, logit_interval(known["auc"], known["auc_variance"])


def _youden() -> Pairs:
    for these, known in _each():
        found, (best,) = discrimination.youden(these), known["youden"]
        yield found.sensitivity.value, best["sensitivity"]
        yield found.specificity.value, best["specificity"]


def _calibration() -> Pairs:
    for these, known in _each():
        both = calibration.recalibration_fit(these)
        large = calibration.calibration_in_the_large(these)
        for found, name in (
            (large, "in_the_large"),
            (both.estimate(0), "intercept"),
            (both.estimate(1), "slope"),
        ):
            yield found[:2], (known[name]["value"], known[name]["se"])


def _brier() -> Pairs:
    for these, known in _each():
        yield calibration.brier(these), known["val_prob"]["brier"]


def _hosmer_lemeshow() -> Pairs:
    for these, known in _each():
        found = calibration.hosmer_lemeshow(these)
        expected = known["hosmer"]
        yield (
            (found.chi2, found.p, found.external_p),
            [expected[name] for name in ("chi2", "p", "external_p")],
        )


def _spline() -> Pairs:
    for these, known in _each():
        found = calibration_curve(these)
        yield (found.ici, found.e50, found.e90), [known["spline"][k] for k in ("ici", "e50", "e90")]


def _net_benefit() -> Pairs:
    for name in SETS:
        known = reference("benefit")[name]
        curve = decision_curve(predictions_of(name), known["threshold"], resamples=0, seed=1)
        yield curve.model, known["model"]
        yield curve.over_all, np.array(known["model"]) - np.array(known["all"])


def _net_benefit_bands() -> Pairs:
    thresholds = reference("clusters")["thresholds"]
    for name in ("ties", "odd"):
        for of, these in (("rows", predictions_of(name)), ("patients", repeated(name))):
            known = reference("clusters")["sets"][name][f"benefit_of_{of}"]
            curve = decision_curve(these, thresholds, resamples=20_000, seed=1)
            sd = np.maximum(known["sd"], 1e-6)
            yield curve.over_all_low / sd, np.array(known["over_all_low"]) / sd
            yield curve.over_all_high / sd, np.array(known["over_all_high"]) / sd


def _clusters(name: str) -> Iterator[tuple[Predictions, Any]]:
    return ((repeated(one), reference("clusters")["sets"][one][name]) for one in SETS)


def _clustered_auc() -> Pairs:
    for these, known in _clusters("auc"):
        yield discrimination.auc_estimate(these).se ** 2, known["variance"]


def _clustered_calibration() -> Pairs:
    for these, known in _clusters("slope_se"):
        yield calibration.recalibration_fit(these).estimate(1).se, known
    for these, known in _clusters("in_the_large_se"):
        yield calibration.calibration_in_the_large(these).se, known
    for these, known in _clusters("log_observed_expected_se"):
        yield calibration.observed_expected(these).se, known


def _closed_test() -> Pairs:
    for these, known in ((predictions_of("smooth"), r_reference()["sets"]["smooth"]),):
        test = recalibrate(these, resamples=0).test
        for name in ("both_against_original", "both_against_intercept"):
            yield getattr(test, name).chi2, known["closed_test"][name]


def _regression() -> Pairs:
    columns, event = cohort_columns()
    found, known = fit(np.column_stack(list(columns.values())), event), r_reference()["regression"]
    yield found.coefficients, known["beta"]
    yield found.standard_errors, known["se"]


def _univariate() -> Pairs:
    columns, event = cohort_columns()
    for name, values in columns.items():
        known = r_reference()["predictors"][name]
        yield rank_sum(values, event).p, known["rank_sum_p"]
        groups = [summary(Variable(name, False), values[rows]) for rows in (~event, event)]
        without, with_event = (group for group in groups if isinstance(group, GroupMeanSd))
        found = student_t(without, with_event)
        yield (found.statistic, found.p), (known["t"], known["t_p"])


def _pooling() -> Pairs:
    for known in r_reference()["random_effects"].values():
        found = random_effects(known["y"], known["v"])
        yield (
            (found.value, found.tau2, found.q, found.i2),
            [known[name] for name in ("value", "tau2", "q", "i2")],
        )
    for known in reference("pooling").values():
        yield random_effects(known["y"], known["v"]).tau2, known["tau2"]


def _prediction() -> Pairs:
    for name in ("bcg", "three"):
        known = reference("pooling")[name]
        yield random_effects(known["y"], known["v"]).prediction, known["prediction"]


def _sample_size() -> Pairs:
    for sizes in reference("sample_size").values():
        for kind, ours in (("normal", normal()), ("study", of_the_study())):
            yield [ours[name] for name in sizes[kind]], list(sizes[kind].values())


def _cusum() -> Pairs:
    for known in reference("drift")["paths"]:
        found = cusum(
            predictions_of("smooth"), odds_ratio=known["odds_ratio"], limit=known["limit"]
        )
        yield found.value, known["surveillance"]


R, PROC = "R 4.2.2 `glm`", "pROC 1.18.0"
ORACLES = (
    Oracle("AUC, DeLong's variance, interval by the logit", PROC, "test_discrimination.py", _auc),
    Oracle("sensitivity, specificity by Youden", PROC, "test_discrimination.py", _youden),
    Oracle("calibration-in-the-large, intercept, slope", R, "test_calibration.py", _calibration),
    Oracle("Brier score", "rms 6.5-0 `val.prob`", "test_calibration.py", _brier),
    Oracle("Hosmer–Lemeshow", "R 4.2.2", "test_calibration.py", _hosmer_lemeshow),
    Oracle("ICI, E50, E90", "rms 6.5-0 `lrm`", "test_calibration_curve.py", _spline),
    Oracle("net benefit, − treat all", "dcurves 1.1.7", "test_decision_curve.py", _net_benefit),
    Oracle("its interval, in SDs", "boot 1.3-28.1", "test_clusters.py", _net_benefit_bands),
    Oracle("AUC, patients repeat", "R 4.2.2, the formula", "test_clusters.py", _clustered_auc),
    Oracle(
        "O/E, in the large, slope, patients repeat",
        "sandwich 3.0-2",
        "test_clusters.py",
        _clustered_calibration,
    ),
    Oracle("closed test", R, "test_recalibration.py", _closed_test),
    Oracle("logistic regression", R, "test_logistic.py", _regression),
    Oracle("t-test, rank sum", "R 4.2.2", "development/test_univariate.py", _univariate),
    Oracle("random effects", "metafor 3.8-1", "pooling/test_random_effects.py", _pooling),
    Oracle("prediction interval", "metafor 3.8-1", "pooling/test_random_effects.py", _prediction),
    Oracle("sample size", "pmvalsampsize 0.2.1, 0.1.0", "test_sample_size.py", _sample_size),
    Oracle("CUSUM", "surveillance 1.20.3", "drift/test_cusum.py", _cusum),
)


def table() -> str:
    """Markdown."""
    rows = [
        f"| {one.statistic} | {one.software} | {one.largest_difference():.0e} | {one.test} |"
        for one in ORACLES
    ]
    return "\n".join(
        ["| statistic | outside software | largest difference | test |", "|---|---|---|---|", *rows]
    )


if __name__ == "__main__":
    sys.stdout.write(table() + "\n")

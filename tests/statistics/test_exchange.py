import json
from typing import Any

import numpy as np
import pytest

from scoring.nomogram.logistic import Line
from scoring.statistics import (
    Predictions,
    development_as_dict,
    recalibrate,
    recalibration_as_dict,
    validate,
    validation_as_dict,
)
from scoring.statistics.development import Variable, develop
from tests.statistics.reference.values import BINARY, NAMES, cohort_columns, predictions_of


def through_json(plain: dict[str, Any]) -> Any:
    return json.loads(json.dumps(plain, allow_nan=False))


VALIDATION_KEYS = [
    "n",
    "events",
    "auc",
    "auc_ci95",
    "youden",
    "observed_expected",
    "observed_expected_ci95",
    "calibration_in_the_large",
    "calibration_in_the_large_ci95",
    "calibration_intercept",
    "calibration_intercept_ci95",
    "calibration_slope",
    "calibration_slope_ci95",
    "brier",
    "scaled_brier",
    "ici",
    "e50",
    "e90",
    "hosmer_lemeshow",
    "net_benefit",
]


def test_a_validation_at_full_precision() -> None:
    found = validate(predictions_of("smooth"), cutoff=0.184)
    plain = through_json(validation_as_dict(found))
    assert set(VALIDATION_KEYS) <= set(plain)
    assert plain["auc"] == found.auc
    assert found.youden is not None
    assert plain["youden"]["threshold"] == found.youden.threshold
    assert plain["youden"]["sensitivity"] == found.youden.sensitivity.value
    assert plain["youden"]["specificity"] == found.youden.specificity.value
    assert found.hosmer_lemeshow is not None
    assert {key: plain["hosmer_lemeshow"][key] for key in ("chi2", "df", "p", "groups")} == {
        "chi2": found.hosmer_lemeshow.chi2,
        "df": 8,
        "p": found.hosmer_lemeshow.p,
        "groups": 10,
    }
    # 99 whole per cent, and the cut-off.
    assert len(plain["net_benefit"]) == 100
    at_cutoff = plain["net_benefit"][18]
    assert at_cutoff["threshold"] == 0.184
    assert at_cutoff["model_minus_treat_all"] == at_cutoff["model"] - at_cutoff["treat_all"]
    assert at_cutoff["model_minus_treat_none_ci95"] == at_cutoff["model_ci95"]
    low, high = at_cutoff["model_minus_treat_all_ci95"]
    assert low < at_cutoff["model_minus_treat_all"] < high
    assert (plain["patients"], plain["clustered_by_patient"]) == (569, False)
    assert len(plain["calibration_plot"]["groups"]) == 10
    assert len(plain["calibration_plot"]["curve"]) == 101
    assert plain["not_estimable"] == {}


def test_what_is_not_estimable_is_null_with_a_reason() -> None:
    plain = through_json(validation_as_dict(validate(Predictions([0.2, 0.4], [0, 0]))))
    for key in VALIDATION_KEYS:
        if key in {"n", "events", "brier"}:
            continue
        assert plain[key] is None
    assert set(plain["not_estimable"].values()) == {"no_events"}
    assert plain["calibration_plot"]["curve"] is None


@pytest.mark.parametrize(
    ("risk", "event"),
    [
        ([0.2, 0.4], [0, 0]),
        ([0.2, 0.4], [1, 1]),
        ([0.2] * 12, [0, 1] * 6),
        ([0.05, 0.1, 0.15, 0.12] * 5, [0, 1, 1, 0] * 5),
        ([0.25, 0.3, 0.35, 0.32] * 5, [0, 1, 1, 0] * 5),
        ([0.0, 0.4, 1.0, 0.5], [0, 1, 1, 0]),
    ],
)
def test_every_null_has_its_reason_under_its_own_key(risk: list[float], event: list[int]) -> None:
    plain = through_json(validation_as_dict(validate(Predictions(risk, event), cutoff=0.2)))
    reasons = plain.pop("not_estimable")
    nulls = set()
    for key, value in plain.items():
        if value is None:
            nulls.add(key)
        if isinstance(value, dict):
            nulls |= {f"{key}.{name}" for name, part in value.items() if part is None}
    assert nulls
    assert set(reasons) == nulls


def test_nobody_on_one_side_of_a_cut_off_is_a_reason() -> None:
    low = Predictions([0.05, 0.1, 0.15, 0.12] * 5, [0, 1, 1, 0] * 5)
    reasons = validation_as_dict(validate(low, cutoff=0.2))["not_estimable"]
    assert reasons["at_cutoff.ppv"] == reasons["at_cutoff.ppv_ci95"] == "nobody_positive"
    reasons = validation_as_dict(validate(low, cutoff=0.01))["not_estimable"]
    assert reasons["at_cutoff.npv"] == "nobody_negative"
    assert "at_cutoff" not in validation_as_dict(validate(low))["not_estimable"]


@pytest.mark.parametrize("resamples", [0, 8])
def test_a_recalibration(resamples: int) -> None:
    rng = np.random.default_rng(1)
    risk = rng.uniform(0.05, 0.6, 1500)
    found = recalibrate(Predictions(risk, rng.random(1500) < 0.6 * risk), resamples=resamples)
    plain = through_json(recalibration_as_dict(found, Line(154.6, 24.488)))
    assert {"method", "intercept", "slope", "p50", "k", "test"} <= set(plain)
    assert (plain["p50"], plain["k"]) == found.line(Line(154.6, 24.488))
    assert plain["test"]["both_against_original"]["p"] < 0.05
    assert (plain["after_corrected"] is None) == (resamples == 0)
    assert recalibration_as_dict(found, None)["p50"] is None


def test_a_development() -> None:
    columns, event = cohort_columns()
    variables = [Variable(name, name in BINARY) for name in NAMES]
    found = develop(variables, list(columns.values()), event, resamples=6)
    plain = through_json(development_as_dict(found))
    assert set(plain["coefficients"]) == {"intercept", *NAMES}
    assert set(plain["coefficients"]["age"]) == {"beta", "se", "or", "or_ci95", "p"}
    assert plain["coefficients"]["age"]["beta"] == found.coefficients[1].beta
    assert plain["log_likelihood"] == found.fit.log_likelihood
    assert set(plain["univariate"]) == set(NAMES)
    assert plain["univariate"]["mvh"]["test"] == "chi_square"
    assert plain["univariate"]["age"]["with_event"]["n"] == 117
    assert {*NAMES, "points_per_logit"} <= set(plain["nomogram"])
    assert plain["nomogram"]["mvh"]["yes"] == 0.0
    assert plain["nomogram"]["trauma_history"]["no"] == 0.0
    assert plain["nomogram"]["age"]["zero_at"] == 100.0
    assert {"n", "auc_optimism", "auc_corrected", "slope"} <= set(plain["bootstrap"])
    without = develop(variables, list(columns.values()), event, resamples=0)
    assert development_as_dict(without)["bootstrap"] is None

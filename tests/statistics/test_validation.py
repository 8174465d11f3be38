import dataclasses
import time

import numpy as np
import pytest

from scoring.statistics import (
    NotEstimableError,
    Predictions,
    Validation,
    calibration,
    decision_curve,
    discrimination,
    validate,
    validation,
)
from scoring.statistics.calibration_curve import CalibrationCurve, calibration_curve
from tests.statistics.reference.values import SETS, predictions_of


@pytest.mark.parametrize("name", SETS)
def test_everything_is_what_its_own_function_says(name: str) -> None:
    these = predictions_of(name)
    found = validate(these, cutoff=0.184, seed=3)
    assert found.not_estimable == {}
    assert found.auc == discrimination.auc(these)
    assert found.auc_ci95 == discrimination.auc_estimate(these).ci95
    assert found.youden == discrimination.youden(these)
    assert found.at_cutoff == discrimination.at_threshold(these, 0.184)
    assert found.observed_expected == calibration.observed_expected(these)
    assert found.calibration_in_the_large == calibration.calibration_in_the_large(these)
    both = calibration.recalibration_fit(these)
    assert found.calibration_intercept == both.estimate(0)
    assert found.calibration_slope == both.estimate(1)
    assert found.brier == calibration.brier(these)
    assert found.scaled_brier == calibration.scaled_brier(these)
    assert found.hosmer_lemeshow == calibration.hosmer_lemeshow(these)
    assert found.risk_groups == calibration.risk_groups(these)
    assert found.net_benefit_intervals == decision_curve.net_benefit_intervals(these)
    curve = calibration_curve(these)
    assert found.calibration_curve is not None
    assert (found.calibration_curve.ici, found.calibration_curve.e90) == (curve.ici, curve.e90)
    assert found.decision_curve is not None
    assert found.decision_curve.seed == 3


ALL_BUT_BRIER = {
    "auc",
    "auc_ci95",
    "youden",
    "at_cutoff",
    "observed_expected",
    "calibration_in_the_large",
    "calibration_intercept",
    "calibration_slope",
    "scaled_brier",
    "hosmer_lemeshow",
    "calibration_curve",
    "decision_curve",
    "net_benefit_intervals",
}


@pytest.mark.parametrize(
    ("event", "code"),
    [([0] * 30, "no_events"), ([1] * 30, "all_events")],
)
def test_one_outcome_only(event: list[int], code: str) -> None:
    found = validate(Predictions(np.linspace(0.1, 0.9, 30), event), cutoff=0.2)
    assert found.not_estimable == dict.fromkeys(ALL_BUT_BRIER, code)
    for name in ALL_BUT_BRIER:
        assert getattr(found, name) is None


@pytest.mark.parametrize("wait", [0.0, 0.05])
def test_reasons_stand_in_the_order_of_the_fields(
    wait: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However long the curve takes, which is worked out beside the rest."""

    def slow(these: Predictions) -> CalibrationCurve:
        time.sleep(wait)
        return calibration_curve(these)

    monkeypatch.setattr(validation, "calibration_curve", slow)
    found = validate(Predictions([0.2, 0.3, 0.4], [0, 0, 0]), cutoff=0.2)
    order = [one.name for one in dataclasses.fields(Validation)]
    assert list(found.not_estimable) == [name for name in order if name in ALL_BUT_BRIER]


@pytest.mark.parametrize("event", [0, 1])
def test_one_patient(event: int) -> None:
    found = validate(Predictions([0.4], [event]), cutoff=0.2)
    assert set(found.not_estimable) == ALL_BUT_BRIER
    assert found.brier == pytest.approx((0.4 - event) ** 2)


def test_a_constant_risk() -> None:
    found = validate(Predictions([0.2] * 400, np.arange(400) < 130), cutoff=0.18)
    assert found.not_estimable == {
        "auc": "constant_risk",
        "auc_ci95": "constant_risk",
        "youden": "constant_risk",
        "calibration_intercept": "constant_risk",
        "calibration_slope": "constant_risk",
        "calibration_curve": "constant_risk",
        "hosmer_lemeshow": "too_few_groups",
    }
    assert found.observed_expected is not None
    assert found.observed_expected.value == pytest.approx(130 / 80)


def test_separated_outcomes() -> None:
    risk = np.linspace(0.01, 0.99, 40)
    found = validate(Predictions(risk, risk > 0.5))
    assert (found.auc, found.auc_ci95) == (1.0, None)
    assert found.not_estimable == {
        "auc_ci95": "complete_separation",
        "calibration_intercept": "separation",
        "calibration_slope": "separation",
        "calibration_curve": "separation",
    }


def test_missing_values_never_come_this_far() -> None:
    with pytest.raises(ValueError, match="missing"):
        Predictions([0.1, float("nan")], [0, 1])


def test_other_errors_are_not_taken_for_reasons(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_predictions: Predictions) -> float:
        raise ZeroDivisionError

    monkeypatch.setattr(calibration, "calibration_in_the_large", broken)
    with pytest.raises(ZeroDivisionError):
        validate(predictions_of("ties"))
    assert not issubclass(ZeroDivisionError, NotEstimableError)


def test_a_million_outcomes() -> None:
    rng = np.random.default_rng(1)
    logit = rng.normal(-1.6, 1.1, 1_000_000)
    event = rng.random(1_000_000) < 1 / (1 + np.exp(-(0.2 + 0.9 * logit)))
    these = Predictions(1 / (1 + np.exp(-logit)), event)
    started = time.process_time()
    found = validate(these, cutoff=0.184)
    # Processor time, about 2 s on one core: a busy machine must not fail the test.
    assert time.process_time() - started < 12.0
    assert found.calibration_slope is not None
    assert found.calibration_slope.value == pytest.approx(0.9, abs=0.01)
    assert found.calibration_intercept is not None
    assert found.calibration_intercept.value == pytest.approx(0.2, abs=0.01)

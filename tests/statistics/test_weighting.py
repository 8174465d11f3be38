"""Weights for missing outcomes and what they give, beside R's survey package."""

import csv
import json
from functools import cache
from typing import Any

import numpy as np
import pytest

from scoring.statistics import NotEstimableError, Predictions, validate, weighting
from scoring.statistics.predictions import BoolArray, FloatArray
from tests.statistics.reference.values import EXACT, FOLDER, ITERATED

NAMES = ("observed_expected", "auc", "calibration_in_the_large", "calibration_slope")


@cache
def _r() -> Any:
    """What R found; see make_missing.R."""
    return json.loads((FOLDER / "missing_reference.json").read_text(encoding="utf-8"))


@cache
def _patients() -> tuple[FloatArray, BoolArray, Predictions]:
    """Predictors and whether the outcome is known, of all; risk and outcome where it is known."""
    with (FOLDER / "data" / "missing.csv").open(encoding="utf-8") as file:
        rows = np.array([[float(cell) for cell in row.values()] for row in csv.DictReader(file)])
    known = rows[:, 4] == 1.0
    return rows[:, :2], known, Predictions(rows[known, 2], rows[known, 3])


def _weights() -> FloatArray:
    x, known, _predictions = _patients()
    return weighting.stabilised_weights(x, known, x[known])


def test_weights_as_in_r() -> None:
    weight = _weights()
    assert weight == pytest.approx(np.array(_r()["weights"]), rel=ITERATED)
    found = weighting.summary_of(weight)
    assert found.effective_n == pytest.approx(_r()["effective_n"], rel=ITERATED)
    assert (found.low, found.high) == (weight.min(), weight.max())
    # Three of 218 at each end are truncated to one value.
    assert np.count_nonzero(weight == found.high) == np.count_nonzero(weight == found.low) == 3


@pytest.mark.parametrize("name", NAMES)
def test_values_and_robust_errors_as_in_r(name: str) -> None:
    _x, _known, predictions = _patients()
    found = weighting.weighted_performance(predictions, np.array(_r()["weights"]))
    ours, theirs = getattr(found, name), _r()[name]
    assert ours.value == pytest.approx(theirs["value"], rel=ITERATED)
    assert ours.se == pytest.approx(theirs["se"], rel=ITERATED)
    assert found.not_estimable == {}


@pytest.mark.parametrize("name", NAMES)
def test_robust_errors_where_patients_repeat_as_in_r(name: str) -> None:
    _x, _known, rows = _patients()
    theirs = _r()["repeated"]
    repeated = Predictions(rows.risk, rows.event, 7 * np.arange(rows.n) % theirs["patients"])
    found = weighting.weighted_performance(repeated, np.array(_r()["weights"]))
    assert repeated.patients == theirs["patients"]
    assert getattr(found, name).value == pytest.approx(theirs[name]["value"], rel=ITERATED)
    assert getattr(found, name).se == pytest.approx(theirs[name]["se"], rel=ITERATED)
    assert theirs[name]["se"] != pytest.approx(_r()[name]["se"], rel=1e-4)


@pytest.mark.parametrize("of", [_r(), _r()["repeated"]], ids=["rows", "patients"])
def test_the_error_of_the_auc_is_near_that_of_the_jackknife(of: Any) -> None:
    assert of["auc"]["se"] == pytest.approx(of["auc_jackknife_se"], rel=0.01)


@pytest.mark.parametrize(
    ("name", "half"),
    [
        ("observed_expected", np.log),
        ("auc", lambda p: np.log(p / (1 - p))),
        ("calibration_slope", lambda b: b),
    ],
)
def test_intervals_are_symmetric_on_their_scale(name: str, half: Any) -> None:
    _x, _known, predictions = _patients()
    estimate = getattr(weighting.weighted_performance(predictions, _weights()), name)
    low, middle, high = half(estimate.ci95.low), half(estimate.value), half(estimate.ci95.high)
    assert middle - low == pytest.approx(high - middle)
    se = estimate.se / (estimate.value * (1 - estimate.value)) if name == "auc" else estimate.se
    assert high - middle == pytest.approx(1.959964 * se, rel=1e-6)


def test_equal_weights_give_the_unweighted_values() -> None:
    _x, _known, predictions = _patients()
    found = weighting.weighted_performance(predictions, np.full(predictions.n, 3.0))
    plain = validate(predictions, resamples=0)
    assert found.auc is not None
    assert found.auc.value == pytest.approx(plain.auc, rel=EXACT)
    assert found.auc.se == pytest.approx(_r()["delong_se"], rel=EXACT)
    for name in set(NAMES) - {"auc"}:
        assert getattr(found, name).value == pytest.approx(getattr(plain, name).value, rel=1e-9)


def test_weights_of_whole_numbers_are_that_many_patients() -> None:
    _x, _known, predictions = _patients()
    times = np.arange(predictions.n) % 3 + 1
    many = Predictions(np.repeat(predictions.risk, times), np.repeat(predictions.event, times))
    found = weighting.weighted_performance(predictions, times.astype(float))
    plain = validate(many, resamples=0)
    for name in NAMES:
        theirs = plain.auc if name == "auc" else getattr(plain, name).value
        assert getattr(found, name).value == pytest.approx(theirs, rel=1e-9), name


def test_weighting_recovers_what_missing_outcomes_hid() -> None:
    """Pain is commoner than predicted where the answer is no, and there it is asked for less."""
    rng = np.random.default_rng(3)
    n = 20_000
    answer, number = rng.random(n) < 0.5, rng.normal(size=n)
    risk = 1 / (1 + np.exp(1.5 - number))
    event = rng.random(n) < np.where(answer, risk, np.minimum(1.6 * risk, 1.0))
    known = rng.random(n) < np.where(answer, 0.9, 0.4)
    x = np.column_stack([answer, number])
    everybody = event.sum() / risk.sum()
    complete = event[known].sum() / risk[known].sum()
    weight = weighting.stabilised_weights(x, known, x[known])
    weighted = weighting.observed_expected(Predictions(risk[known], event[known]), weight)
    assert abs(complete - everybody) > 0.05
    assert abs(weighted.value - everybody) < 0.02
    assert weight.mean() == pytest.approx(1.0, abs=0.01)


@pytest.mark.parametrize(
    ("missing", "code"), [(0, "too_few_missing"), (19, "too_few_missing"), (81, "too_few")]
)
def test_too_few_to_model(missing: int, code: str) -> None:
    known = np.arange(100) >= missing
    x = np.random.default_rng(1).normal(size=(100, 2))
    with pytest.raises(NotEstimableError, match=f"^{code}$"):
        weighting.stabilised_weights(x, known, x[known])


def test_who_is_known_may_not_follow_from_a_predictor() -> None:
    known = np.arange(100) >= 50
    x = np.arange(100.0)[:, None]
    with pytest.raises(NotEstimableError, match=r"^separation$"):
        weighting.stabilised_weights(x, known, x[known])


@pytest.mark.parametrize(
    ("risk", "event", "codes"),
    [
        ([0.2, 0.3, 0.4], [0, 0, 0], ["no_events"] * 4),
        ([0.2, 0.3, 0.4], [1, 1, 1], ["all_events"] * 4),
        ([0.2] * 4, [1, 0, 1, 0], ["constant_risk"] * 2),
        ([0.2, 0.3, 0.4], [0, 1, 0], ["too_few"]),
        ([0.1, 0.2, 0.3, 0.4], [0, 0, 1, 1], ["complete_separation", "no_convergence"]),
        ([0.0, 0.2, 0.3, 0.4, 0.5], [0, 1, 0, 1, 0], ["risk_of_0_or_1"] * 2),
    ],
)
def test_degenerate_patients_give_a_reason(
    risk: list[float], event: list[int], codes: list[str]
) -> None:
    found = weighting.weighted_performance(Predictions(risk, event), np.ones(len(risk)))
    assert list(found.not_estimable.values()) == codes
    missing = [name for name in NAMES if getattr(found, name) is None]
    assert sorted(found.not_estimable) == sorted(missing)

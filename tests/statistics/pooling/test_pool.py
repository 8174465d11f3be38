import dataclasses
import math

import numpy as np
import pytest

from scoring.statistics import DataError
from scoring.statistics.calibration import brier, observed_expected, scaled_brier
from scoring.statistics.decision_curve import net_benefit
from scoring.statistics.discrimination import auc
from scoring.statistics.pooling import SYNTHETIC, ValueSe, pool, random_effects
from tests.statistics.pooling.hospitals import HOSPITALS, MODEL, TOGETHER, aggregates


def test_sums_are_those_of_all_patients_in_one_file_but_for_rounding() -> None:
    found = pool(aggregates())
    assert (found.n, found.events) == (TOGETHER.n, TOGETHER.events)
    # 0.5 of expected events and of squared errors for each hospital at most.
    most = 0.5 * len(HOSPITALS)
    expected = found.events / found.observed_expected.value
    assert abs(expected - TOGETHER.risk.sum()) <= most
    assert abs(found.brier - brier(TOGETHER)) <= most / TOGETHER.n
    rate = found.events / found.n
    assert abs(found.scaled_brier - scaled_brier(TOGETHER)) <= most / TOGETHER.n / rate / (1 - rate)
    # In fact far less, and nothing beside the standard error.
    truth = observed_expected(TOGETHER)
    assert found.observed_expected.value == pytest.approx(truth.value, rel=1e-3)
    assert found.observed_expected.se == pytest.approx(truth.se, rel=1e-12)
    assert found.brier == pytest.approx(brier(TOGETHER), abs=5e-4)


def test_net_benefit_is_exactly_that_of_all_patients_in_one_file() -> None:
    found = pool(aggregates())
    assert len(found.net_benefit) >= 5
    thresholds = [row.threshold for row in found.net_benefit]
    model, treat_all = net_benefit(TOGETHER, thresholds)
    assert [row.model for row in found.net_benefit] == pytest.approx(model, rel=1e-12)
    assert [row.treat_all for row in found.net_benefit] == pytest.approx(treat_all, abs=1e-14)


def test_groups_are_those_of_all_patients_in_one_file() -> None:
    for group in pool(aggregates()).groups:
        inside = (TOGETHER.risk >= group.low) & (TOGETHER.risk < group.high)
        assert group.observed.successes == np.sum(inside & TOGETHER.event)
        assert group.observed.n == np.sum(inside)
        # Each hospital rounds each cell by half its width: together half the group's.
        most = len(HOSPITALS) * (group.high - group.low) / 2 / group.observed.n
        assert abs(group.mean_risk - TOGETHER.risk[inside].mean()) <= most


def test_the_auc_of_all_patients_lies_within_its_bounds() -> None:
    low, high = pool(aggregates()).auc_bounds
    assert low <= auc(TOGETHER) <= high
    assert high - low < 0.25


def test_the_bounds_of_one_hospital_hold_its_auc() -> None:
    one = aggregates()[2]
    low, high = pool([one]).auc_bounds
    assert low <= auc(HOSPITALS["Suzhou"]) <= high
    assert high - low < 0.15


def test_each_statistic_is_pooled_on_its_scale() -> None:
    all_of_them = aggregates()
    found = pool(all_of_them)
    assert found.not_estimable == {}
    auc_logits = [
        (math.log(a.value / (1 - a.value)), (a.se / a.value / (1 - a.value)) ** 2)
        for a in (one.estimates["auc"] for one in all_of_them)
    ]
    expected = random_effects(*zip(*auc_logits, strict=True))
    pooled = found.estimates["auc"]
    assert pooled.scale == "logit"
    assert pooled.effects == expected
    assert pooled.value == pytest.approx(1 / (1 + math.exp(-expected.value)))
    assert pooled.ci95.low < pooled.value < pooled.ci95.high < 1.0
    assert pooled.prediction is not None
    assert pooled.prediction.low < pooled.ci95.low
    ratio = found.estimates["observed_expected"]
    assert ratio.scale == "log"
    assert ratio.value == pytest.approx(math.exp(ratio.effects.value))
    for name in ("calibration_in_the_large", "calibration_slope"):
        assert found.estimates[name].scale == "identity"
        assert found.estimates[name].value == found.estimates[name].effects.value


def test_rows_of_a_forest_plot() -> None:
    all_of_them = aggregates()
    rows = pool(all_of_them).estimates["calibration_slope"].centres
    assert [row.centre for row in rows] == list(HOSPITALS)
    assert sum(row.weight for row in rows) == pytest.approx(1.0)
    slope = all_of_them[0].estimates["slope"]
    assert rows[0].value == slope.value
    assert rows[0].ci95 == pytest.approx(
        (slope.value - 1.9599639845 * slope.se, slope.value + 1.9599639845 * slope.se)
    )


def test_a_centre_without_an_estimate_is_left_out_and_named() -> None:
    first, *others = aggregates()
    estimates = {name: value for name, value in first.estimates.items() if name != "auc"}
    poorer = dataclasses.replace(
        first, estimates=estimates, not_estimable={"auc": "complete_separation"}
    )
    pooled = pool([poorer, *others]).estimates["auc"]
    assert [row.centre for row in pooled.centres] == ["Nanjing", "Suzhou"]
    assert pooled.left_out == {"Wuxi": "complete_separation"}


def test_one_hospital_alone_has_sums_but_nothing_pooled() -> None:
    found = pool(aggregates()[:1])
    assert found.n == HOSPITALS["Wuxi"].n
    assert found.estimates == {}
    assert set(found.not_estimable.values()) == {"too_few"}


def test_what_does_not_belong_together() -> None:
    first, second, _third = aggregates()
    with pytest.raises(DataError, match="empty"):
        pool([])
    with pytest.raises(DataError, match="same_centre"):
        pool([first, dataclasses.replace(second, centre="Wuxi")])
    with pytest.raises(DataError, match="same_centre"):
        pool([first, dataclasses.replace(second, centre=" wuxI")])
    with pytest.raises(DataError, match="same_patients"):
        pool([first, second, dataclasses.replace(first, centre="Suzhou")])
    with pytest.raises(DataError, match="synthetic_and_real"):
        pool([first, dataclasses.replace(second, centre=f"Nanjing {SYNTHETIC}")])
    with pytest.raises(DataError, match="different_models"):
        pool([first, dataclasses.replace(second, model=f"{MODEL}, recalibrated")])


def test_synthetic_hospitals_are_pooled_with_each_other() -> None:
    made_up = [dataclasses.replace(one, centre=f"{one.centre} {SYNTHETIC}") for one in aggregates()]
    assert pool(made_up).estimates["auc"] == pool(made_up).estimates["auc"]
    assert pool(made_up).brier == pool(aggregates()).brier


def test_an_interval_without_an_end_is_no_number() -> None:
    first, second, third = aggregates()
    # Nobody is expected to have pain, and many have.
    absurd = dataclasses.replace(second, risk_sum=1e-300)
    assert pool([first, absurd]).not_estimable == {"observed_expected": "too_wide"}
    assert pool([first, third]).not_estimable == {}


def test_an_auc_next_to_0_has_an_interval() -> None:
    first, second, _third = aggregates()
    estimates = second.estimates | {"auc": ValueSe(1e-7, 1e-4)}
    found = pool([first, dataclasses.replace(second, estimates=estimates)]).estimates["auc"]
    assert 0.0 <= found.ci95.low < found.value < found.ci95.high <= 1.0

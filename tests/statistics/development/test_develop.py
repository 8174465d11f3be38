from typing import Any

import numpy as np
import pytest
from scipy.stats import norm

from scoring.nomogram.rong2025 import publication as paper
from scoring.nomogram.rong2025.synthetic import synthetic_cohort
from scoring.statistics import DataError, NotEstimableError
from scoring.statistics.development import Development, Variable, develop
from scoring.statistics.discrimination import auc
from tests.statistics.reference.values import (
    BINARY,
    ITERATED,
    NAMES,
    cohort_columns,
    logit_interval,
    r_reference,
)

VARIABLES = tuple(Variable(name, name in BINARY) for name in NAMES)


def developed(**options: Any) -> Development:
    columns, event = cohort_columns()
    return develop(VARIABLES, list(columns.values()), event, **{"resamples": 0, **options})


@pytest.mark.parametrize("seed", range(12))
def test_a_synthetic_cohort_gives_back_the_published_picture(seed: int) -> None:
    made = synthetic_cohort(paper.STUDY_N, seed)
    columns = list(made.cohort.covariates().values())
    found = develop(VARIABLES, columns, made.event, resamples=0)
    for row in found.coefficients[1:]:
        published = paper.TABLE_4[row.name]
        assert published.odds_ratio_low <= row.odds_ratio <= published.odds_ratio_high
        assert row.p < 0.06
    assert auc(found.predictions) == pytest.approx(0.78, abs=0.015)
    tests = {row.variable.name: row.test for row in found.univariate}
    for name, statistic in {"age": 3.273, "pdw": -2.326, "chloride": 2.910}.items():
        test = tests[name]
        assert test is not None
        assert test.name == "student_t"
        assert test.statistic == pytest.approx(statistic, abs=0.15)
    for name, statistic in {"bmd": 13.53, "trauma_history": 10.35, "mvh": 43.841}.items():
        test = tests[name]
        assert test is not None
        assert test.name == "chi_square"
        assert test.statistic == pytest.approx(statistic, abs=0.01)


def test_table_4() -> None:
    expected = r_reference()["regression"]
    rows = developed().coefficients
    assert [row.name for row in rows] == ["intercept", *NAMES]
    for row, beta, se in zip(rows, expected["beta"], expected["se"], strict=True):
        assert (row.beta, row.se) == pytest.approx((beta, se), rel=ITERATED)
        assert row.odds_ratio == pytest.approx(np.exp(beta), rel=1e-6)
        assert row.odds_ratio_ci95 == pytest.approx(
            np.exp([beta - 1.9599639845 * se, beta + 1.9599639845 * se]), rel=1e-6
        )


def test_table_6() -> None:
    for row in developed().single_rocs:
        expected = r_reference()["predictors"][row.name]
        # pROC chose the direction by the medians; ours is the one above 0.5.
        auc, (low, high) = max(expected["auc"], 1 - expected["auc"]), expected["auc_ci95"]
        variance = ((high - low) / 2 / norm.ppf(0.975)) ** 2
        assert row.auc.value == pytest.approx(auc, rel=1e-12)
        assert row.auc.ci95 == pytest.approx(logit_interval(auc, variance), rel=1e-9)
        assert row.sensitivity.value + row.specificity.value > 1.0


def test_table_6_of_the_yes_no_predictors_is_the_published_one() -> None:
    """The counts of the cohort are the published ones; Table 6 prints 1 - specificity."""
    rows = {row.name: row for row in developed().single_rocs}
    for name, sensitivity, one_less_specificity in (
        ("bmd", 70.9, 52.0),
        ("trauma_history", 85.5, 70.8),
        ("posterior_fascia_edema", 23.1, 5.5),
        ("mvh", 43.6, 15.5),
    ):
        row = rows[name]
        assert 100 * row.sensitivity.value == pytest.approx(sensitivity, abs=0.06)
        assert 100 * (1 - row.specificity.value) == pytest.approx(one_less_specificity, abs=0.06)
        published = paper.TABLE_6[name].auc
        assert row.auc.value == pytest.approx(published, abs=0.0006)
        assert row.higher_is_risk == (name in {"trauma_history", "posterior_fascia_edema"})


def test_a_screen_leaves_out_what_is_not_significant() -> None:
    columns, event = cohort_columns()
    noise = np.random.default_rng(3).normal(size=len(event))
    found = develop(
        (*VARIABLES, Variable("noise", False)),
        [*columns.values(), noise],
        event,
        screen_alpha=0.05,
        resamples=0,
    )
    assert [variable.name for variable in found.variables] == list(NAMES)
    assert len(found.univariate) == 8
    assert found.fit.coefficients.tolist() == developed().fit.coefficients.tolist()


def test_the_bootstrap_is_left_out_or_the_same_on_any_cores() -> None:
    assert developed().optimism is None
    one, two = (developed(resamples=16, workers=workers).optimism for workers in (1, 2))
    assert one == two


@pytest.mark.parametrize(
    ("columns", "event", "code"),
    [
        ([[1.0, None, 3.0]], [0, 1, 0], "missing"),
        ([[1.0, 2.0]], [0, 1, 0], "different_lengths"),
        ([[1.0, 2.0, 3.0]], [0, 1, 5], "not_0_or_1"),
    ],
)
def test_data_that_are_none(columns: list[list[float]], event: list[int], code: str) -> None:
    with pytest.raises(DataError, match=code):
        develop((Variable("x", False),), columns, event, resamples=0)


@pytest.mark.parametrize(
    ("column", "event", "code"),
    [
        ([1.0, 2.0, 3.0], [0, 0, 0], "no_events"),
        ([1.0, 2.0, 3.0], [1, 1, 1], "all_events"),
        ([1.0], [1], "all_events"),
        ([1.0, 1.0, 1.0], [0, 1, 0], "constant_predictor"),
        ([1.0, 2.0, 3.0], [0, 0, 1], "separation"),
    ],
)
def test_cohorts_that_give_no_model(column: list[float], event: list[int], code: str) -> None:
    with pytest.raises(NotEstimableError) as caught:
        develop((Variable("x", False),), [column], event, resamples=0)
    assert caught.value.code == code


def test_a_screen_that_nothing_passes() -> None:
    with pytest.raises(NotEstimableError, match="nothing_significant"):
        develop(
            (Variable("x", False),),
            [[1.0, 2.0, 3.0, 4.0]],
            [0, 1, 1, 0],
            screen_alpha=0.05,
            resamples=0,
        )


def test_a_predictor_that_cannot_stand_alone_says_why() -> None:
    columns, event = cohort_columns()
    single = np.zeros(len(event))
    single[int(np.argmax(event))] = 1.0
    single[int(np.argmin(event))] = 1.0
    found = develop(
        (*VARIABLES[:2], Variable("pair", True)),
        [columns["age"], columns["bmd"], single],
        event,
        resamples=0,
    )
    assert found.single_rocs_not_estimable == {}
    assert [row.name for row in found.single_rocs] == ["age", "bmd", "pair"]

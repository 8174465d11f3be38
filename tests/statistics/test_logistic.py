import numpy as np
import pytest
import statsmodels.api as sm
from numpy.typing import NDArray

from scoring.nomogram.logistic import risk_of_logit
from scoring.statistics import NotEstimableError
from scoring.statistics.logistic import fit, fit_counts, log_likelihood
from tests.statistics.reference.values import ITERATED, NAMES, cohort_columns, r_reference


def matrix() -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    columns, event = cohort_columns()
    return np.column_stack([columns[name] for name in NAMES]), event


def test_the_regression_of_r() -> None:
    expected = r_reference()["regression"]
    assert expected["names"] == ["(Intercept)", *NAMES]
    found = fit(*matrix())
    np.testing.assert_allclose(found.coefficients, expected["beta"], rtol=ITERATED)
    np.testing.assert_allclose(found.standard_errors, expected["se"], rtol=ITERATED)
    np.testing.assert_allclose(found.covariance, expected["covariance"], rtol=1e-6)
    np.testing.assert_allclose([found.p_value(i) for i in range(8)], expected["p"], rtol=1e-5)
    assert found.log_likelihood == pytest.approx(expected["log_likelihood"], rel=1e-12)


def test_the_regression_of_statsmodels_with_an_offset() -> None:
    x, event = matrix()
    offset = 0.03 * x[:, 0] - 2.0
    theirs = sm.GLM(
        event.astype(float), sm.add_constant(x[:, 1:]), sm.families.Binomial(), offset=offset
    ).fit(tol=1e-14)
    found = fit(x[:, 1:], event, offset=offset)
    np.testing.assert_allclose(found.coefficients, theirs.params, rtol=ITERATED)
    np.testing.assert_allclose(found.standard_errors, theirs.bse, rtol=ITERATED)
    assert found.log_likelihood == pytest.approx(theirs.llf, rel=1e-12)
    value, (low, high) = found.odds_ratio(1)
    assert (value, low, high) == pytest.approx(
        np.exp([theirs.params[1], *theirs.conf_int()[1]]), rel=1e-6
    )


def test_many_rows_start_from_a_sample_and_end_at_the_maximum() -> None:
    rng = np.random.default_rng(5)
    x = rng.normal(size=(60_000, 2))
    event = rng.random(60_000) < risk_of_logit(-2 + x @ np.array([0.8, -0.5]))
    found = fit(x, event)
    design = np.column_stack([np.ones(60_000), x])
    score = design.T @ (event - risk_of_logit(design @ found.coefficients))
    assert np.max(np.abs(score)) < 1e-6


def test_a_sample_without_events_is_no_harm() -> None:
    x = np.linspace(0.0, 1.0, 60_000)[:, None]
    event = np.zeros(60_000, dtype=bool)
    event[[1, 40_001, 59_999]] = True  # the sample takes every third row, from the first on
    assert not event[::3][:20_000].any()
    assert fit(x, event).coefficients[0] < -9.0


def test_a_column_far_from_zero_is_no_harm() -> None:
    x, event = matrix()
    near, far = fit(x[:, :1], event), fit(x[:, :1] + 1e6, event)
    assert far.coefficients[1] == pytest.approx(near.coefficients[1], rel=1e-8)


def test_a_far_offset_is_no_harm() -> None:
    event = np.arange(50) < 10
    found = fit(np.empty((50, 0)), event, offset=np.linspace(12.0, 20.0, 50))
    logit = found.coefficients[0] + np.linspace(12.0, 20.0, 50)
    assert risk_of_logit(logit).sum() == pytest.approx(10.0, abs=1e-9)


@pytest.mark.parametrize(
    ("x", "event", "code"),
    [
        ([1, 2, 3], [0, 0, 0], "no_events"),
        ([1, 2, 3], [1, 1, 1], "all_events"),
        ([2, 2, 2], [0, 1, 0], "constant_predictor"),
        ([1, 2, 3, 4], [0, 0, 1, 1], "separation"),
        # Quasi-complete: only the point 2 has both outcomes.
        ([1, 2, 2, 3], [0, 0, 1, 1], "separation"),
        # A rare answer that all events share.
        ([0, 0, 0, 0, 1, 1], [0, 1, 0, 1, 1, 1], "separation"),
    ],
)
def test_no_maximum_is_said_and_why(x: list[float], event: list[int], code: str) -> None:
    with pytest.raises(NotEstimableError) as caught:
        fit(np.array(x, dtype=float)[:, None], np.array(event, dtype=bool))
    assert caught.value.code == code


def test_which_predictor_is_constant() -> None:
    x = np.column_stack([np.arange(6.0), np.full(6, 0.3)])
    with pytest.raises(NotEstimableError) as caught:
        fit(x, np.array([0, 1, 0, 1, 0, 1], dtype=bool))
    assert (caught.value.code, caught.value.column) == ("constant_predictor", 1)


@pytest.mark.parametrize("rows", [3, 40])
def test_collinear_predictors_or_too_few_patients(rows: int) -> None:
    rng = np.random.default_rng(1)
    x = rng.normal(size=(rows, 2))
    x = np.column_stack([x, x[:, 0] - 2 * x[:, 1]])
    with pytest.raises(NotEstimableError, match="collinear"):
        fit(x, np.arange(rows) % 2 == 0)


def test_risks_of_extreme_logits_without_overflow() -> None:
    logits = np.array([-800.0, -40.0, 0.0, 40.0, 800.0])
    risks = risk_of_logit(logits)
    assert risks.tolist() == [0.0, pytest.approx(np.exp(-40)), 0.5, 1.0, 1.0]
    assert log_likelihood(logits, np.array([0.0, 0.0, 1.0, 1.0, 1.0])) == pytest.approx(-np.log(2))


# ---- Rows that stand for many -------------------------------------------------------------------


def test_counted_rows_are_the_patients_they_stand_for() -> None:
    rng = np.random.default_rng(3)
    x, offset = rng.normal(size=(40, 2)), rng.normal(size=40)
    counts = rng.integers(0, 6, 40)
    events = rng.binomial(counts, 0.4)
    rows = np.repeat(np.arange(40), counts)
    event = np.concatenate(
        [np.arange(n) < k for n, k in zip(counts.tolist(), events.tolist(), strict=True)]
    )
    one = fit(x[rows], event, offset[rows])
    many = fit_counts(x, events.astype(float), counts.astype(float), offset)
    np.testing.assert_allclose(many.coefficients, one.coefficients, rtol=1e-8, atol=1e-10)
    np.testing.assert_allclose(many.covariance, one.covariance, rtol=1e-6)
    assert many.log_likelihood == pytest.approx(one.log_likelihood, rel=1e-12)


@pytest.mark.parametrize(
    ("events", "code"), [([0.0, 0.0], "no_events"), ([3.0, 4.0], "all_events")]
)
def test_counted_rows_need_both_outcomes(events: list[float], code: str) -> None:
    x, counts = np.array([[0.0], [1.0]]), np.array([3.0, 4.0])
    with pytest.raises(NotEstimableError) as caught:
        fit_counts(x, np.array(events), counts)
    assert caught.value.code == code


def test_counted_rows_that_are_separated() -> None:
    x, counts = np.array([[0.0], [1.0]]), np.array([3.0, 4.0])
    with pytest.raises(NotEstimableError) as caught:
        fit_counts(x, np.array([0.0, 4.0]), counts)
    assert caught.value.code == "no_convergence"


@pytest.mark.parametrize("column", [0, 1, 2])
@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_the_column_that_separates_alone_is_named(column: int, sign: float) -> None:
    rng = np.random.default_rng(3)
    x = rng.normal(size=(60, 3))
    event = rng.random(60) < 0.4
    # "Yes" in patients with the outcome alone, though not in all of them.
    x[:, column] = sign * (event & (rng.random(60) < 0.5))
    with pytest.raises(NotEstimableError, match="separation") as caught:
        fit(x, event)
    assert caught.value.column == column


def test_columns_that_separate_only_together_have_no_name() -> None:
    rng = np.random.default_rng(4)
    x = rng.normal(size=(60, 2))
    with pytest.raises(NotEstimableError, match="separation") as caught:
        fit(x, x[:, 0] + x[:, 1] > 0.0)
    assert caught.value.column is None


@pytest.mark.parametrize("column", [1, 2, 3])
def test_the_first_column_that_follows_from_those_before_it_is_named(column: int) -> None:
    rng = np.random.default_rng(5)
    x = rng.normal(size=(60, 4))
    x[:, column] = 2.0 * x[:, 0] - 3.0
    with pytest.raises(NotEstimableError, match="collinear") as caught:
        fit(x, rng.random(60) < 0.4)
    assert caught.value.column == column

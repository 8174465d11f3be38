from typing import Any

import numpy as np
import pytest
from scipy import stats

from scoring.nomogram.rong2025 import publication as paper
from scoring.statistics import NotEstimableError
from scoring.statistics.development import (
    GroupMeanSd,
    GroupTest,
    Share,
    Variable,
    chi_square,
    rank_sum,
    student_t,
    univariate,
)
from scoring.statistics.development.univariate import looks_normal, summary
from tests.statistics.reference.values import BINARY, NAMES, cohort_columns, r_reference

FREE, PAIN = paper.PAIN_FREE, paper.PAIN
# Tables 1 to 3: mean and SD of both groups, T and p as printed.
PRINTED_T = [
    (FREE.age_years, PAIN.age_years, "3.273", "0.001"),
    ((159.59, 6.86), (161.54, 7.95), "-2.645", "0.008"),
    ((58.76, 10.04), (61.33, 9.60), "-2.488", "0.013"),
    (FREE.pdw_fl, PAIN.pdw_fl, "-2.326", "0.020"),
    (FREE.chloride_mmol_l, PAIN.chloride_mmol_l, "2.910", "0.004"),
    ((203.06, 53.57), (214.60, 54.24), "-2.072", "0.039"),
    ((5.07, 1.49), (4.64, 0.83), "2.955", "0.003"),
    ((36.02, 24.95), (30.52, 24.42), "2.136", "0.033"),
]
# Tables 1 and 3: how many "yes" in both groups, chi-square as printed.
PRINTED_CHI2 = [
    (86, 36, 7.609),
    (FREE.abs_t_above_3_5, PAIN.abs_t_above_3_5, 13.53),
    (FREE.trauma_history, PAIN.trauma_history, 10.35),
    (FREE.posterior_fascia_edema, PAIN.posterior_fascia_edema, 34.45),
    (114, 40, 3.786),
    (38, 6, 1.400),
    (7, 1, 0.323),
    (29, 9, 0.243),
    (25, 7, 0.036),
    (16, 8, 2.502),
    (327, 74, 3.697),
    (309, 68, 4.362),
    (343, 68, 14.625),
    (FREE.mvh_restored, PAIN.mvh_restored, 43.841),
    (446, 116, 0.171),
]


@pytest.mark.parametrize(("free", "pain", "t", "p"), PRINTED_T)
def test_the_t_values_of_the_paper_from_its_own_means(
    free: tuple[float, float], pain: tuple[float, float], t: str, p: str
) -> None:
    """As far as means printed with two decimals allow: a difference is known to 0.01."""
    found = student_t(GroupMeanSd(FREE.n, *free), GroupMeanSd(PAIN.n, *pain))
    standard_error = (free[0] - pain[0]) / found.statistic
    assert found.statistic == pytest.approx(float(t), abs=0.003 + 0.01 / standard_error)
    assert found.p == pytest.approx(float(p), abs=0.002)
    assert found.df == 567


@pytest.mark.parametrize(("free", "pain", "chi2"), PRINTED_CHI2)
def test_the_chi_squares_of_the_paper_from_its_own_counts(
    free: int, pain: int, chi2: float
) -> None:
    """Without continuity correction: to the digits printed, the last one cut or rounded."""
    found = chi_square(Share(FREE.n, free), Share(PAIN.n, pain))
    assert found.statistic == pytest.approx(chi2, abs=0.01)


@pytest.mark.parametrize("name", NAMES)
def test_the_tests_of_r(name: str) -> None:
    expected = r_reference()["predictors"][name]
    columns, event = cohort_columns()
    values = columns[name]
    if name in BINARY:
        found = chi_square(
            Share(int(np.sum(~event)), int(np.sum(values[~event]))),
            Share(int(np.sum(event)), int(np.sum(values[event]))),
        )
        assert found.statistic == pytest.approx(expected["chi2"], rel=1e-12)
        assert found.p == pytest.approx(expected["chi2_p"], rel=1e-10)
    else:
        continuous = Variable(name, False)
        groups = [summary(continuous, values[group]) for group in (~event, event)]
        without, with_event = (group for group in groups if isinstance(group, GroupMeanSd))
        found = student_t(without, with_event)
        assert found.statistic == pytest.approx(expected["t"], rel=1e-10)
        assert found.p == pytest.approx(expected["t_p"], rel=1e-9)
    ranks = rank_sum(values, event)
    assert ranks.p == pytest.approx(expected["rank_sum_p"], rel=1e-10)
    assert (ranks.statistic > 0) == (expected["t"] > 0)


def test_skewness_and_kurtosis_decide_as_in_spss() -> None:
    """The same decision from scipy's estimates and the standard errors SPSS prints."""
    rng = np.random.default_rng(6)
    decisions = []
    for n in (10, 30, 49, 50, 200, 300, 301, 2000):
        for draw in (rng.normal, rng.gumbel, rng.exponential, rng.uniform, rng.standard_cauchy):
            values = draw(size=n)
            skewness = stats.skew(values, bias=False)
            excess = stats.kurtosis(values, bias=False)
            if n > 300:
                normal = abs(skewness) <= 2 and abs(excess + 3) <= 7
            else:
                se = np.sqrt(6 * n * (n - 1) / ((n - 2) * (n + 1) * (n + 3)))
                se_excess = np.sqrt(4 * (n * n - 1) * se * se / ((n - 3) * (n + 5)))
                limit = 1.96 if n < 50 else 3.29
                normal = abs(skewness) <= limit * se and abs(excess) <= limit * se_excess
            assert looks_normal(values) == normal
            decisions.append(normal)
    assert 8 < sum(decisions) < 32


@pytest.mark.parametrize("values", [[1.0, 2.0], [5.0] * 100])
def test_too_few_or_all_the_same_do_not_look_normal(values: list[float]) -> None:
    assert not looks_normal(np.array(values))


def test_which_test_is_chosen() -> None:
    rng = np.random.default_rng(1)
    event = np.arange(400) < 120
    normal, skewed = rng.normal(70, 9, 400), rng.exponential(16, 400) ** 2
    answer = (rng.random(400) < 0.3).astype(float)

    def chosen(values: Any, binary: bool = False) -> str:
        row = univariate(Variable("x", binary), values, event)
        assert isinstance(row.test, GroupTest)
        return row.test.name

    assert chosen(normal) == "student_t"
    assert chosen(skewed) == "rank_sum"
    assert chosen(answer, binary=True) == "chi_square"


def test_a_row_of_the_table() -> None:
    values, event = np.array([1.0, 0, 1, 1, 0]), np.array([1, 1, 0, 0, 0], dtype=bool)
    row = univariate(Variable("mvh", True), values, event)
    assert (row.everybody, row.without_event, row.with_event) == (
        Share(5, 3),
        Share(3, 2),
        Share(2, 1),
    )
    row = univariate(Variable("age", False), values, event)
    assert row.with_event == GroupMeanSd(2, 0.5, float(np.std([1.0, 0.0], ddof=1)))


@pytest.mark.parametrize(
    ("values", "event", "binary", "reason"),
    [
        ([1.0, 1, 1, 1], [0, 0, 1, 1], True, "no_variation"),
        ([0.0, 0, 0, 0], [0, 0, 1, 1], True, "no_variation"),
        ([3.0, 3, 3, 3], [0, 0, 1, 1], False, "no_variation"),
    ],
)
def test_a_row_without_a_test_says_why(
    values: list[float], event: list[int], binary: bool, reason: str
) -> None:
    row = univariate(Variable("x", binary), np.array(values), np.array(event, dtype=bool))
    assert (row.test, row.not_estimable) == (None, reason)


@pytest.mark.parametrize(("outcome", "code"), [(0, "no_events"), (1, "all_events")])
def test_one_group_alone_is_refused(outcome: int, code: str) -> None:
    with pytest.raises(NotEstimableError, match=code):
        univariate(Variable("x", False), np.arange(4.0), np.full(4, outcome, dtype=bool))


def test_a_t_test_without_variance_or_patients() -> None:
    with pytest.raises(NotEstimableError, match="no_variation"):
        student_t(GroupMeanSd(5, 1.0, 0.0), GroupMeanSd(4, 2.0, 0.0))
    with pytest.raises(NotEstimableError, match="too_few"):
        student_t(GroupMeanSd(5, 1.0, 0.5), GroupMeanSd(1, 2.0, 0.0))

"""Standardised differences."""

import numpy as np
import pytest
from statsmodels.stats.contingency_tables import Table2x2

from scoring.statistics.comparison import (
    Spread,
    difference_interval,
    mean_spread,
    odds_ratio,
    ratio_of_sds,
    sd_ratio_interval,
    share_spread,
    standardised_difference,
)
from scoring.statistics.predictions import BoolArray


def test_means_by_hand() -> None:
    one, other = mean_spread(np.array([1.0, 2.0, 3.0])), mean_spread(np.array([4.0, 8.0]))
    assert one == Spread(3, 2.0, 1.0)
    assert other is not None
    assert other.sd == pytest.approx(np.sqrt(8.0))
    # (6 - 2) / sqrt((8 + 1) / 2)
    assert standardised_difference(other, one) == pytest.approx(4 / np.sqrt(4.5))


def test_shares_as_austin_has_them() -> None:
    """Austin 2009: (p1 - p2) / sqrt((p1 (1 - p1) + p2 (1 - p2)) / 2)."""
    one = share_spread(np.repeat([True, False], [3, 7]))
    other = share_spread(np.repeat([True, False], [5, 5]))
    expected = (0.3 - 0.5) / np.sqrt((0.21 + 0.25) / 2)
    assert standardised_difference(one, other) == pytest.approx(expected)


def test_what_is_not_determined_is_none() -> None:
    nobody, alone = mean_spread(np.array([])), mean_spread(np.array([5.0]))
    everybody = share_spread(np.array([True, True]))
    assert nobody is None
    assert share_spread(np.array([], dtype=bool)) is None
    assert alone == Spread(1, 5.0, None)
    assert standardised_difference(nobody, everybody) is None
    assert standardised_difference(alone, everybody) is None
    # Nothing varies: there is no unit to measure by.
    assert standardised_difference(everybody, everybody) is None


def test_a_ratio_of_sds() -> None:
    assert ratio_of_sds(Spread(9, 1.0, 1.0), Spread(9, 5.0, 4.0)) == 0.25
    assert ratio_of_sds(Spread(9, 1.0, 0.0), Spread(9, 5.0, 4.0)) == 0.0
    assert ratio_of_sds(Spread(1, 1.0, None), Spread(9, 5.0, 4.0)) is None
    assert ratio_of_sds(Spread(9, 1.0, 1.0), Spread(9, 5.0, 0.0)) is None


def test_intervals_by_hand() -> None:
    one, other = Spread(50, 3.0, 1.0), Spread(200, 1.0, 3.0)
    difference = 2 / np.sqrt(5)
    half = 1.959964 * np.sqrt(1 / 50 + 1 / 200 + difference**2 / 500)
    assert difference_interval(one, other) == pytest.approx(
        (difference - half, difference + half), rel=1e-6
    )
    factor = np.exp(1.959964 * np.sqrt(1 / 98 + 1 / 398))
    assert sd_ratio_interval(one, other) == pytest.approx((1 / 3 / factor, factor / 3), rel=1e-6)
    assert sd_ratio_interval(Spread(9, 1.0, 0.0), other) == (0.0, 0.0)
    alone = Spread(1, 3.0, None)
    assert (difference_interval(alone, other), sd_ratio_interval(alone, other)) == (None, None)


def patients(table: list[list[int]]) -> tuple[BoolArray, BoolArray]:
    """Answers and outcomes of a table: rows yes and no, columns with and without the outcome."""
    (a, b), (c, d) = table
    answers = np.repeat([True, True, False, False], [a, b, c, d])
    return answers, np.repeat([True, False, True, False], [a, b, c, d])


@pytest.mark.parametrize(
    "table",
    [[[66, 382], [51, 70]], [[27, 25], [90, 427]], [[34, 217], [83, 235]], [[3, 1], [2, 9]]],
)
def test_odds_ratios_as_statsmodels_has_them(table: list[list[int]]) -> None:
    found = odds_ratio(*patients(table))
    assert found is not None
    expected = Table2x2(np.array(table))
    assert found.value == pytest.approx(expected.oddsratio, rel=1e-12)
    assert found.ci95 == pytest.approx(expected.oddsratio_confint(0.05), rel=1e-9)


def test_an_odds_ratio_with_an_empty_cell() -> None:
    found = odds_ratio(*patients([[0, 10], [5, 20]]))
    assert found is not None
    expected = Table2x2(np.array([[0, 10], [5, 20]]) + 0.5)
    assert found.value == pytest.approx(expected.oddsratio, rel=1e-12)
    assert found.ci95 == pytest.approx(expected.oddsratio_confint(0.05), rel=1e-9)


@pytest.mark.parametrize("table", [[[0, 0], [5, 20]], [[5, 20], [0, 0]], [[0, 9], [0, 20]]])
def test_nothing_to_compare_has_no_odds_ratio(table: list[list[int]]) -> None:
    assert odds_ratio(*patients(table)) is None

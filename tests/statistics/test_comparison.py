"""Standardised differences."""

import numpy as np
import pytest

from scoring.statistics.comparison import (
    Spread,
    mean_spread,
    share_spread,
    standardised_difference,
)


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

"""The risk-adjusted CUSUM: its path, its signals, and where it starts again."""

import math
from typing import Any

import numpy as np
import pytest

from scoring.statistics import Predictions
from scoring.statistics.drift import cusum
from scoring.statistics.drift.cusum import weights
from tests.statistics.drift.reference import drift_reference
from tests.statistics.reference.values import EXACT, predictions_of


@pytest.mark.parametrize("known", drift_reference()["paths"])
def test_the_path_is_that_of_r(known: dict[str, Any]) -> None:
    """A loop of equation (2) in base R, and surveillance's categoricalCUSUM."""
    found = cusum(predictions_of("smooth"), odds_ratio=known["odds_ratio"], limit=known["limit"])
    assert found.value == pytest.approx(known["value"], abs=EXACT)
    assert found.value == pytest.approx(known["surveillance"], abs=EXACT)
    alarms = known["alarms"] if isinstance(known["alarms"], list) else [known["alarms"]]
    assert [signal.last + 1 for signal in found.signals] == alarms


def test_a_weight_is_the_ratio_of_the_likelihoods() -> None:
    with_event, without = weights(np.array([0.2]), 2.0)
    # Odds of 0.25 become 0.5: a risk of 1/3.
    assert with_event[0] == pytest.approx(math.log((1 / 3) / 0.2))
    assert without[0] == pytest.approx(math.log((2 / 3) / 0.8))


def test_a_signal_counts_from_the_last_zero_and_the_chart_starts_again() -> None:
    risk = [0.5] * 9
    # Each event adds ln(4/3), each other takes ln(3/2): the limit is reached by the third in a row.
    event = [0, 1, 1, 1, 1, 0, 1, 1, 1]
    found = cusum(Predictions(risk, event), odds_ratio=2.0, limit=0.8)
    step = math.log(4 / 3)
    assert found.value == pytest.approx(
        [0, step, 2 * step, 3 * step, step, 0, step, 2 * step, 3 * step]
    )
    first, second = found.signals
    assert (first.first, first.last, first.n, first.events, first.expected) == (1, 3, 3, 3, 1.5)
    assert (second.first, second.last) == (6, 8)


@pytest.mark.parametrize(("odds_ratio", "event"), [(2.0, 1), (0.5, 0)])
def test_each_chart_looks_one_way(odds_ratio: float, event: int) -> None:
    same = Predictions([0.3] * 60, [event] * 60)
    other = Predictions([0.3] * 60, [1 - event] * 60)
    assert cusum(same, odds_ratio=odds_ratio, limit=4.0).signals
    silent = cusum(other, odds_ratio=odds_ratio, limit=4.0)
    assert not silent.signals
    assert not silent.value.any()

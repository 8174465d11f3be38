"""Observed / expected with its interval, the limits of a funnel, and figures by group."""

from typing import Any

import numpy as np
import pytest

from scoring.statistics import NotEstimableError
from scoring.statistics.drift import (
    FUNNEL_TAILS,
    LEAST_EXPECTED,
    funnel_limits,
    grouped_figures,
    observed_expected_ratio,
)
from tests.statistics.drift.reference import drift_reference

REFERENCE = drift_reference()


@pytest.mark.parametrize(
    "known", [one for one in REFERENCE["ratios"] if one["expected"] >= LEAST_EXPECTED]
)
def test_the_interval_is_that_of_poisson_test(known: dict[str, Any]) -> None:
    found = observed_expected_ratio(known["events"], known["expected"])
    assert found.value == known["events"] / known["expected"]
    assert found.ci95 == pytest.approx((known["low"], known["high"]), rel=1e-9)


def test_less_than_one_expected_event_gives_no_ratio() -> None:
    assert observed_expected_ratio(0, LEAST_EXPECTED).value == 0.0
    with pytest.raises(NotEstimableError, match="too_few"):
        observed_expected_ratio(1, LEAST_EXPECTED - 1e-9)


@pytest.mark.parametrize("known", REFERENCE["funnel"])
def test_the_limits_of_the_funnel_are_those_of_the_formula(known: dict[str, Any]) -> None:
    """Spiegelhalter's appendix with qpois and ppois of R; a limit below 0 is 0."""
    lowest, low, high, highest = known["limits"]
    expected = np.array([known["expected"]])
    for tail, limits in zip(FUNNEL_TAILS, ((low, high), (lowest, highest)), strict=True):
        found = [float(side[0]) for side in funnel_limits(expected, tail)]
        assert found == pytest.approx([max(limits[0], 0.0), limits[1]], rel=1e-9, abs=1e-12)


def test_groups_count_every_patient_once() -> None:
    group = np.array([2, 0, 2, 2])
    risk = np.array([0.5, 0.25, 0.75, 0.5])
    event = np.array([True, False, False, True])
    first, nobody, last = grouped_figures(group, risk, event, groups=3)
    assert (first.n, first.events, first.expected, first.ratio) == (1, 0, 0.25, None)
    assert (nobody.n, nobody.events, nobody.expected, nobody.ratio) == (0, 0, 0.0, None)
    assert (last.n, last.events, last.expected) == (3, 2, 1.75)
    assert last.ratio is not None
    assert last.ratio.value == pytest.approx(2 / 1.75)

"""How long the chart runs, and the limit for a run length, against R and surveillance."""

from typing import Any

import numpy as np
import pytest

from scoring.statistics import NotEstimableError
from scoring.statistics.drift import control_limit, run_length
from tests.statistics.drift.reference import drift_reference
from tests.statistics.reference.values import predictions_of


@pytest.mark.parametrize("known", drift_reference()["simulated"])
def test_the_run_length_is_that_of_simulated_charts(known: dict[str, Any]) -> None:
    """10,000 or 20,000 charts in R: within three standard errors of their mean."""
    found = run_length(
        predictions_of("smooth").risk,
        odds_ratio=known["odds_ratio"],
        limit=known["limit"],
        true_odds_ratio=known["true_odds_ratio"],
    )
    assert found == pytest.approx(known["mean"], abs=3 * known["se"])


@pytest.mark.parametrize("known", drift_reference()["constant"])
def test_one_risk_for_all_is_close_to_surveillance(known: dict[str, Any]) -> None:
    """LRCUSUM.runlength with 300 classes. With one risk both Markov chains are rough."""
    found = run_length(
        np.array([known["risk"]]),
        odds_ratio=known["odds_ratio"],
        limit=known["limit"],
        true_odds_ratio=known["true_odds_ratio"],
    )
    assert found == pytest.approx(known["run_length"], rel=0.05)


@pytest.mark.parametrize("odds_ratio", [2.0, 0.5])
@pytest.mark.parametrize("in_control", [200.0, 5000.0])
def test_the_limit_is_the_lowest_that_runs_long_enough(
    odds_ratio: float, in_control: float
) -> None:
    risk = predictions_of("smooth").risk
    limit = control_limit(risk, odds_ratio=odds_ratio, in_control=in_control)
    assert run_length(risk, odds_ratio=odds_ratio, limit=limit) >= in_control
    assert run_length(risk, odds_ratio=odds_ratio, limit=limit - 0.01) < in_control
    # Not so far: a change is found much sooner than a false signal comes.
    changed = run_length(risk, odds_ratio=odds_ratio, limit=limit, true_odds_ratio=odds_ratio)
    assert changed < in_control / 3


def test_many_risks_count_as_their_distribution() -> None:
    """A hospital ten times as large with the same patients has the same limit."""
    risk = predictions_of("smooth").risk
    once, often = (
        run_length(risks, odds_ratio=2.0, limit=4.0) for risks in (risk, np.tile(risk, 10))
    )
    assert often == pytest.approx(once, rel=0.002)


def test_risks_that_can_show_nothing() -> None:
    with pytest.raises(NotEstimableError, match="too_few"):
        control_limit(np.array([]), odds_ratio=2.0, in_control=100.0)
    with pytest.raises(NotEstimableError, match="nothing_expected"):
        run_length(np.zeros(5), odds_ratio=2.0, limit=3.0)

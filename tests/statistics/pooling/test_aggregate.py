import numpy as np
import pytest

from scoring.statistics import NotEstimableError, Predictions
from scoring.statistics.discrimination import auc_estimate
from scoring.statistics.pooling import MIN_CELL, aggregate
from tests.statistics.pooling.hospitals import HOSPITALS, MODEL


@pytest.mark.parametrize("centre", HOSPITALS)
def test_no_cell_is_small_and_together_they_are_everybody(centre: str) -> None:
    these = HOSPITALS[centre]
    found = aggregate(these, centre=centre, model=MODEL)
    assert len(found.cells) > 5
    for cell in found.cells:
        assert min(cell.events, cell.non_events) >= MIN_CELL
        inside = (these.risk >= cell.low) & (these.risk < cell.high)
        assert cell.events == np.sum(inside & these.event)
        assert cell.non_events == np.sum(inside & ~these.event)
        assert cell.risk_sum == pytest.approx(these.risk[inside].sum(), rel=1e-12)
    assert sum(cell.events for cell in found.cells) == found.events == these.events
    assert sum(cell.non_events for cell in found.cells) == found.non_events
    assert (found.cells[0].low, found.cells[-1].high) == (0.0, 1.0)


def test_the_estimates_are_the_centre_s_own() -> None:
    these = HOSPITALS["Wuxi"]
    found = aggregate(these, centre="Wuxi", model=MODEL)
    value, se, _ci95 = auc_estimate(these)
    assert found.estimates["auc"] == (value, se)
    assert set(found.estimates) == {"auc", "in_the_large", "intercept", "slope"}
    assert found.not_estimable == {}


def test_certain_risks_lie_in_the_last_cell() -> None:
    these = Predictions([0.0] * 12 + [1.0] * 12, ([0] * 6 + [1] * 6) * 2)
    found = aggregate(these, centre="A", model=MODEL)
    assert [(cell.events, cell.non_events) for cell in found.cells] == [(6, 6), (6, 6)]
    assert found.not_estimable == {
        "in_the_large": "risk_of_0_or_1",
        "intercept": "risk_of_0_or_1",
        "slope": "risk_of_0_or_1",
    }


@pytest.mark.parametrize(
    ("events", "code"), [(0, "no_events"), (4, "too_few"), (26, "too_few"), (30, "all_events")]
)
def test_too_few_patients_are_not_shared(events: int, code: str) -> None:
    these = Predictions(np.linspace(0.1, 0.9, 30), np.arange(30) < events)
    with pytest.raises(NotEstimableError, match=code):
        aggregate(these, centre="A", model=MODEL)

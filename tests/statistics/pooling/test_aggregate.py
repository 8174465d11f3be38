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
        # To a multiple of the cell's width, in hundredths.
        assert abs(cell.risk_sum - these.risk[inside].sum()) <= cell.width / 2 + 1e-12
        assert cell.risk_sum / cell.width == pytest.approx(round(cell.risk_sum / cell.width))
        assert cell.risk_sum == round(cell.risk_sum, 2)
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


@pytest.mark.parametrize("centre", HOSPITALS)
def test_how_far_rounding_moves_the_sums(centre: str) -> None:
    these = HOSPITALS[centre]
    found = aggregate(these, centre=centre, model=MODEL)
    assert abs(found.risk_sum - these.risk.sum()) <= 0.5
    assert found.squared_error_sum == round(np.sum((these.risk - these.event) ** 2))


def test_a_patient_more_is_lost_in_the_rounding() -> None:
    """Two aggregates that differ by him: their sums say hardly more of his risk than his cell."""
    these = HOSPITALS["Wuxi"]
    before = aggregate(these, centre="Wuxi", model=MODEL)
    squares: set[float] = set()
    sums: dict[float, set[float]] = {}
    for risk in np.linspace(0.0005, 0.9995, 1000):
        more = Predictions(np.append(these.risk, risk), np.append(these.event, False))
        after = aggregate(more, centre="Wuxi", model=MODEL)
        squares.add(after.squared_error_sum - before.squared_error_sum)
        if [cell.low for cell in after.cells] == [cell.low for cell in before.cells]:
            low = max(cell.low for cell in after.cells if cell.low <= risk)
            sums.setdefault(low, set()).add(round(after.risk_sum - before.risk_sum, 2))
    assert squares == {0.0, 1.0}
    assert len(sums) > 10
    # One bit: in which of two parts of the cell, or of the squared errors, the patient lies.
    assert max(len(steps) for steps in sums.values()) <= 2


def test_nothing_is_shared_of_a_model_that_expects_nobody() -> None:
    these = Predictions(np.linspace(1e-5, 2e-5, 30), np.arange(30) % 2)
    with pytest.raises(NotEstimableError, match="nothing_expected"):
        aggregate(these, centre="A", model=MODEL)


@pytest.mark.parametrize(
    ("events", "code"), [(0, "no_events"), (4, "too_few"), (26, "too_few"), (30, "all_events")]
)
def test_too_few_patients_are_not_shared(events: int, code: str) -> None:
    these = Predictions(np.linspace(0.1, 0.9, 30), np.arange(30) < events)
    with pytest.raises(NotEstimableError, match=code):
        aggregate(these, centre="A", model=MODEL)

from typing import Any

import numpy as np
import pytest

from scoring.statistics import DataError, NotEstimableError, Predictions


@pytest.mark.parametrize(
    ("risk", "event", "code", "row"),
    [
        ([], [], "empty", None),
        ([0.1], [0, 1], "different_lengths", None),
        ([[0.1, 0.2]], [0], "wrong_shape", None),
        ([0.1, None], [0, 1], "missing", 1),
        ([0.1, float("nan")], [0, 1], "missing", 1),
        (np.ma.masked_array([0.1, 0.2], [False, True]), [0, 1], "missing", 1),
        ([0.1, float("inf")], [0, 1], "not_finite", 1),
        ([0.1, 1.1, -2.0], [0, 1, 0], "out_of_range", 1),
        ([-1e-9], [0], "out_of_range", 0),
        (["0.1"], [0], "not_a_number", None),
        ([0.1, 0.2], [0, 2], "not_0_or_1", 1),
        ([0.1, 0.2], [None, 1], "missing", 0),
    ],
)
def test_what_is_refused(risk: Any, event: Any, code: str, row: int | None) -> None:
    with pytest.raises(DataError) as caught:
        Predictions(risk, event)
    assert (caught.value.code, caught.value.row) == (code, row)
    assert str(caught.value) == (code if row is None else f"{code} (row {row})")


def test_counts_and_ties() -> None:
    these = Predictions([0.5, 0.1, 0.5, 0.3], [True, False, False, True])
    assert (these.n, these.events, these.non_events) == (4, 2, 2)
    assert these.tally.value.tolist() == [0.1, 0.3, 0.5]
    assert these.tally.events.tolist() == [0, 1, 1]
    assert these.tally.non_events.tolist() == [1, 0, 1]
    true, false = these.tally.at_or_above(np.array([0.0, 0.3, 0.31, 0.5, 0.6]))
    assert true.tolist() == [2, 2, 1, 1, 0]
    assert false.tolist() == [2, 1, 1, 1, 0]


def test_what_was_given_is_copied_and_what_is_kept_is_fixed() -> None:
    given = np.array([0.1, 0.2])
    these = Predictions(given, np.array([0, 1]))
    given[0] = 0.9
    assert these.risk[0] == 0.1
    with pytest.raises(ValueError, match="read-only"):
        these.risk[0] = 0.5


@pytest.mark.parametrize("risk", [0.0, 1.0])
def test_a_certain_risk_has_no_logit(risk: float) -> None:
    with pytest.raises(NotEstimableError, match="risk_of_0_or_1"):
        _ = Predictions([0.2, risk], [0, 1]).logit


@pytest.mark.parametrize("patient", [[5, 3, 3, 0, 5], [5 << 40, 3 << 40, 3 << 40, -7, 5 << 40]])
def test_patients_are_numbered_alike_whatever_their_numbers(patient: list[int]) -> None:
    predictions = Predictions(np.full(5, 0.2), np.zeros(5), np.array(patient))
    assert predictions.cluster is not None
    assert predictions.cluster.tolist() == [2, 1, 1, 0, 2]
    assert predictions.patients == 3
    rows = np.array([True, False, False, True, True])
    part = predictions.subset(rows)
    assert part.cluster is not None
    assert part.cluster.tolist() == [1, 0, 1]
    assert predictions.subset(np.array([True, True, False, True, False])).cluster is None

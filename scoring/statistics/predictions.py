"""Predicted risks and observed outcomes, checked once, sorted once."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from scoring.statistics.errors import DataError, NotEstimableError

FloatArray: TypeAlias = NDArray[np.float64]
BoolArray: TypeAlias = NDArray[np.bool_]
IntArray: TypeAlias = NDArray[np.int64]
Column: TypeAlias = Sequence[Any] | NDArray[Any]


# Numbers of patients up to so many times the rows are counted, not sorted.
_NUMBERED_UP_TO = 20


def checked_floats(values: Column) -> FloatArray:
    """Numbers, shape (n,), copied.

    Raises DataError: "wrong_shape", "not_a_number" (text), "missing" (None, NaN, masked),
    "not_finite".
    """
    if isinstance(values, np.ma.MaskedArray):
        values = values.tolist()
    if not isinstance(values, np.ndarray) or values.dtype.kind == "O":
        values = np.array([np.nan if value is None else value for value in values])
    if values.ndim != 1:
        raise DataError("wrong_shape")
    if values.dtype.kind not in "biuf":
        raise DataError("not_a_number")
    array = values.astype(np.float64)
    finite = np.isfinite(array)
    if not finite.all():
        row = int(np.argmin(finite))
        raise DataError("missing" if np.isnan(array[row]) else "not_finite", row)
    return array


def checked_risks(values: Column) -> FloatArray:
    """Risks from 0 to 1, shape (n,), copied. Raises DataError."""
    risk = checked_floats(values)
    outside = (risk < 0.0) | (risk > 1.0)
    if outside.any():
        raise DataError("out_of_range", int(np.argmax(outside)))
    return risk


def checked_events(values: Column) -> BoolArray:
    """Outcomes, 0 or 1 or booleans, shape (n,), copied. Raises DataError."""
    numbers = checked_floats(values)
    other = (numbers != 0.0) & (numbers != 1.0)
    if other.any():
        raise DataError("not_0_or_1", int(np.argmax(other)))
    event: BoolArray = numbers == 1.0
    return event


def need_both_outcomes(event: BoolArray) -> None:
    """Raise NotEstimableError: "no_events", "all_events"."""
    if not event.any():
        raise NotEstimableError("no_events")
    if event.all():
        raise NotEstimableError("all_events")


class Tally:
    """Events and non-events at every distinct value, ascending; each an array of shape (m,)."""

    def __init__(self, values: FloatArray, event: BoolArray) -> None:
        order = np.argsort(values)
        ascending = values[order]
        starts = np.concatenate([[0], np.flatnonzero(np.diff(ascending)) + 1])
        self.value: FloatArray = ascending[starts]
        counts = np.diff(starts, append=len(values))
        self._order, self._counts = order, counts
        self.events: IntArray = np.add.reduceat(event[order].astype(np.int64), starts)
        self.non_events: IntArray = counts - self.events

    def places(self) -> IntArray:
        """For each of the values as given, shape (n,), its place among the distinct ones."""
        places = np.empty(len(self._order), dtype=np.int64)
        places[self._order] = np.repeat(np.arange(len(self.value)), self._counts)
        return places

    def at_or_above(self, threshold: FloatArray) -> tuple[IntArray, IntArray]:
        """True and false positives of the rule "at or above": events and non-events there."""
        place = np.searchsorted(self.value, threshold, side="left")
        return _from_the_top(self.events)[place], _from_the_top(self.non_events)[place]


def _from_the_top(counts: IntArray) -> IntArray:
    """How many lie at this value or above; one place more than there are values, for none."""
    total: IntArray = np.append(np.cumsum(counts[::-1])[::-1], 0)
    return total


def _clusters(patient: IntArray | None, n: int) -> IntArray | None:
    """Patients numbered from 0; None if each has one row."""
    if patient is None:
        return None
    if patient.shape != (n,):
        raise DataError("different_lengths")
    if n and patient.min() >= 0 and patient.max() < _NUMBERED_UP_TO * n:
        # Of a subset: numbered anew by counting, which takes less time than sorting.
        present = np.bincount(patient) > 0
        patients, cluster = int(present.sum()), (np.cumsum(present) - 1)[patient]
    else:
        distinct, cluster = np.unique(patient, return_inverse=True)
        patients = len(distinct)
    if patients == n:
        return None
    cluster.flags.writeable = False
    numbered: IntArray = cluster.astype(np.int64, copy=False)
    return numbered


@dataclass(frozen=True, eq=False, init=False)
class Predictions:
    """The predicted risk (0 to 1) and the outcome of n patients, arrays of shape (n,).

    Sequences and arrays are copied. ``cluster``, shape (n,), numbers from 0 the patient behind each
    row; None if no patient comes twice. Raises DataError for no patient at all, different lengths,
    missing values, risks outside 0 to 1, outcomes other than 0 and 1.
    """

    risk: FloatArray
    event: BoolArray
    cluster: IntArray | None

    def __init__(self, risk: Column, event: Column, patient: IntArray | None = None) -> None:
        """``patient`` is the same number for the same patient; None: each row is another one."""
        checked: tuple[FloatArray, BoolArray] = checked_risks(risk), checked_events(event)
        if len(checked[0]) != len(checked[1]):
            raise DataError("different_lengths")
        if not len(checked[0]):
            raise DataError("empty")
        for name, array in zip(("risk", "event"), checked, strict=True):
            array.flags.writeable = False
            object.__setattr__(self, name, array)
        object.__setattr__(self, "cluster", _clusters(patient, len(checked[0])))

    def subset(self, rows: BoolArray) -> "Predictions":
        """These rows alone, shape (n,); the patients behind them stay known."""
        cluster = None if self.cluster is None else self.cluster[rows]
        return Predictions(self.risk[rows], self.event[rows], cluster)

    def with_risk(self, risk: Column) -> "Predictions":
        """The same rows with other risks. Raises DataError."""
        return Predictions(risk, self.event, self.cluster)

    @property
    def n(self) -> int:
        """Number of patients."""
        return len(self.risk)

    @cached_property
    def patients(self) -> int:
        """How many patients are behind the rows."""
        return self.n if self.cluster is None else int(self.cluster.max()) + 1

    @cached_property
    def events(self) -> int:
        """Number of patients with the outcome."""
        return int(np.count_nonzero(self.event))

    @property
    def non_events(self) -> int:
        """Number of patients without the outcome."""
        return self.n - self.events

    @cached_property
    def tally(self) -> Tally:
        """Events and non-events at every distinct risk."""
        return Tally(self.risk, self.event)

    @cached_property
    def outcome(self) -> FloatArray:
        """The outcome as 1.0 and 0.0."""
        return self.event.astype(np.float64)

    @cached_property
    def logit(self) -> FloatArray:
        """ln(risk / (1 - risk)). Raises NotEstimableError("risk_of_0_or_1")."""
        if self.risk.min() == 0.0 or self.risk.max() == 1.0:
            raise NotEstimableError("risk_of_0_or_1")
        logit: FloatArray = np.log(self.risk) - np.log1p(-self.risk)
        return logit

    def need_both_outcomes(self) -> None:
        """Raise NotEstimableError: "no_events", "all_events"."""
        need_both_outcomes(self.event)

    def need_different_risks(self) -> None:
        """Raise NotEstimableError("constant_risk")."""
        if len(self.tally.value) == 1:
            raise NotEstimableError("constant_risk")

"""The assessments of a hospital with their outcomes, as arrays: who is analysed, and why not."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from scoring.nomogram.eligibility import Population
from scoring.statistics import Predictions
from scoring.statistics.predictions import BoolArray, FloatArray


class InclusionStatus(IntEnum):
    """Whether an assessment is analysed, or the reason why not.

    Of several that apply, the one with the highest number counts.
    """

    ANALYSED = 0
    PENDING = 1
    NOT_EVALUABLE = 2
    AFTER_OUTCOME = 3
    PROVISIONAL = 4
    NO_RADIOGRAPH = 5
    CANCELLED = 6
    VOIDED = 7


SEXES = ("female", "male", "other", "not_known")
POPULATIONS = tuple(Population)
AS_STUDY = POPULATIONS.index(Population.AS_STUDY)
# Compared groups: the index assessment predates any outcome.
COMPARED = (InclusionStatus.ANALYSED, InclusionStatus.PENDING, InclusionStatus.NOT_EVALUABLE)


@dataclass(frozen=True, eq=False)
class OutcomeCohort:
    """Assessments and outcomes as arrays of shape (n,), one place a chain of assessments.

    Outcome, patient, sex and day of the operation are those of the chain today, everything else is
    that of its index assessment. ``event`` counts where the status is ANALYSED; ``risk`` (0 to 1)
    is what was shown then, ``inputs`` by field what it was made from. In chains without a final
    version, risk and numbers are NaN, answers False.
    ``overdue``: no VAS of day 30 though its window has passed; ``corrected_since``: later versions
    exist; ``lost``: not evaluable because the patient was lost, or lived but was not asked;
    ``patient`` is a number that is the same for the same patient, ``operation_day`` counts days
    since DAY_ZERO. ``sex`` and ``population`` are places in SEXES and POPULATIONS,
    ``fracture_level`` the vertebra counted from T1; all three mean nothing without a final version.
    """

    status: NDArray[np.int32]
    event: BoolArray
    risk: FloatArray
    inputs: Mapping[str, FloatArray | BoolArray]
    overdue: BoolArray
    lost: BoolArray
    corrected_since: BoolArray
    patient: NDArray[np.int64]
    operation_day: NDArray[np.int32]
    sex: NDArray[np.int32]
    population: NDArray[np.int32]
    fracture_level: NDArray[np.int32]

    def __len__(self) -> int:
        return len(self.status)

    def where(self, status: InclusionStatus) -> BoolArray:
        """Where the status is this one."""
        chosen: BoolArray = self.status == status
        return chosen

    @property
    def analysed(self) -> BoolArray:
        """Who is analysed: the rows of ``predictions``."""
        return self.where(InclusionStatus.ANALYSED)

    @property
    def missing(self) -> BoolArray:
        """Whose outcome is missing: not asked, lost, or no VAS though the window has passed."""
        pending = self.where(InclusionStatus.PENDING)
        not_evaluable = self.where(InclusionStatus.NOT_EVALUABLE)
        return self.overdue & (pending | (not_evaluable & self.lost))

    @cached_property
    def predictions(self) -> Predictions:
        """Risk and outcome of those analysed. Raises DataError("empty")."""
        rows = self.analysed
        return Predictions(self.risk[rows], self.event[rows], self.patient[rows])

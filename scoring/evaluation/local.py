"""The hospital's own outcomes: who counts, who does not and why, and what they say of the model."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scoring.evaluation.case_mix import CaseMixRow, case_mix
from scoring.evaluation.drift import Drift, drift_of
from scoring.evaluation.missing_outcomes import (
    MissingOutcomes,
    weighted_for_missing,
    who_is_known,
)
from scoring.nomogram.eligibility import Population
from scoring.nomogram.model import model_label
from scoring.nomogram.rong2025.model import RONG_2025
from scoring.statistics import Predictions, Validation, validate
from scoring.statistics.comparison import (
    Spread,
    mean_spread,
    share_spread,
    standardised_difference,
)
from scoring.statistics.pooling import SYNTHETIC, Aggregate, aggregate

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]


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


AS_STUDY = list(Population).index(Population.AS_STUDY)
# Compared groups: the index assessment predates any outcome.
COMPARED = (InclusionStatus.ANALYSED, InclusionStatus.PENDING, InclusionStatus.NOT_EVALUABLE)


@dataclass(frozen=True, eq=False)
class OutcomeCohort:
    """Assessments and outcomes as arrays of shape (n,), one place a chain of assessments.

    Everything but the outcome is that of the chain's index assessment. ``event`` counts where
    the status is ANALYSED; ``risk`` (0 to 1) is what was shown then, ``inputs`` by field what it
    was made from. In chains without a final version, risk and numbers are NaN, answers False.
    ``overdue``: no VAS of day 30 though its window has passed; ``corrected_since``: later versions
    exist; ``lost``: not evaluable because pain was not asked, or the patient lost; ``patient`` is a
    number that is the same for the same patient, ``operation_day`` counts days since DAY_ZERO.
    ``sex`` and ``population`` are places in SEXES and Population, ``fracture_level`` the vertebra
    counted from T1; all three mean nothing without a final version.
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

    def predictions(self) -> Predictions:
        """Risk and outcome of those analysed. Raises DataError("empty")."""
        rows = self.analysed
        return Predictions(self.risk[rows], self.event[rows])


@dataclass(frozen=True)
class Counts:
    """How many assessments stand where. ``patients`` are the persons behind ``analysed``.

    ``overdue`` of the pending ones; ``corrected_since`` of those analysed; ``repeated``: analysed
    assessments beyond the first of the same patient and day of operation; ``alike``: those with
    day of operation, predictors and outcome of an earlier one of another patient.
    """

    total: int
    analysed: int
    pending: int
    overdue: int
    not_evaluable: int
    after_outcome: int
    provisional: int
    no_radiograph: int
    cancelled: int
    voided: int
    patients: int
    corrected_since: int
    repeated: int
    alike: int


# What is compared beside the inputs, by whose fields the other traits go.
RISK = "risk"


@dataclass(frozen=True)
class Comparison:
    """One trait of those analysed, pending and not evaluable: mean and SD, or share of yes.

    ``trait`` is an input field, or RISK.

    The differences are those of pending and of not evaluable
    from analysed, standardised; None where they are not determined.
    """

    trait: str
    analysed: Spread | None
    pending: Spread | None
    not_evaluable: Spread | None
    pending_difference: float | None
    not_evaluable_difference: float | None


@dataclass(frozen=True, eq=False)
class LocalValidation:
    """What page and report show. ``validation`` is None if no assessment is analysed.

    ``case_mix`` is that of the analysed assessments, empty if there are none.
    ``missing_outcomes``: a sensitivity analysis.
    """

    counts: Counts
    case_mix: tuple[CaseMixRow, ...]
    comparisons: tuple[Comparison, ...]
    validation: Validation | None
    drift: Drift
    missing_outcomes: MissingOutcomes


def counts_of(cohort: OutcomeCohort) -> Counts:
    """Count every assessment once."""
    numbers = np.bincount(cohort.status, minlength=len(InclusionStatus)).tolist()
    rows = cohort.analysed
    patient, day = cohort.patient[rows], cohort.operation_day[rows]
    return Counts(
        total=len(cohort),
        analysed=numbers[InclusionStatus.ANALYSED],
        pending=numbers[InclusionStatus.PENDING],
        overdue=int(np.count_nonzero(cohort.overdue & cohort.where(InclusionStatus.PENDING))),
        not_evaluable=numbers[InclusionStatus.NOT_EVALUABLE],
        after_outcome=numbers[InclusionStatus.AFTER_OUTCOME],
        provisional=numbers[InclusionStatus.PROVISIONAL],
        no_radiograph=numbers[InclusionStatus.NO_RADIOGRAPH],
        cancelled=numbers[InclusionStatus.CANCELLED],
        voided=numbers[InclusionStatus.VOIDED],
        patients=_distinct(patient),
        corrected_since=int(np.count_nonzero(cohort.corrected_since & rows)),
        repeated=len(patient) - _distinct(patient, day),
        alike=_alike(cohort),
    )


def _alike(cohort: OutcomeCohort) -> int:
    """How many patients beyond the first have the same day, predictors and outcome."""
    rows = np.flatnonzero(cohort.analysed)
    # Only rows of the same day and risk can be alike: few of a million.
    rows = rows[np.lexsort((cohort.operation_day[rows], cohort.risk[rows]))]
    same = (np.diff(cohort.risk[rows]) == 0.0) & (np.diff(cohort.operation_day[rows]) == 0)
    rows = rows[np.append(False, same) | np.append(same, False)] if len(rows) else rows
    content = [cohort.operation_day, cohort.event, *cohort.inputs.values()]
    columns = [column[rows] for column in content]
    return _distinct(*columns, cohort.patient[rows]) - _distinct(*columns)


def _distinct(*columns: NDArray[Any]) -> int:
    """Number of different rows that the columns make."""
    order = np.lexsort(columns)
    steps = np.any([np.diff(column[order]) != 0 for column in columns], axis=0)
    return int(np.count_nonzero(steps)) + 1 if len(order) else 0


def _spread(values: FloatArray | BoolArray) -> Spread | None:
    if values.dtype == np.bool_:
        return share_spread(values.astype(np.bool_, copy=False))
    return mean_spread(values.astype(np.float64, copy=False))


def comparisons_of(cohort: OutcomeCohort) -> tuple[Comparison, ...]:
    """Compare assessments without a known outcome with those analysed."""
    rows = [cohort.where(status) for status in COMPARED]
    found = []
    for trait, values in {**cohort.inputs, RISK: cohort.risk}.items():
        analysed, pending, not_evaluable = (_spread(values[chosen]) for chosen in rows)
        found.append(
            Comparison(
                trait=trait,
                analysed=analysed,
                pending=pending,
                not_evaluable=not_evaluable,
                pending_difference=standardised_difference(pending, analysed),
                not_evaluable_difference=standardised_difference(not_evaluable, analysed),
            )
        )
    return tuple(found)


def case_mix_of(cohort: OutcomeCohort) -> tuple[CaseMixRow, ...]:
    """Those analysed beside the study (Tables 1 to 3)."""
    rows = cohort.analysed
    judged = {field: values[rows] for field, values in cohort.inputs.items()}
    return case_mix(RONG_2025.cohort(judged), cohort.event[rows])


def judge_cohort(cohort: OutcomeCohort) -> LocalValidation:
    """Counts, comparisons and the statistics of section 2.5 at the study's cut-off."""
    counts = counts_of(cohort)
    return LocalValidation(
        counts=counts,
        case_mix=case_mix_of(cohort),
        comparisons=comparisons_of(cohort),
        validation=validate(cohort.predictions(), cutoff=RONG_2025.cutoff)
        if counts.analysed
        else None,
        drift=drift_in(cohort),
        missing_outcomes=_missing_outcomes(cohort),
    )


def _missing_outcomes(cohort: OutcomeCohort) -> MissingOutcomes:
    # Only who is known or missing has a final version, and with it values.
    rows = cohort.analysed | cohort.missing
    return weighted_for_missing(
        who_is_known(
            {field: values[rows] for field, values in cohort.inputs.items()},
            cohort.operation_day[rows],
            cohort.population[rows] == AS_STUDY,
        ),
        analysed=cohort.analysed[rows],
        missing=cohort.missing[rows],
        window_passed=cohort.overdue[rows],
        predictions=cohort.predictions() if cohort.analysed.any() else None,
    )


def drift_in(cohort: OutcomeCohort) -> Drift:
    """Those analysed in the order of their operations; within a day the order means nothing."""
    day = cohort.operation_day
    rows = np.flatnonzero(cohort.analysed)
    rows = rows[np.lexsort((cohort.risk[rows], cohort.patient[rows], day[rows]))]
    return drift_of(
        cohort.risk[rows],
        cohort.event[rows],
        day[rows],
        pending=day[cohort.where(InclusionStatus.PENDING)],
        not_evaluable=day[cohort.where(InclusionStatus.NOT_EVALUABLE)],
    )


def aggregate_of(
    cohort: OutcomeCohort, *, centre: str, model: tuple[str, str], synthetic: bool
) -> Aggregate:
    """What other hospitals may see of these patients; synthetic ones are called so in the name.

    Raises DataError("empty") and NotEstimableError as ``aggregate``.
    """
    identifier, version = model
    return aggregate(
        cohort.predictions(),
        centre=f"{centre} {SYNTHETIC}" if synthetic else centre,
        model=model_label(identifier, version),
    )

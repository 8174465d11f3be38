"""The hospital's own outcomes: who counts, who does not and why, and what they say of the model."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scoring.evaluation.case_mix import CaseMixRow, case_mix
from scoring.evaluation.drift import Drift, drift_of
from scoring.evaluation.missing_outcomes import MissingOutcomes, missing_outcomes
from scoring.evaluation.outcome_cohort import COMPARED, InclusionStatus, OutcomeCohort
from scoring.evaluation.subgroups import Subgroup, subgroups
from scoring.nomogram.model import model_label
from scoring.nomogram.rong2025.model import RONG_2025
from scoring.statistics import Validation, validate
from scoring.statistics.comparison import (
    Spread,
    mean_spread,
    share_spread,
    standardised_difference,
)
from scoring.statistics.pooling import SYNTHETIC, Aggregate, aggregate
from scoring.statistics.predictions import BoolArray, FloatArray


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
    subgroups: tuple[Subgroup, ...]


def counts_of(cohort: OutcomeCohort) -> Counts:
    """Count every assessment once."""
    numbers = np.bincount(cohort.status, minlength=len(InclusionStatus)).tolist()
    rows = cohort.analysed
    patients, repeated = _patients(cohort) if rows.any() else (0, 0)
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
        patients=patients,
        corrected_since=int(np.count_nonzero(cohort.corrected_since & rows)),
        repeated=repeated,
        alike=_alike(cohort) if rows.any() else 0,
    )


def _patients(cohort: OutcomeCohort) -> tuple[int, int]:
    """How many patients were analysed, and how many rows beyond the first of a patient's day."""
    analysed, day = cohort.predictions, cohort.operation_day[cohort.analysed]
    if analysed.cluster is None:
        return analysed.n, 0
    # Patient and day in one number, which is sorted in a tenth of the time of both.
    ascending = np.sort(analysed.cluster * 2**32 + day)
    return analysed.patients, int(np.count_nonzero(np.diff(ascending) == 0))


def _alike(cohort: OutcomeCohort) -> int:
    """How many patients beyond the first have the same day, predictors and outcome."""
    # Only rows of the same day and risk can be alike: few of a million.
    tally = cohort.predictions.tally
    is_tied = (tally.events + tally.non_events > 1)[tally.places()]
    rows = np.flatnonzero(cohort.analysed)[is_tied]
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
    # Both take as long as all the rest, and numpy lets another thread work beside them.
    with ThreadPoolExecutor(1) as beside:
        missing, parts = beside.submit(missing_outcomes, cohort), beside.submit(subgroups, cohort)
        return LocalValidation(
            counts=counts,
            case_mix=case_mix_of(cohort),
            comparisons=comparisons_of(cohort),
            validation=validate(cohort.predictions, cutoff=RONG_2025.cutoff)
            if counts.analysed
            else None,
            drift=drift_in(cohort),
            missing_outcomes=missing.result(),
            subgroups=parts.result(),
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
        cohort.predictions,
        centre=f"{centre} {SYNTHETIC}" if synthetic else centre,
        model=model_label(identifier, version),
    )

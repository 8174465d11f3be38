"""Patients whose outcome is missing, and what the validation says weighted for them."""

from dataclasses import dataclass

import numpy as np

from scoring.evaluation.outcome_cohort import AS_STUDY, OutcomeCohort
from scoring.nomogram.rong2025.model import RONG_2025
from scoring.statistics import NotEstimableError
from scoring.statistics.predictions import BoolArray, FloatArray
from scoring.statistics.weighting import (
    WeightedPerformance,
    Weights,
    stabilised_weights,
    summary_of,
    weighted_performance,
)

_DAYS_A_YEAR = 365.25


@dataclass(frozen=True)
class MissingOutcomes:
    """How many outcomes are missing, and the sensitivity analysis.

    ``known`` and ``missing`` count those whose window has passed: on them the probability that an
    outcome is known is fitted. All analysed assessments are weighted by it. ``reason`` is the code
    why there are no weights, "" if there are.
    """

    known: int
    missing: int
    weights: Weights | None
    weighted: WeightedPerformance | None
    reason: str = ""


def missing_outcomes(cohort: OutcomeCohort) -> MissingOutcomes:
    """Weigh those analysed for those whose outcome is missing."""
    # Only who is known or missing has a final version, and with it values.
    rows = cohort.analysed | cohort.missing
    analysed, known = cohort.analysed[rows], (cohort.analysed & cohort.overdue)[rows]
    counts = int(np.count_nonzero(known)), int(np.count_nonzero(cohort.missing))
    fitted = known | cohort.missing[rows]
    if not analysed.any() or not fitted.any():
        return MissingOutcomes(*counts, None, None, "empty")
    predictors = _predictors(cohort, rows)
    # What is the same for all of them explains nothing.
    predictors = predictors[:, np.ptp(predictors[fitted], axis=0) > 0.0]
    try:
        weight = stabilised_weights(predictors[fitted], known[fitted], predictors[analysed])
    except NotEstimableError as error:
        return MissingOutcomes(*counts, None, None, error.code)
    weighted = weighted_performance(cohort.predictions, weight)
    return MissingOutcomes(*counts, summary_of(weight), weighted)


def _predictors(cohort: OutcomeCohort, rows: BoolArray) -> FloatArray:
    """What may explain who is known: predictors of the model, year of operation, eligibility."""
    inputs = {field: values[rows] for field, values in cohort.inputs.items()}
    covariates = RONG_2025.cohort(inputs).covariates().values()
    year, as_study = cohort.operation_day[rows] / _DAYS_A_YEAR, cohort.population[rows] == AS_STUDY
    return np.column_stack([*covariates, year, as_study]).astype(np.float64)

"""Patients whose outcome is missing, and what the validation says weighted for them."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scoring.nomogram.rong2025.model import RONG_2025
from scoring.statistics import NotEstimableError, Predictions
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


def weighted_for_missing(
    predictors: FloatArray,
    *,
    analysed: BoolArray,
    missing: BoolArray,
    window_passed: BoolArray,
    predictions: Predictions | None,
) -> MissingOutcomes:
    """Weigh those analysed, whose ``predictions`` these are, for those whose outcome is missing.

    ``predictors``, shape (n, k), explain who is known; the others have shape (n,).
    """
    known = analysed & window_passed
    counts = int(np.count_nonzero(known)), int(np.count_nonzero(missing))
    fitted = known | missing
    if predictions is None or not fitted.any():
        return MissingOutcomes(*counts, None, None, "empty")
    # What is the same for all of them explains nothing.
    predictors = predictors[:, np.ptp(predictors[fitted], axis=0) > 0.0]
    try:
        weight = stabilised_weights(predictors[fitted], known[fitted], predictors[analysed])
    except NotEstimableError as error:
        return MissingOutcomes(*counts, None, None, error.code)
    weighted = weighted_performance(predictions, weight)
    return MissingOutcomes(*counts, summary_of(weight), weighted)


def who_is_known(
    inputs: Mapping[str, NDArray[np.generic]], day: NDArray[np.int32], as_study: BoolArray
) -> FloatArray:
    """What may explain it: the predictors of the model, year of operation, eligibility."""
    covariates = RONG_2025.cohort(inputs).covariates().values()
    return np.column_stack([*covariates, day / _DAYS_A_YEAR, as_study]).astype(np.float64)

"""Variances where a patient has several rows, which are not independent.

What a row adds to an estimate is summed for each patient before it is squared: the sandwich of
Liang and Zeger (Biometrika 1986;73:13) with the factor G / (G - 1) for G patients, as R's
``sandwich::vcovCL`` has it; for an AUC Obuchowski's form (Biometrics 1997;53:567). With one row for
each patient Obuchowski's is DeLong's.
"""

import numpy as np

from scoring.nomogram.logistic import risk_of_logit
from scoring.statistics.errors import NotEstimableError
from scoring.statistics.logistic import Fit
from scoring.statistics.predictions import BoolArray, FloatArray, IntArray

# Below that share of the variance of independent rows there is nothing but rounding.
_LEAST_VARIATION = 1e-12


def sums_of(cluster: IntArray, values: FloatArray) -> FloatArray:
    """Sum of the values, shape (n,) or (n, k), of each cluster."""
    if values.ndim == 1:
        return np.bincount(cluster, weights=values).astype(np.float64)
    return np.column_stack([sums_of(cluster, column) for column in values.T])


def _correction(clusters: int) -> float:
    """G / (G - 1). Raises NotEstimableError("too_few") for one cluster."""
    if clusters < 2:
        raise NotEstimableError("too_few")
    return clusters / (clusters - 1)


def sandwich(
    model: Fit,
    x: FloatArray,
    event: BoolArray,
    cluster: IntArray,
    offset: FloatArray | None = None,
    *,
    weight: FloatArray | None = None,
) -> Fit:
    """The fit of ``logistic.fit``, or of ``fit_counts`` with weights, its covariance the sandwich.

    Raises NotEstimableError: "too_few" (not more patients than coefficients), "no_variation" (the
    patients' scores do not vary in some direction). What the scores say is then of fewer dimensions
    than the covariance, and some interval would have no width.
    """
    logit = model.logits(x) if offset is None else model.logits(x) + offset
    residual = event - risk_of_logit(logit)
    if weight is not None:
        residual *= weight
    scores = sums_of(cluster, np.column_stack([residual, x * residual[:, None]]))
    if len(scores) <= scores.shape[1]:
        raise NotEstimableError("too_few")
    meat = _correction(len(scores)) * scores.T @ scores
    # In units of the covariance of independent rows: there it is 1 in every direction.
    root = np.linalg.cholesky(model.covariance)
    if np.linalg.eigvalsh(root.T @ meat @ root)[0] < _LEAST_VARIATION:
        raise NotEstimableError("no_variation")
    covariance = model.covariance @ meat @ model.covariance
    return Fit(model.coefficients, (covariance + covariance.T) / 2.0, model.log_likelihood)


def variance_of_sum(values: FloatArray, cluster: IntArray) -> float:
    """Variance of the sum of what the rows add, shape (n,), by the sandwich.

    Raises NotEstimableError: "too_few" (one patient), "no_variation" (each patient adds nothing).
    """
    sums = sums_of(cluster, values)
    correction = _correction(len(sums))
    if not np.abs(sums).max() > 1e-9 * np.abs(values).max():
        raise NotEstimableError("no_variation")
    return correction * float(sums @ sums)


def log_rate_variance(event: BoolArray, cluster: IntArray) -> float:
    """Variance of the logarithm of the event rate. Raises as ``variance_of_sum``."""
    return variance_of_sum((event - event.mean()) / int(event.sum()), cluster)


def auc_variance(
    area: float,
    of_row: FloatArray,
    event: BoolArray,
    cluster: IntArray,
    *,
    weight: FloatArray | None = None,
) -> float:
    """Variance of an AUC. ``of_row``: the share of the others' rows that each row wins against.

    Others are the non-events of an event, and the events of a non-event; with ``weight`` the share
    of their weights. Raises NotEstimableError: "too_few" (all events, or all non-events, are of one
    patient), "no_variation" (what each patient's events win, its non-events lose).
    """
    clusters = int(cluster.max()) + 1
    weight = np.ones(len(event)) if weight is None else weight
    parts = []
    for rows in (event, ~event):
        gained = weight[rows] * (of_row[rows] - area)
        sums = np.bincount(cluster[rows], weights=gained, minlength=clusters)
        having = np.count_nonzero(np.bincount(cluster[rows]))
        parts.append((sums / weight[rows].sum(), int(having)))
    (of_events, with_events), (of_others, with_others) = parts
    apart = _correction(with_events) * float(of_events @ of_events)
    apart += _correction(with_others) * float(of_others @ of_others)
    variance = apart + 2.0 * _correction(clusters) * float(of_events @ of_others)
    if variance <= _LEAST_VARIATION * apart:
        raise NotEstimableError("no_variation")
    return variance

"""A cohort to a risk model: screen, multivariate logistic regression, nomogram, optimism."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

import numpy as np

from scoring.nomogram.logistic import Interval, risk_of_logit
from scoring.statistics import bootstrap
from scoring.statistics.development.axes import DerivedNomogram, nomogram
from scoring.statistics.development.optimism import Optimism, RefitTask, optimism, screened_in
from scoring.statistics.development.univariate import Univariate, Variable, univariate
from scoring.statistics.discrimination import auc_p_value, best_threshold, delong
from scoring.statistics.errors import DataError, NotEstimableError
from scoring.statistics.intervals import Estimate, Proportion, wilson
from scoring.statistics.logistic import Fit, fit
from scoring.statistics.predictions import (
    BoolArray,
    Column,
    FloatArray,
    Predictions,
    Tally,
    checked_events,
    checked_floats,
    need_both_outcomes,
)

INTERCEPT, COMBINED = "intercept", "combined"

# Of the univariate screen (section 2.6).
SCREEN_ALPHA = 0.05


@dataclass(frozen=True)
class Coefficient:
    """A row of Table 4: logit per unit, odds ratio with Wald interval, Wald p."""

    name: str
    beta: float
    se: float
    odds_ratio: float
    odds_ratio_ci95: Interval
    p: float


@dataclass(frozen=True)
class SingleRoc:
    """A row of Table 6: one predictor alone as the marker.

    ``higher_is_risk`` False: low values (or "no") count as positive. ``threshold`` is in the unit
    of the predictor. What the table heads "P-value" is the standard error, and its "Specificity"
    1 - specificity; here they are what they are called.
    """

    name: str
    higher_is_risk: bool
    auc: Estimate
    p: float
    threshold: float
    sensitivity: Proportion
    specificity: Proportion


@dataclass(frozen=True, eq=False)
class Development:
    """A model made from a cohort. ``screen_alpha`` None: every predictor entered.

    ``single_rocs`` has a reason, by name, in ``single_rocs_not_estimable`` for each that is
    missing. ``combined`` is the last row of Table 6, the model's risk (0 to 1) as the marker; None
    where its AUC has no interval.
    """

    predictions: Predictions
    univariate: tuple[Univariate, ...]
    screen_alpha: float | None
    variables: tuple[Variable, ...]
    fit: Fit
    coefficients: tuple[Coefficient, ...]
    single_rocs: tuple[SingleRoc, ...]
    single_rocs_not_estimable: dict[str, str]
    combined: SingleRoc | None
    nomogram: DerivedNomogram
    optimism: Optimism | None


def checked_matrix(columns: Sequence[Column], n: int) -> FloatArray:
    """Predictors as an array of shape (n, k). Raises DataError, also "different_lengths"."""
    arrays = [checked_floats(column) for column in columns]
    if any(len(array) != n for array in arrays):
        raise DataError("different_lengths")
    return np.column_stack(arrays)


def _coefficients(model: Fit, variables: Sequence[Variable]) -> tuple[Coefficient, ...]:
    names = [INTERCEPT, *(variable.name for variable in variables)]
    rows = []
    for index, name in enumerate(names):
        beta, se, _ci95 = model.estimate(index)
        odds_ratio, ci95 = model.odds_ratio(index)
        rows.append(Coefficient(name, beta, se, odds_ratio, ci95, model.p_value(index)))
    return tuple(rows)


def single_roc(name: str, values: FloatArray, event: BoolArray) -> SingleRoc:
    """One predictor alone, in the direction in which its AUC is at least 0.5.

    Raises NotEstimableError: "too_few", "complete_separation", "no_variation".
    """
    tally = Tally(values, event)
    if len(tally.value) == 1:
        raise NotEstimableError("no_variation")
    higher_is_risk = delong(tally).value >= 0.5
    marker = values if higher_is_risk else -values
    tally = Tally(marker, event)
    estimate = delong(tally)
    threshold = best_threshold(tally)
    positive = marker >= threshold
    return SingleRoc(
        name=name,
        higher_is_risk=higher_is_risk,
        auc=estimate,
        p=auc_p_value(estimate),
        threshold=threshold if higher_is_risk else -threshold,
        sensitivity=wilson(int(np.sum(positive & event)), int(np.sum(event))),
        specificity=wilson(int(np.sum(~positive & ~event)), int(np.sum(~event))),
    )


def develop(
    variables: Sequence[Variable],
    columns: Sequence[Column],
    event: Column,
    *,
    screen_alpha: float | None = None,
    resamples: int = bootstrap.RESAMPLES,
    seed: int = bootstrap.SEED,
    workers: int = 1,
    progress: bootstrap.Progress | None = None,
) -> Development:
    """Make a model of the outcome from predictors, ``columns`` of shape (n,) in their order.

    ``screen_alpha``: only predictors with a univariate p below it enter, as in the paper (0.05);
    the bootstrap repeats the screen. ``resamples`` 0 leaves the bootstrap out. Raises DataError;
    NotEstimableError: "no_events", "all_events", "constant_predictor", "collinear", "separation",
    "no_convergence", "nothing_significant" (the screen leaves no predictor), "no_variation",
    "too_few" (bootstrap). Its ``column`` is that of ``columns``.
    """
    happened = checked_events(event)
    x = checked_matrix(columns, len(happened))
    need_both_outcomes(happened)
    everything = tuple(variables)
    entered = screened_in(everything, x, happened, screen_alpha)
    if not entered:
        raise NotEstimableError("nothing_significant")
    try:
        model = fit(x[:, entered], happened)
    except NotEstimableError as error:
        column = None if error.column is None else entered[error.column]
        raise NotEstimableError(error.code, column) from None
    kept = tuple(everything[column] for column in entered)
    rocs, reasons = [], {}
    for column, variable in enumerate(everything):
        try:
            rocs.append(single_roc(variable.name, x[:, column], happened))
        except NotEstimableError as error:
            reasons[variable.name] = error.code
    found = None
    if resamples:
        task = RefitTask(everything, x, happened, screen_alpha)
        found = optimism(
            task,
            model,
            entered,
            resamples=resamples,
            seed=seed,
            workers=workers,
            progress=progress,
        )
    predictions = Predictions(risk_of_logit(model.logits(x[:, entered])), happened)
    combined = None
    with suppress(NotEstimableError):
        combined = single_roc(COMBINED, predictions.risk, happened)
    return Development(
        predictions=predictions,
        univariate=tuple(
            univariate(variable, x[:, column], happened)
            for column, variable in enumerate(everything)
        ),
        screen_alpha=screen_alpha,
        variables=kept,
        fit=model,
        coefficients=_coefficients(model, kept),
        single_rocs=tuple(rocs),
        single_rocs_not_estimable=reasons,
        combined=combined,
        nomogram=nomogram(kept, x[:, entered], model.coefficients),
        optimism=found,
    )

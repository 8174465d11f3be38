"""How much better a model looks on the data it was made from (section 2.5, bootstrap).

Harrell, Lee and Mark (Stat Med 1996;15:361): in each resample the model is made again, screen
included, and judged there and on the original cohort; the mean difference is the optimism.
"""

from dataclasses import dataclass

import numpy as np

from scoring.nomogram.logistic import risk_of_logit
from scoring.statistics import bootstrap
from scoring.statistics.development.univariate import Variable, suitable_test
from scoring.statistics.discrimination import area
from scoring.statistics.errors import NotEstimableError
from scoring.statistics.logistic import Fit, fit
from scoring.statistics.predictions import BoolArray, FloatArray, Tally


@dataclass(frozen=True)
class Optimism:
    """Optimism of AUC and Brier score, and the shrinkage slope.

    ``n`` resamples were done, ``failed`` of them gave no model (a predictor without variation,
    separation, none chosen) and are left out. ``auc_corrected`` and ``brier_corrected`` are the
    apparent values less the mean optimism; ``slope`` and ``intercept`` are the mean calibration
    slope and intercept of the resamples' models in the original cohort.
    """

    n: int
    failed: int
    seed: int
    auc_optimism: float
    auc_corrected: float
    brier_optimism: float
    brier_corrected: float
    slope: float
    intercept: float


def screened_in(
    variables: tuple[Variable, ...], x: FloatArray, event: BoolArray, alpha: float | None
) -> list[int]:
    """The columns that enter: all, or those whose univariate p is below ``alpha``.

    A column that cannot be tested does not enter a screened model.
    """
    if alpha is None:
        return list(range(len(variables)))
    found = []
    for column, variable in enumerate(variables):
        try:
            p = suitable_test(variable, x[:, column], event).p
        except NotEstimableError:
            continue
        if p < alpha:
            found.append(column)
    return found


def _auc(logit: FloatArray, event: BoolArray) -> float:
    return area(Tally(logit, event))


def _brier(logit: FloatArray, event: BoolArray) -> float:
    return float(np.mean((risk_of_logit(logit) - event) ** 2))


@dataclass(frozen=True, eq=False)
class RefitTask:
    """Make the model again in a resample; see ``Task`` in ``bootstrap.py``."""

    variables: tuple[Variable, ...]
    x: FloatArray
    event: BoolArray
    alpha: float | None

    def __call__(self, rng: np.random.Generator) -> tuple[float, ...] | None:
        """AUC there and here, Brier score there and here, calibration intercept and slope here."""
        rows = rng.integers(0, len(self.event), len(self.event))
        x, event = self.x[rows], self.event[rows]
        try:
            columns = screened_in(self.variables, x, event, self.alpha)
            if not columns:
                return None
            made = fit(x[:, columns], event)
            here = made.logits(self.x[:, columns])
            again = fit(here[:, None], self.event)
        except NotEstimableError:
            return None
        there = made.logits(x[:, columns])
        return (
            _auc(there, event),
            _auc(here, self.event),
            _brier(there, event),
            _brier(here, self.event),
            float(again.coefficients[0]),
            float(again.coefficients[1]),
        )


def optimism(
    task: RefitTask,
    model: Fit,
    columns: list[int],
    *,
    resamples: int,
    seed: int,
    workers: int,
    progress: bootstrap.Progress | None,
) -> Optimism:
    """Bootstrap the making of ``model`` from ``columns`` of the task's x.

    Raises NotEstimableError("too_few") if not even half of the resamples gave a model.
    """
    found, failed = bootstrap.run(
        task, resamples=resamples, seed=seed, workers=workers, progress=progress
    )
    if 2 * len(found) < resamples or not len(found):
        raise NotEstimableError("too_few")
    auc_there, auc_here, brier_there, brier_here, intercept, slope = found.T
    logit = model.logits(task.x[:, columns])
    auc_optimism = float(np.mean(auc_there - auc_here))
    brier_optimism = float(np.mean(brier_there - brier_here))
    return Optimism(
        n=len(found),
        failed=failed,
        seed=seed,
        auc_optimism=auc_optimism,
        auc_corrected=_auc(logit, task.event) - auc_optimism,
        brier_optimism=brier_optimism,
        brier_corrected=_brier(logit, task.event) - brier_optimism,
        slope=float(slope.mean()),
        intercept=float(intercept.mean()),
    )

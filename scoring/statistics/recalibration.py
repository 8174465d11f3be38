"""Adjusting a model to a hospital: not at all, its intercept, or its intercept and slope.

Which of them is decided by a closed test with likelihood ratios (Vergouwe et al., Stat Med
2017;36:4529), so that the error of changing a model that fits stays at ``ALPHA``.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from scoring.nomogram.logistic import Line, risk_of_logit
from scoring.statistics import bootstrap
from scoring.statistics.errors import NotEstimableError
from scoring.statistics.intervals import Estimate, chi_square_p
from scoring.statistics.logistic import Fit
from scoring.statistics.predictions import FloatArray, Predictions
from scoring.statistics.samples import Cells, Patients, bin_by_logit

ALPHA = 0.05
# Below this many events, or non-events, an adjustment would be noise.
MIN_EVENTS = 100
# Above this many patients the bootstrap draws counts in cells instead of patients.
CELLS_ABOVE = 20_000

ORIGINAL, INTERCEPT, INTERCEPT_AND_SLOPE = "original", "intercept", "intercept_and_slope"


class LikelihoodRatio(NamedTuple):
    """A likelihood-ratio test."""

    chi2: float
    df: int
    p: float


@dataclass(frozen=True)
class ClosedTest:
    """Both adjusted against original (2 df); if significant, both against the intercept alone."""

    both_against_original: LikelihoodRatio
    both_against_intercept: LikelihoodRatio
    alpha: float


class Fitness(NamedTuple):
    """Calibration of one curve in one cohort, and its Brier score."""

    brier: float
    in_the_large: float
    intercept: float
    slope: float


@dataclass(frozen=True)
class Corrected:
    """Performance of the adjusted curve less its optimism, as a mean of ``n`` resamples.

    In each resample the method is chosen and fitted again; ``methods`` counts what was chosen.
    ``cells`` is how many cells of the logit the resamples were drawn from, None if from patients.
    The AUC is that of the original curve: an increasing adjustment changes no order.
    """

    performance: Fitness
    n: int
    failed: int
    seed: int
    methods: dict[str, int]
    cells: int | None


@dataclass(frozen=True, eq=False)
class RecalibrationFit:
    """logit(risk) = ``intercept`` + ``slope`` logit(original risk).

    ``method``: "original" (0 and 1: the model fits), "intercept" (slope 1) or
    "intercept_and_slope". ``estimates`` are those of intercept and slope with their intervals,
    None where they were not estimated; ``covariance``, shape (2, 2), is theirs, 0 for what was not
    estimated. ``before``, ``after``: the original and the adjusted
    curve in this cohort; ``corrected`` is None if no bootstrap was asked for.
    """

    method: str
    intercept: float
    slope: float
    estimates: tuple[Estimate | None, Estimate | None]
    covariance: FloatArray
    test: ClosedTest
    before: Fitness
    after: Fitness
    corrected: Corrected | None

    def line(self, original: Line) -> Line:
        """The adjusted points-to-risk line."""
        return original.recalibrated(self.intercept, self.slope)

    def risk(self, original_risk: FloatArray) -> FloatArray:
        """The adjusted risk of patients with these original risks (between 0 and 1)."""
        logit = np.log(original_risk) - np.log1p(-original_risk)
        return risk_of_logit(self.intercept + self.slope * logit)


class _Choice(NamedTuple):
    method: str
    intercept: float
    slope: float
    test: ClosedTest
    intercept_only: Fit
    both: Fit


def _choose(these: "Patients | Cells") -> _Choice:
    """The closed test. Raises NotEstimableError as ``fit``, and "slope_not_positive"."""
    both = these.fit(these.logit[:, None])
    intercept_only = these.fit(np.empty((len(these.logit), 0)), these.logit)
    original = these.log_likelihood()
    test = ClosedTest(
        _likelihood_ratio(both.log_likelihood, original, 2),
        _likelihood_ratio(both.log_likelihood, intercept_only.log_likelihood, 1),
        ALPHA,
    )
    if test.both_against_original.p >= ALPHA:
        method, intercept, slope = ORIGINAL, 0.0, 1.0
    elif test.both_against_intercept.p >= ALPHA:
        method, intercept, slope = INTERCEPT, float(intercept_only.coefficients[0]), 1.0
    else:
        method = INTERCEPT_AND_SLOPE
        intercept, slope = (float(value) for value in both.coefficients)
        if slope <= 0.0:
            raise NotEstimableError("slope_not_positive")
    return _Choice(method, intercept, slope, test, intercept_only, both)


def _likelihood_ratio(larger: float, smaller: float, df: int) -> LikelihoodRatio:
    chi2 = max(2.0 * (larger - smaller), 0.0)
    return LikelihoodRatio(chi2, df, chi_square_p(chi2, df))


def _fitness(these: Patients | Cells, both: Fit, choice: _Choice) -> Fitness:
    """How the chosen curve does in a cohort; ``both`` is the recalibration of the original there.

    Intercept and slope follow from ``both`` by arithmetic.
    """
    adjusted = choice.intercept + choice.slope * these.logit
    slope = float(both.coefficients[1]) / choice.slope
    in_the_large = these.fit(np.empty((len(adjusted), 0)), adjusted)
    return Fitness(
        brier=these.brier(risk_of_logit(adjusted)),
        in_the_large=float(in_the_large.coefficients[0]),
        intercept=float(both.coefficients[0]) - slope * choice.intercept,
        slope=slope,
    )


@dataclass(frozen=True, eq=False)
class RecalibrationTask:
    """Choose and fit again in a resample; see ``Task`` in ``bootstrap.py``."""

    these: Patients | Cells
    both: Fit

    def __call__(self, rng: np.random.Generator) -> tuple[float, ...] | None:
        """The method's number, then what the curve gains there over here."""
        drawn = self.these.drawn(rng)
        try:
            choice = _choose(drawn)
            there = _fitness(drawn, choice.both, choice)
            here = _fitness(self.these, self.both, choice)
        except NotEstimableError:
            return None
        gains = (a - b for a, b in zip(there, here, strict=True))
        return (float(_METHODS.index(choice.method)), *gains)


_METHODS = (ORIGINAL, INTERCEPT, INTERCEPT_AND_SLOPE)


def recalibrate(
    predictions: Predictions,
    *,
    resamples: int = bootstrap.RESAMPLES,
    seed: int = bootstrap.SEED,
    workers: int = 1,
    progress: bootstrap.Progress | None = None,
) -> RecalibrationFit:
    """The adjustment that these outcomes justify. ``resamples`` 0 leaves the bootstrap out.

    Raises NotEstimableError: "fewer_than_100_events", "fewer_than_100_non_events",
    "risk_of_0_or_1", "constant_risk", "separation", "slope_not_positive", "too_few" (not even
    half of the resamples gave a curve).
    """
    if predictions.events < MIN_EVENTS:
        raise NotEstimableError("fewer_than_100_events")
    if predictions.non_events < MIN_EVENTS:
        raise NotEstimableError("fewer_than_100_non_events")
    predictions.need_different_risks()
    these = Patients(predictions.logit, predictions.event)
    choice = _choose(these)
    original = choice._replace(method=ORIGINAL, intercept=0.0, slope=1.0)
    after = _fitness(these, choice.both, choice)
    corrected = None
    if resamples:
        task = _task(these, choice.both)
        found, failed = bootstrap.run(
            task, resamples=resamples, seed=seed, workers=workers, progress=progress
        )
        corrected = _corrected(after, found, failed, seed, task)
    return RecalibrationFit(
        method=choice.method,
        intercept=choice.intercept,
        slope=choice.slope,
        estimates=_estimates(choice),
        covariance=_covariance(choice),
        test=choice.test,
        before=_fitness(these, choice.both, original),
        after=after,
        corrected=corrected,
    )


def _estimates(choice: _Choice) -> tuple[Estimate | None, Estimate | None]:
    if choice.method == INTERCEPT:
        return choice.intercept_only.estimate(0), None
    if choice.method == INTERCEPT_AND_SLOPE:
        return choice.both.estimate(0), choice.both.estimate(1)
    return None, None


def _covariance(choice: _Choice) -> FloatArray:
    covariance = np.zeros((2, 2))
    if choice.method == INTERCEPT:
        covariance[:1, :1] = choice.intercept_only.covariance
    elif choice.method == INTERCEPT_AND_SLOPE:
        covariance[:] = choice.both.covariance
    return covariance


def _task(these: Patients, both: Fit) -> RecalibrationTask:
    """Resamples of patients, or for very many patients of cells."""
    if len(these.event) <= CELLS_ABOVE:
        return RecalibrationTask(these, both)
    cells = bin_by_logit(these.logit, these.event)
    # What is gained there over here is told on the cells alone, so that their width cancels out.
    return RecalibrationTask(cells, cells.fit(cells.logit[:, None]))


def _corrected(
    after: Fitness, found: FloatArray, failed: int, seed: int, task: RecalibrationTask
) -> Corrected:
    if len(found) <= failed:
        raise NotEstimableError("too_few")
    optimism = found[:, 1:].mean(axis=0)
    return Corrected(
        performance=Fitness(*(float(a - o) for a, o in zip(after, optimism, strict=True))),
        n=len(found),
        failed=failed,
        seed=seed,
        methods={name: int(np.sum(found[:, 0] == i)) for i, name in enumerate(_METHODS)},
        cells=len(task.these.logit) if isinstance(task.these, Cells) else None,
    )

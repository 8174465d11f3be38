"""Points to risk, with the reading band and an approximate 95 % confidence interval.

The points-to-risk line and the covariance are reconstructed from the published tables (see
``reconstruction.py``): a risk is shown together with that fact. Functions with ``Values`` take
floats for one patient or float arrays of one shape for a cohort, and return the same.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from scoring.nomogram import publication as paper
from scoring.nomogram import reconstructed
from scoring.nomogram.points import (
    Covariates,
    FloatArray,
    Points,
    Values,
    covariates_of,
    patient_points,
    points_of,
    total_points,
)
from scoring.nomogram.predictors import Caution, Inputs, cautions_for

Z95 = 1.96
_SIZE = len(reconstructed.COVARIANCE_LOWER)


def _full_covariance() -> FloatArray:
    lower = np.zeros((_SIZE, _SIZE))
    lower[np.tril_indices(_SIZE)] = np.concatenate(reconstructed.COVARIANCE_LOWER)
    full: FloatArray = lower + np.tril(lower, -1).T
    full.flags.writeable = False
    return full


COVARIANCE = _full_covariance()


@dataclass(frozen=True)
class Model:
    """Which model a result comes from; identifier and version are saved with every result."""

    identifier: str
    version: str
    name: str


MODEL = Model(identifier="rong-2025", version="1", name="Rong 2025, reconstruction 1")


class Interval(NamedTuple):
    """A range of risks, 0 to 1."""

    low: float
    high: float


def _risk_of_logit(logit: Values) -> Values:
    risk: Values = 1.0 / (1.0 + np.exp(-logit))
    return risk


def _curve(points: Values, p50_points: float, k_points_per_logit: float) -> Values:
    return _risk_of_logit((points - p50_points) / k_points_per_logit)


def risk_at(points: Values) -> Values:
    """The risk (0 to 1) at these points, on the central reconstructed curve."""
    return _curve(points, reconstructed.P50_POINTS, reconstructed.K_POINTS_PER_LOGIT)


def band_at(points: Values) -> tuple[Values, Values]:
    """Low and high end of the reading band: the envelope of the central and both bracket curves."""
    k = reconstructed.BRACKET_K_POINTS_PER_LOGIT
    central = risk_at(points)
    cohort = _curve(points, reconstructed.COHORT_P50_POINTS, k)
    anchored = _curve(points, reconstructed.ANCHORED_P50_POINTS, k)
    low: Values = np.minimum(np.minimum(cohort, anchored), central)
    high: Values = np.maximum(np.maximum(cohort, anchored), central)
    return low, high


def standard_error(covariates: Covariates[Values]) -> Values:
    """Standard error of the logit, from the reconstructed covariance."""
    x = np.stack([np.ones_like(covariates.age_years), *covariates], axis=-1)
    error: Values = np.sqrt(np.sum((x @ COVARIANCE) * x, axis=-1))
    return error


def ci95_at(covariates: Covariates[Values]) -> tuple[Values, Values]:
    """Low and high end of the approximate 95 % interval: logit +/- 1.96 SE, then back to risk."""
    points = total_points(covariates)
    logit = (points - reconstructed.P50_POINTS) / reconstructed.K_POINTS_PER_LOGIT
    half_width = Z95 * standard_error(covariates)
    return _risk_of_logit(logit - half_width), _risk_of_logit(logit + half_width)


def at_or_above_cutoff(risk: float) -> bool:
    """Whether a risk (0 to 1) reaches the training set's ROC cut-off, 0.184 (section 3.6)."""
    return risk >= paper.CUTOFF


@dataclass(frozen=True)
class Scenario:
    """One outcome of the 24-hour radiograph, and the risk with it.

    ``code``: "final", or "if_restored" and "if_not_restored" while the radiograph is not in.
    """

    code: str
    mvh_restored: bool
    points_mvh: float
    total_points: float
    risk: float
    ci95: Interval
    band: Interval

    @property
    def at_or_above_cutoff(self) -> bool:
        """Whether the risk reaches the study's cut-off."""
        return at_or_above_cutoff(self.risk)


@dataclass(frozen=True)
class Result:
    """What the model says about one patient: one scenario if final, two if provisional."""

    inputs: Inputs
    points: Points
    scenarios: tuple[Scenario, ...]
    cautions: tuple[Caution, ...]
    model: Model

    @property
    def provisional(self) -> bool:
        """True while it is not known whether the middle vertebral height is restored."""
        return self.inputs.mvh_restored is None


def _scenario(inputs: Inputs, code: str, *, mvh_restored: bool) -> Scenario:
    covariates = covariates_of(inputs, mvh_restored=mvh_restored)
    points = total_points(covariates)
    return Scenario(
        code=code,
        mvh_restored=mvh_restored,
        points_mvh=points_of(covariates).mvh,
        total_points=points,
        risk=float(risk_at(points)),
        ci95=Interval(*(float(end) for end in ci95_at(covariates))),
        band=Interval(*(float(end) for end in band_at(points))),
    )


def assess(inputs: Inputs) -> Result:
    """Points, risk, band and interval of one patient, unrounded."""
    if inputs.mvh_restored is None:
        scenarios: tuple[Scenario, ...] = (
            _scenario(inputs, "if_restored", mvh_restored=True),
            _scenario(inputs, "if_not_restored", mvh_restored=False),
        )
    else:
        scenarios = (_scenario(inputs, "final", mvh_restored=inputs.mvh_restored),)
    return Result(
        inputs=inputs,
        points=patient_points(inputs),
        scenarios=scenarios,
        cautions=cautions_for(inputs),
        model=MODEL,
    )

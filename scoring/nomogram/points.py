"""Inputs to points (Table 7), for one patient and for the arrays of a cohort by the same code.

Every function takes floats, or float arrays of one shape, and returns the same. Nothing is
rounded.
"""

from dataclasses import dataclass
from typing import Generic, NamedTuple, TypeAlias, TypeVar

import numpy as np
from numpy.typing import NDArray

from scoring.nomogram import publication as paper
from scoring.nomogram.predictors import Inputs
from scoring.nomogram.publication import Predictor, YesNoPoints

FloatArray: TypeAlias = NDArray[np.float64]
# One patient, or all patients of a cohort.
Values = TypeVar("Values", float, FloatArray)


class Covariates(NamedTuple, Generic[Values]):
    """The predictors as the logistic model takes them (Table 5): yes is 1.0, no is 0.0."""

    age_years: Values
    abs_t_above_3_5: Values
    trauma_history: Values
    posterior_fascia_edema: Values
    pdw_fl: Values
    chloride_mmol_l: Values
    mvh_restored: Values


def covariates_of(inputs: Inputs, *, mvh_restored: bool) -> Covariates[float]:
    """The covariates of one patient; the radiograph is given apart, as it may not be in yet."""
    return Covariates(
        age_years=inputs.age_years,
        # T = -3.5 is "no", and so is every positive T-score.
        abs_t_above_3_5=float(inputs.t_score < paper.BMD_T_SCORE_THRESHOLD),
        trauma_history=float(inputs.trauma_history),
        posterior_fascia_edema=float(inputs.posterior_fascia_edema),
        pdw_fl=inputs.pdw_fl,
        chloride_mmol_l=inputs.chloride_mmol_l,
        mvh_restored=float(mvh_restored),
    )


def age_points(age_years: Values) -> Values:
    """0.95 x (100 - age)."""
    return paper.AGE_POINTS_PER_YEAR * (paper.AGE_ZERO_POINTS_YEARS - age_years)


def pdw_points(pdw_fl: Values) -> Values:
    """3.47 x (PDW - 6)."""
    return paper.PDW_POINTS_PER_FL * (pdw_fl - paper.PDW_ZERO_POINTS_FL)


def chloride_points(chloride_mmol_l: Values) -> Values:
    """2.55 x (115 - Cl)."""
    return paper.CHLORIDE_POINTS_PER_MMOL_L * (paper.CHLORIDE_ZERO_POINTS_MMOL_L - chloride_mmol_l)


def yes_no_points(points: YesNoPoints, yes: Values) -> Values:
    """The points of a yes/no predictor; ``yes`` is 1.0 or 0.0."""
    return points.yes * yes + points.no * (1.0 - yes)


class PredictorPoints(NamedTuple, Generic[Values]):
    """Points of the seven predictors, in the order of Table 7."""

    age: Values
    bmd: Values
    trauma_history: Values
    posterior_fascia_edema: Values
    pdw: Values
    chloride: Values
    mvh: Values


def points_of(covariates: Covariates[Values]) -> PredictorPoints[Values]:
    """Table 7, predictor by predictor."""
    return PredictorPoints(
        age=age_points(covariates.age_years),
        bmd=yes_no_points(paper.BMD_POINTS, covariates.abs_t_above_3_5),
        trauma_history=yes_no_points(paper.TRAUMA_HISTORY_POINTS, covariates.trauma_history),
        posterior_fascia_edema=yes_no_points(
            paper.POSTERIOR_FASCIA_EDEMA_POINTS, covariates.posterior_fascia_edema
        ),
        pdw=pdw_points(covariates.pdw_fl),
        chloride=chloride_points(covariates.chloride_mmol_l),
        mvh=yes_no_points(paper.MVH_POINTS, covariates.mvh_restored),
    )


def total_points(covariates: Covariates[Values]) -> Values:
    """The sum of the seven predictors' points."""
    points = points_of(covariates)
    # Written out, so that one patient and a cohort are added in one order, to the last bit.
    return (
        points.age
        + points.bmd
        + points.trauma_history
        + points.posterior_fascia_edema
        + points.pdw
        + points.chloride
        + points.mvh
    )


@dataclass(frozen=True)
class Points:
    """The points of one patient; ``mvh`` is None until the radiograph is in."""

    age: float
    bmd: float
    trauma_history: float
    posterior_fascia_edema: float
    pdw: float
    chloride: float
    mvh: float | None

    def as_dict(self) -> dict[Predictor, float | None]:
        """Points by predictor, in the order of Table 7."""
        return {predictor: getattr(self, predictor.value) for predictor in Predictor}

    @property
    def known_total(self) -> float:
        """The sum of the points that are known: without MVH until the radiograph is in."""
        return sum(points for points in self.as_dict().values() if points is not None)


def patient_points(inputs: Inputs) -> Points:
    """The points of one patient."""
    points = points_of(covariates_of(inputs, mvh_restored=bool(inputs.mvh_restored)))
    return Points(*points[:-1], mvh=None if inputs.mvh_restored is None else points.mvh)

"""The published margins of the training cohort: exact values of each predictor in each group."""

from typing import NamedTuple

import numpy as np
from scipy.special import ndtri

from scoring.nomogram.evidence import MeanSd
from scoring.nomogram.logistic import FloatArray
from scoring.nomogram.rong2025 import publication as paper
from scoring.nomogram.rong2025.model import PREDICTORS, RONG_2025
from scoring.nomogram.rong2025.publication import Group

PREDICTOR_COUNT = len(PREDICTORS)


class Margins(NamedTuple):
    """One outcome group: the values of each predictor without saying whose they are.

    ``values`` has shape (predictors, n), ascending, in the order of Table 7. ``yes`` is the number
    of "yes" of each predictor, 0 for a measured one.
    """

    pain: bool
    n: int
    values: FloatArray
    yes: tuple[int, ...]


def normal_quantiles(n: int, published: MeanSd) -> FloatArray:
    """n ascending values with exactly this mean and SD (divisor n - 1), shaped as a normal."""
    z = ndtri((np.arange(n) + 0.5) / n)
    # Symmetric, so that the mean is 0 already; the SD is a little below 1.
    values: FloatArray = published.mean + published.sd * z / z.std(ddof=1)
    return values


def _answers(n: int, yes: int) -> FloatArray:
    return (np.arange(n) >= n - yes).astype(np.float64)


def margins(group: Group, *, pain: bool) -> Margins:
    """The margins of a group as Tables 1 to 3 print them."""
    yes = (
        0,
        group.abs_t_above_3_5,
        group.trauma_history,
        group.posterior_fascia_edema,
        0,
        0,
        group.mvh_restored,
    )
    measured = {0: group.age_years, 4: group.pdw_fl, 5: group.chloride_mmol_l}
    values = [
        normal_quantiles(group.n, measured[place])
        if place in measured
        else _answers(group.n, yes[place])
        for place in range(PREDICTOR_COUNT)
    ]
    return Margins(pain, group.n, np.array(values), yes)


PAIN = margins(paper.PAIN, pain=True)
PAIN_FREE = margins(paper.PAIN_FREE, pain=False)


def _points_line() -> tuple[float, FloatArray]:
    nothing = {predictor.key: 0.0 for predictor in PREDICTORS}
    constant = RONG_2025.total_points(nothing)
    per_unit = [RONG_2025.total_points(nothing | {p.key: 1.0}) - constant for p in PREDICTORS]
    return constant, np.array(per_unit)


# Total points = constant + the covariates times these (Table 7).
POINTS_CONSTANT, POINTS_PER_UNIT = _points_line()

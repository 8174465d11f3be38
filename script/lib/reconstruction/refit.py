"""Logistic regression of many cohorts at once (Newton's method), and cohorts to refit it to.

Arrays have one row for each cohort: x (cohorts, n, 8) with a first column of 1, y (cohorts, n),
coefficients (cohorts, 8), intercept first, then the covariates in the order of Table 7.
"""

import numpy as np

from scoring.nomogram.logistic import FloatArray, Line, risk_of_logit
from scoring.nomogram.rong2025 import publication as paper
from scoring.nomogram.rong2025.publication import Group
from script.lib.reconstruction.margins import POINTS_CONSTANT, POINTS_PER_UNIT, PREDICTOR_COUNT

_STEPS = 25
# Of the score, which has the size of x: chloride adds up to some 60,000.
_SETTLED = 1e-6
# A risk nearer to 0 or 1 is that of outcomes that are separated: the score settles, too.
_SEPARATED = 1e-6


def coefficients(p50: FloatArray, k: FloatArray) -> FloatArray:
    """The coefficients of lines, given as P50 and K of shape (cohorts,)."""
    whole = np.array([POINTS_CONSTANT, *POINTS_PER_UNIT]) / k[:, None]
    whole[:, 0] -= p50 / k
    return whole


def line_coefficients(line: Line) -> FloatArray:
    """The coefficients of one line, shape (8,)."""
    found: FloatArray = coefficients(*(np.array([value]) for value in line))[0]
    return found


def _draw_group(rng: np.random.Generator, shape: tuple[int, ...], group: Group) -> FloatArray:
    answers = (
        (2, group.abs_t_above_3_5),
        (3, group.trauma_history),
        (4, group.posterior_fascia_edema),
        (7, group.mvh_restored),
    )
    x = np.ones((*shape, 1 + PREDICTOR_COUNT))
    for column, measured in ((1, group.age_years), (5, group.pdw_fl), (6, group.chloride_mmol_l)):
        x[..., column] = rng.normal(*measured, shape)
    for column, yes in answers:
        x[..., column] = rng.random(shape) < yes / group.n
    return x


def draw_patients(rng: np.random.Generator, shape: tuple[int, ...]) -> FloatArray:
    """Patients as in the study, both outcome groups mixed; shape (*shape, 8)."""
    pain = rng.random(shape) < paper.EVENT_RATE
    both = [_draw_group(rng, shape, group) for group in (paper.PAIN, paper.PAIN_FREE)]
    found: FloatArray = np.where(pain[..., None], *both)
    return found


def draw_outcomes(rng: np.random.Generator, risk: FloatArray) -> FloatArray:
    """1.0 for pain with these risks, else 0.0."""
    return (rng.random(risk.shape) < risk).astype(np.float64)


def risks(x: FloatArray, beta: FloatArray) -> FloatArray:
    """The risks of all patients, shape (cohorts, n)."""
    return risk_of_logit((x @ beta[..., None])[..., 0])


def refit(x: FloatArray, y: FloatArray, start: FloatArray) -> FloatArray:
    """Maximum-likelihood coefficients of each cohort, from ``start`` (cohorts, 8) on.

    Raises ArithmeticError if one does not settle, as with a predictor that separates the outcomes.
    """
    beta = start.copy()
    for _ in range(_STEPS):
        risk = risks(x, beta)
        score = ((y - risk)[:, None, :] @ x)[:, 0, :]
        if np.minimum(risk, 1.0 - risk).min() < _SEPARATED:
            break
        if np.abs(score).max() < _SETTLED:
            return beta
        weighted = x * (risk * (1.0 - risk))[..., None]
        information = np.swapaxes(x, 1, 2) @ weighted
        beta += np.linalg.solve(information, score[..., None])[..., 0]
    raise ArithmeticError("a simulated cohort could not be refitted")

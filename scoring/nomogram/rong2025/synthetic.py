"""A made-up cohort with the published numbers: for trying out, for teaching, for tests.

In each outcome group the yes/no predictors have the published counts, spread evenly over one
another, and age, PDW and chloride are normal with the published mean and SD. In groups of at least
``MATCHED_FROM`` patients means, SDs and the absence of correlation with the other predictors hold
in the sample itself (up to rounding), not only on average, so that every seed gives the published
picture. Tables 1 to 3.

Imported only where such a cohort is made.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scoring.nomogram.cohort import Cohort
from scoring.nomogram.logistic import FloatArray
from scoring.nomogram.rong2025 import publication as paper
from scoring.nomogram.rong2025.model import AGE, CHLORIDE, PDW, RONG_2025
from scoring.nomogram.rong2025.publication import Group

# Tenths of |T| of the two groups of Table 1: 2.5 to 3.5, and above 3.5. The table says no more.
_T_TENTHS_NO, _T_TENTHS_YES = (25, 36), (36, 51)
MATCHED_FROM = 20
_MAX_ROUNDS = 1000


@dataclass(frozen=True, eq=False)
class SyntheticCohort:
    """Inputs and outcome of made-up patients; ``event`` has shape (n,)."""

    cohort: Cohort
    event: NDArray[np.bool_]


def _measures(rng: np.random.Generator, group: Group, answers: FloatArray) -> FloatArray:
    """Age, PDW and chloride, shape (n, 3), of patients with these answers, shape (n, 4)."""
    published = np.array([group.age_years, group.pdw_fl, group.chloride_mmol_l])
    measured = AGE, PDW, CHLORIDE
    low, high = np.array([predictor.domain for predictor in measured]).T
    mean, sd = published.T
    n = len(answers)
    drawn = rng.normal(mean, sd, (n, 3))
    for _ in range(_MAX_ROUNDS):
        values = mean + sd * _uncorrelated(drawn, answers) if n >= MATCHED_FROM else drawn
        outside = (values < low) | (values > high)
        if not outside.any():
            return np.column_stack(
                [np.round(v, p.decimals) for v, p in zip(values.T, measured, strict=True)]
            )
        drawn[outside] = rng.normal(mean, sd, (n, 3))[outside]
    raise ArithmeticError("no sample with the published means and SDs inside the domain")


def _uncorrelated(drawn: FloatArray, answers: FloatArray) -> FloatArray:
    """Mean 0, SD 1, and no correlation among each other or with the answers; shape as drawn."""
    basis = np.column_stack([np.ones(len(drawn)), answers])
    residual = drawn - basis @ np.linalg.lstsq(basis, drawn)[0]
    factor = np.linalg.cholesky(residual.T @ residual / (len(drawn) - 1))
    white: FloatArray = np.linalg.solve(factor, residual.T).T
    return white


def _answers(
    rng: np.random.Generator, n: int, yes: int, of: int, others: list[NDArray[np.bool_]]
) -> NDArray[np.bool_]:
    """n answers with the published share of "yes", the same share (nearly) for any others."""
    order = np.lexsort([rng.random(n), *others])
    # Evenly spaced in that order, from a random start on, in whole numbers.
    size = max(n, 1)
    taken = (np.arange(n + 1) * round(n * yes / of) + rng.integers(size)) // size
    answers = np.empty(n, dtype=np.bool_)
    answers[order] = np.diff(taken) > 0
    return answers


def _group(rng: np.random.Generator, n: int, group: Group) -> dict[str, NDArray[np.generic]]:
    yes = {
        "abs_t_above_3_5": group.abs_t_above_3_5,
        "trauma_history": group.trauma_history,
        "posterior_fascia_edema": group.posterior_fascia_edema,
        "mvh_restored": group.mvh_restored,
    }
    answers: dict[str, NDArray[np.bool_]] = {}
    for field, count in yes.items():
        answers[field] = _answers(rng, n, count, group.n, list(answers.values()))
    above_3_5 = answers.pop("abs_t_above_3_5")
    tenths = np.where(above_3_5, rng.integers(*_T_TENTHS_YES, n), rng.integers(*_T_TENTHS_NO, n))
    measures = _measures(
        rng, group, np.column_stack([above_3_5, *answers.values()]).astype(np.float64)
    )
    return {
        "age_years": measures[:, 0],
        "t_score": -tenths / 10,
        "pdw_fl": measures[:, 1],
        "chloride_mmol_l": measures[:, 2],
        **answers,
    }


def synthetic_cohort(n: int, seed: int) -> SyntheticCohort:
    """n made-up patients, the same for the same seed; events in the published proportion.

    Raises ValueError if n is not positive.
    """
    if n < 1:
        raise ValueError("a cohort has at least one patient")
    rng = np.random.default_rng(seed)
    events = round(n * paper.EVENT_RATE)
    parts = _group(rng, n - events, paper.PAIN_FREE), _group(rng, events, paper.PAIN)
    order = rng.permutation(n)
    columns = {field: np.concatenate([part[field] for part in parts])[order] for field in parts[0]}
    return SyntheticCohort(RONG_2025.cohort(columns), (np.arange(n) >= n - events)[order])

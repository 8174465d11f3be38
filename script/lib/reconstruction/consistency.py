"""Whether what is printed beside the conditions fits, and what new patients may expect.

Told of cohorts that agree with all conditions: where each chain ends.
"""

from typing import NamedTuple

import numpy as np

from scoring.nomogram.logistic import FloatArray
from scoring.nomogram.rong2025 import publication as paper
from scoring.nomogram.rong2025.model import PREDICTORS
from scoring.nomogram.rong2025.reconstructed import LINE
from scoring.statistics.decision_curve import net_benefit_intervals
from scoring.statistics.development.optimism import RefitTask
from scoring.statistics.development.univariate import Variable
from scoring.statistics.discrimination import best_threshold
from scoring.statistics.predictions import Predictions, Tally
from script.lib.reconstruction.chain import Chains
from script.lib.reconstruction.line import information
from script.lib.reconstruction.posterior import share
from script.lib.reconstruction.refit import (
    coefficients,
    draw_outcomes,
    draw_patients,
    line_coefficients,
    risks,
)

SEED = 20250815
COHORTS, BURN_IN = 256, 150
BOOTSTRAP_COHORTS, RESAMPLES = 40, 100
VALIDATION_SETS = 10_000
# Not printed, but 64.7 % and 91.8 % of 78 patients are 11 of 17 and 56 of 61.
VALIDATION_EVENTS = 17
_DRAWN_AT_ONCE = 1_000


class Cohorts(NamedTuple):
    """x (cohorts, n, 8) with a first column of 1, y (cohorts, n), and each one's coefficients."""

    x: FloatArray
    y: FloatArray
    beta: FloatArray


class Optimism(NamedTuple):
    """What refitting gains in the patients it is done on: AUC, with its SD, and the slope left."""

    auc: float
    auc_sd: float
    slope: float


def cohorts_of(chains: Chains) -> Cohorts:
    """The cohort and the line of each chain as it stands."""
    x = np.concatenate([chains.pain.x, chains.pain_free.x], axis=1)
    y = np.zeros(x.shape[:2])
    y[:, : paper.PAIN.n] = 1.0
    return Cohorts(x, y, coefficients(chains.p50, chains.k))


def optimism(cohorts: Cohorts, resamples: int = RESAMPLES, seed: int = SEED) -> Optimism:
    """Harrell's bootstrap in each cohort, as ``develop_model`` does it; nothing is screened."""
    rng = np.random.default_rng(seed)
    variables = tuple(Variable(predictor.key, binary=False) for predictor in PREDICTORS)
    gains, slopes = [], []
    for x, y in zip(cohorts.x, cohorts.y, strict=True):
        task = RefitTask(variables, x[:, 1:], y == 1.0, None)
        made = np.array([found for _ in range(resamples) if (found := task(rng))])
        gains.append(np.mean(made[:, 0] - made[:, 1]))
        slopes.append(np.mean(made[:, 5]))
    return Optimism(float(np.mean(gains)), float(np.std(gains, ddof=1)), float(np.mean(slopes)))


def validation_cutoffs(sets: int = VALIDATION_SETS, seed: int = SEED) -> FloatArray:
    """ROC cut-offs (risks) of sets of 78 patients with 17 events in which the model is true."""
    rng = np.random.default_rng(seed)
    beta = np.tile(line_coefficients(LINE), (_DRAWN_AT_ONCE, 1))
    found: list[float] = []
    while len(found) < sets:
        risk = risks(draw_patients(rng, (_DRAWN_AT_ONCE, paper.VALIDATION_SET.n)), beta)
        event = draw_outcomes(rng, risk) == 1.0
        fits = event.sum(axis=1) == VALIDATION_EVENTS
        pairs = zip(risk[fits], event[fits], strict=True)
        found += [best_threshold(Tally(*pair)) for pair in pairs]
    return np.array(found[:sets])


def report_consistency() -> str:
    """What of the paper was no condition, and how it fits."""
    chains = Chains(COHORTS, np.random.default_rng(SEED), information())
    chains.run(BURN_IN, 0)
    cohorts = cohorts_of(chains)
    risk = risks(cohorts.x, cohorts.beta)
    lowest, highest = risk.min(axis=1), risk.max(axis=1)
    (limits,) = paper.TRAINING.net_benefit_thresholds
    stretches = [
        net_benefit_intervals(Predictions(*pair)) for pair in zip(risk, cohorts.y, strict=True)
    ]
    widest = [max(found, key=lambda stretch: stretch.high - stretch.low) for found in stretches]
    begins = share(np.array([stretch.low >= limits.low for stretch in widest]))
    ends = share(np.array([stretch.high <= limits.high for stretch in widest]))
    odd = share(validation_cutoffs() >= paper.VALIDATION.cutoff)
    gain = optimism(Cohorts(*(part[:BOOTSTRAP_COHORTS] for part in cohorts)))
    return "\n".join(
        [
            f"{COHORTS} cohorts: lowest risk {lowest.mean():.1%} (SD {lowest.std():.1%}), "
            f"highest {highest.mean():.1%} (SD {highest.std():.1%})",
            f"widest stretch of net benefit: begins at {limits.low:.1%} or above in "
            f"{begins.value:.0%} of cohorts ({begins.error:.0%}), ends at {limits.high:.1%} or "
            f"below in {ends.value:.0%} ({ends.error:.0%})",
            f"ROC cut-off at {paper.VALIDATION.cutoff:.1%} or above in {odd.value:.1%} "
            f"({odd.error:.1%}) of sets of {paper.VALIDATION_SET.n} patients with "
            f"{VALIDATION_EVENTS} events",
            f"optimism of the AUC {gain.auc:.4f} (SD between {BOOTSTRAP_COHORTS} cohorts "
            f"{gain.auc_sd:.4f}), so {paper.TRAINING.auc - gain.auc:.3f} in new patients; "
            f"calibration slope {gain.slope:.3f}",
        ]
    )

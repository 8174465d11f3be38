"""The command ``script/coverage_auc``: how often DeLong's 95 % interval holds the true AUC.

Risks of patients with and without the event are normal with one SD, as far apart as the model's
AUC in the study says. Sets without overlap have no interval; they are counted for themselves.
"""

import argparse
from collections.abc import Sequence
from statistics import NormalDist

import numpy as np

from scoring.nomogram.logistic import Z95
from scoring.nomogram.rong2025.model import EVIDENCE
from scoring.statistics.discrimination import delong
from scoring.statistics.errors import NotEstimableError
from scoring.statistics.predictions import Tally

SIZES = ((5, 20), (10, 39), (17, 61))
SETS, SEED = 20_000, 1


def main(arguments: Sequence[str] | None = None) -> int:
    """Print a row of Markdown for each size."""
    parser = argparse.ArgumentParser(prog="script/coverage_auc", description=__doc__)
    parser.add_argument("--sets", type=int, default=SETS, help="default %(default)s")
    parser.add_argument("--seed", type=int, default=SEED, help="default %(default)s")
    options = parser.parse_args(arguments)
    truth = EVIDENCE.training.auc
    print(f"AUC {truth}, {options.sets} sets of each size, seed {options.seed}\n")
    print("| events | others | AUC scale | logit scale | no interval |\n|---|---|---|---|---|")
    rng = np.random.default_rng(options.seed)
    for events, others in SIZES:
        plain, logit, none = coverage(rng, truth, events, others, options.sets)
        print(f"| {events} | {others} | {plain:.1%} | {logit:.1%} | {none:.1%} |")
    return 0


def coverage(
    rng: np.random.Generator, truth: float, events: int, others: int, sets: int
) -> tuple[float, float, float]:
    """Shares (0 to 1) of the intervals that hold ``truth`` on either scale; of sets without one."""
    apart = NormalDist().inv_cdf(truth) * 2.0**0.5
    event = np.arange(events + others) < events
    plain = logit = found = 0
    for _ in range(sets):
        try:
            estimate = delong(Tally(rng.normal(size=len(event)) + apart * event, event))
        except NotEstimableError:
            continue
        found += 1
        plain += abs(estimate.value - truth) <= Z95 * estimate.se
        logit += estimate.ci95.low <= truth <= estimate.ci95.high
    return plain / found, logit / found, 1.0 - found / sets


if __name__ == "__main__":
    raise SystemExit(main())

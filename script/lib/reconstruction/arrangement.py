"""Many cohorts with the published margins, each in an arrangement of its own.

Who has which value is not published. An arrangement says it as permutations, so that a swap can't
change a margin. All arrays have one row for each chain.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from scoring.nomogram.logistic import FloatArray, risk_of_logit
from script.lib.reconstruction.margins import (
    POINTS_CONSTANT,
    POINTS_PER_UNIT,
    PREDICTOR_COUNT,
    Margins,
)

IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]


class Swap(NamedTuple):
    """Two patients of a group exchange their values of one predictor, in every chain.

    ``ranks`` and ``patients`` have shape (2, chains), ``change`` is what the first one gains.
    """

    predictor: int
    ranks: IntArray
    patients: IntArray
    change: FloatArray


class Arrangement:
    """One outcome group in all chains.

    ``patient[c, j, r]`` is the patient who has the value of rank r of predictor j in chain c. ``x``
    has shape (chains, n, 1 + predictors), its first column is 1; ``points`` has (chains, n).
    """

    def __init__(self, group: Margins, chains: int, rng: np.random.Generator) -> None:
        self.group = group
        self._chain = np.arange(chains)
        ranks = np.broadcast_to(np.arange(group.n), (chains, PREDICTOR_COUNT, group.n))
        self.patient = rng.permuted(ranks, axis=2)
        self.x = np.ones((chains, group.n, 1 + PREDICTOR_COUNT))
        for place, values in enumerate(group.values):
            self.x[self._chain[:, None], self.patient[:, place], 1 + place] = values
        self.points = np.empty((chains, group.n))
        self.add_up()

    def add_up(self) -> None:
        """The points anew from the values, without the rounding that swaps leave in them."""
        self.points[:] = POINTS_CONSTANT + self.x[:, :, 1:] @ POINTS_PER_UNIT

    def draw_swap(self, predictor: int, rng: np.random.Generator) -> Swap:
        """Two ranks at random in each chain; of a yes/no predictor one "no" and one "yes"."""
        n, yes, chains = self.group.n, self.group.yes[predictor], len(self._chain)
        if yes:
            ranks = np.array([rng.integers(0, n - yes, chains), rng.integers(n - yes, n, chains)])
        else:
            ranks = rng.integers(0, n, (2, chains))
        patients = self.patient[self._chain, predictor, ranks]
        first, second = self.group.values[predictor, ranks]
        return Swap(predictor, ranks, patients, second - first)

    def points_of(self, swap: Swap) -> tuple[FloatArray, FloatArray]:
        """Points of both patients before and after, each of shape (2, chains)."""
        before = self.points[self._chain, swap.patients]
        gain = POINTS_PER_UNIT[swap.predictor] * swap.change
        return before, before + np.array([gain, -gain])

    def score_change(self, swap: Swap, before: FloatArray, after: FloatArray) -> FloatArray:
        """What the swap adds to sum x (y - p), given the risks before and after; (chains, 8)."""
        x = self.x[self._chain, swap.patients]
        change: FloatArray = ((before - after)[:, :, None] * x).sum(axis=0)
        # The exchanged values themselves: y drops out, both patients have the same outcome.
        change[:, 1 + swap.predictor] += swap.change * (after[1] - after[0])
        return change

    def carry_out(self, swap: Swap, after: FloatArray, accepted: BoolArray) -> None:
        """Swap in the chains that accepted it; ``after`` are the points of both patients."""
        chain = self._chain[accepted]
        first, second = swap.patients[:, accepted]
        column = 1 + swap.predictor
        low, high = self.x[chain, first, column], self.x[chain, second, column]
        self.x[chain, first, column], self.x[chain, second, column] = high, low
        self.points[chain, first], self.points[chain, second] = after[:, accepted]
        self.patient[chain, swap.predictor, swap.ranks[0, accepted]] = second
        self.patient[chain, swap.predictor, swap.ranks[1, accepted]] = first

    def score(self, p50: FloatArray, k: FloatArray) -> FloatArray:
        """sum x (y - p) over the group, shape (chains, 8)."""
        risk = risk_of_logit((self.points - p50[:, None]) / k[:, None])
        residual = float(self.group.pain) - risk
        score: FloatArray = np.matmul(residual[:, None, :], self.x)[:, 0, :]
        return score

    def below(self, points: FloatArray) -> IntArray:
        """How many patients lie below these points; one number for each chain, or (..., chains)."""
        lower: BoolArray = self.points < points[..., None]
        # Three times as fast as counting bools.
        counts: IntArray = lower.view(np.uint8).sum(axis=-1, dtype=np.int64)
        return counts

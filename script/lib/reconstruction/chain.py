"""The Markov chain over lines and cohorts, many chains side by side.

Metropolis (Metropolis et al., J Chem Phys 1953;21:1087): the target has density exp(-E / 2) with E
the sum of the squared standardized distances of ``conditions.py``, and is flat in P50, K and the
arrangements otherwise. All proposals are symmetric. A swap changes the score equations, the AUC and
the counts by the terms of two patients; a move of the line leaves the AUC alone.
"""

from dataclasses import dataclass

import numpy as np

from scoring.nomogram.logistic import FloatArray, risk_of_logit
from scoring.nomogram.rong2025 import publication as paper
from script.lib.reconstruction.arrangement import Arrangement, BoolArray, IntArray, Swap
from script.lib.reconstruction.conditions import ALL, CUTOFF_LOGIT, SCORE_SE, Conditions
from script.lib.reconstruction.margins import PAIN, PAIN_FREE, PREDICTOR_COUNT

# One sweep. More swaps for each move of the line would not make its draws more independent.
SWAPS_PER_SWEEP = paper.STUDY_N // 4
LINE_MOVES_PER_SWEEP = 10
# Steps of (P50, K), taken in turn: along each axis, and along the ridge on which both rise.
STEPS = np.array([[0.2, 0.0], [0.0, 0.15], [0.39, 0.3]])
# Where chains start: far wider than where they end.
_START_P50, _START_K = (150.0, 161.0), (22.0, 28.0)
_PAIRS = PAIN.n * PAIN_FREE.n
# Sweeps after which the points are added up anew.
_ADD_UP_EVERY = 10


@dataclass
class Draws:
    """Lines after each sweep, shape (sweeps, chains), and the shares of accepted proposals."""

    p50_points: FloatArray
    k_points_per_logit: FloatArray
    swaps_accepted: float
    line_moves_accepted: float


class Chains:
    """The state of all chains, and what is known of it. ``information`` scales the score."""

    def __init__(
        self,
        chains: int,
        rng: np.random.Generator,
        information: FloatArray,
        conditions: Conditions = ALL,
    ) -> None:
        self._rng = rng
        self._conditions = conditions
        self._count = chains
        # |S W|^2 is S' I^-1 S / SCORE_SE^2.
        self._whiten = np.linalg.inv(np.linalg.cholesky(information)).T / SCORE_SE
        self.pain, self.pain_free = (Arrangement(g, chains, rng) for g in (PAIN, PAIN_FREE))
        self.p50 = rng.uniform(*_START_P50, chains)
        self.k = rng.uniform(*_START_K, chains)
        self._accepted = {"swaps": 0, "line moves": 0}
        self._proposed = {"swaps": 0, "line moves": 0}
        self.refresh()

    def refresh(self) -> None:
        """Everything that is kept beside the state, anew from the state."""
        self.pain.add_up()
        self.pain_free.add_up()
        self.score = self._score(self.p50, self.k)
        self.above, self.below = self._counts(self.p50, self.k)
        lower = self.pain_free.below(np.moveaxis(self.pain.points, 1, 0))
        self.pairs_won: IntArray = lower.sum(axis=0)
        self._energy_score = self._of_score(self.score)
        self._energy_counts = self._conditions.of_counts(self.above, self.below)
        self._energy_auc = self._conditions.of_auc(self.auc)
        self._energy_line = self._conditions.of_line(self.p50, self.k)

    @property
    def auc(self) -> FloatArray:
        """Area under the ROC curve of each chain."""
        return self.pairs_won / _PAIRS

    @property
    def score_distance(self) -> FloatArray:
        """Square root of S' I^-1 S of each chain, in standard errors."""
        distance: FloatArray = np.sqrt(self._energy_score) * SCORE_SE
        return distance

    def _of_score(self, score: FloatArray) -> FloatArray:
        energy: FloatArray = ((score @ self._whiten) ** 2).sum(axis=1)
        return energy

    def _score(self, p50: FloatArray, k: FloatArray) -> FloatArray:
        return self.pain.score(p50, k) + self.pain_free.score(p50, k)

    def _counts(self, p50: FloatArray, k: FloatArray) -> tuple[IntArray, IntArray]:
        cutoff = p50 + k * CUTOFF_LOGIT
        return PAIN.n - self.pain.below(cutoff), self.pain_free.below(cutoff)

    def _accept(self, kind: str, energy_rise: FloatArray) -> BoolArray:
        accepted: BoolArray = self._rng.exponential(size=self._count) > 0.5 * energy_rise
        self._accepted[kind] += int(accepted.sum())
        self._proposed[kind] += self._count
        return accepted

    def swap(self) -> None:
        """Propose one swap in every chain: of one predictor, in a group chosen by its size."""
        pain = bool(self._rng.random() < PAIN.n / paper.STUDY_N)
        group = self.pain if pain else self.pain_free
        swap = group.draw_swap(int(self._rng.integers(PREDICTOR_COUNT)), self._rng)
        before, after = group.points_of(swap)
        self._judge(group, swap, before, after)

    def _judge(self, group: Arrangement, swap: Swap, before: FloatArray, after: FloatArray) -> None:
        risks = risk_of_logit((np.array([before, after]) - self.p50) / self.k)
        score = self.score + group.score_change(swap, *risks)
        energy_score = self._of_score(score)
        cutoff = self.p50 + self.k * CUTOFF_LOGIT
        more_below = (after < cutoff).sum(axis=0) - (before < cutoff).sum(axis=0)
        above, below = self.above, self.below
        if group is self.pain:
            above = above - more_below
            others, sign = self.pain_free, 1
        else:
            below = below + more_below
            others, sign = self.pain, -1
        # A patient with pain wins against those with fewer points; one without loses fewer.
        beaten = others.below(np.concatenate([before, after]))
        pairs_won = self.pairs_won + sign * (beaten[2] + beaten[3] - beaten[0] - beaten[1])
        energy_counts = self._conditions.of_counts(above, below)
        energy_auc = self._conditions.of_auc(pairs_won / _PAIRS)
        accepted = self._accept(
            "swaps",
            (energy_score + energy_counts + energy_auc)
            - (self._energy_score + self._energy_counts + self._energy_auc),
        )
        group.carry_out(swap, after, accepted)
        self.score[accepted] = score[accepted]
        self.pairs_won = np.where(accepted, pairs_won, self.pairs_won)
        self._take_counts(accepted, above, below, energy_score, energy_counts)
        self._energy_auc = np.where(accepted, energy_auc, self._energy_auc)

    def _take_counts(
        self,
        accepted: BoolArray,
        above: IntArray,
        below: IntArray,
        energy_score: FloatArray,
        energy_counts: FloatArray,
    ) -> None:
        self.above = np.where(accepted, above, self.above)
        self.below = np.where(accepted, below, self.below)
        self._energy_score = np.where(accepted, energy_score, self._energy_score)
        self._energy_counts = np.where(accepted, energy_counts, self._energy_counts)

    def move_line(self, step: FloatArray) -> None:
        """Propose another line in every chain, ``step`` (P50, K) times a normal number away."""
        z = self._rng.standard_normal(self._count)
        p50, k = self.p50 + step[0] * z, self.k + step[1] * z
        score = self._score(p50, k)
        above, below = self._counts(p50, k)
        energy_score = self._of_score(score)
        energy_counts = self._conditions.of_counts(above, below)
        energy_line = self._conditions.of_line(p50, k)
        accepted = self._accept(
            "line moves",
            (energy_score + energy_counts + energy_line)
            - (self._energy_score + self._energy_counts + self._energy_line),
        )
        self.p50 = np.where(accepted, p50, self.p50)
        self.k = np.where(accepted, k, self.k)
        self.score[accepted] = score[accepted]
        self._take_counts(accepted, above, below, energy_score, energy_counts)
        self._energy_line = np.where(accepted, energy_line, self._energy_line)

    def sweep(self) -> None:
        """142 swaps and ten moves of the line."""
        for _ in range(SWAPS_PER_SWEEP):
            self.swap()
        for move in range(LINE_MOVES_PER_SWEEP):
            self.move_line(STEPS[move % len(STEPS)])

    def run(self, burn_in: int, sweeps: int) -> Draws:
        """Sweep, and keep the line after each sweep that follows the burn-in."""
        kept = np.empty((2, sweeps, self._count))
        for number in range(burn_in + sweeps):
            if number % _ADD_UP_EVERY == 0:
                self.refresh()
            self.sweep()
            if number >= burn_in:
                kept[:, number - burn_in] = self.p50, self.k
        swaps, moves = (self._accepted[kind] / self._proposed[kind] for kind in self._accepted)
        return Draws(kept[0], kept[1], swaps, moves)

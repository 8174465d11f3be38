"""How many patients a risk-adjusted CUSUM runs until it signals, and the limit for a run length.

The chart is a Markov chain (Brook and Evans, Biometrika 1972;59:539; with risks: Steiner et al.,
Biostatistics 2000;1:441, section 3): its average run length is solved for, not simulated.
"""

import math
from functools import lru_cache

import numpy as np

from scoring.statistics.drift.cusum import weights
from scoring.statistics.errors import NotEstimableError
from scoring.statistics.predictions import FloatArray

# Places from 0 to the limit, and means of risks in order that stand for all of them. Twice as many
# of either change a run length by less than 1 %.
_PLACES = 200
_ATOMS = 100
_STEP = 0.01
_FIRST_STEPS, _MOST_STEPS = 512, 2048


def run_length(
    risk: FloatArray, *, odds_ratio: float, limit: float, true_odds_ratio: float = 1.0
) -> float:
    """The average number of patients from 0 to a signal of the chart for ``odds_ratio``.

    The patients come at random from those with ``risk``, shape (n,). Their odds are those of the
    model times ``true_odds_ratio``: 1 gives the in-control run length. Raises NotEstimableError
    ("too_few" without a patient, "nothing_expected").
    """
    return _run_length(_atoms(risk), odds_ratio, limit, true_odds_ratio)


def control_limit(risk: FloatArray, *, odds_ratio: float, in_control: float) -> float:
    """The lowest limit, in steps of 0.01, whose in-control run length is at least ``in_control``.

    Raises NotEstimableError as ``run_length``.
    """
    return _control_limit(_atoms(risk), odds_ratio, in_control)


def _atoms(risk: FloatArray) -> tuple[float, ...]:
    """The risks in order, as means of at most ``_ATOMS`` parts."""
    if not len(risk):
        raise NotEstimableError("too_few")
    if not risk.max() > 0.0:
        raise NotEstimableError("nothing_expected")
    # Each part is the same share of all, however many there are.
    edges = np.linspace(0.0, len(risk), min(len(risk), _ATOMS) + 1)
    total = np.interp(edges, np.arange(len(risk) + 1), np.append(0.0, np.cumsum(np.sort(risk))))
    return tuple((np.diff(total) / np.diff(edges)).tolist())


def _run_length(
    atoms: tuple[float, ...], odds_ratio: float, limit: float, true_odds_ratio: float
) -> float:
    """Mean run lengths at evenly spaced places, with straight lines between them."""
    risk = np.array(atoms)
    odds = true_odds_ratio * risk
    probability = odds / (1.0 - risk + odds)
    step = np.concatenate(weights(risk, odds_ratio))
    share = np.concatenate([probability, 1.0 - probability]) / len(risk)
    place = np.linspace(0.0, limit, _PLACES + 1)
    reached = place[:, np.newaxis] + step
    row, column = np.nonzero(reached < limit)
    after = np.maximum(reached[row, column], 0.0) * (_PLACES / limit)
    left = np.minimum(after.astype(np.int64), _PLACES - 1)
    right_share = after - left
    size = _PLACES + 1
    moves = np.zeros(size * size)
    for target, part in ((left, 1.0 - right_share), (left + 1, right_share)):
        moves += np.bincount(row * size + target, share[column] * part, minlength=size * size)
    chain = np.eye(size) - moves.reshape(size, size)
    return float(np.linalg.solve(chain, np.ones(size))[0])


@lru_cache(maxsize=64)
def _control_limit(atoms: tuple[float, ...], odds_ratio: float, in_control: float) -> float:
    """The logarithm of the run length grows almost as a straight line: a few tries find the step.

    ``low`` is too low; ``high`` is enough, or the highest limit there is.
    """

    def excess(steps: int) -> float:
        return math.log(_run_length(atoms, odds_ratio, steps * _STEP, 1.0) / in_control)

    low, high = 0, _FIRST_STEPS
    short, spare = -math.log(in_control), excess(high)
    while spare < 0.0 and high < _MOST_STEPS:
        low, short = high, spare
        high = min(2 * high, _MOST_STEPS)
        spare = excess(high)
    while high - low > 1:
        guess = low + round((high - low) * short / (short - spare))
        middle = min(max(guess, low + 1), high - 1)
        found = excess(middle)
        if found < 0.0:
            low, short = middle, found
        else:
            high, spare = middle, found
    return round(high * _STEP, 2)

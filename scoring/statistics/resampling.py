"""Bootstrap resamples of patients as counts in cells of the risk.

Drawing how often each kind of patient comes is drawing the patients, at any n in the same time. A
patient with one row is of the kind of its cell; one with several rows of the kind of all its cells.
Where very many have several rows, almost each is of a kind of its own. What they give together is
then drawn from its normal limit (docs/adr/0011-many-patients-with-several-rows.md).
"""

from collections.abc import Iterator
from typing import Any

import numpy as np

from scoring.statistics.predictions import BoolArray, FloatArray, IntArray, Predictions

# As many counts of kinds as are held at once.
_HELD = 4_000_000
# More patients with several rows than that are drawn together, if none of their cells is rare.
MANY = 5_000
_RARE_ROWS = 100


def drawn_counts(
    predictions: Predictions, threshold: FloatArray, *, resamples: int, seed: int
) -> IntArray:
    """Events, then non-events, in each cell of every resample: shape (resamples, 2, m + 1).

    Cells lie between the m ascending thresholds, the highest risks first. Where patients repeat,
    each is drawn with all of its rows: n is then not the same in each resample.
    """
    rng = np.random.default_rng(seed)
    cells = len(threshold) + 1
    if predictions.cluster is None:
        counts = _counts(predictions, threshold)
        drawn = rng.multinomial(predictions.n, counts / predictions.n, size=resamples)
    else:
        drawn = np.concatenate(
            list(_of_clusters(predictions, predictions.cluster, threshold, resamples, rng))
        )
    return drawn.reshape(resamples, 2, cells)


def _counts(predictions: Predictions, threshold: FloatArray) -> IntArray:
    true, false = predictions.tally.at_or_above(threshold)
    return np.concatenate(
        [
            np.diff(counts[::-1], prepend=0, append=total)
            for counts, total in ((true, predictions.events), (false, predictions.non_events))
        ]
    )


def _of_clusters(
    predictions: Predictions,
    cluster: IntArray,
    threshold: FloatArray,
    resamples: int,
    rng: np.random.Generator,
) -> Iterator[IntArray]:
    from scipy.sparse import csr_array

    cells = len(threshold) + 1
    cell = len(threshold) - np.searchsorted(threshold, predictions.risk, side="right")
    cell = np.where(predictions.event, cell, cell + cells)
    kind, number = _kinds(cluster, cell, 2 * cells)
    # One patient stands for each kind: its rows in each cell.
    standing = np.zeros(len(kind), dtype=np.bool_)
    standing[np.unique(kind, return_index=True)[1]] = True
    rows = standing[cluster]
    content = csr_array(
        (np.ones(int(rows.sum()), dtype=np.int64), (kind[cluster[rows]], cell[rows])),
        shape=(len(number), 2 * cells),
    )
    limit = None
    is_common = (content.sum(axis=1) > 1) & ~_has_rare_cell(content, number)
    if number[is_common].sum() > MANY:
        limit = _NormalLimit(content[is_common], number[is_common])
        content = content[~is_common]
        number = np.append(number[~is_common], number[is_common].sum())
    at_once = max(1, _HELD // len(number))
    for first in range(0, resamples, at_once):
        size = min(at_once, resamples - first)
        drawn = rng.multinomial(len(kind), number / len(kind), size=size)
        if limit is None:
            yield (content.T @ drawn.T).T
        else:
            yield (content.T @ drawn[:, :-1].T).T + limit.drawn(drawn[:, -1:], rng)


def _has_rare_cell(content: Any, number: IntArray) -> BoolArray:
    """Which kinds have a row in a cell with few rows, whose count is far from normal."""
    is_rare = number @ content < _RARE_ROWS
    found: BoolArray = content @ is_rare.astype(np.int64) > 0
    return found


class _NormalLimit:
    """Rows in each cell of patients that are drawn many at once.

    ``content``: rows of each kind of patient, sparse, shape (kinds, cells); ``number``: patients
    of each.
    """

    def __init__(self, content: Any, number: IntArray) -> None:
        self._mean = number @ content / number.sum()
        squares = (content.multiply(number[:, None]).T @ content).toarray() / number.sum()
        variances, self._axes = np.linalg.eigh(squares - np.outer(self._mean, self._mean))
        self._spread = np.sqrt(np.maximum(variances, 0.0))

    def drawn(self, times: IntArray, rng: np.random.Generator) -> IntArray:
        """What so many of them give, shape (resamples, cells), in whole rows."""
        scatter = rng.standard_normal((len(times), len(self._mean))) * self._spread
        sums = times * self._mean + np.sqrt(times) * (scatter @ self._axes.T)
        counts: IntArray = np.rint(sums).astype(np.int64)
        return counts


def _kinds(cluster: IntArray, cell: IntArray, cells: int) -> tuple[IntArray, IntArray]:
    """The kind of each cluster, numbered from 0, and how many there are of each."""
    # A random number for each cell: the sum of a patient's is the same for the same cells only,
    # but for a chance of 2^-64 for each pair of kinds.
    marks = np.random.default_rng(0).integers(2**63, size=cells, dtype=np.uint64)
    sums = np.zeros(int(cluster.max()) + 1, dtype=np.uint64)
    np.add.at(sums, cluster, marks[cell])
    _marks, kind, number = np.unique(sums, return_inverse=True, return_counts=True)
    return kind.astype(np.int64), number.astype(np.int64)

"""A seeded bootstrap on the cores there are, the same to the last bit on any number of them."""

import multiprocessing
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from itertools import pairwise
from typing import Protocol, TypeAlias

import numpy as np

from scoring.statistics.predictions import FloatArray

RESAMPLES = 1000
# With fewer, the ends of a 95 % band are the two or three outermost resamples.
FEWEST_RESAMPLES = 100
SEED = 20250813  # day of publication; any fixed number serves

Progress: TypeAlias = Callable[[int, int], None]

# Small enough for progress to be seen, large enough not to be felt.
_CHUNKS_PER_WORKER = 8


class Task(Protocol):
    """One resample: given a generator of its own, the statistics, or None if not estimable.

    Sent to other processes, so it can be pickled.
    """

    def __call__(self, rng: np.random.Generator) -> Sequence[float] | None:
        """The statistics of the resample that ``rng`` draws."""


def cores() -> int:
    """How many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _resample(task: Task, seed: int, number: int) -> Sequence[float] | None:
    # A generator for every resample: which process draws it, and when, changes nothing.
    return task(np.random.default_rng([seed, number]))


_task: Task


def _receive(task: Task) -> None:
    """Keep the data in a new process, so that they are sent once."""
    global _task
    _task = task


def _chunk(seed: int, first: int, end: int) -> list[Sequence[float] | None]:
    return [_resample(_task, seed, number) for number in range(first, end)]


def run(
    task: Task,
    *,
    resamples: int = RESAMPLES,
    seed: int = SEED,
    workers: int = 1,
    progress: Progress | None = None,
) -> tuple[FloatArray, int]:
    """The statistics of every resample that gave any, shape (resamples done, k), and the failures.

    ``progress`` is called with the resamples done and their number.
    """
    report = progress or (lambda done, total: None)
    results: list[Sequence[float] | None] = [None] * resamples
    chunks = _serial if workers == 1 else _parallel
    done = 0
    for first, found in chunks(task, seed, resamples, workers):
        results[first : first + len(found)] = found
        done += len(found)
        report(done, resamples)
    estimated = [result for result in results if result is not None]
    return np.array(estimated, dtype=np.float64), resamples - len(estimated)


def _bounds(resamples: int, chunks: int) -> list[tuple[int, int]]:
    ends = sorted({round(i * resamples / chunks) for i in range(chunks + 1)})
    return list(pairwise(ends))


def _serial(
    task: Task, seed: int, resamples: int, _workers: int
) -> Iterator[tuple[int, list[Sequence[float] | None]]]:
    for number in range(resamples):
        yield number, [_resample(task, seed, number)]


def _parallel(
    task: Task, seed: int, resamples: int, workers: int
) -> Iterator[tuple[int, list[Sequence[float] | None]]]:
    # New interpreters, not forks: the threads of a server or of the linear algebra survive no fork.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, context, _receive, (task,)) as pool:
        waiting = {
            pool.submit(_chunk, seed, first, end): first
            for first, end in _bounds(resamples, workers * _CHUNKS_PER_WORKER)
        }
        for future in as_completed(waiting):
            yield waiting[future], future.result()

import time
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pytest

from scoring.statistics import bootstrap
from scoring.statistics.predictions import FloatArray


@dataclass(frozen=True, eq=False)
class MeanTask:
    """Mean and largest of a resample; none of those that begin with an even draw."""

    values: FloatArray
    picky: bool = False

    def __call__(self, rng: np.random.Generator) -> Sequence[float] | None:
        rows = rng.integers(0, len(self.values), len(self.values))
        if self.picky and rows[0] % 2 == 0:
            return None
        drawn = self.values[rows]
        return float(drawn.mean()), float(drawn.max())


@dataclass(frozen=True)
class FailingTask:
    def __call__(self, rng: np.random.Generator) -> Sequence[float] | None:
        raise ArithmeticError("not one of ours")


VALUES = np.random.default_rng(1).normal(10.0, 2.0, 80)


def test_any_number_of_workers_gives_the_same_to_the_last_bit() -> None:
    one, none_failed = bootstrap.run(MeanTask(VALUES), resamples=60, seed=3, workers=1)
    three, _ = bootstrap.run(MeanTask(VALUES), resamples=60, seed=3, workers=3)
    assert one.tobytes() == three.tobytes()
    assert (one.shape, none_failed) == ((60, 2), 0)


def test_another_seed_gives_others() -> None:
    first, _ = bootstrap.run(MeanTask(VALUES), resamples=5, seed=3)
    other, _ = bootstrap.run(MeanTask(VALUES), resamples=5, seed=4)
    assert first.tobytes() != other.tobytes()


def test_more_resamples_begin_with_the_same_ones() -> None:
    few, _ = bootstrap.run(MeanTask(VALUES), resamples=5, seed=3)
    many, _ = bootstrap.run(MeanTask(VALUES), resamples=9, seed=3)
    assert many[:5].tobytes() == few.tobytes()


def test_the_standard_error_of_a_mean() -> None:
    found, _ = bootstrap.run(MeanTask(VALUES), resamples=2000, seed=1)
    # A standard deviation of 2,000 values is known to about 1.6 %.
    assert found[:, 0].std() == pytest.approx(VALUES.std() / np.sqrt(80), rel=0.06)


def test_what_gives_nothing_is_left_out_and_counted() -> None:
    found, failed = bootstrap.run(MeanTask(VALUES, True), resamples=40, seed=1)
    assert 0 < failed < 40
    assert len(found) == 40 - failed


@pytest.mark.parametrize("workers", [1, 2])
def test_progress_is_told_up_to_the_end(workers: int) -> None:
    told: list[tuple[int, int]] = []
    bootstrap.run(
        MeanTask(VALUES),
        resamples=30,
        seed=1,
        workers=workers,
        progress=lambda done, total: told.append((done, total)),
    )
    assert told[-1] == (30, 30)
    assert [done for done, _total in told] == sorted({done for done, _total in told})
    assert len(told) > 5


@pytest.mark.parametrize("workers", [1, 2])
def test_an_error_of_the_task_is_not_swallowed(workers: int) -> None:
    with pytest.raises(ArithmeticError, match="not one of ours"):
        bootstrap.run(FailingTask(), resamples=4, seed=1, workers=workers)


def test_there_is_at_least_one_core() -> None:
    started = time.perf_counter()
    assert bootstrap.cores() >= 1
    assert time.perf_counter() - started < 1.0

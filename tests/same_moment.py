"""Several people at the same moment, in real transactions."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

from django.db import connection

T = TypeVar("T")
PEOPLE = 8
ROUNDS = 4


def at_once(jobs: Sequence[Callable[[], T]]) -> tuple[list[T], list[ValueError]]:
    """Run all jobs at the same moment, each with a connection of its own.

    What they gave, and with what the others were refused; both in the order of the jobs.
    """
    start = Barrier(len(jobs))

    def run(job: Callable[[], T]) -> T | ValueError:
        try:
            start.wait()
            return job()
        except ValueError as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(max_workers=len(jobs)) as pool:
        results = list(pool.map(run, jobs))
    made = [result for result in results if not isinstance(result, ValueError)]
    return made, [result for result in results if isinstance(result, ValueError)]

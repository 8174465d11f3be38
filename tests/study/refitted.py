"""The cohort file of the reference, and the model that is made from it."""

from functools import cache

from scoring.statistics.development import Development
from scoring.study.cohort_file import CohortFile, read_cohort
from scoring.study.development import develop_from
from tests.statistics.reference.values import COHORT_CSV


@cache
def patients() -> CohortFile:
    with COHORT_CSV.open("rb") as stream:
        return read_cohort(stream)


@cache
def made(screen: bool = False) -> Development:
    return develop_from(patients(), screen=screen, resamples=0)

"""The model in parts of the patients: by sex, age, level, eligibility and period.

Described, not tested: no p-value. A part with few events has no estimate.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from scoring.evaluation.outcome_cohort import POPULATIONS, SEXES, OutcomeCohort
from scoring.statistics import Estimate, NotEstimableError, Predictions
from scoring.statistics.calibration import observed_expected
from scoring.statistics.discrimination import auc_estimate
from scoring.statistics.errors import found_or_reason

# Of either outcome: with fewer an interval is too wide to say anything.
FEWEST = 10
# From this age in years on, each band up to the next.
AGE_BANDS = (50, 65, 75, 85)
# The last vertebra of each part, counted from T1: T10, L2, L5. The junction is T11 to L2.
_LAST_OF_LEVEL = {"thoracic": 10, "thoracolumbar": 14, "lumbar": 17}


@dataclass(frozen=True)
class Subgroup:
    """One part by one trait; the estimates are None where ``not_estimable`` has the reason.

    ``trait`` and ``code``: "all" and ""; "sex", one of SEXES; "age", where the band begins;
    "level", "thoracic", "thoracolumbar" or "lumbar"; "eligibility", one of POPULATIONS; "period",
    "up_to:" with the last day (since DAY_ZERO) of the first half of the assessments, or "later".
    """

    trait: str
    code: str
    n: int
    events: int
    observed_expected: Estimate | None
    auc: Estimate | None
    not_estimable: dict[str, str] = field(default_factory=dict)


def subgroups(cohort: OutcomeCohort) -> tuple[Subgroup, ...]:
    """All analysed assessments, then the parts by every trait that has more than one."""
    if not cohort.analysed.any():
        return ()
    predictions = cohort.predictions
    found = [_judged("all", "", predictions)]
    for trait, place, codes in _traits(cohort):
        filled = np.flatnonzero(np.bincount(place, minlength=len(codes))).tolist()
        if len(filled) > 1:
            parts = ((codes[one], place == one) for one in filled)
            found += [_judged(trait, code, predictions.subset(rows)) for code, rows in parts]
    return tuple(found)


def _traits(cohort: OutcomeCohort) -> Iterator[tuple[str, NDArray[np.integer], Sequence[str]]]:
    """Each trait, the part that each of those analysed belongs to, and the parts' codes."""
    rows = cohort.analysed
    yield "sex", cohort.sex[rows], SEXES
    age = np.searchsorted(AGE_BANDS, cohort.inputs["age_years"][rows], side="right") - 1
    yield "age", np.maximum(age, 0), [str(first) for first in AGE_BANDS]
    level = np.searchsorted(list(_LAST_OF_LEVEL.values()), cohort.fracture_level[rows])
    yield "level", level, list(_LAST_OF_LEVEL)
    yield "eligibility", cohort.population[rows], POPULATIONS
    day = cohort.operation_day[rows]
    middle = int(np.quantile(day, 0.5, method="lower"))
    yield "period", (day > middle).astype(np.int64), [f"up_to:{middle}", "later"]


def _judged(trait: str, code: str, these: Predictions) -> Subgroup:
    reasons: dict[str, str] = {}

    def found(name: str, statistic: Callable[[Predictions], Estimate]) -> Estimate | None:
        return found_or_reason(reasons, name, _of_enough, statistic, these)

    ratio, area = found("observed_expected", observed_expected), found("auc", auc_estimate)
    return Subgroup(trait, code, these.n, these.events, ratio, area, reasons)


def _of_enough(statistic: Callable[[Predictions], Estimate], these: Predictions) -> Estimate:
    if these.events < FEWEST:
        raise NotEstimableError("fewer_than_10_events")
    if these.non_events < FEWEST:
        raise NotEstimableError("fewer_than_10_non_events")
    return statistic(these)

"""What to look at in a file of patients before its numbers are believed.

Every value is one that can be scored. A file whose T-scores are absolute, as the paper writes them,
or one with numbers in another unit, is scored all the same and gives wrong risks: so it is said.
"""

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from scoring.nomogram.cohort import Cohort
from scoring.nomogram.predictor import Measured, Threshold
from scoring.study.cohort_file import CohortFile
from scoring.study.model_file import RiskModel

# Of patients with an osteoporotic fracture next to none has a positive T-score.
_NEARLY_ALL = 0.9


@dataclass(frozen=True)
class CohortCaution:
    """What ``count`` of ``n`` patients have, in a column or (None) in all of them.

    ``code``: "t_score_unsigned" (nearly all T-scores are positive), "t_score_positive" (some are),
    "t_score_above_osteoporosis" (above ``high``, the study's criterion), "outside_central_95"
    (outside the central 95 % of the training cohort, ``low`` to ``high``),
    "median_outside_central" (so is the median, ``value``), "same_data" (the model was
    made from these patients). ``low``, ``high`` and ``value`` are in the unit of the column, None
    where they don't apply.
    """

    code: str
    column: str | None
    count: int
    n: int
    low: float | None = None
    high: float | None = None
    value: float | None = None

    @property
    def loud(self) -> bool:
        """Whether what is computed may be something else than it seems."""
        return self.code not in {"t_score_above_osteoporosis", "outside_central_95"}


def cautions_of_cohort(cohort: Cohort) -> tuple[CohortCaution, ...]:
    """The loud ones first, then in the order of the columns; empty if there is nothing."""
    found: list[CohortCaution] = []
    n = len(cohort)
    for column, predictor in cohort.model.numeric.items():
        values = cohort[column]
        if isinstance(predictor, Threshold) and predictor.study_limit is not None:
            positive = int(np.count_nonzero(values > 0.0))
            code = "t_score_unsigned" if positive >= _NEARLY_ALL * n else "t_score_positive"
            found.append(CohortCaution(code, column, positive, n))
            limit, code = predictor.study_limit
            above = int(np.count_nonzero(values > limit))
            found.append(CohortCaution(code, column, above, n, high=limit))
        if not isinstance(predictor, Measured) or predictor.central is None:
            continue
        low, high = predictor.central
        outside = int(np.count_nonzero((values < low) | (values > high)))
        median = float(np.median(values))
        if not low <= median <= high:
            found.append(
                CohortCaution("median_outside_central", column, outside, n, low, high, median)
            )
        found.append(CohortCaution("outside_central_95", column, outside, n, low, high))
    return tuple(sorted((one for one in found if one.count), key=lambda one: not one.loud))


def cautions_of(patients: CohortFile, model: RiskModel | None = None) -> tuple[CohortCaution, ...]:
    """Those of a file, before them whether the model was made from it."""
    found = cautions_of_cohort(patients.cohort)
    if model is None or not model.was_made_from(patients):
        return found
    n = len(patients.cohort)
    return CohortCaution("same_data", None, n, n), *found


def cautions_as_list(patients: CohortFile, model: RiskModel | None = None) -> list[dict[str, Any]]:
    """The same for JSON; a key that does not apply is null."""
    return [asdict(one) for one in cautions_of(patients, model)]

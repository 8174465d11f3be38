"""What to look at in a file of patients before its numbers are believed.

Every value is one that can be scored. A file whose T-scores are absolute, as the paper writes them,
or one with numbers in another unit, is scored all the same and gives wrong risks: so it is said.
"""

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from scoring.entry.folding import normalised_hospital_number
from scoring.evaluation.case_mix import CaseMixRow, case_mix, mix_cautions
from scoring.nomogram.cohort import Cohort
from scoring.nomogram.predictor import Measured, Threshold
from scoring.nomogram.rong2025.model import BMD
from scoring.study.cohort_file import CohortFile
from scoring.study.headers import IDENTIFIER
from scoring.study.model_file import RiskModel

# Of patients with an osteoporotic fracture next to none has a positive T-score.
_NEARLY_ALL = 0.9
# Two patients may well agree in all eight values; one in twenty does not by chance.
_MANY_ALIKE = 0.05
_QUIET = {"t_score_above_osteoporosis", "outside_central_95", "identical_rows"}


@dataclass(frozen=True)
class CohortCaution:
    """What ``count`` of ``n`` patients have, in a column or (None) in all of them.

    ``code``: "t_score_unsigned" (nearly all T-scores are positive), "t_score_positive" (some are),
    "t_score_above_osteoporosis" (above ``high``, the study's criterion), "outside_central_95"
    (outside the central 95 % of the training cohort, ``low`` to ``high``), "same_data" (the model
    was made from these patients), "incomplete_rows" and by column "missing_values" (of the ``n``
    rows of the file, left out). "similar_ids": as many ids are those of an earlier row but for
    case, width, spaces or leading zeros; "identical_rows", "many_identical_rows": as many rows have
    predictors and outcome of an earlier one. The codes of MixCaution are about ``mix``. What does
    not apply is None.
    """

    code: str
    column: str | None
    count: int
    n: int
    low: float | None = None
    high: float | None = None
    mix: CaseMixRow | None = None

    @property
    def loud(self) -> bool:
        """Whether what is computed may be something else than it seems."""
        return self.code not in _QUIET


def cautions_of_cohort(cohort: Cohort) -> tuple[CohortCaution, ...]:
    """Those of single values: the loud ones first, then in the order of the columns."""
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
        found.append(CohortCaution("outside_central_95", column, outside, n, low, high))
    return _loud_first(one for one in found if one.count)


def cautions_of_case_mix(rows: Iterable[CaseMixRow]) -> tuple[CohortCaution, ...]:
    """What differs from the study by more than patients do."""
    return tuple(
        CohortCaution(code, row.column, row.patients.n, row.patients.n, mix=row)
        for code, row in mix_cautions(rows)
    )


def _left_out(patients: CohortFile) -> Iterator[CohortCaution]:
    gaps = patients.gaps
    if gaps.incomplete:
        yield CohortCaution("incomplete_rows", None, gaps.incomplete, gaps.rows)
    for column, count in gaps.missing.items():
        yield CohortCaution("missing_values", column, count, gaps.rows)


def _repeated(patients: CohortFile) -> Iterator[CohortCaution]:
    n = len(patients.cohort)
    plain = {normalised_hospital_number(one).lstrip("0") for one in patients.ids}
    if len(plain) < n:
        yield CohortCaution("similar_ids", IDENTIFIER, n - len(plain), n)
    if alike := patients.identical_rows:
        code = "many_identical_rows" if alike >= _MANY_ALIKE * n else "identical_rows"
        yield CohortCaution(code, None, alike, n)


def cautions_of(patients: CohortFile, model: RiskModel | None = None) -> tuple[CohortCaution, ...]:
    """All of a file, the loud ones first; before them whether the model was made from it."""
    values = cautions_of_cohort(patients.cohort)
    # Of absolute T-scores none lies below −3.5: the cause is told, not what follows from it.
    unsigned = any(one.code == "t_score_unsigned" for one in values)
    mix = [
        row
        for row in case_mix(patients.cohort, patients.event)
        if not (unsigned and row.column == BMD.field)
    ]
    found = _loud_first(
        [*_left_out(patients), *values, *cautions_of_case_mix(mix), *_repeated(patients)]
    )
    if model is None or not model.was_made_from(patients):
        return found
    n = len(patients.cohort)
    return CohortCaution("same_data", None, n, n), *found


def _loud_first(found: Iterable[CohortCaution]) -> tuple[CohortCaution, ...]:
    return tuple(sorted(found, key=lambda one: not one.loud))


def cautions_as_list(patients: CohortFile, model: RiskModel | None = None) -> list[dict[str, Any]]:
    """The same for JSON; a key that does not apply is null."""
    return [asdict(one) for one in cautions_of(patients, model)]

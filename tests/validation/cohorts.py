"""Cohorts as the record would give them, made from arrays: the page without a ward of rows."""

from dataclasses import replace
from typing import Any

import numpy as np

from scoring.evaluation.outcome_cohort import InclusionStatus, OutcomeCohort
from scoring.nomogram.rong2025.model import RONG_2025
from tests.validation.ward import cohort_file


def analysed(n: int, *, first: int = 0, **columns: Any) -> OutcomeCohort:
    """Patients of the reference cohort, all of them analysed; ``columns`` take the place of theirs.

    Every patient has another day of operation.
    """
    patients = cohort_file()
    rows = slice(first, first + n)
    inputs = {name: values[rows] for name, values in patients.cohort.columns.items()}
    made = OutcomeCohort(
        status=np.full(n, InclusionStatus.ANALYSED, dtype=np.int32),
        event=patients.event[rows],
        risk=RONG_2025.assess_cohort(RONG_2025.cohort(inputs)).risk,
        inputs=inputs,
        overdue=np.ones(n, dtype=np.bool_),
        lost=np.zeros(n, dtype=np.bool_),
        corrected_since=np.zeros(n, dtype=np.bool_),
        patient=np.arange(n),
        operation_day=np.arange(n, dtype=np.int32),
        sex=np.zeros(n, dtype=np.int32),
        population=np.zeros(n, dtype=np.int32),
        fracture_level=np.full(n, 12, dtype=np.int32),
    )
    inputs |= {name: columns.pop(name) for name in list(columns) if name in inputs}
    return replace(made, **columns)

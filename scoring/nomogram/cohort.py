"""The inputs of many patients as arrays: the same checks as for one patient, at array speed."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from scoring.nomogram.errors import RowError
from scoring.nomogram.logistic import FloatArray
from scoring.nomogram.predictor import CheckedColumn, Column

if TYPE_CHECKING:
    from scoring.nomogram.model import Nomogram


@dataclass(frozen=True, eq=False, init=False)
class Cohort:
    """The inputs of n patients by input field, each an array of shape (n,), read-only.

    Sequences and arrays are copied. Everything must be known of every patient. Raises RowError
    ("unknown_field"); PredictorError with ``row`` for the first input, in the order of the
    predictors, that cannot be scored; ValueError if the columns are not one-dimensional and of one
    length; KeyError if one is not there.
    """

    model: "Nomogram"
    columns: Mapping[str, CheckedColumn]

    def __init__(self, model: "Nomogram", columns: Mapping[str, Column]) -> None:
        for field in columns:
            if field not in model.by_field:
                raise RowError("unknown_field", field)
        if any(isinstance(column, np.ndarray) and column.ndim != 1 for column in columns.values()):
            raise ValueError("every column of a cohort has one dimension")
        if len({len(column) for column in columns.values()}) > 1:
            raise ValueError("the columns of a cohort have one length")
        checked: dict[str, CheckedColumn] = {}
        for predictor in model.predictors:
            array = predictor.check_column(columns[predictor.field])
            array.flags.writeable = False
            checked[predictor.field] = array
        object.__setattr__(self, "model", model)
        object.__setattr__(self, "columns", checked)

    def __len__(self) -> int:
        return len(self.columns[self.model.predictors[0].field])

    def __getitem__(self, field: str) -> CheckedColumn:
        return self.columns[field]

    def covariates(self) -> dict[str, FloatArray]:
        """The covariates of all patients by predictor, for the functions of the model."""
        return {
            predictor.key: predictor.covariates(self.columns[predictor.field])
            for predictor in self.model.predictors
        }


@dataclass(frozen=True, eq=False)
class CohortResult:
    """What a model says about n patients: arrays of shape (n,), unrounded, risks 0 to 1.

    ``points`` by predictor; ``ci95`` and ``band`` are low and high ends.
    """

    points: Mapping[str, FloatArray]
    total_points: FloatArray
    risk: FloatArray
    ci95: tuple[FloatArray, FloatArray]
    band: tuple[FloatArray, FloatArray]

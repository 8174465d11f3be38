"""The inputs of many patients as arrays: the same checks as for one patient, at array speed."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from scoring.nomogram.errors import RowError
from scoring.nomogram.logistic import FloatArray
from scoring.nomogram.predictor import CheckedColumn, Column

if TYPE_CHECKING:
    from scoring.nomogram.model import Nomogram

# What is worked out for a block of rows stays in the processor's cache, and the products of
# matrices are too small for the linear algebra to wake its threads.
_BLOCK_ROWS = 4096


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

    def covariates(self, rows: slice = slice(None)) -> dict[str, FloatArray]:
        """The covariates of these patients by predictor, for the functions of the model."""
        return {
            predictor.key: predictor.covariates(self.columns[predictor.field][rows])
            for predictor in self.model.predictors
        }


@dataclass(frozen=True, eq=False)
class CohortResult:
    """What a model says about n patients: arrays of shape (n,), unrounded, risks 0 to 1.

    Each is worked out when it is first asked for. Arithmetic goes row by row, so that the blocks
    it is done in change no bit.
    """

    cohort: Cohort

    @cached_property
    def points(self) -> Mapping[str, FloatArray]:
        """The points by predictor."""
        return self.cohort.model.points(self.cohort.covariates())

    @cached_property
    def total_points(self) -> FloatArray:
        """The sum of the points."""
        model, covariates = self.cohort.model, self.cohort.covariates
        return self._by_blocks(lambda rows: model.total_points(covariates(rows)))

    @cached_property
    def risk(self) -> FloatArray:
        """The risk."""
        return self._by_blocks(lambda rows: self.cohort.model.risk(self.total_points[rows]))

    @cached_property
    def ci95(self) -> tuple[FloatArray, FloatArray]:
        """Low and high end of the 95 % interval."""
        model, covariates, points = self.cohort.model, self.cohort.covariates, self.total_points
        low, high = self._by_blocks(lambda rows: model.ci95(covariates(rows), points[rows]), 2)
        return low, high

    @cached_property
    def band(self) -> tuple[FloatArray, FloatArray]:
        """Low and high end of the risk over the lines that are possible."""
        low, high = self._by_blocks(lambda rows: self.cohort.model.band(self.total_points[rows]), 2)
        return low, high

    def _by_blocks(self, compute: Callable[[slice], Any], *shape: int) -> FloatArray:
        """What is computed of each block of rows, shape (*shape, n)."""
        found = np.empty((*shape, len(self.cohort)))
        for first in range(0, len(self.cohort), _BLOCK_ROWS):
            rows = slice(first, first + _BLOCK_ROWS)
            found[..., rows] = compute(rows)
        return found

"""The inputs of many patients as arrays: the same checks as for one patient, at array speed."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from scoring.nomogram import publication as paper
from scoring.nomogram.points import Covariates, FloatArray
from scoring.nomogram.predictors import MEASURES, check_number, check_yes_no, refused

Column: TypeAlias = Sequence[Any] | NDArray[Any]


def _numbers(field: str, values: Column) -> FloatArray:
    # Only a plain numeric array may be converted as a whole: numpy would turn True into 1.0,
    # and would drop the mask of a masked array.
    if not (type(values) is np.ndarray and values.dtype.kind in "iuf"):
        return np.array([check_number(field, v, row) for row, v in enumerate(values)], dtype=float)
    measure = MEASURES[field]
    numbers = values.astype(np.float64)
    # NaN compares false, so it is caught here too.
    fits = (numbers >= measure.domain.low) & (numbers <= measure.domain.high)
    if not fits.all():
        row = int(np.argmin(fits))
        finite = bool(np.isfinite(numbers[row]))
        raise refused(measure, "out_of_range" if finite else "not_finite", values[row].item(), row)
    return numbers


def _answers(field: str, values: Column) -> NDArray[np.bool_]:
    if type(values) is np.ndarray and values.dtype.kind == "b":
        return values.copy()
    return np.array([check_yes_no(field, v, row) for row, v in enumerate(values)], dtype=bool)


@dataclass(frozen=True, eq=False, init=False)
class Cohort:
    """The inputs of n patients, each an array of shape (n,); units as in ``Inputs``.

    Sequences and arrays are copied. The radiograph must be in for every patient. Raises
    PredictorError with ``row`` for the first input, in the order of Table 7, that cannot be
    scored; ValueError if the columns are not one-dimensional and of one length.
    """

    age_years: FloatArray
    t_score: FloatArray
    trauma_history: NDArray[np.bool_]
    posterior_fascia_edema: NDArray[np.bool_]
    pdw_fl: FloatArray
    chloride_mmol_l: FloatArray
    mvh_restored: NDArray[np.bool_]

    def __init__(
        self,
        age_years: Column,
        t_score: Column,
        trauma_history: Column,
        posterior_fascia_edema: Column,
        pdw_fl: Column,
        chloride_mmol_l: Column,
        mvh_restored: Column,
    ) -> None:
        given = {
            "age_years": age_years,
            "t_score": t_score,
            "trauma_history": trauma_history,
            "posterior_fascia_edema": posterior_fascia_edema,
            "pdw_fl": pdw_fl,
            "chloride_mmol_l": chloride_mmol_l,
            "mvh_restored": mvh_restored,
        }
        if any(isinstance(column, np.ndarray) and column.ndim != 1 for column in given.values()):
            raise ValueError("every column of a cohort has one dimension")
        if len({len(column) for column in given.values()}) != 1:
            raise ValueError("the columns of a cohort have one length")
        for field, column in given.items():
            check = _numbers if field in MEASURES else _answers
            array = check(field, column)
            array.flags.writeable = False
            object.__setattr__(self, field, array)

    def __len__(self) -> int:
        return len(self.age_years)

    def covariates(self) -> Covariates[FloatArray]:
        """The covariates of all patients, for ``total_points``, ``risk_at`` and the rest."""
        return Covariates(
            age_years=self.age_years,
            abs_t_above_3_5=(self.t_score < paper.BMD_T_SCORE_THRESHOLD).astype(np.float64),
            trauma_history=self.trauma_history.astype(np.float64),
            posterior_fascia_edema=self.posterior_fascia_edema.astype(np.float64),
            pdw_fl=self.pdw_fl,
            chloride_mmol_l=self.chloride_mmol_l,
            mvh_restored=self.mvh_restored.astype(np.float64),
        )

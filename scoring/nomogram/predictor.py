"""What a predictor is: its input field, what may be entered, its covariate, points and cautions.

A predictor has a ``key``, by which points and covariates are named, and a ``field``, the input it
is worked out from, with its unit in the name. It holds no words: labels belong to the rooms above.
Numbers are checked as they come (``float``, ``int`` or ``Decimal``); nothing is parsed, clipped,
defaulted or converted here. Points are not rounded.
"""

import math
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from scoring.nomogram.errors import PredictorError
from scoring.nomogram.logistic import FloatArray, Values
from scoring.nomogram.parts import (
    AxisEnd,
    OtherUnit,
    Provenance,
    Range,
    StudyLimit,
    UnknownAs,
    YesNoPoints,
)

# A checked input: a number, or an answer; None is an answer that is not known yet.
Value: TypeAlias = float | bool | None
Column: TypeAlias = Sequence[Any] | NDArray[Any]
CheckedColumn: TypeAlias = FloatArray | NDArray[np.bool_]
_NUMBERS = (int, float, Decimal, np.integer, np.floating)


@dataclass(frozen=True)
class Caution:
    """A value that is scored but should be looked at.

    ``code``: "outside_central_95" (outside the central 95 % of the training cohort, ``low`` to
    ``high``) or that of the predictor's ``StudyLimit`` (above ``high``). ``predictor`` is the input
    field.
    """

    code: str
    predictor: str
    value: float
    low: float | None
    high: float | None


@dataclass(frozen=True, kw_only=True)
class Predictor(ABC):
    """What every predictor can do.

    ``provenance`` is None where nothing is recorded of where the value comes from: in a model that
    is not stored, or of the age, which follows from the birth date.
    """

    key: str
    field: str
    provenance: Provenance | None = None

    @property
    def may_be_unknown(self) -> bool:
        """Whether the input may be None: not known yet."""
        return False

    @abstractmethod
    def check(self, value: object, row: int | None = None) -> Value:
        """The value as it is scored. Raises PredictorError."""

    @abstractmethod
    def check_column(self, values: Column) -> CheckedColumn:
        """A copy of the values of a cohort; all must be known. Raises PredictorError with a row."""

    @abstractmethod
    def covariate(self, value: float | bool) -> float:
        """The covariate of the logistic model: a number, or 1.0 for yes and 0.0 for no."""

    @abstractmethod
    def covariates(self, column: CheckedColumn) -> FloatArray:
        """The same for a cohort, shape (n,)."""

    @abstractmethod
    def points(self, covariate: Values) -> Values:
        """The points of a covariate."""

    @abstractmethod
    def axis(self) -> tuple[AxisEnd, AxisEnd]:
        """The ends of the predictor's axis, fewest points first."""

    def cautions(self, value: Value) -> tuple[Caution, ...]:
        """What to look at in a value that is scored; empty if nothing."""
        return ()


@dataclass(frozen=True, kw_only=True)
class NumericPredictor(Predictor):
    """A predictor whose input is a number: UCUM unit, domain of the score, decimals reported.

    ``equal_units`` have the same numbers; ``other_units`` are reported, too, and never scored.
    ``whole``: only whole numbers are scored, as an age is counted in completed years.
    """

    unit: str
    domain: Range
    decimals: int
    equal_units: tuple[str, ...] = ()
    other_units: tuple[OtherUnit, ...] = ()
    whole: bool = False

    def refused(self, code: str, value: object, row: int | None = None) -> PredictorError:
        """The error that says what is allowed."""
        return PredictorError(self.field, code, value, *self.domain, self.unit, row)

    def check(self, value: object, row: int | None = None) -> float:
        """The value as a float, if it lies in the domain of the score.

        Raises PredictorError: "missing", "not_a_number" (text, bool), "not_finite",
        "out_of_range", "not_whole".
        """
        if value is None:
            raise self.refused("missing", value, row)
        # A bool is an int to Python: True must not pass for the number 1.
        if isinstance(value, bool) or not isinstance(value, _NUMBERS):
            raise self.refused("not_a_number", value, row)
        try:
            # To float before comparing: Decimal("34.8") is above the double that 34.8 stands for.
            number = float(value)
        except OverflowError as error:
            raise self.refused("out_of_range", value, row) from error
        except ValueError as error:  # Decimal("sNaN")
            raise self.refused("not_finite", value, row) from error
        if code := self.refusal_code(number):
            raise self.refused(code, value, row)
        return number

    def refusal_code(self, number: float) -> str:
        """Why a number is not scored: "not_finite", "out_of_range", "not_whole"; empty if it is."""
        if not math.isfinite(number):
            return "not_finite"
        if not self.domain.low <= number <= self.domain.high:
            return "out_of_range"
        return "not_whole" if self.whole and not number.is_integer() else ""

    def fits(self, numbers: FloatArray) -> NDArray[np.bool_]:
        """Which numbers of an array of shape (n,) are scored."""
        # NaN compares false, so it is caught here too.
        fits: NDArray[np.bool_] = (numbers >= self.domain.low) & (numbers <= self.domain.high)
        return fits & (numbers == np.floor(numbers)) if self.whole else fits

    def check_column(self, values: Column) -> FloatArray:
        """A copy of the values of a cohort. Raises PredictorError with the first row refused."""
        # Only a plain numeric array may be converted as a whole: numpy would turn True into 1.0,
        # and would drop the mask of a masked array.
        if not (type(values) is np.ndarray and values.dtype.kind in "iuf"):
            return np.array([self.check(v, row) for row, v in enumerate(values)], dtype=np.float64)
        numbers = values.astype(np.float64)
        fits = self.fits(numbers)
        if not fits.all():
            row = int(np.argmin(fits))
            raise self.refused(self.refusal_code(float(numbers[row])), values[row].item(), row)
        return numbers


@dataclass(frozen=True, kw_only=True)
class Measured(NumericPredictor):
    """A number whose points rise or fall with every unit.

    ``zero_at`` is the value with 0 points, an end of the domain; ``points_per_unit`` is negative
    where more means fewer points. ``central`` is the central 95 % of the training cohort, None
    where it is not known. ``tick_every`` and ``minor_tick_every`` divide the axis, in units.
    """

    central: Range | None = None
    points_per_unit: float
    zero_at: float
    tick_every: int
    minor_tick_every: int

    def covariate(self, value: float | bool) -> float:
        """The number itself."""
        return value

    def covariates(self, column: CheckedColumn) -> FloatArray:
        """The numbers themselves."""
        return column.astype(np.float64, copy=False)

    def points(self, covariate: Values) -> Values:
        """Points per unit times the distance from the value with 0 points."""
        # Not a negative factor times a difference, so that no points are -0.0.
        if self.points_per_unit < 0.0:
            return -self.points_per_unit * (self.zero_at - covariate)
        return self.points_per_unit * (covariate - self.zero_at)

    def axis(self) -> tuple[AxisEnd, AxisEnd]:
        """From the value with 0 points to the other end of the domain."""
        far = self.domain.low if self.points_per_unit < 0.0 else self.domain.high
        return AxisEnd(self.zero_at, 0.0), AxisEnd(far, self.points(far))

    def cautions(self, value: Value) -> tuple[Caution, ...]:
        """A value outside the central 95 % of the training cohort."""
        central = self.central
        if value is None or central is None or central.low <= value <= central.high:
            return ()
        return (Caution("outside_central_95", self.field, value, *central),)


def _answers_axis(points: YesNoPoints) -> tuple[AxisEnd, AxisEnd]:
    fewest, most = sorted(
        (AxisEnd(1.0, points.yes), AxisEnd(0.0, points.no)), key=lambda end: end.points
    )
    return fewest, most


@dataclass(frozen=True, kw_only=True)
class Threshold(NumericPredictor):
    """A number of which the model only asks whether it lies below ``below``."""

    below: float
    answer_points: YesNoPoints
    study_limit: StudyLimit | None = None

    def is_below(self, value: float) -> bool:
        """What the model asks; the threshold itself is not below."""
        return value < self.below

    def covariate(self, value: float | bool) -> float:
        """1.0 if the value is below the threshold."""
        return float(self.is_below(value))

    def covariates(self, column: CheckedColumn) -> FloatArray:
        """1.0 where the value is below the threshold."""
        return (column < self.below).astype(np.float64)

    def points(self, covariate: Values) -> Values:
        """The points of being below (1.0) or not (0.0)."""
        return self.answer_points.of(covariate)

    def axis(self) -> tuple[AxisEnd, AxisEnd]:
        """Below and not below, fewest points first."""
        return _answers_axis(self.answer_points)

    def cautions(self, value: Value) -> tuple[Caution, ...]:
        """A value above the study's own limit, where it has one."""
        limit = self.study_limit
        if limit is None or value is None or value <= limit.at_most:
            return ()
        return (Caution(limit.caution, self.field, value, None, limit.at_most),)


@dataclass(frozen=True, kw_only=True)
class YesNo(Predictor):
    """An answer. With ``unknown_as`` it may not be known yet: then both outcomes are scored."""

    answer_points: YesNoPoints
    unknown_as: UnknownAs | None = None

    @property
    def may_be_unknown(self) -> bool:
        """Whether the input may be None: not known yet."""
        return self.unknown_as is not None

    def check(self, value: object, row: int | None = None) -> bool | None:
        """The answer. Raises PredictorError: "missing", "not_yes_or_no"."""
        if value is None and self.may_be_unknown and row is None:
            return None
        if value is None:
            raise PredictorError(self.field, "missing", value, row=row)
        if not isinstance(value, bool | np.bool_):
            raise PredictorError(self.field, "not_yes_or_no", value, row=row)
        return bool(value)

    def check_column(self, values: Column) -> NDArray[np.bool_]:
        """A copy of the answers of a cohort. Raises PredictorError with the first row refused."""
        if type(values) is np.ndarray and values.dtype.kind == "b":
            return values.copy()
        return np.array([self.check(v, row) for row, v in enumerate(values)], dtype=np.bool_)

    def covariate(self, value: float | bool) -> float:
        """1.0 for yes, 0.0 for no."""
        return float(value)

    def covariates(self, column: CheckedColumn) -> FloatArray:
        """1.0 for yes, 0.0 for no."""
        return column.astype(np.float64)

    def points(self, covariate: Values) -> Values:
        """The points of yes (1.0) or no (0.0)."""
        return self.answer_points.of(covariate)

    def axis(self) -> tuple[AxisEnd, AxisEnd]:
        """Yes and no, fewest points first."""
        return _answers_axis(self.answer_points)

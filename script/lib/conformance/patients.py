"""Patients for the cases: a typical one of any model, answers in every combination, random ones."""

import itertools
import math
import random
from collections.abc import Iterator
from typing import Any

from scoring.nomogram.model import Nomogram
from scoring.nomogram.parts import Range
from scoring.nomogram.predictor import Measured, NumericPredictor, Predictor, Threshold, YesNo

Patient = dict[str, Any]


def last_digit(predictor: NumericPredictor) -> float:
    """One in the last decimal that is reported."""
    return 10.0**-predictor.decimals


def typed(predictor: NumericPredictor, value: float) -> float | int:
    """A number as it is reported: rounded, and whole where there are no decimals."""
    return round(value, predictor.decimals or None)


def usual_range(predictor: NumericPredictor) -> Range:
    """The central 95 % of the training cohort, or the domain where that is not known."""
    central = predictor.central if isinstance(predictor, Measured) else None
    return central or predictor.domain


def typical(model: Nomogram) -> Patient:
    """A patient from the middle of every range, without cautions; all answers are no."""
    return {predictor.field: _typical_value(predictor) for predictor in model.predictors}


def _typical_value(predictor: Predictor) -> float | int | bool:
    if isinstance(predictor, Threshold):
        # Not below the threshold, but below a limit of the study that lies above it.
        return typed(predictor, predictor.below + last_digit(predictor))
    if isinstance(predictor, NumericPredictor):
        low, high = usual_range(predictor)
        return typed(predictor, (low + high) / 2.0)
    return False


def answers(predictor: Predictor) -> tuple[Any, ...]:
    """What decides between yes and no: both, and None where it may be unknown."""
    if isinstance(predictor, Threshold):
        step = last_digit(predictor)
        return typed(predictor, predictor.below - step), typed(predictor, predictor.below + step)
    if isinstance(predictor, YesNo):
        return (True, False, None) if predictor.may_be_unknown else (True, False)
    return ()


def answer_sheets(model: Nomogram) -> Iterator[Patient]:
    """Every combination of the answers, the unknown one included."""
    asked = [predictor for predictor in model.predictors if answers(predictor)]
    for given in itertools.product(*(answers(predictor) for predictor in asked)):
        yield {predictor.field: answer for predictor, answer in zip(asked, given, strict=True)}


def neighbors(value: float) -> tuple[float, float]:
    """The doubles just below and just above."""
    return math.nextafter(value, -math.inf), math.nextafter(value, math.inf)


class Draw:
    """Random patients; the same ones for the same seed with every version of Python."""

    def __init__(self, model: Nomogram, seed: int) -> None:
        self._model = model
        # Of Python's generator only random() is promised to stay as it is.
        self._random = random.Random(seed)  # noqa: S311 - no secret
        self.share = self._random.random

    def one_of(self, values: tuple[Any, ...]) -> Any:
        """One of these."""
        return values[int(self.share() * len(values))]

    def patient(self, **fixed: Any) -> Patient:
        """Everything known, numbers as they are reported, anywhere in the domain."""
        return self._patient(lambda p: p.domain, exact=False) | fixed

    def usual_patient(self, **fixed: Any) -> Patient:
        """The same, numbers in the range that is usual."""
        return self._patient(usual_range, exact=False) | fixed

    def patient_with_all_digits(self) -> Patient:
        """The same with numbers of seventeen digits, as a conversion of units leaves them."""
        return self._patient(lambda p: p.domain, exact=True)

    def _patient(self, range_of: Any, *, exact: bool) -> Patient:
        return {p.field: self._value(p, range_of, exact) for p in self._model.predictors}

    def _value(self, predictor: Predictor, range_of: Any, exact: bool) -> Any:
        if not isinstance(predictor, NumericPredictor):
            return self.share() < 0.5
        low, high = range_of(predictor)
        value = low + self.share() * (high - low)
        if exact and not predictor.whole:
            return value
        number = typed(predictor, value)
        return number if low <= number <= high else typed(predictor, (low + high) / 2.0)

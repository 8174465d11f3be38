"""Cases where a number that is shown lies between two texts, and where a risk meets the cut-off."""

import itertools
from collections.abc import Iterator
from decimal import Decimal

from scoring.nomogram.model import Nomogram
from scoring.nomogram.predictor import Measured, YesNo
from script.lib.conformance.limits import Trial
from script.lib.conformance.patients import Draw, Patient, typical

_HALVES_OF_EACH = 40
_HALVES_OF_TOTALS = 120
# Risks are this far from what they are compared with: far beyond the last digits that two right
# programs may differ in, and far below what is shown.
_NEAR = 1e-9


def _is_half(points: Decimal) -> bool:
    """Whether points lie exactly between two texts of two decimals."""
    return points * 100 % 1 == Decimal("0.5")


def _points(predictor: Measured, value: Decimal) -> Decimal:
    """Exact, from the decimal digits of the model's numbers."""
    rate, zero = Decimal(repr(predictor.points_per_unit)), Decimal(repr(predictor.zero_at))
    return rate * (value - zero)


def halves_of_points(model: Nomogram) -> Iterator[Trial]:
    """Points of one predictor that lie exactly between two texts: half up, not half to even."""
    patient = typical(model)
    for predictor in model.predictors:
        if not isinstance(predictor, Measured) or predictor.whole:
            continue
        found = 0
        for decimals in (1, 2, 3):
            for value in _grid(predictor, decimals):
                if found < _HALVES_OF_EACH and _is_half(_points(predictor, value)):
                    found += 1
                    text = f"points of {predictor.field} lie exactly between two texts"
                    yield text, patient | {predictor.field: float(value)}


def _grid(predictor: Measured, decimals: int) -> Iterator[Decimal]:
    """Values with these decimals through the domain, about a thousand."""
    step = Decimal(1).scaleb(-decimals)
    low, high = (Decimal(repr(end)) for end in predictor.domain)
    steps = int((high - low) / step)
    stride = max(1, steps // 1_000)
    # An odd stride meets every last digit.
    for index in range(0, steps + 1, stride + 1 - stride % 2):
        yield low + index * step


def halves_of_totals(model: Nomogram, draw: Draw) -> Iterator[Trial]:
    """Totals that lie exactly between two texts."""
    measured = [p for p in model.predictors if isinstance(p, Measured)]
    finest = [p for p in measured if not p.whole]
    found = 0
    for _ in range(200 * _HALVES_OF_TOTALS):
        patient = draw.patient()
        if finest and draw.share() < 0.5:
            # One decimal more than is reported: more totals end in 5.
            field = draw.one_of(tuple(p.field for p in finest))
            patient[field] = round(patient[field] + 0.05, 2)
            if patient[field] > model.numeric[field].domain.high:
                continue
        if _is_half(_exact_total(model, patient)):
            found += 1
            yield "total points lie exactly between two texts", patient
        if found == _HALVES_OF_TOTALS:
            return


def _exact_total(model: Nomogram, patient: Patient) -> Decimal:
    total = Decimal(0)
    for predictor in model.predictors:
        value = patient[predictor.field]
        if isinstance(predictor, Measured):
            total += _points(predictor, Decimal(repr(value)))
        else:
            total += Decimal(repr(predictor.points(predictor.covariate(value))))
    return total


def percents(model: Nomogram) -> Iterator[Trial]:
    """Risks at, just below and just above each half per cent, 1 % and 99 %."""
    for half in range(1, 99):
        risk = (half + 0.5) / 100.0
        for words, nearby in (
            ("just below", risk - _NEAR),
            ("on", risk),
            ("just above", risk + _NEAR),
        ):
            patient = patient_at(model, nearby)
            if patient is not None:
                yield f"risk {words} {half}.5 %, between two whole per cents", patient
    for risk in (0.01, 0.99):
        for words, nearby in (
            ("just below", risk - _NEAR),
            ("just above", risk + _NEAR),
            ("a half per cent below", risk - 0.005),
            ("a half per cent above", risk + 0.005),
        ):
            patient = patient_at(model, nearby)
            if patient is not None:
                yield f"risk {words} {risk:.0%}, where the text changes", patient


def cutoffs(model: Nomogram) -> Iterator[Trial]:
    """Risks on both sides of the cut-off."""
    for distance in (_NEAR, 1e-6, 1e-4, 0.004):
        for words, risk in (
            ("below", model.cutoff - distance),
            ("above", model.cutoff + distance),
        ):
            patient = patient_at(model, risk)
            if patient is not None:
                yield f"risk {distance:g} {words} the cut-off {model.cutoff:g}", patient


def patient_at(model: Nomogram, risk: float) -> Patient | None:
    """A patient with this risk, as near as doubles come; None if nobody has it.

    The answers bring the total near, one measured number with all its digits the rest. Other
    numbers leave the middle of their range only where that is not enough.
    """
    wanted = model.points_at(risk)
    free = [p for p in model.predictors if isinstance(p, Measured) and not p.whole]
    for far in range(len(free)):
        found = [
            (abs(value - sum(predictor.domain) / 2.0), patient | {predictor.field: value})
            for predictor in free
            for patient in _with_far_numbers(model, [p for p in free if p is not predictor], far)
            if (value := _value_for(model, predictor, patient, wanted)) is not None
        ]
        if found:
            return min(found, key=lambda pair: pair[0])[1]
    return None


def _with_far_numbers(model: Nomogram, others: list[Measured], far: int) -> Iterator[Patient]:
    """Typical patients with every answer, and so many numbers at an end of their domain."""
    asked = [p.field for p in model.predictors if isinstance(p, YesNo)]
    base = typical(model)
    for moved in itertools.combinations(others, far):
        for ends in itertools.product((0, 1), repeat=far):
            numbers = {p.field: p.domain[end] for p, end in zip(moved, ends, strict=True)}
            for given in itertools.product((False, True), repeat=len(asked)):
                yield base | numbers | dict(zip(asked, given, strict=True))


def _value_for(
    model: Nomogram, predictor: Measured, patient: Patient, total: float
) -> float | None:
    """The number that brings the total there; None if it is not scored."""
    others = sum(
        p.points(p.covariate(patient[p.field])) for p in model.predictors if p is not predictor
    )
    value = predictor.zero_at + (total - others) / predictor.points_per_unit
    return value if predictor.domain.low <= value <= predictor.domain.high else None

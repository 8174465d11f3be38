"""Cases at limits: ends of the domains, thresholds, cautions, ages between two birthdays."""

from collections.abc import Iterator
from typing import Any

from scoring.nomogram.model import Nomogram
from scoring.nomogram.predictor import Measured, NumericPredictor, Threshold
from script.lib.conformance.patients import (
    Patient,
    answer_sheets,
    last_digit,
    neighbors,
    typed,
    typical,
)

# What is tested, in plain words, and the input.
Trial = tuple[str, Any]


def answers(model: Nomogram) -> Iterator[Trial]:
    """Every combination of the answers, at few, middling and many points of the numbers."""
    typical_patient = typical(model)
    for name, share in (("low", 0.25), ("middle", 0.5), ("high", 0.75)):
        numbers: Patient = {}
        for predictor in model.numeric.values():
            if isinstance(predictor, Measured):
                low, high = predictor.domain
                value = typed(predictor, low + share * (high - low))
                numbers[predictor.field] = value
        for sheet in answer_sheets(model):
            said = ", ".join(f"{field} {answer!r}" for field, answer in sheet.items())
            words = f"answers in every combination, {name} numbers: {said}"
            yield words, typical_patient | numbers | sheet


def domains(model: Nomogram) -> Iterator[Trial]:
    """Each end of each domain: on it, inside and outside by one digit and by one double."""
    patient = typical(model)
    for predictor in model.numeric.values():
        for name, end, inward in (
            ("low", predictor.domain.low, 1.0),
            ("high", predictor.domain.high, -1.0),
        ):
            for words, value in _around(predictor, end, inward):
                text = f"{predictor.field} {words} the {name} end of what is scored, {end:g}"
                yield text, patient | {predictor.field: value}
            yield (
                f"{predictor.field} on the {name} end, written with a decimal point",
                patient | {predictor.field: float(end)},
            )
    ends = {p.field: p.domain for p in model.numeric.values()}
    for name, place in (("low", 0), ("high", 1)):
        numbers = {field: domain[place] for field, domain in ends.items()}
        for sheet in answer_sheets(model):
            yield f"every number on the {name} end", patient | sheet | numbers


def _around(
    predictor: NumericPredictor, end: float, inward: float
) -> Iterator[tuple[str, float | int]]:
    step = last_digit(predictor) * inward
    below, above = neighbors(end)
    inner, outer = (above, below) if inward > 0.0 else (below, above)
    yield "exactly on", typed(predictor, end)
    yield "one last digit inside", typed(predictor, end + step)
    yield "one last digit outside", typed(predictor, end - step)
    yield "one double inside", inner
    yield "one double outside", outer
    yield "far outside", typed(predictor, end - 1_000.0 * step)


def thresholds(model: Nomogram) -> Iterator[Trial]:
    """The threshold itself is not below it; neither is its positive mirror image."""
    patient = typical(model)
    for predictor in model.numeric.values():
        if not isinstance(predictor, Threshold):
            continue
        limit, step = predictor.below, last_digit(predictor)
        below, above = neighbors(limit)
        values: list[tuple[str, float]] = [
            ("exactly on", limit),
            ("one double below", below),
            ("one double above", above),
            ("one last digit below", typed(predictor, limit - step)),
            ("one last digit above", typed(predictor, limit + step)),
            ("a thousandth of a digit below", limit - step / 1_000.0),
            ("a thousandth of a digit above", limit + step / 1_000.0),
        ]
        if predictor.domain.low <= -limit <= predictor.domain.high:
            values += [("the opposite of", -limit), ("a digit past the opposite of", step - limit)]
        if predictor.domain.low <= 0.0 <= predictor.domain.high:
            values += [("zero, not near", 0.0), ("minus zero, not near", -0.0)]
        for sheet in answer_sheets(model):
            if sheet.get(predictor.field, 0.0) < limit:
                continue
            for words, value in values:
                text = f"{predictor.field} {words} the threshold {limit:g}"
                yield text, patient | sheet | {predictor.field: value}


def cautions(model: Nomogram) -> Iterator[Trial]:
    """Values that are scored with a caution, and those just before."""
    patient = typical(model)
    remarkable: Patient = {}
    for predictor in model.numeric.values():
        for limit, outward, words in _caution_limits(predictor):
            step = last_digit(predictor) * outward
            nearest = neighbors(limit)[outward > 0.0]
            values = [
                (f"on {words}", typed(predictor, limit)),
                (f"one last digit inside {words}", typed(predictor, limit - step)),
                (f"one last digit outside {words}", typed(predictor, limit + step)),
                (f"one double outside {words}", nearest),
            ]
            for text, value in values:
                yield f"{predictor.field} {text} {limit:g}", patient | {predictor.field: value}
            remarkable[predictor.field] = typed(predictor, limit + step)
    yield "every caution at once", patient | remarkable
    if model.late is not None:
        unknown = {model.late.field: None}
        yield "every caution at once, two results", patient | remarkable | unknown


def _caution_limits(predictor: NumericPredictor) -> Iterator[tuple[float, float, str]]:
    if isinstance(predictor, Measured) and predictor.central is not None:
        yield predictor.central.low, -1.0, "the low end of the usual range,"
        yield predictor.central.high, 1.0, "the high end of the usual range,"
    if isinstance(predictor, Threshold) and predictor.study_limit is not None:
        yield predictor.study_limit.at_most, 1.0, "the limit of the study,"


def whole_numbers(model: Nomogram) -> Iterator[Trial]:
    """Numbers between two whole ones, where only whole ones are scored."""
    patient = typical(model)
    for predictor in model.numeric.values():
        if not predictor.whole:
            continue
        middle = int(patient[predictor.field])
        low, high = predictor.domain
        for value in (middle + 0.5, middle + 0.1, middle + 0.9, *neighbors(float(middle))):
            yield (
                f"{predictor.field} is not whole: {value!r}",
                patient | {predictor.field: value},
            )
        for value in (low + 0.5, high - 0.5, low - 0.5, high + 0.5):
            yield (
                f"{predictor.field} is not whole, near an end: {value!r}",
                patient | {predictor.field: value},
            )
        text = f"{predictor.field} is whole, written with a decimal point"
        yield text, patient | {predictor.field: float(middle)}

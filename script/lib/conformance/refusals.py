"""Cases that are refused: what is missing, of another type or unit, misspelt, no object."""

from collections.abc import Iterator
from typing import Any

from scoring.nomogram.model import Nomogram
from scoring.nomogram.predictor import NumericPredictor
from script.lib.conformance.limits import Trial
from script.lib.conformance.patients import typical

_NO_OBJECTS: tuple[Any, ...] = (None, True, 80, "80", [], [80, -2.0], [{}])
_NO_ANSWERS: tuple[Any, ...] = (
    "yes",
    "no",
    "true",
    "false",
    "",
    "unknown",
    "是",
    1,
    0,
    1.0,
    -1,
    [],
    {},
    [True],
)


def missing(model: Nomogram) -> Iterator[Trial]:
    """Each input left out, and each as null."""
    patient = typical(model)
    for field in model.fields:
        left = {name: value for name, value in patient.items() if name != field}
        yield f"{field} is left out", left
        yield f"{field} is null", patient | {field: None}
    yield "nothing is given", {}
    yield "everything is null", dict.fromkeys(model.fields)


def types(model: Nomogram) -> Iterator[Trial]:
    """Texts, lists, objects and answers instead of numbers; numbers instead of answers."""
    patient = typical(model)
    for field, predictor in model.by_field.items():
        if isinstance(predictor, NumericPredictor):
            number = patient[field]
            values: tuple[Any, ...] = (
                f"{number}",
                f"{number}".replace(".", ",") if "." in f"{number}" else f"{number},0",
                f" {number} ",
                f"<{number}",
                f"{number} {predictor.unit or 'SD'}",
                "",
                "NaN",
                "nan",
                "Infinity",
                "-Infinity",
                "unknown",
                True,
                False,
                [number],
                [],
                {},
                {"value": number, "unit": predictor.unit},
            )
        else:
            values = _NO_ANSWERS
        for value in values:
            yield f"{field} is {value!r}, another type", patient | {field: value}


def units(model: Nomogram) -> Iterator[Trial]:
    """Numbers in another unit: as another field, as text, and as a number that can't be."""
    patient = typical(model)
    for field, predictor in model.numeric.items():
        number = patient[field]
        other_name = f"{predictor.key}_unit"
        yield (
            f"{field} comes with a unit in a field of its own",
            patient | {other_name: predictor.unit},
        )
        for unit, per_unit in predictor.other_units:
            text = f"{field} in the other unit {unit}"
            yield f"{text}, as text", patient | {field: f"{number} {unit}"}
            yield f"{text}, as an object", patient | {field: {"value": number, "unit": unit}}
            yield f"{text}, named in a field of its own", patient | {other_name: unit}
            left = {name: value for name, value in patient.items() if name != field}
            yield f"{text}, in a field without the unit", left | {predictor.key: number}
            if per_unit is not None:
                converted = round(number * per_unit, predictor.decimals)
                yield f"{text}, unmarked: {converted:g}", patient | {field: converted}


def names(model: Nomogram) -> Iterator[Trial]:
    """Fields that the model does not have."""
    patient = typical(model)
    for field in model.fields:
        renamed = {(name.upper() if name == field else name): v for name, v in patient.items()}
        yield f"{field} in capital letters", renamed
        cut = {(name[:-1] if name == field else name): v for name, v in patient.items()}
        yield f"{field} without its last letter", cut
        if model.by_field[field].key != field:
            yield f"{field} and its key besides", patient | {model.by_field[field].key: 1}
    yield "a field nobody asked for", patient | {"comment": "checked"}
    yield "a field nobody asked for, null", patient | {"comment": None}
    yield "a field with an empty name", patient | {"": 1}


def objects(model: Nomogram) -> Iterator[Trial]:
    """Lines that are no object."""
    for value in _NO_OBJECTS:
        yield f"the line is {value!r}, no object of inputs", value


def two_faults(model: Nomogram) -> Iterator[Trial]:
    """Two faults: an unknown field is told first, then the first input in the model's order."""
    patient = typical(model)
    first, *_middle, last = model.fields
    wrong = patient | {first: "?", last: "?"}
    yield "the first and the last input are wrong: the first is told", wrong
    backward = dict(reversed(wrong.items()))
    yield "the same in the opposite order of the line: the first of the model is told", backward
    yield (
        "a wrong input and an unknown field: the field is told",
        patient
        | {
            first: "?",
            "comment": 1,
        },
    )
    yield (
        "a missing input and an unknown field: the field is told",
        {name: value for name, value in (patient | {"comment": 1}).items() if name != first},
    )
    yield (
        "a wrong input and one that is left out: the first of the model is told",
        {name: value for name, value in wrong.items() if name != last},
    )

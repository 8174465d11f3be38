"""Arrays as columns of text, the way COPY reads them."""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scoring.nomogram.rong2025.model import RONG_2025
from script.lib.seeding.bulk import NULL

Array = NDArray[Any]


def uuids(rng: np.random.Generator, count: int) -> list[str]:
    """Random UUIDs (version 4), from the seed."""
    drawn = np.frombuffer(rng.bytes(16 * count), dtype=np.uint8).reshape(count, 16).copy()
    drawn[:, 6] = drawn[:, 6] & 0x0F | 0x40
    drawn[:, 8] = drawn[:, 8] & 0x3F | 0x80
    digits = drawn.tobytes().hex()
    return [digits[i : i + 32] for i in range(0, len(digits), 32)]


def whole(values: Array) -> list[str]:
    """Whole numbers."""
    return list(map(str, values.tolist()))


def floats(values: Array) -> list[str]:
    """Doubles, to the last bit."""
    return list(map(repr, values.tolist()))


def tenths(values: Array) -> list[str]:
    """Numbers with one decimal, given in tenths."""
    return _by_value(values, lambda tenth: f"{tenth / 10:.1f}")


def days(values: Array) -> list[str]:
    """Days since 1970 as dates."""
    return _by_value(values, lambda day: str(np.datetime64(day, "D")))


def moments(values: Array) -> list[str]:
    """Microseconds since 1970 as moments in UTC."""
    texts = np.datetime_as_string(values.astype("datetime64[us]")).tolist()
    return [f"{text}+00" for text in texts]


def flags(values: Array) -> list[str]:
    """Booleans."""
    return either(values, "t", "f")


def either(values: Array, yes: str, no: str) -> list[str]:
    """One text where a flag is set, another where it is not."""
    return [yes if value else no for value in values.tolist()]


def where(known: Array, texts: Iterable[str]) -> list[str]:
    """The text where it is known, NULL elsewhere."""
    return [text if k else NULL for k, text in zip(known.tolist(), texts, strict=True)]


def picked(choices: Sequence[str], indices: Array) -> list[str]:
    """One of several texts by its index."""
    return [choices[index] for index in indices.tolist()]


def cautions(values: dict[str, Array]) -> list[str]:
    """The cautions of every row as JSON; ``values`` by input, in the order of Table 7."""
    pieces = [
        _by_value(column, partial(_caution_pieces, field)) for field, column in values.items()
    ]
    rows = zip(*pieces, strict=True)
    return ["[" + ",".join(piece for piece in row if piece) + "]" for row in rows]


def _caution_pieces(field: str, value: float) -> str:
    return ",".join(
        json.dumps(asdict(caution)) for caution in RONG_2025.by_field[field].cautions(value)
    )


def _by_value(values: Array, write: Callable[[Any], str]) -> list[str]:
    """Write every distinct value once."""
    distinct, places = np.unique(values, return_inverse=True)
    return picked([write(value) for value in distinct.tolist()], places)

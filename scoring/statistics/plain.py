"""Results to plain JSON values and back, to the last bit.

For dataclasses and named tuples of numbers, texts, arrays of floats, and of each other, as the
results of this package are. What comes back has the very same types.
"""

import types
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from typing import Any, TypeVar, Union, cast, get_args, get_origin, get_type_hints

import numpy as np

Result = TypeVar("Result")


def as_plain(value: Any) -> Any:
    """Dictionaries, lists and numbers. Raises TypeError for what does not belong to a result."""
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, np.ndarray):
        return value.tolist()
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: as_plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {name: as_plain(part) for name, part in value.items()}
    if isinstance(value, tuple | list):
        return [as_plain(part) for part in value]
    raise TypeError(f"{type(value).__name__} is no part of a result")


def from_plain(kind: type[Result], plain: Any) -> Result:
    """The result of ``as_plain`` as what it was."""
    return cast(Result, _restored(kind, plain))


def _restored(kind: Any, plain: Any) -> Any:
    origin, parts = get_origin(kind), get_args(kind)
    if origin in {Union, types.UnionType}:
        # All unions of results are "or None".
        (inner,) = (part for part in parts if part is not type(None))
        return None if plain is None else _restored(inner, plain)
    if origin is np.ndarray:
        return np.array(plain, dtype=np.float64)
    if origin is dict:
        return {name: _restored(parts[1], part) for name, part in plain.items()}
    if origin is tuple:
        kinds = [parts[0]] * len(plain) if parts[-1] is Ellipsis else parts
        return tuple(_restored(one, part) for one, part in zip(kinds, plain, strict=True))
    if is_dataclass(kind):
        hints = get_type_hints(kind)
        return cast(Any, kind)(**{name: _restored(hints[name], plain[name]) for name in plain})
    if hasattr(kind, "_fields"):
        hints = get_type_hints(kind)
        return kind(*(_restored(hints[n], p) for n, p in zip(kind._fields, plain, strict=True)))
    return kind(plain)


def shape_of(kind: Any) -> str:
    """The names and types of a result, all the way down: other fields, another text.

    What was kept under one shape is not read as another.
    """
    origin, parts = get_origin(kind), get_args(kind)
    if origin is np.ndarray:
        return "array"
    if origin is not None:
        return f"{origin.__name__}[{', '.join(shape_of(part) for part in parts)}]"
    if isinstance(kind, type) and issubclass(kind, Enum):
        return f"{kind.__name__}{[member.value for member in kind]}"
    if is_dataclass(kind) or hasattr(kind, "_fields"):
        hints = get_type_hints(kind)
        return f"{kind.__name__}({', '.join(f'{n}: {shape_of(h)}' for n, h in hints.items())})"
    return getattr(kind, "__name__", str(kind))

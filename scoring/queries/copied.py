"""Many rows as arrays: PostgreSQL's binary COPY read by numpy, without a Python object a row.

For columns of fixed width that are never NULL.
"""

import io
from collections.abc import Mapping
from typing import Any

import numpy as np
from django.db import connection, transaction
from numpy.typing import NDArray

# Types of PostgreSQL as they lie in the stream, and as the arrays have them.
_WIRE: dict[str, tuple[Any, Any]] = {
    "int2": (">i2", np.int16),
    "int4": (">i4", np.int32),
    "float8": (">f8", np.float64),
    "bool": ("?", np.bool_),
    "uuid": ("V16", "V16"),
}
_SIGNATURE = b"PGCOPY\n\xff\r\n\0"
_HEADER_BYTES = len(_SIGNATURE) + 8
_TRAILER_BYTES = 2
# For the time of the transaction: room for the hash tables of a million rows, all processors, which
# the planner would spare itself because every row is sent, and no compiling for a single run.
_SETTINGS = {
    "work_mem": "128MB",
    "parallel_tuple_cost": "0",
    "parallel_setup_cost": "100",
    "jit": "off",
}


def copied_columns(
    columns: Mapping[str, str], select: str, values: Mapping[str, object]
) -> dict[str, NDArray[Any]]:
    """The columns of a query as arrays by name.

    ``columns`` has the type of each column ("int2", "int4", "float8", "bool", "uuid" as 16
    bytes) in the order of the query; ``select`` takes ``values`` as %(name)s.
    """
    content = io.BytesIO()
    with transaction.atomic(), connection.cursor() as cursor:
        for name, value in _SETTINGS.items():
            cursor.execute("SELECT set_config(%s, %s, true)", [name, value])
        bound = cursor.mogrify(select, values).decode()
        cursor.copy_expert(f"COPY ({bound}) TO STDOUT (FORMAT binary)", content)
    return _parsed(columns, content.getbuffer())


def _parsed(columns: Mapping[str, str], content: memoryview) -> dict[str, NDArray[Any]]:
    if bytes(content[: len(_SIGNATURE)]) != _SIGNATURE:
        raise ValueError("this is no binary COPY")
    wire: list[tuple[str, Any]] = [("width", ">i2")]
    for name, kind in columns.items():
        wire += [(f"{name} bytes", ">i4"), (name, _WIRE[kind][0])]
    rows = np.frombuffer(content[_HEADER_BYTES:-_TRAILER_BYTES], dtype=np.dtype(wire))
    for name, kind in columns.items():
        # A NULL has length -1 and no bytes: everything after it would be read askew.
        if (rows[f"{name} bytes"] != np.dtype(_WIRE[kind][0]).itemsize).any():
            raise ValueError(f"{name} is not {kind} in every row")
    return {name: rows[name].astype(_WIRE[kind][1]) for name, kind in columns.items()}

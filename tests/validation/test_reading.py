"""Reading the cohort as arrays: only rows that are what the code takes them for."""

import numpy as np
import pytest

from scoring.queries.validation import _KINDS, read_columns

pytestmark = pytest.mark.django_db

_SQL = {">i4": "{}::int4", ">i8": "{}::int8", ">f8": "{}::float8", "?": "(mod({}, 2) = 1)"}
# Each column with another value.
_SENT = [_SQL[kind].format(place) for place, kind in enumerate(_KINDS.values())]


def test_every_column_arrives_as_itself() -> None:
    read = read_columns(f"SELECT {', '.join(_SENT)} UNION ALL SELECT {', '.join(_SENT)}", {})
    for place, (name, kind) in enumerate(_KINDS.items()):
        value = place % 2 == 1 if kind == "?" else place
        assert read[name].tolist() == [value, value], name
        assert read[name].dtype == np.dtype(kind).newbyteorder("=")


@pytest.mark.parametrize(
    "sent",
    [
        ["NULL::int4", *_SENT[1:]],
        ["'a longer text'", *_SENT[1:]],
        # As many bytes as before, in other places.
        ["1::int8", "1::int4", *_SENT[2:]],
        _SENT[1:],
        [*_SENT, "1::int4"],
    ],
)
def test_other_rows_are_refused(sent: list[str]) -> None:
    with pytest.raises(ValueError, match=r"a row has another|buffer size"):
        read_columns(f"SELECT {', '.join(sent)}", {})

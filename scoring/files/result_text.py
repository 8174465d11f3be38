"""Points, risks and intervals of many patients as CSV text, a block at once.

Numbers are written as bytes in fields of fixed width, all rows of a field together; what is not
used of a field is NUL and taken out at the end. That is several times as fast as to format numbers
one by one.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scoring.nomogram.cohort import CohortResult
from scoring.nomogram.model import Nomogram

_DECIMALS = 6
_THOUSAND = 1000
_THREE_DIGITS = np.array([b"%03d" % number for number in range(_THOUSAND)])
# Total points of any model: a hundred for each predictor.
_NO_ZEROS_BEFORE = np.array([b"%d" % number for number in range(10 * _THOUSAND)])
_RISK_PARTS = {"comma": "S1", "whole": "S1", "point": "S1", "first": "S3", "last": "S3"}
_TOTAL_PARTS = {**_RISK_PARTS, "whole": "S4"}
# Total, risk, and low and high end of both intervals.
_NUMBERS = 6
_LINE_END = "\r\n"


class ResultText:
    """What is put behind a row, from its comma to its line end.

    ``comma`` separates the cells; where that is a semicolon, numbers have a decimal comma, as in
    the spreadsheets that write such files.
    """

    def __init__(self, model: Nomogram, comma: str) -> None:
        self._comma = comma
        self._marks = bytes.maketrans(b",.", b";," if comma == ";" else comma.encode() + b".")
        late = model.late
        self._scenarios = 0 if late is None or late.unknown_as is None else len(late.unknown_as)
        self._points = len(model.predictors)
        self._model = f"{comma}{model.label}"
        unused = comma * (_NUMBERS * self._scenarios)
        self._end = f"{unused}{self._model}{comma}{comma}{_LINE_END}"

    def lines(self, result: CohortResult, points: Sequence[NDArray[np.bytes_]]) -> list[str]:
        """A text for each row; ``points`` by predictor, each with a comma before it."""
        rows = self._buffer(len(result.cohort), [str(one.dtype)[1:] for one in points])
        for place, one in enumerate(points):
            rows[f"points {place}"] = one
        self._put_numbers(rows, result)
        return self._texts(rows, self._end)

    def provisional(self, line: str, first: str, second: str) -> str:
        """The line of a patient of whom both outcomes of the late predictor are scored."""
        points = self._comma.join(line.split(self._comma, self._points + 1)[: self._points + 1])
        nothing = self._comma * _NUMBERS
        return f"{points}{nothing}{first}{second}{self._model}{self._comma}{self._comma}{_LINE_END}"

    def numbers(self, result: CohortResult) -> list[str]:
        """Total, risk and intervals of each patient alone."""
        rows = self._buffer(len(result.cohort), [])
        self._put_numbers(rows, result)
        return self._texts(rows, "")

    def refused(self, problem: str) -> str:
        """The line of a row that can't be scored; what is wrong is quoted already."""
        empty = self._comma * (self._points + _NUMBERS * (1 + self._scenarios))
        return f"{empty}{self._model}{self._comma}{self._comma}{problem}{_LINE_END}"

    def with_cautions(self, line: str, cautions: str) -> str:
        """The line with cautions, quoted already."""
        end = f"{self._comma}{_LINE_END}"
        return f"{line.removesuffix(end)}{cautions}{end}"

    def _texts(self, rows: NDArray[Any], end: str) -> list[str]:
        text = rows.tobytes().translate(self._marks, b"\0").decode()
        if not end:
            return text.split("\n")[:-1]
        return text.replace("\n", end).splitlines(keepends=True)

    def _buffer(self, size: int, widths: Sequence[str]) -> NDArray[Any]:
        kind = np.dtype(
            [
                *((f"points {place}", width) for place, width in enumerate(widths)),
                *(
                    (f"{part} {number}", width)
                    for number in range(_NUMBERS)
                    for part, width in (_TOTAL_PARTS if number == 0 else _RISK_PARTS).items()
                ),
                ("end", "S1"),
            ]
        )
        rows = np.zeros(size, dtype=kind)
        for number in range(_NUMBERS):
            rows[f"comma {number}"] = b","
            rows[f"point {number}"] = b"."
        rows["end"] = b"\n"
        return rows

    def _put_numbers(self, rows: NDArray[Any], result: CohortResult) -> None:
        numbers = (result.total_points, result.risk, *result.ci95, *result.band)
        for place, values in enumerate(numbers):
            millionths = np.rint(values * 10.0**_DECIMALS).astype(np.int64)
            thousandths, last = np.divmod(millionths, _THOUSAND)
            whole, first = np.divmod(thousandths, _THOUSAND)
            rows[f"whole {place}"] = _NO_ZEROS_BEFORE[whole]
            rows[f"first {place}"] = _THREE_DIGITS[first]
            rows[f"last {place}"] = _THREE_DIGITS[last]

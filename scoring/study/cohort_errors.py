"""What is wrong with a cohort file."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Gaps:
    """Values that are not there: in ``incomplete`` of ``rows`` rows, by column in ``missing``."""

    rows: int
    incomplete: int
    missing: Mapping[str, int]


class CohortFileError(ValueError):
    """A file that cannot be analysed, for the first reason found.

    ``code``: "too_large" (``value`` is the limit in MB), "not_utf8", "not_csv", "empty_file" (no
    header), "no_rows", "missing_column", "duplicate_column" (``column`` names it),
    "ambiguous_column" (``value`` are the headers that mean it), "other_unit" (so is the unit of the
    header ``value``), "wrong_number_of_cells", "duplicate_id", "no_complete_row", or, of a cell,
    "missing" (``gaps`` has all that are missing), "not_a_number", "out_of_range", "not_whole",
    "not_yes_or_no". ``row`` counts as a spreadsheet does, blank lines above the header too.
    ``value`` is the cell's text, ``number`` what was read of it; ``low``, ``high`` and ``unit``
    (UCUM) what is allowed, None and "" where that does not apply. ``str()`` leaves the value out:
    patient data stay out of logs.
    """

    def __init__(
        self,
        code: str,
        row: int | None = None,
        column: str | None = None,
        value: str | None = None,
        low: float | None = None,
        high: float | None = None,
        unit: str = "",
        number: float | None = None,
        gaps: Gaps | None = None,
    ) -> None:
        super().__init__(code, row, column, value, low, high, unit, number, gaps)
        self.code = code
        self.row = row
        self.column = column
        self.value = value
        self.low = low
        self.high = high
        self.unit = unit
        self.number = number
        self.gaps = gaps

    def __str__(self) -> str:
        parts = [f"row {self.row}" if self.row else "", self.column or "", self.code]
        return ", ".join(part for part in parts if part)

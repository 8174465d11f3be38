"""Some rows of a table at once, parsed when they are asked for."""

import csv
from dataclasses import dataclass, field

from scoring.files.errors import TableError

Row = tuple[int, list[str]]


@dataclass(frozen=True)
class Block:
    """Rows with their numbers, or lines of a CSV file that have no quotation mark.

    ``first`` is the number of the first line, as a spreadsheet counts.
    """

    parsed: list[Row] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    first: int = 0
    separator: str = ","

    @property
    def rows(self) -> list[Row]:
        """The rows that are not blank. Raises TableError: "not_csv"."""
        if not self.lines:
            return self.parsed
        reader = csv.reader(self.lines, delimiter=self.separator, strict=True)
        try:
            return [
                row
                for row in enumerate(reader, start=self.first)
                if any(cell.strip() for cell in row[1])
            ]
        except csv.Error:
            # A cell that is longer than the module takes.
            row = self.first + reader.line_num - 1
            raise TableError("not_csv", row=row) from None

    def under(self, header_row: int) -> "Block":
        """The rows under the header."""
        if self.lines and self.first > header_row:
            return self
        rows = self.rows
        if rows and rows[0][0] > header_row:
            return self
        return Block([row for row in rows if row[0] > header_row])

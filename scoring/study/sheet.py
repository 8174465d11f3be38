"""The rows of a cohort file, read as those of a table to be scored; none between them is blank."""

import io
from dataclasses import dataclass

from scoring.evaluation.case_mix import OUTCOME
from scoring.files.csv_rows import CsvRows
from scoring.files.errors import TableError
from scoring.files.headings import Choice
from scoring.nomogram.rong2025.model import RONG_2025
from scoring.study.cohort_errors import CohortFileError
from scoring.study.headers import CHINESE_HEADERS, IDENTIFIER

# Their headers tell a Chinese file, too.
_NO_PREDICTORS = Choice(
    {name: name for of in (IDENTIFIER, OUTCOME) for name in CHINESE_HEADERS[of]}
)
_CODES = {"utf_16": "not_utf8", "encoding": "not_utf8", "empty": "empty_file"}


@dataclass(frozen=True)
class Sheet:
    """Header and rows, of equal length; ``header_row`` as a spreadsheet counts, from 1."""

    header: list[str]
    rows: list[list[str]]
    header_row: int
    encoding: str


def read_sheet(content: bytes) -> Sheet:
    """Header and rows, without lines that are empty above the header and at the end.

    Raises CohortFileError: "not_utf8", "empty_file", "not_csv", "wrong_number_of_cells", "no_rows".
    """
    try:
        table = CsvRows(io.BytesIO(content), RONG_2025, _NO_PREDICTORS)
        found = list(table.rows())
    except TableError as error:
        raise CohortFileError(_CODES.get(error.code, error.code)) from None
    if not found:
        raise CohortFileError("empty_file")
    (header_row, header), *rows = found
    for expected, (number, cells) in enumerate(rows, start=header_row + 1):
        width = len(cells) if number == expected else 0
        if width != len(header):
            raise CohortFileError("wrong_number_of_cells", expected, value=str(width))
    if not rows:
        raise CohortFileError("no_rows")
    names = [name.strip() for name in header]
    return Sheet(names, [cells for _number, cells in rows], header_row, table.encoding)

"""The text of a CSV file: its encoding, how its cells are separated, where its header stands."""

import csv
import io
import re
from dataclasses import dataclass

from scoring.files.csv_rows import CHINESE_ANSWER, GB18030, SEPARATORS, UTF_8
from scoring.study.cohort_errors import CohortFileError
from scoring.study.headers import has_chinese_header

# What tells a spreadsheet how cells are separated; it is not shown, and no row.
_SEPARATOR_LINE = re.compile(r'\s*"?sep=([,;\t])"?[,;\t ]*(\r\n|\r|\n|$)', re.IGNORECASE)


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
    text, encoding = _decoded(content)
    said = _SEPARATOR_LINE.match(text)
    if said:
        text = text[said.end() :]
    if not text.strip(f"{SEPARATORS} \r\n"):
        raise CohortFileError("empty_file")
    delimiter = said[1] if said else max(SEPARATORS, key=_first_line(text).count)
    try:
        lines = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error:
        raise CohortFileError("not_csv") from None
    while not any(cell.strip() for cell in lines[-1]):
        del lines[-1]
    above = next(place for place, line in enumerate(lines) if any(cell.strip() for cell in line))
    header = [name.strip() for name in lines[above]]
    rows = lines[above + 1 :]
    for number, line in enumerate(rows, start=above + 2):
        if len(line) != len(header):
            raise CohortFileError("wrong_number_of_cells", number, value=str(len(line)))
    if not rows:
        raise CohortFileError("no_rows")
    return Sheet(header, rows, above + 1, encoding)


def _first_line(text: str) -> str:
    """The first line with anything in it."""
    return text.lstrip(f"{SEPARATORS} \r\n").splitlines()[0]


def _decoded(content: bytes) -> tuple[str, str]:
    """The text and its encoding: UTF-8, or the GB18030 that Chinese spreadsheets save.

    Nearly any bytes are some text in GB18030. So it is taken only if a Chinese header or answer
    that this program knows stands in it.
    """
    try:
        return content.decode("utf-8-sig"), UTF_8
    except UnicodeDecodeError:
        pass
    try:
        text = content.decode("gb18030").removeprefix("\ufeff")
    except UnicodeDecodeError:
        raise CohortFileError("not_utf8") from None
    cells = re.split(r'[,;\t"]', _first_line(text)) if text.strip(f"{SEPARATORS} \r\n") else []
    if has_chinese_header(cells) or CHINESE_ANSWER.search(text):
        return text, GB18030
    raise CohortFileError("not_utf8")

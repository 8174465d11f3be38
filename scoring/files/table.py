"""A file as a table: which kind of file it is, where its header stands, the rows under it."""

import re
from collections.abc import Iterator
from itertools import islice
from typing import BinaryIO

from scoring.files.blocks import Block, Row
from scoring.files.csv_rows import CsvRows
from scoring.files.errors import TableError
from scoring.files.headings import NOTHING_SAID, Choice, Headings, find_headings
from scoring.files.xlsx_rows import XlsxRows
from scoring.nomogram.model import Nomogram

_ZIP = b"PK\x03\x04"
# The old Excel format, and a new one with a password.
_OLE = b"\xd0\xcf\x11\xe0"
# Laboratory systems save a web page, or XML of Excel 2003, as .xls.
_MARKUP = re.compile(rb"(?:\xef\xbb\xbf)?\s*<(?:!doctype|html|head|meta|style|table|\?xml)", re.I)
_BEGINNING = 200
# How many of the first rows are shown.
SHOWN_ROWS = 5


class Table:
    """A CSV or XLSX file whose header is understood, or is not: ``headings.errors``.

    ``separator`` is that of the file, a comma for a workbook; ``encoding`` and ``sheet`` are empty
    where they do not apply. Raises TableError.
    """

    def __init__(
        self,
        stream: BinaryIO,
        model: Nomogram,
        *,
        sheet: str = "",
        choice: Choice = NOTHING_SAID,
    ) -> None:
        stream.seek(0)
        beginning = stream.read(_BEGINNING)
        if beginning.startswith(_OLE):
            raise TableError("old_excel")
        if _MARKUP.match(beginning):
            raise TableError("markup")
        self.separator, self.encoding, self.sheet = ",", "", ""
        self._rows: CsvRows | XlsxRows
        if beginning.startswith(_ZIP):
            self._rows = workbook = XlsxRows(stream, model, sheet, choice)
            self.sheet = workbook.sheet
        else:
            if sheet:
                raise TableError("no_sheet", value=sheet)
            self._rows = text = CsvRows(stream, model, choice)
            self.separator, self.encoding = text.separator, text.encoding
        head = self._rows.head()
        if not head:
            raise TableError("empty")
        self.headings: Headings = find_headings(head, model, choice)
        self.first_rows = self.rows(SHOWN_ROWS)
        if not self.first_rows:
            raise TableError("no_rows")

    def blocks(self) -> Iterator[Block]:
        """The rows under the header with their numbers, many at once.

        A row of a workbook is filled up to the width of the header: empty cells at its end are not
        stored.
        """
        width = len(self.headings.header)
        for block in self._rows.blocks():
            under = block.under(self.headings.row)
            if isinstance(self._rows, XlsxRows):
                for _number, cells in under.parsed:
                    cells += [""] * (width - len(cells))
            if under.lines or under.parsed:
                yield under

    def rows(self, most: int) -> list[Row]:
        """The first rows under the header that are not blank, at most so many."""
        return list(islice((row for block in self.blocks() for row in block.rows), most))

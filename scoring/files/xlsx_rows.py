"""The rows of an XLSX workbook as the texts that the spreadsheet shows, in constant memory.

Read with expat alone. What libraries lose is needed here: whether a number is shown in per cent,
the dates of Chinese Excel, a formula without a stored result, #N/A, Strict Open XML, and where a
table stands (findings/xlsx-readers-lose-what-is-shown.sh).
"""

import posixpath
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import IO, BinaryIO
from xml.parsers import expat

from scoring.files.blocks import Block, Row
from scoring.files.errors import TableError
from scoring.files.headings import NOTHING_SAID, SEARCHED_ROWS, Choice, known_columns
from scoring.files.number_formats import NumberFormat, number_format, number_shown
from scoring.files.xml_parts import Attributes, PartReader, elements, unescaped
from scoring.nomogram.model import Nomogram

# What a workbook may have when it is unpacked: 200,000 rows have some 100 MB. Its texts are kept in
# memory while it is read.
MOST_UNPACKED_BYTES = 256 * 1024 * 1024
MOST_TEXT_BYTES = 64 * 1024 * 1024
_MOST_ENTRIES = 10_000
_ROWS_AT_ONCE = 2000
LONGEST_SHEET_NAME = 100
# Excel's own last column, XFD.
_MOST_COLUMNS = 16_384


@dataclass(frozen=True)
class _Sheet:
    name: str
    part: str


class XlsxRows:
    """The rows of one sheet, each with its number, without those in which nothing stands.

    ``sheet`` is its name; without it the only one that has a table. Raises TableError: "not_xlsx",
    "unpacked_too_large", "no_sheet", "several_sheets".
    """

    def __init__(
        self,
        stream: BinaryIO,
        model: Nomogram,
        sheet: str = "",
        choice: Choice = NOTHING_SAID,
    ) -> None:
        try:
            self._archive = zipfile.ZipFile(stream)
        except (zipfile.BadZipFile, OSError, ValueError):
            raise TableError("not_xlsx") from None
        parts = self._archive.infolist()
        # The sizes that the archive says are the most that is ever unpacked of it.
        if len(parts) > _MOST_ENTRIES or sum(p.file_size for p in parts) > MOST_UNPACKED_BYTES:
            raise _too_large(MOST_UNPACKED_BYTES)
        workbook = self._target("", "officeDocument")
        self._from_1904 = False
        self.sheets = tuple(self._sheets(workbook))
        texts = self._target(workbook, "sharedStrings", needed=False)
        if any(p.file_size > MOST_TEXT_BYTES for p in parts if p.filename == texts):
            raise _too_large(MOST_TEXT_BYTES)
        self._shared = list(self._texts(texts))
        self._formats = self._number_formats(self._target(workbook, "styles", needed=False))
        self._sheet = self._chosen(sheet, model, choice)

    @property
    def sheet(self) -> str:
        """The name of the sheet that is read."""
        return self._sheet.name

    def head(self) -> list[Row]:
        """The first rows."""
        return list(islice(self._rows(self._sheet), SEARCHED_ROWS))

    def blocks(self) -> Iterator[Block]:
        """All rows, many at once."""
        rows = self._rows(self._sheet)
        while block := list(islice(rows, _ROWS_AT_ONCE)):
            yield Block(block)

    def _chosen(self, name: str, model: Nomogram, choice: Choice) -> _Sheet:
        if name:
            named = [sheet for sheet in self.sheets if sheet.name == name]
            if not named:
                raise TableError("no_sheet", value=name)
            return named[0]
        counts = {
            sheet: max(
                (
                    known_columns(cells, model, choice)
                    for _row, cells in islice(self._rows(sheet), SEARCHED_ROWS)
                ),
                default=0,
            )
            for sheet in self.sheets
        }
        best = [sheet for sheet, count in counts.items() if count == max(counts.values())]
        if not best or (len(best) > 1 and not counts[best[0]]):
            raise TableError("no_header")
        if len(best) > 1:
            raise TableError("several_sheets", value="、".join(sheet.name for sheet in best))
        return best[0]

    def _target(self, of: str, kind: str, *, needed: bool = True) -> str:
        """The part that stands in this relation to another; "" where there is none."""
        folder, name = posixpath.split(of)
        relations = posixpath.join(folder, "_rels", f"{name}.rels")
        for _name, found, _text in self._elements(relations, "Relationship"):
            if found.get("Type", "").endswith(f"/{kind}"):
                return _resolved(folder, found.get("Target", ""))
        if needed:
            raise TableError("not_xlsx")
        return ""

    def _elements(self, part: str, *names: str) -> Iterator[tuple[str, Attributes, str]]:
        try:
            with self._archive.open(part) as opened:
                yield from elements(opened, names)
        except (KeyError, *_BROKEN):
            raise TableError("not_xlsx") from None

    def _sheets(self, workbook: str) -> Iterator[_Sheet]:
        folder, name = posixpath.split(workbook)
        relations = posixpath.join(folder, "_rels", f"{name}.rels")
        targets = {
            found.get("Id", ""): _resolved(folder, found.get("Target", ""))
            for _name, found, _text in self._elements(relations, "Relationship")
            if found.get("Type", "").endswith("/worksheet")
        }
        for kind, found, _text in self._elements(workbook, "workbookPr", "sheet"):
            if kind == "workbookPr":
                self._from_1904 = found.get("date1904") in ("1", "true")
            else:
                identifier = next((v for k, v in found.items() if k.endswith(":id")), "")
                if identifier in targets:
                    yield _Sheet(found.get("name", ""), targets[identifier])

    def _texts(self, part: str) -> Iterator[str]:
        if part:
            for _name, _found, text in self._elements(part, "si"):
                yield unescaped(text)

    def _number_formats(self, part: str) -> list[NumberFormat]:
        """The number format of each style, by the number of the style."""
        codes: dict[int, str] = {}
        formats: list[NumberFormat] = []
        if not part:
            return formats
        in_cells = False
        for kind, found, _text in self._elements(part, "numFmt", "cellXfs", "cellStyles", "xf"):
            if kind == "numFmt":
                codes[_whole(found.get("numFmtId"))] = found.get("formatCode", "")
            elif kind == "xf":
                if in_cells:
                    number = _whole(found.get("numFmtId"))
                    formats.append(number_format(number, codes.get(number)))
            else:
                in_cells = kind == "cellXfs"
        return formats

    def _rows(self, sheet: _Sheet) -> Iterator[Row]:
        try:
            with self._archive.open(sheet.part) as opened:
                yield from _SheetReader(self._shared, self._formats, self._from_1904).rows(opened)
        except (KeyError, *_BROKEN):
            raise TableError("not_xlsx") from None


_BROKEN = (
    zipfile.BadZipFile,
    expat.ExpatError,
    zlib.error,
    EOFError,
    OSError,
    NotImplementedError,
    RuntimeError,
)


def _too_large(most: int) -> TableError:
    return TableError("unpacked_too_large", value=str(most // 1024 // 1024))


def _resolved(folder: str, target: str) -> str:
    return posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")


def _whole(text: str | None) -> int:
    return int(text) if text is not None and text.isascii() and text.isdigit() else -1


class _SheetReader(PartReader):
    """Collects the rows of one sheet."""

    def __init__(self, shared: list[str], formats: list[NumberFormat], from_1904: bool) -> None:
        super().__init__()
        self._shared, self._formats, self._from_1904 = shared, formats, from_1904
        self._number = 0
        self._place = 0
        self._cells: list[str] = []
        self._attributes: Attributes = {}
        self._value: str | None = None
        self._formula: str | None = None
        self._inline: list[str] = []
        self._ready: list[Row] = []

    def rows(self, opened: IO[bytes]) -> Iterator[Row]:
        for _piece in self.fed(opened):
            yield from self._ready
            self._ready.clear()

    def begin(self, name: str, attributes: Attributes) -> None:
        if name == "row":
            # A row without a number follows the one before it.
            said = _whole(attributes.get("r"))
            self._number = said if said > 0 else self._number + 1
            self._place = 0
            self._cells = []
        elif name == "c":
            self._place = _place(attributes.get("r", ""), self._place)
            self._attributes, self._value, self._formula = attributes, None, None
            self._inline.clear()

    def end(self, name: str, text: str) -> None:
        if name == "v":
            self._value = text
        elif name == "f":
            self._formula = text
        elif name == "t":
            self._inline.append(text)
        elif name == "c":
            self._keep()
        elif name == "row" and any(cell.strip() for cell in self._cells):
            self._ready.append((self._number, self._cells))

    def _keep(self) -> None:
        shown, place = self._shown(), self._place
        self._place += 1
        if not shown or place >= _MOST_COLUMNS:
            return
        if place > len(self._cells):
            self._cells += [""] * (place - len(self._cells))
        self._cells[place:] = [shown]

    def _shown(self) -> str:
        kind = self._attributes.get("t", "n")
        if kind == "inlineStr":
            return unescaped("".join(self._inline))
        value = self._value
        if value is None or (not value and kind != "str"):
            # A formula that nothing has worked out yet is never worked out here.
            return "" if self._formula is None else f"={self._formula}"
        if kind == "s":
            at = _whole(value)
            if not 0 <= at < len(self._shared):
                raise TableError("not_xlsx")
            return self._shared[at]
        if kind == "b":
            return "TRUE" if value == "1" else "FALSE"
        if kind in ("str", "e"):
            return unescaped(value)
        if kind == "d":
            return value.replace("T", " ").removesuffix(" 00:00:00")
        style = _whole(self._attributes.get("s", "0"))
        by = self._formats[style] if 0 <= style < len(self._formats) else NumberFormat()
        return number_shown(value, by, from_1904=self._from_1904)


def _place(reference: str, following: int) -> int:
    """The column of a cell, from 0; without a reference it follows the one before it."""
    letters = reference.rstrip("0123456789")
    return _column(letters) if letters.isascii() and letters.isalpha() else following


@lru_cache(maxsize=1024)
def _column(letters: str) -> int:
    place = 0
    for letter in letters.upper():
        place = place * 26 + ord(letter) - 64
    return place - 1

"""A CSV file as rows of texts: its encoding and its separator found, nothing changed.

The file is UTF-8 with or without a byte order mark, or else GB18030, each read strictly. Nearly any
bytes are some text in GB18030, so it is taken only if a Chinese header or answer stands in it that
this program knows. No detector guesses.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator
from itertools import chain, islice
from typing import BinaryIO

from scoring.files.blocks import Block, Row
from scoring.files.errors import TableError
from scoring.files.headings import (
    NOTHING_SAID,
    SEARCHED_ROWS,
    Choice,
    is_chinese_name,
    known_columns,
    tidy,
)
from scoring.nomogram.model import Nomogram

UTF_8, GB18030 = "UTF-8", "GB18030"
_SEPARATORS = ",;\t"
LINES_AT_ONCE = 4096
# What tells a spreadsheet how cells are separated; it is not shown there, and no row.
_SEPARATOR_LINE = re.compile(r'\s*"?sep=([,;\t])"?[,;\t ]*', re.IGNORECASE)
_CHINESE_ANSWER = re.compile(r'(?m)(?:^|[,;\t"]) *[是否有无] *(?=[,;\t"\r\n]|$)')
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_PIECE = 1 << 20


class CsvRows:
    """The rows of a CSV file, each with its number as a spreadsheet counts: blank lines count.

    ``stream`` can be read from its beginning again. Raises TableError: "utf_16", "encoding",
    "empty", "not_csv".
    """

    def __init__(self, stream: BinaryIO, model: Nomogram, choice: Choice = NOTHING_SAID) -> None:
        self._stream = stream
        self._choice = choice
        self.encoding = _encoding(stream)
        self._skip = 0
        lines = list(islice(self._lines(), SEARCHED_ROWS))
        if not any(line.strip(f"{_SEPARATORS} \r\n") for line in lines):
            raise TableError("empty")
        said = _SEPARATOR_LINE.fullmatch(lines[0].rstrip("\r\n"))
        self._skip = 1 if said else 0
        self.separator = said[1] if said else self._likeliest(model)
        if self.encoding == GB18030:
            self._refuse_other_encodings(lines, model)

    def _likeliest(self, model: Nomogram) -> str:
        """The separator by which most headers of the model are found."""

        def known(separator: str) -> int:
            self.separator = separator
            try:
                return max(
                    (known_columns(cells, model, self._choice) for _number, cells in self.head())
                )
            except (TableError, ValueError):
                return 0

        return max(_SEPARATORS, key=known)

    def _refuse_other_encodings(self, lines: list[str], model: Nomogram) -> None:
        header = any(is_chinese_name(cell, model) for _row, cells in self.head() for cell in cells)
        chosen = {tidy(name) for name in self._choice.headers.values() if not name.isascii()}
        header |= any(not chosen.isdisjoint(map(tidy, cells)) for _row, cells in self.head())
        if not header and not _CHINESE_ANSWER.search("".join(lines)):
            raise TableError("encoding")

    def _lines(self) -> Iterator[str]:
        self._stream.seek(0)
        codec = "utf-8-sig" if self.encoding == UTF_8 else "gb18030"
        text = io.TextIOWrapper(self._stream, codec, newline="")
        try:
            yield from islice(text, self._skip, None)
        finally:
            # The stream is somebody else's to close.
            text.detach()

    def head(self) -> list[Row]:
        """The first rows."""
        return list(islice(self.rows(), SEARCHED_ROWS))

    def rows(self) -> Iterator[Row]:
        """All rows that are not blank."""
        yield from chain.from_iterable(block.rows for block in self.blocks())

    def blocks(self) -> Iterator[Block]:
        """The same, many at once."""
        lines = self._lines()
        number = 0
        while block := list(islice(lines, LINES_AT_ONCE)):
            text = "".join(block)
            if "\0" in text:
                of_block = next(at for at, line in enumerate(block, start=1) if "\0" in line)
                raise TableError("not_csv", row=number + of_block)
            if '"' not in text:
                yield Block(lines=block, first=number + 1, separator=self.separator)
                number += len(block)
                continue
            found: list[Row] = []
            for cells in self._read(block, lines, number):
                number += 1
                if any(cell.strip() for cell in cells):
                    found.append((number, cells))
            yield Block(found)

    def _read(self, block: list[str], more: Iterator[str], done: int) -> Iterator[list[str]]:
        """The rows of some lines, and of those lines after them that the last row runs on into."""
        taken = 0

        def counted(lines: Iterable[str]) -> Iterator[str]:
            nonlocal taken
            for line in lines:
                taken += 1
                yield line

        reader = csv.reader(counted(chain(block, more)), delimiter=self.separator, strict=True)
        try:
            while taken < len(block):
                yield next(reader)
        except csv.Error:
            raise TableError("not_csv", row=done + taken) from None
        except StopIteration:
            return


def _encoding(stream: BinaryIO) -> str:
    stream.seek(0)
    if stream.read(2) in _UTF_16:
        raise TableError("utf_16")
    for codec, name in (("utf-8", UTF_8), ("gb18030", GB18030)):
        stream.seek(0)
        text = io.TextIOWrapper(stream, codec, newline="")
        try:
            while text.read(_PIECE):
                pass
        except UnicodeDecodeError:
            continue
        else:
            return name
        finally:
            text.detach()
    raise TableError("encoding")

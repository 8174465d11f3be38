"""The XML of a part of a workbook, piece by piece: names without their prefix, no DTD.

Strict and transitional Open XML differ in their namespaces alone; nothing else stands in these
parts whose names are looked for. Attributes keep their prefix.
"""

import re
from collections.abc import Iterator, Sequence
from typing import IO
from xml.parsers import expat

Attributes = dict[str, str]
_PIECE = 64 * 1024
# A character that XML can't have or would change; halves of a pair are none.
_ESCAPED = re.compile(r"_x(?![Dd][89A-Fa-f])([0-9A-Fa-f]{4})_")


def unescaped(text: str) -> str:
    """A text as the spreadsheet shows it: "12.8_x000D_" ends with a carriage return."""
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text


class _LocalNames(dict[str, str]):
    """Names without their prefix; a part has few, a million times."""

    def __missing__(self, name: str) -> str:
        self[name] = name.rpartition(":")[2]
        return self[name]


class PartReader:
    """Feeds a part to ``begin`` and ``end``, which a subclass has.

    Of how a text is pronounced (rPh) no end is told.
    """

    def __init__(self) -> None:
        self._text: list[str] = []
        self._local = _LocalNames()
        # Within how a text is pronounced, which is no part of it.
        self._is_phonetic = False

    def fed(self, opened: IO[bytes]) -> Iterator[None]:
        """Something each time another piece was read. Raises ExpatError."""
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler = self._begin
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text.append
        parser.StartDoctypeDeclHandler = _refuse
        while piece := opened.read(_PIECE):
            parser.Parse(piece, False)
            yield
        parser.Parse(b"", True)
        yield

    def _begin(self, name: str, attributes: dict[str, str]) -> None:
        self._text.clear()
        local = self._local[name]
        if local == "rPh":
            self._is_phonetic = True
        self.begin(local, attributes)

    def _end(self, name: str) -> None:
        local = self._local[name]
        if not self._is_phonetic:
            self.end(local, "".join(self._text))
        elif local == "rPh":
            self._is_phonetic = False
        self._text.clear()

    def begin(self, name: str, attributes: Attributes) -> None:
        """An element begins."""

    def end(self, name: str, text: str) -> None:
        """An element ends; ``text`` is what stands in it behind its last child."""


def _refuse(*_doctype: object) -> None:
    """A workbook has no DTD; entities that multiply themselves need one."""
    raise expat.ExpatError("a part of a workbook has no document type")


class _Elements(PartReader):
    def __init__(self, names: Sequence[str]) -> None:
        super().__init__()
        self._names = names
        self._pieces: list[str] = []
        self.found: list[tuple[str, Attributes, str]] = []

    def begin(self, name: str, attributes: Attributes) -> None:
        if name in self._names:
            # In the order in which they begin.
            self.found.append((name, attributes, ""))
            self._pieces.clear()

    def end(self, name: str, text: str) -> None:
        if name == "t":
            self._pieces.append(text)
        elif name == "si" and self.found:
            kind, attributes, _text = self.found[-1]
            self.found[-1] = kind, attributes, "".join(self._pieces)


def elements(opened: IO[bytes], names: Sequence[str]) -> Iterator[tuple[str, Attributes, str]]:
    """The elements with these names in their order; of a shared text ("si") what it says."""
    reader = _Elements(names)
    for _piece in reader.fed(opened):
        # The last one may not be read to its end yet.
        yield from reader.found[:-1]
        del reader.found[:-1]
    yield from reader.found

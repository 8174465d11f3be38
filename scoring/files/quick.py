"""A quick way through plain CSV lines: the cells of a column are looked up all together.

The bytes of a cell, eight at most, are one integer; a table of hashes leads from it to the number
of its text. What is not plain takes the way through Python's csv module, with the same result:
a quotation mark, a row that is shorter or longer or blank, a longer cell of a predictor.
"""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from scoring.files.cells import ColumnTexts

_LONGEST = 8
_HASH_BITS = 16
# Knuth's multiplier for 64 bits.
_MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)
# 0xFF is in no UTF-8 text.
_NO_KEY = np.uint64(0xFFFF_FFFF_FFFF_FFFF)
_NEWLINE = 10
# The first byte of what a spreadsheet takes for a formula, and that of every full-width form.
_UNSAFE_STARTS = b"=+-@\t|\xef"
_IS_UNSAFE = np.isin(np.arange(256), np.frombuffer(_UNSAFE_STARTS, np.uint8))

Numbers = NDArray[np.intp]
Keys = NDArray[np.uint64]


class QuickColumn:
    """Numbers of the texts of one column by the integers of their bytes."""

    def __init__(self, texts: ColumnTexts) -> None:
        self._texts = texts
        self._begin()

    def _begin(self) -> None:
        self._times_begun = self._texts.times_begun
        self._keys = np.full(1 << _HASH_BITS, _NO_KEY)
        self._numbers = np.zeros(1 << _HASH_BITS, np.intp)

    def numbers(self, keys: Keys) -> Numbers:
        """The numbers of these texts; new ones are read."""
        if self._times_begun != self._texts.times_begun:
            self._begin()
        slots = (keys * _MULTIPLIER) >> np.uint64(64 - _HASH_BITS)
        found: Numbers = self._numbers[slots]
        missing = np.flatnonzero(self._keys[slots] != keys)
        if len(missing):
            found[missing] = self._read(keys[missing], slots[missing])
        return found

    def _read(self, keys: Keys, slots: Keys) -> list[int]:
        numbers: list[int] = []
        for key, slot in zip(keys.tolist(), slots.tolist(), strict=True):
            text = key.to_bytes(_LONGEST, "little").rstrip(b"\0").decode()
            number = self._texts[text]
            numbers.append(number)
            # Of two texts with one hash the second is looked up by itself each time.
            if self._keys[slot] == _NO_KEY:
                self._keys[slot], self._numbers[slot] = key, number
        return numbers


class QuickReader:
    """Reads the columns of predictors of plain lines."""

    def __init__(self, columns: Mapping[str, ColumnTexts], width: int, separator: str) -> None:
        self._columns = {
            name: (texts.heading.place, QuickColumn(texts), texts)
            for name, texts in columns.items()
        }
        taken = {place for place, _column, _texts in self._columns.values()}
        self._others = [place for place in range(width) if place not in taken]
        self._width = width
        self._separator = ord(separator)

    def read(self, text: str, count: int, line_end: int) -> dict[str, Numbers] | None:
        """The numbers of the texts by input field; None of lines that are not plain.

        ``line_end``: how many characters end each of the ``count`` lines.
        """
        data = b"\0" * _LONGEST + text.encode()
        codes = np.frombuffer(data, np.uint8)
        marks = np.flatnonzero((codes == self._separator) | (codes == _NEWLINE))
        if len(marks) != count * self._width:
            return None
        ends = marks.reshape(count, self._width)
        if not (codes[ends[:, -1]] == _NEWLINE).all():
            return None
        last = ends[:, -1]
        starts = np.empty_like(ends)
        starts[:, 1:] = ends[:, :-1] + 1
        starts[0, 0], starts[1:, 0] = _LONGEST, last[:-1] + 1
        ends[:, -1] -= line_end - 1
        if _IS_UNSAFE[codes[starts[:, self._others]]].any():
            return None
        # The eight bytes from each place on as one integer.
        windows: Keys = np.ndarray(len(data) - _LONGEST + 1, "<u8", data, strides=(1,))
        found: dict[str, Numbers] = {}
        is_blank = np.ones(count, np.bool_)
        for name, (place, column, texts) in self._columns.items():
            end = ends[:, place]
            unused = _LONGEST - end + starts[:, place]
            if unused.min() < 0:
                return None
            keys: Keys = windows[end - _LONGEST] >> (unused * 8).astype(np.uint64)
            found[name] = column.numbers(keys)
            meanings = texts.meanings
            if meanings.is_unsafe.any() and meanings.is_unsafe[found[name]].any():
                return None
            is_blank &= meanings.is_blank[found[name]]
        # A row without any predictor may be blank, and is none then.
        return None if is_blank.any() else found

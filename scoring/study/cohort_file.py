"""A CSV of patients with known outcomes: one row a patient, checked before anything is computed.

Columns, in any order and case: ``COLUMNS``; others are ignored, and named. Yes/no is 1/0, 1.0/0.0,
yes/no or true/false. Numbers have a decimal point or comma; cells are separated by comma, semicolon
or tab, which a first line "sep=;" may say. UTF-8.
"""

import csv
import hashlib
import io
import math
import re
from dataclasses import dataclass
from functools import cached_property
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from scoring.entry.folding import folded_number
from scoring.nomogram.cohort import Cohort
from scoring.nomogram.logistic import FloatArray
from scoring.nomogram.rong2025.model import RONG_2025

IDENTIFIER, OUTCOME = "id", "rbp"
COLUMNS = (IDENTIFIER, *RONG_2025.fields, OUTCOME)
# Some 900,000 patients, far more than any hospital has operated on; memory stays bounded.
MAX_FILE_BYTES = 32 * 1024 * 1024
_NUMBER = re.compile(r"[+-]?(\d+([.,]\d*)?|[.,]\d+)", re.ASCII)
# Spreadsheets write TRUE, data frames 1.0.
_YES, _NO = ("1", "1.0", "yes", "true"), ("0", "0.0", "no", "false")
_ANSWERS = dict.fromkeys(_YES, True) | dict.fromkeys(_NO, False)
_SEPARATORS = ",;\t"
# What tells a spreadsheet how cells are separated; it is not shown, and no row.
_SEPARATOR_LINE = re.compile(r'\s*"?sep=([,;\t])"?[,;\t ]*(\r\n|\r|\n|$)', re.IGNORECASE)


class CohortFileError(ValueError):
    """A file that cannot be analysed, for the first reason found.

    ``code``: "too_large" (``value`` is the limit in MB), "not_utf8", "not_csv", "empty_file" (no
    header), "no_rows", "missing_column", "duplicate_column" (``column`` names it),
    "wrong_number_of_cells", "duplicate_id", or, of a cell, "missing", "not_a_number",
    "out_of_range", "not_whole", "not_yes_or_no". ``row`` counts as a spreadsheet does: the
    header is row 1. ``value`` is the cell's text, ``number`` what was read of it; ``low``,
    ``high`` and ``unit`` (UCUM) what is allowed, None and "" where that does not apply.
    ``str()`` leaves the value out: patient data stay out of logs.
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
    ) -> None:
        super().__init__(code, row, column, value, low, high, unit, number)
        self.code = code
        self.row = row
        self.column = column
        self.value = value
        self.low = low
        self.high = high
        self.unit = unit
        self.number = number

    def __str__(self) -> str:
        parts = [f"row {self.row}" if self.row else "", self.column or "", self.code]
        return ", ".join(part for part in parts if part)


@dataclass(frozen=True, eq=False)
class CohortFile:
    """The patients of a file: identifiers, inputs, outcomes, shape (n,), in the file's order.

    ``ignored`` are the columns without meaning here; ``sha256`` is that of the whole file.
    """

    ids: tuple[str, ...]
    cohort: Cohort
    event: NDArray[np.bool_]
    ignored: tuple[str, ...]
    sha256: str

    @cached_property
    def _ordered(self) -> FloatArray:
        """Inputs and outcome in an order that depends on nothing else, shape (n, 8)."""
        columns = [*self.cohort.columns.values(), self.event]
        # + 0.0: minus zero is zero.
        table = np.column_stack([column.astype("<f8") + 0.0 for column in columns])
        return np.ascontiguousarray(table[np.lexsort(table.T)], dtype="<f8")

    @property
    def identical_rows(self) -> int:
        """How many rows have inputs and outcome of an earlier one."""
        return int(np.count_nonzero(np.all(np.diff(self._ordered, axis=0) == 0.0, axis=1)))

    @cached_property
    def patients_sha256(self) -> str:
        """SHA-256 of inputs and outcomes, whatever the order of rows and columns and the ids."""
        return hashlib.sha256(self._ordered.tobytes()).hexdigest()


def read_cohort(stream: BinaryIO) -> CohortFile:
    """Read and check everything. Raises CohortFileError."""
    content = stream.read(MAX_FILE_BYTES + 1)
    if len(content) > MAX_FILE_BYTES:
        raise CohortFileError("too_large", value=str(MAX_FILE_BYTES // 1024 // 1024))
    header, rows = _rows(content)
    places = _places(header)
    columns: dict[str, list[str]] = {
        name: [row[place].strip() for row in rows] for name, place in places.items()
    }
    inputs: dict[str, Any] = {}
    errors = [_identifier_error(columns[IDENTIFIER])]
    for name in (*RONG_2025.fields, OUTCOME):
        read = _numbers if name in RONG_2025.numeric else _answers
        inputs[name], error = read(name, columns[name])
        errors.append(error)
    found = [error for error in errors if error is not None]
    if found:
        # The first row that is wrong, and in it the first column.
        raise min(found, key=lambda error: error.row or 0)
    event = inputs.pop(OUTCOME)
    return CohortFile(
        ids=tuple(columns[IDENTIFIER]),
        cohort=RONG_2025.cohort(inputs),
        event=event,
        ignored=tuple(
            name
            for place, name in enumerate(header)
            if place not in places.values() and (name or any(row[place].strip() for row in rows))
        ),
        sha256=hashlib.sha256(content).hexdigest(),
    )


def _rows(content: bytes) -> tuple[list[str], list[list[str]]]:
    """Header and rows, of equal length, without lines that are empty at the end."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise CohortFileError("not_utf8") from None
    said = _SEPARATOR_LINE.match(text)
    if said:
        text = text[said.end() :]
    if not text.strip():
        raise CohortFileError("empty_file")
    first_line = text.lstrip().partition("\n")[0]
    delimiter = said[1] if said else max(_SEPARATORS, key=first_line.count)
    try:
        lines = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error:
        raise CohortFileError("not_csv") from None
    while not any(cell.strip() for cell in lines[-1]):
        del lines[-1]
    header = [name.strip() for name in lines[0]]
    for number, line in enumerate(lines[1:], start=2):
        if len(line) != len(header):
            raise CohortFileError("wrong_number_of_cells", number, value=str(len(line)))
    if len(lines) == 1:
        raise CohortFileError("no_rows")
    return header, lines[1:]


def _places(header: list[str]) -> dict[str, int]:
    names = [name.casefold() for name in header]
    for name in COLUMNS:
        if name not in names:
            raise CohortFileError("missing_column", column=name)
        if names.count(name) > 1:
            raise CohortFileError("duplicate_column", column=name)
    return {name: names.index(name) for name in COLUMNS}


def _identifier_error(ids: list[str]) -> CohortFileError | None:
    seen: set[str] = set()
    for row, identifier in enumerate(ids, start=2):
        if not identifier:
            return CohortFileError("missing", row, IDENTIFIER, "")
        if identifier in seen:
            return CohortFileError("duplicate_id", row, IDENTIFIER, identifier)
        seen.add(identifier)
    return None


def _number(text: str) -> float:
    """NaN for what is no number."""
    plain = folded_number(text)
    return float(plain.replace(",", ".")) if _NUMBER.fullmatch(plain) else math.nan


def _numbers(column: str, texts: list[str]) -> tuple[FloatArray, CohortFileError | None]:
    predictor = RONG_2025.numeric[column]
    values = np.array([_number(text) for text in texts], dtype=np.float64)
    wrong = ~predictor.fits(values)
    if not wrong.any():
        return values, None
    place = int(np.argmax(wrong))
    text = texts[place]
    code = "not_a_number"
    if not math.isnan(values[place]):
        code = predictor.refusal_code(float(values[place]))
    error = CohortFileError(
        code if text else "missing",
        place + 2,
        column,
        text,
        *predictor.domain,
        predictor.unit,
        float(values[place]),
    )
    return values, error


def _answers(column: str, texts: list[str]) -> tuple[NDArray[np.bool_], CohortFileError | None]:
    answers = [_ANSWERS.get(text.lower()) for text in texts]
    if None not in answers:
        return np.array(answers, dtype=np.bool_), None
    place = answers.index(None)
    text = texts[place]
    code = "not_yes_or_no" if text else "missing"
    return np.empty(0, dtype=np.bool_), CohortFileError(code, place + 2, column, text)

"""A CSV of patients with known outcomes: one row a patient, checked before anything is computed.

Columns, in any order and case: ``COLUMNS``, or their Chinese names (scoring/study/headers.py);
others are ignored, and named. Yes/no is 1/0, 1.0/0.0, yes/no, true/false, 是/否 or 有/无. Numbers
have a decimal point or comma; cells are separated by comma, semicolon or tab, which a first line
"sep=;" may say. UTF-8, or GB18030 if the file is Chinese.
"""

import hashlib
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from scoring.entry.folding import folded_number
from scoring.evaluation.case_mix import OUTCOME
from scoring.nomogram.cohort import Cohort
from scoring.nomogram.logistic import FloatArray
from scoring.nomogram.rong2025.model import RONG_2025
from scoring.study.cohort_errors import CohortFileError, Gaps
from scoring.study.headers import IDENTIFIER, places_of
from scoring.study.sheet import read_sheet

# Some 900,000 patients, far more than any hospital has operated on; memory stays bounded.
MAX_FILE_BYTES = 32 * 1024 * 1024
NUMBER = re.compile(r"[+-]?(\d+([.,]\d*)?|[.,]\d+)", re.ASCII)
# Spreadsheets write TRUE, data frames 1.0.
_YES, _NO = ("1", "1.0", "yes", "true"), ("0", "0.0", "no", "false")
_CHINESE = {"是": True, "有": True, "否": False, "无": False}
# An empty cell, or what R writes there.
_MISSING = ("", "NA")
_ANSWERS = dict.fromkeys(_YES, True) | dict.fromkeys(_NO, False) | _CHINESE


@dataclass(frozen=True, eq=False)
class CohortFile:
    """The patients of a file: identifiers, inputs, outcomes, shape (n,), in the file's order.

    ``ignored`` are the columns without meaning here; ``sha256`` is that of the whole file.
    ``headers``: by column, those that stand under another name; ``chinese_answers``: the columns
    with 是/否 or 有/无; ``header_row`` as a spreadsheet counts. ``gaps``: the rows that were left
    out because a value is missing.
    """

    ids: tuple[str, ...]
    cohort: Cohort
    event: NDArray[np.bool_]
    ignored: tuple[str, ...]
    sha256: str
    encoding: str
    header_row: int
    headers: Mapping[str, str]
    chinese_answers: tuple[str, ...]
    gaps: Gaps

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


def read_cohort(stream: BinaryIO, *, complete_cases: bool = False) -> CohortFile:
    """Read and check everything. Raises CohortFileError.

    ``complete_cases``: rows in which a predictor or the outcome is missing are left out and
    counted; without it the first of them is an error. A wrong value is one in either case.
    """
    content = stream.read(MAX_FILE_BYTES + 1)
    if len(content) > MAX_FILE_BYTES:
        raise CohortFileError("too_large", value=str(MAX_FILE_BYTES // 1024 // 1024))
    sheet = read_sheet(content)
    header, rows, first = sheet.header, sheet.rows, sheet.header_row + 1
    places = places_of(header)
    columns: dict[str, list[str]] = {
        name: [row[place].strip() for row in rows] for name, place in places.items()
    }
    inputs: dict[str, Any] = {}
    errors = [_identifier_error(columns[IDENTIFIER], first)]
    lacking: dict[str, NDArray[np.bool_]] = {}
    for name in (*RONG_2025.fields, OUTCOME):
        read = _numbers if name in RONG_2025.numeric else _answers
        lacking[name] = np.array([text in _MISSING for text in columns[name]])
        inputs[name], error = read(name, columns[name], first, allowed=lacking[name])
        errors.append(error)
    complete = ~np.logical_or.reduce(list(lacking.values()))
    gaps = Gaps(
        rows=len(rows),
        incomplete=int(np.count_nonzero(~complete)),
        missing={name: int(gone.sum()) for name, gone in lacking.items() if gone.any()},
    )
    if not complete_cases:
        errors += [
            _missing_error(name, columns[name], gone, first, gaps) for name, gone in lacking.items()
        ]
    found = [error for error in errors if error is not None]
    if found:
        # The first row that is wrong, and in it the first column.
        raise min(found, key=lambda error: (error.row or 0, list(places).index(error.column or "")))
    if not complete.any():
        raise CohortFileError("no_complete_row", gaps=gaps)
    inputs = {name: values[complete] for name, values in inputs.items()}
    event = inputs.pop(OUTCOME)
    return CohortFile(
        ids=tuple(np.array(columns[IDENTIFIER], dtype=object)[complete].tolist()),
        cohort=RONG_2025.cohort(inputs),
        event=event,
        ignored=tuple(
            name
            for place, name in enumerate(header)
            if place not in places.values() and (name or any(row[place].strip() for row in rows))
        ),
        sha256=hashlib.sha256(content).hexdigest(),
        encoding=sheet.encoding,
        header_row=sheet.header_row,
        headers={
            name: header[place]
            for name, place in places.items()
            if header[place].casefold() != name
        },
        chinese_answers=tuple(
            name
            for name in (*RONG_2025.fields, OUTCOME)
            if name not in RONG_2025.numeric and not _CHINESE.keys().isdisjoint(columns[name])
        ),
        gaps=gaps,
    )


def _identifier_error(ids: list[str], first: int) -> CohortFileError | None:
    seen: set[str] = set()
    for row, identifier in enumerate(ids, start=first):
        if not identifier:
            return CohortFileError("missing", row, IDENTIFIER, "")
        if identifier in seen:
            return CohortFileError("duplicate_id", row, IDENTIFIER, identifier)
        seen.add(identifier)
    return None


def _number(text: str) -> float:
    """NaN for what is no number."""
    plain = folded_number(text)
    return float(plain.replace(",", ".")) if NUMBER.fullmatch(plain) else math.nan


def _missing_error(
    column: str, texts: list[str], gone: NDArray[np.bool_], first: int, gaps: Gaps
) -> CohortFileError | None:
    if not gone.any():
        return None
    place = int(np.argmax(gone))
    numeric = RONG_2025.numeric.get(column)
    low, high = numeric.domain if numeric else (None, None)
    return CohortFileError(
        "missing",
        place + first,
        column,
        texts[place],
        low,
        high,
        numeric.unit if numeric else "",
        gaps=gaps,
    )


def _numbers(
    column: str, texts: list[str], first: int, *, allowed: NDArray[np.bool_]
) -> tuple[FloatArray, CohortFileError | None]:
    """The numbers, NaN where one may be missing (``allowed``), and the first that is wrong."""
    predictor = RONG_2025.numeric[column]
    values = np.array([_number(text) for text in texts], dtype=np.float64)
    wrong = ~predictor.fits(values) & ~allowed
    if not wrong.any():
        return values, None
    place = int(np.argmax(wrong))
    code = "not_a_number"
    if not math.isnan(values[place]):
        code = predictor.refusal_code(float(values[place]))
    error = CohortFileError(
        code,
        place + first,
        column,
        texts[place],
        *predictor.domain,
        predictor.unit,
        float(values[place]),
    )
    return values, error


def _answers(
    column: str, texts: list[str], first: int, *, allowed: NDArray[np.bool_]
) -> tuple[NDArray[np.bool_], CohortFileError | None]:
    """The answers, no where one may be missing (``allowed``), and the first that is wrong."""
    answers = [_ANSWERS.get(text.lower()) for text in texts]
    if None in answers:
        answers = [_ANSWERS.get(folded_number(text).lower()) for text in texts]
    known = np.array([answer is not None for answer in answers]) | allowed
    if known.all():
        return np.array(answers, dtype=np.bool_), None
    place = int(np.argmin(known))
    return np.empty(0, dtype=np.bool_), CohortFileError(
        "not_yes_or_no", place + first, column, texts[place]
    )

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
from scoring.study.cohort_errors import CohortFileError
from scoring.study.headers import IDENTIFIER, places_of
from scoring.study.sheet import read_sheet

# Some 900,000 patients, far more than any hospital has operated on; memory stays bounded.
MAX_FILE_BYTES = 32 * 1024 * 1024
_NUMBER = re.compile(r"[+-]?(\d+([.,]\d*)?|[.,]\d+)", re.ASCII)
# Spreadsheets write TRUE, data frames 1.0.
_YES, _NO = ("1", "1.0", "yes", "true"), ("0", "0.0", "no", "false")
_CHINESE = {"是": True, "有": True, "否": False, "无": False}
_ANSWERS = dict.fromkeys(_YES, True) | dict.fromkeys(_NO, False) | _CHINESE


@dataclass(frozen=True, eq=False)
class CohortFile:
    """The patients of a file: identifiers, inputs, outcomes, shape (n,), in the file's order.

    ``ignored`` are the columns without meaning here; ``sha256`` is that of the whole file.
    ``headers``: by column, those that stand under another name; ``chinese_answers``: the columns
    with 是/否 or 有/无; ``header_row`` as a spreadsheet counts.
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
    sheet = read_sheet(content)
    header, rows, first = sheet.header, sheet.rows, sheet.header_row + 1
    places = places_of(header)
    columns: dict[str, list[str]] = {
        name: [row[place].strip() for row in rows] for name, place in places.items()
    }
    inputs: dict[str, Any] = {}
    errors = [_identifier_error(columns[IDENTIFIER], first)]
    for name in (*RONG_2025.fields, OUTCOME):
        read = _numbers if name in RONG_2025.numeric else _answers
        inputs[name], error = read(name, columns[name], first)
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
    return float(plain.replace(",", ".")) if _NUMBER.fullmatch(plain) else math.nan


def _numbers(
    column: str, texts: list[str], first: int
) -> tuple[FloatArray, CohortFileError | None]:
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
        place + first,
        column,
        text,
        *predictor.domain,
        predictor.unit,
        float(values[place]),
    )
    return values, error


def _answers(
    column: str, texts: list[str], first: int
) -> tuple[NDArray[np.bool_], CohortFileError | None]:
    answers = [_ANSWERS.get(text.lower()) for text in texts]
    if None in answers:
        answers = [_ANSWERS.get(folded_number(text).lower()) for text in texts]
    if None not in answers:
        return np.array(answers, dtype=np.bool_), None
    place = answers.index(None)
    text = texts[place]
    code = "not_yes_or_no" if text else "missing"
    return np.empty(0, dtype=np.bool_), CohortFileError(code, place + first, column, text)

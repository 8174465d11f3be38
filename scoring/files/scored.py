"""A table of patients scored: its columns as they were, and behind them what the model says.

Each row has points, total, risk with its intervals, cautions in words, or what is wrong with it.
While the late predictor is not known there are two results, as if it were yes and as if it were no.
Blocks of rows are scored together; memory does not grow with the file.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scoring.display import plain
from scoring.files.blocks import Block, Row
from scoring.files.cells import ColumnTexts
from scoring.files.errors import CellError
from scoring.files.quick import Numbers, QuickReader
from scoring.files.result_text import ResultText
from scoring.files.safe_cells import csv_line, quoted
from scoring.files.table import Table
from scoring.files.wording import cell_error_text, wrong_width_text
from scoring.nomogram.model import Nomogram
from scoring.words.cautions import caution_line
from scoring.words.marks import sentences

# Excel takes a file without it for an old code page.
BYTE_ORDER_MARK = "\ufeff"
NUMBERS = ("total_points", "risk", "ci95_low", "ci95_high", "band_low", "band_high")
PROBLEM, PROBLEM_ROW = "error", "row"


# So many problems are told where the rows to mend are not at hand.
_TOLD = 10


@dataclass
class Counts:
    """How many rows there were, and what became of them."""

    rows: int = 0
    refused: int = 0
    provisional: int = 0
    with_caution: int = 0


@dataclass(frozen=True)
class ScoredBlock:
    """Text for the result file, and for the file of rows to mend."""

    text: str
    to_mend: str = ""


def kept_places(header: Sequence[str], replaced: Sequence[str] = (PROBLEM,)) -> list[int]:
    """Where the columns stand that are passed on: what an earlier run has added is put anew."""
    names = [name.casefold() for name in header]
    # A column "row" is somebody's own unless what is wrong with the row stands beside it.
    added = {*replaced, PROBLEM_ROW} if PROBLEM in names else {*replaced}
    return [at for at, name in enumerate(names) if name not in added]


def in_width(cells: list[str], width: int) -> tuple[list[str], list[str]]:
    """The cells under the header, empty ones for those that are missing, and the cells beyond."""
    return cells[:width] + [""] * (width - len(cells)), cells[width:]


class Scoring:
    """Scores the rows of a table by a model.

    ``counts`` and ``first_problems`` are right once all blocks were taken.

    Raises TableError where an input has no clear column.
    """

    def __init__(self, table: Table, model: Nomogram) -> None:
        self._table, self._model = table, model
        self._headings = table.headings
        for error in self._headings.errors:
            raise error
        self._comma = table.separator
        self.counts = Counts()
        self.first_problems: list[str] = []
        words = partial(caution_line, model)
        self._columns = {
            p.field: ColumnTexts(
                p, self._headings.by_field[p.field], lambda caution: plain(words(caution))
            )
            for p in model.predictors
        }
        self._text = ResultText(model, self._comma)
        self._kept = kept_places(self._headings.header, self.result_columns)
        self._keeps_all = len(self._kept) == len(self._headings.header)
        self._quick = QuickReader(self._columns, len(self._headings.header), self._comma)

    @property
    def result_columns(self) -> tuple[str, ...]:
        """The columns that are added."""
        late = self._model.late
        names = () if late is None or late.unknown_as is None else late.unknown_as
        return (
            *(f"points_{key}" for key in self._model.by_key),
            *NUMBERS,
            *(f"{name}_{number}" for name in names for number in NUMBERS),
            "model",
            "cautions",
            PROBLEM,
        )

    def result_header(self) -> str:
        """The first line of the result file."""
        kept = [self._headings.header[at] for at in self._kept]
        return BYTE_ORDER_MARK + self._line([*kept, *self.result_columns])

    def mend_header(self) -> str:
        """The first line of the file of rows to mend."""
        kept = [self._headings.header[at] for at in self._kept]
        return BYTE_ORDER_MARK + self._line([*kept, PROBLEM_ROW, PROBLEM])

    def result_lines(self) -> Iterator[str]:
        """The result file in pieces."""
        yield self.result_header()
        yield from (block.text for block in self.blocks())

    def lines_to_mend(self) -> Iterator[str]:
        """The file of rows to mend in pieces."""
        yield self.mend_header()
        yield from (block.to_mend for block in self.blocks() if block.to_mend)

    def blocks(self) -> Iterator[ScoredBlock]:
        """The rows in their order, many at once."""
        for block in self._table.blocks():
            for texts in self._columns.values():
                texts.forget_many()
            yield self._plain_block(block) or self._block(block.rows)

    def _plain_block(self, block: Block) -> ScoredBlock | None:
        """The quick way, for plain lines alone; what was in them is passed on as it was."""
        lines, count = block.lines, len(block.lines)
        if not lines or not self._keeps_all:
            return None
        end = "\r\n" if lines[0].endswith("\r\n") else "\n"
        text = "".join(lines)
        if text.count(end) != count or text.count("\r") != count * (len(end) - 1):
            return None
        numbers = self._quick.read(text, count, len(end))
        if numbers is None:
            return None
        self.counts.rows += count
        results, problems = self._results(numbers, range(block.first, block.first + count))
        before = text.split(end)
        before.pop()
        mend = [
            self._mend(block.first + at, before[at].split(self._comma), problem)
            for at, problem in problems.items()
        ]
        both = chain.from_iterable(zip(before, results, strict=True))
        return ScoredBlock("".join(both), "".join(mend))

    def _block(self, rows: list[Row]) -> ScoredBlock:
        self.counts.rows += len(rows)
        width = len(self._headings.header)
        odd = [at for at, (_number, cells) in enumerate(rows) if len(cells) != width]
        even = [row for row in rows if len(row[1]) == width] if odd else rows
        results: list[str] = []
        problems: dict[int, str] = {}
        if even:
            numbers = [number for number, _cells in even]
            results, problems = self._results(self._numbers(even), numbers)
        lines = [
            self._cells(cells) + result
            for (_number, cells), result in zip(even, results, strict=True)
        ]
        mend = [self._mend(*even[at], problem) for at, problem in problems.items()]
        for at in odd:
            number, cells = rows[at]
            problem = wrong_width_text(number, len(cells), width)
            within, beyond = in_width(cells, width)
            lines.insert(at, self._odd_line(within, beyond, problem))
            mend.append(self._mend(number, within, problem, beyond))
        self.counts.refused += len(odd)
        return ScoredBlock("".join(lines), "".join(mend))

    def _odd_line(self, within: list[str], beyond: list[str], problem: str) -> str:
        """A row of another width: what lies beyond the header comes last."""
        result = self._text.refused(self._quoted(problem)).removesuffix("\r\n")
        last = self._line(["", *beyond]) if beyond else "\r\n"
        return self._cells(within) + result + last

    def _numbers(self, rows: list[Row]) -> dict[str, Numbers]:
        found: dict[str, Numbers] = {}
        for name, texts in self._columns.items():
            place = texts.heading.place
            column = [texts[cells[place]] for _number, cells in rows]
            found[name] = np.array(column, dtype=np.intp)
        return found

    def _results(
        self, numbers: Mapping[str, Numbers], rows: Sequence[int]
    ) -> tuple[list[str], dict[int, str]]:
        """What is put behind each row, and what is wrong with those that can't be scored."""
        values: dict[str, NDArray[Any]] = {}
        points: list[NDArray[np.bytes_]] = []
        refused = np.zeros(len(rows), dtype=np.bool_)
        for name, texts in self._columns.items():
            of_text, at = texts.meanings, numbers[name]
            values[name] = of_text.values[at]
            points.append(of_text.points[at])
            if of_text.is_error.any():
                refused |= of_text.is_error[at]
        lines = self._text.lines(self._model.assess_cohort(values), points)
        self._put_provisional(values, numbers, ~refused, lines)
        self._put_cautions(numbers, ~refused, lines)
        problems: dict[int, str] = {}
        for place in np.flatnonzero(refused).tolist():
            problems[place] = self._problem(numbers, place, rows[place])
            lines[place] = self._text.refused(self._quoted(problems[place]))
        self.counts.refused += len(problems)
        return lines, problems

    def _put_provisional(
        self,
        values: Mapping[str, NDArray[Any]],
        numbers: Mapping[str, Numbers],
        scored: NDArray[np.bool_],
        lines: list[str],
    ) -> None:
        """Both results where the late predictor is not known."""
        late = self._model.late
        if late is None:
            return
        is_unknown = self._columns[late.field].meanings.is_unknown[numbers[late.field]]
        places = np.flatnonzero(is_unknown & scored)
        if not len(places):
            return
        known = {name: column[places] for name, column in values.items()}
        both = [
            self._text.numbers(
                self._model.assess_cohort(known | {late.field: np.full(len(places), answer)})
            )
            for answer in (True, False)
        ]
        for at, first, second in zip(places.tolist(), *both, strict=True):
            lines[at] = self._text.provisional(lines[at], first, second)
        self.counts.provisional += len(places)

    def _put_cautions(
        self, numbers: Mapping[str, Numbers], scored: NDArray[np.bool_], lines: list[str]
    ) -> None:
        has_caution = np.zeros(len(lines), dtype=np.bool_)
        cautions = []
        for name, texts in self._columns.items():
            of_text = texts.meanings.cautions
            if (has_one := of_text.astype(np.bool_)).any():
                has_caution |= has_one[numbers[name]]
                cautions.append((of_text, numbers[name]))
        places = np.flatnonzero(has_caution & scored)
        columns = [of_text[column[places]].tolist() for of_text, column in cautions]
        for at, *found in zip(places.tolist(), *columns, strict=True):
            text = self._quoted(" ".join(filter(None, found)))
            lines[at] = self._text.with_cautions(lines[at], text)
        self.counts.with_caution += len(places)

    def _problem(self, numbers: Mapping[str, Numbers], place: int, row: int) -> str:
        """All that is wrong with a row."""
        return sentences(
            *(
                cell_error_text(found, row, texts.heading.header)
                for name, texts in self._columns.items()
                if isinstance(found := texts.read[numbers[name][place]], CellError)
            )
        )

    def _cells(self, cells: list[str]) -> str:
        if not self._keeps_all:
            cells = [cells[at] for at in self._kept]
        return self._line(cells).removesuffix("\r\n")

    def _mend(self, number: int, cells: list[str], problem: str, beyond: Sequence[str] = ()) -> str:
        if len(self.first_problems) < _TOLD:
            self.first_problems.append(problem)
        return self._cells(cells) + self._line(["", str(number), problem, *beyond])

    def _line(self, cells: Sequence[str]) -> str:
        return csv_line(cells, self._comma)

    def _quoted(self, cell: str) -> str:
        return quoted(cell, self._comma)

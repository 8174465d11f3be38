"""The rows of a table on their way to become assessments, for the page."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from scoring.display import count_text
from scoring.files.blocks import Row
from scoring.files.errors import TableError
from scoring.files.headings import Choice, Headings
from scoring.files.safe_cells import csv_line
from scoring.files.scored import BYTE_ORDER_MARK, PROBLEM, PROBLEM_ROW, in_width, kept_places
from scoring.files.table import Table
from scoring.files.wording import table_error_text
from scoring.forms.cohort import CohortForm, Extent
from scoring.importing.columns import NAME, Columns, ColumnsError, find_columns, form_fields
from scoring.importing.judging import Outcome, RowResult, clashing_rows
from scoring.importing.recording import MOST_ROWS_AT_ONCE
from scoring.nomogram.rong2025.model import RONG_2025
from scoring.words.marks import listed
from scoring.words.predictors import words_of
from scoring.words.types import Words

# While all rows wait for the last, nobody else can save: shorter than others wait for their turn.
MOST_ROWS_AS_A_WHOLE = 100
# So many rows are shown as they are understood, and so many problems.
_SHOWN, _TOLD = 3, 10


@dataclass(frozen=True)
class FieldRow:
    """A field of the forms, the header of its column, and its cells by number of the row."""

    name: Words
    header: str
    cells: list[tuple[int, str]]


@dataclass
class ImportTable:
    """A table with what is to be done with its rows, or why that can't be (``problems``).

    ``notice``: why it has to be checked once more. ``results``: what would become of its rows; what
    became of them where it ``is_recorded``. ``done``: how many rows were worked on, of all;
    ``before``: what became of those before ``results``, by outcome.
    """

    problems: list[str] = field(default_factory=list)
    notice: str = ""
    table: Any = None
    columns: Any = None
    rows: list[Row] = field(default_factory=list)
    results: list[RowResult] = field(default_factory=list)
    is_recorded: bool = False
    done: int = 0
    before: Mapping[str, int] = field(default_factory=dict)

    @classmethod
    def of(cls, form: CohortForm, choice: Choice) -> "ImportTable":
        """The file that was sent, with the columns and the key as they were chosen."""
        try:
            sheet = form.cleaned_data["sheet"]
            table = Table(form.stream, RONG_2025, sheet=sheet, choice=choice)
            rows = table.rows(MOST_ROWS_AT_ONCE + 1)
        except TableError as error:
            return cls([table_error_text(error, RONG_2025)])
        found = cls(table=table, rows=rows)
        try:
            found.columns = find_columns(table, form.cleaned_data["key"])
            found.problems = list(_problems(rows, found.columns, form))
        except ColumnsError as error:
            found.problems = list(error.texts)
        if not form.cleaned_data["key"]:
            found.problems = [_("Choose the column that tells the rows apart.")]
        return found

    @property
    def headers(self) -> list[str]:
        """The headers to choose from, each once."""
        return [] if self.table is None else headers_of(self.table.headings)

    @property
    def counts(self) -> dict[str, int]:
        """How many rows had which outcome, among those before this part of them, too."""
        return {
            outcome.value: self.before.get(outcome.value, 0)
            + sum(result.outcome is outcome for result in self.results)
            for outcome in Outcome
        }

    @property
    def is_done(self) -> bool:
        """Whether no row is left to be recorded."""
        return self.done >= len(self.rows)

    @property
    def first_problems(self) -> list[str]:
        """What is wrong with the first rows that are refused."""
        return [error for result in self.results for error in result.errors][:_TOLD]

    @property
    def recorded_before(self) -> list[RowResult]:
        """The rows that made an assessment before."""
        return [one for one in self.results if one.outcome is Outcome.ALREADY_RECORDED]

    @property
    def understood(self) -> list[FieldRow]:
        """The header as it is understood, with the cells of the first rows."""
        key = self._field_row(_("Tells the rows apart"), self.columns.key)
        return [key, *(self._field_row(_field_name(n), place) for n, place in self._places())]

    @property
    def first_rows(self) -> list[int]:
        """The numbers of the rows that are shown."""
        return [number for number, _cells in self.rows[:_SHOWN]]

    def lines_to_mend(self) -> Iterator[str]:
        """The rows that are refused, as CSV, to be mended and sent again."""
        refused = {one.row: one.errors for one in self.results if one.outcome is Outcome.REFUSED}
        kept, separator = kept_places(self.columns.header), self.table.separator
        header = [*(self.columns.header[at] for at in kept), PROBLEM_ROW, PROBLEM]
        yield BYTE_ORDER_MARK + csv_line(header, separator)
        for number, cells in self.rows:
            if number in refused:
                within, beyond = in_width(cells, len(self.columns.header))
                said = [str(number), "\n".join(refused[number]), *beyond]
                yield csv_line([*(within[at] for at in kept), *said], separator)

    def _places(self) -> list[tuple[str, int]]:
        columns: Columns = self.columns
        predictors = {name: heading.place for name, heading in columns.predictors.items()}
        places = {**columns.others, **predictors}
        in_order = (NAME, *form_fields())
        return [(name, places[name]) for name in in_order if name in places]

    def _field_row(self, name: Words, place: int) -> FieldRow:
        cells = [(row, "".join(cells[place : place + 1])) for row, cells in self.rows[:_SHOWN]]
        return FieldRow(name, self.columns.header[place], cells)


def _field_name(field: str) -> Words:
    if field == NAME:
        return _("Name")
    if field in RONG_2025.by_field:
        return words_of(RONG_2025.by_field[field]).input_name
    return str(form_fields()[field].label)


def headers_of(headings: Headings) -> list[str]:
    """The headers of a table, each once."""
    return list(dict.fromkeys(name for name in headings.header if name))


def _problems(rows: list[Row], columns: Columns, form: CohortForm) -> Iterator[str]:
    """Why none of the rows can be imported."""
    if len(rows) > MOST_ROWS_AT_ONCE:
        yield too_long_text()
        return
    if len(rows) > MOST_ROWS_AS_A_WHOLE and form.cleaned_data["extent"] != Extent.GOOD_ROWS:
        yield _(
            "Up to %(most)s rows can be recorded all together, because nobody else can save "
            "meanwhile. This table has %(rows)s: divide it, or record only the rows that are right."
        ) % {"most": count_text(MOST_ROWS_AS_A_WHOLE), "rows": count_text(len(rows))}
    if clashing := clashing_rows(rows, columns):
        yield _(
            "The column %(column)s does not tell the rows apart: rows %(rows)s have the same text "
            "there as another row, with other content. Choose another column, or correct them."
        ) % {
            "column": columns.header[columns.key],
            "rows": listed([*map(str, clashing[:_TOLD]), *(["…"] if clashing[_TOLD:] else [])]),
        }


def too_long_text() -> str:
    """That a table has more rows than the page imports, and what to do."""
    return _(
        "Up to %(most)s rows can be imported here at a time. Divide the table, or have it imported "
        "on the server with manage.py import_assessments."
    ) % {"most": count_text(MOST_ROWS_AT_ONCE)}

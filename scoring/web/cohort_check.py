"""A table of patients as it is understood, for the page."""

from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from scoring.files.errors import TableError
from scoring.files.headings import Choice, Headings
from scoring.files.scored import Counts, Scoring
from scoring.files.table import Table
from scoring.files.wording import allowed_text, table_error_text
from scoring.importing.recording import MOST_ROWS_AT_ONCE
from scoring.nomogram.model import Nomogram
from scoring.nomogram.predictor import Predictor
from scoring.nomogram.rong2025.model import RONG_2025
from scoring.web.cohort_rows import headers_of, too_long_text
from scoring.words.marks import listed
from scoring.words.predictors import words_of
from scoring.words.types import Words


@dataclass(frozen=True)
class ColumnRow:
    """One predictor: the header chosen for it, what may stand under it, what is unclear."""

    field: str
    name: Words
    header: str
    allowed: str
    asks_unit: str
    in_unit: bool
    problem: str


@dataclass
class CheckedTable:
    """How a file is read, what became of its rows, or why it is refused.

    ``scoring`` is None where no row can be scored. ``said`` is what was done with the columns.
    ``too_long``: that it has more rows than the page imports.
    """

    problems: list[str] = field(default_factory=list)
    table: Any = None
    headings: Headings | None = None
    columns: list[ColumnRow] = field(default_factory=list)
    one_is_yes: bool = False
    scoring: Scoring | None = None
    said: str = ""
    too_long: str = ""

    @classmethod
    def refused(cls, error: TableError, model: Nomogram) -> "CheckedTable":
        """A file that is no table."""
        return cls(problems=[table_error_text(error, model)])

    @classmethod
    def of(cls, table: Table, model: Nomogram, choice: Choice) -> "CheckedTable":
        """A table; all its rows are scored once, so that they are counted."""
        headings = table.headings
        errors = {error.field: table_error_text(error, model) for error in headings.errors}
        columns = [_column(p, headings, choice, errors) for p in model.predictors]
        found = cls([errors[""]] if "" in errors else [], table, headings, columns)
        found.one_is_yes = choice.one_is_yes
        if len(table.rows(MOST_ROWS_AT_ONCE + 1)) > MOST_ROWS_AT_ONCE:
            found.too_long = too_long_text()
        if not headings.errors:
            found.scoring = Scoring(table, model)
            for _block in found.scoring.blocks():
                pass
        return found

    @property
    def counts(self) -> Counts:
        """How many rows there are, and what became of them."""
        return Counts() if self.scoring is None else self.scoring.counts

    @property
    def rows(self) -> int:
        """How many rows there are."""
        return self.counts.rows

    @property
    def scored(self) -> int:
        """How many rows have a result."""
        return self.counts.rows - self.counts.refused

    @property
    def headers(self) -> list[str]:
        """The headers to choose from, each once."""
        return [] if self.headings is None else headers_of(self.headings)

    @property
    def ignored(self) -> str:
        """The columns without meaning here, in one line."""
        return listed(() if self.headings is None else self.headings.ignored)

    @property
    def read_as(self) -> str:
        """What kind of file it is, and where its table begins."""
        if self.headings is None:
            return ""
        words = {"row": self.headings.row, "encoding": self.table.encoding}
        if self.table.sheet:
            words = {"row": self.headings.row, "sheet": self.table.sheet}
            return _("Sheet “%(sheet)s”, header in row %(row)s.") % words
        return _("%(encoding)s text, header in row %(row)s.") % words


def _column(
    predictor: Predictor, headings: Headings, choice: Choice, errors: dict[str, str]
) -> ColumnRow:
    name = predictor.field
    heading = headings.by_field.get(name)
    asks = heading is not None and (not heading.has_unit or name in choice.in_unit)
    allowed = allowed_text(predictor)
    return ColumnRow(
        field=name,
        name=words_of(predictor).input_name,
        header=choice.headers.get(name, "") if heading is None else heading.header,
        allowed=allowed,
        asks_unit=getattr(predictor, "unit", "") if asks else "",
        in_unit=name in choice.in_unit,
        problem=errors.get(name, ""),
    )


def too_large_text() -> str:
    """That a file is larger than the settings allow."""
    error = TableError("too_large", value=str(settings.TABLE_MB))
    return table_error_text(error, RONG_2025)

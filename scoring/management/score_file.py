"""``manage.py score FILE -o FILE``: a table of patients scored into a CSV file."""

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO

from django.core.management.base import CommandError, CommandParser
from django.utils.translation import gettext as _

from scoring.display import count_text
from scoring.files.errors import TableError
from scoring.files.scored import Scoring
from scoring.files.table import Table
from scoring.files.wording import table_error_text
from scoring.nomogram.model import Nomogram
from scoring.words.marks import labelled, listed


def add_file_arguments(parser: CommandParser) -> None:
    """The table, and where its results go."""
    parser.add_argument(
        "table",
        nargs="?",
        type=Path,
        metavar="TABLE",
        help=_("a CSV or XLSX file, one patient a row"),
    )
    parser.add_argument(
        "-o", "--output", type=Path, metavar="FILE", help=_("where the results of TABLE go, as CSV")
    )
    parser.add_argument(
        "--errors",
        type=Path,
        metavar="FILE",
        help=_(
            "where the rows go that can't be scored; else beside the results, as FILE.errors.csv"
        ),
    )
    parser.add_argument("--sheet", default="", help=_("the sheet of a workbook that has several"))
    parser.add_argument("--overwrite", action="store_true", help=_("replace files that are there"))


def score_file(
    source: Path,
    model: Nomogram,
    *,
    output: Path | None,
    errors: Path | None,
    sheet: str,
    overwrite: bool,
) -> Iterator[str]:
    """Score a table into files; lines that say what was read and written. Raises CommandError."""
    if output is None:
        raise CommandError(_("Say with -o where the results go."))
    to_mend = errors or output.with_suffix(".errors.csv")
    if to_mend == output:
        raise CommandError(_("-o and --errors name the same file."))
    for path in (output, to_mend):
        if path.exists() and not overwrite:
            raise CommandError(
                _("%(path)s is there already; --overwrite replaces it.") % {"path": path}
            )
        if path.exists() and source.exists() and path.samefile(source):
            raise CommandError(_("%(path)s is the table itself.") % {"path": path})
    try:
        with source.open("rb") as stream:
            table = Table(stream, model, sheet=sheet)
            scoring = Scoring(table, model)
            yield from _understood(table)
            with ExitStack() as files:
                results = files.enter_context(new_file(output))
                mend = files.enter_context(new_file(to_mend))
                results.write(scoring.result_header())
                mend.write(scoring.mend_header())
                for block in scoring.blocks():
                    results.write(block.text)
                    mend.write(block.to_mend)
    except TableError as error:
        raise CommandError(labelled(str(source), table_error_text(error, model))) from None
    except OSError as error:
        raise CommandError(
            _("%(path)s cannot be read or written: %(reason)s.")
            % {"path": error.filename or source, "reason": error.strerror}
        ) from None
    if not scoring.counts.refused:
        to_mend.unlink()
    yield from _told(scoring, output, to_mend)


def _understood(table: Table) -> Iterator[str]:
    headings = table.headings
    if table.sheet:
        words = {"row": headings.row, "sheet": table.sheet}
        yield _("Sheet “%(sheet)s”, header in row %(row)s.") % words
    else:
        words = {"row": headings.row, "encoding": table.encoding}
        yield _("%(encoding)s text, header in row %(row)s.") % words
    for name, heading in headings.by_field.items():
        if heading.header.casefold() != name:
            yield labelled(name, heading.header)
    if headings.ignored:
        yield labelled(_("Passed on, not scored"), listed(headings.ignored))


def _told(scoring: Scoring, output: Path, to_mend: Path) -> Iterator[str]:
    counts = scoring.counts
    words = {
        "scored": count_text(counts.rows - counts.refused),
        "rows": count_text(counts.rows),
        "provisional": count_text(counts.provisional),
        "cautions": count_text(counts.with_caution),
        "refused": count_text(counts.refused),
        "output": output,
        "errors": to_mend,
    }
    yield _("%(scored)s of %(rows)s rows scored: %(output)s") % words
    if counts.provisional:
        yield (
            _("Rows with two results, until the middle vertebral height is known: %(provisional)s")
            % words
        )
    if counts.with_caution:
        yield _("Rows with a caution: %(cautions)s") % words
    if counts.refused:
        yield (
            _("Rows that can't be scored: %(refused)s. Mend them in %(errors)s and score it again.")
            % words
        )


@contextmanager
def new_file(path: Path) -> Iterator[IO[str]]:
    """A file that only its owner may read; it gets its name when it is whole."""
    part = path.with_name(f"{path.name}.part")
    number = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with open(number, "w", encoding="utf-8", newline="") as opened:
            yield opened
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise

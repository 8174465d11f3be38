"""``manage.py import_assessments TABLE``: each row of a table recorded as an assessment."""

import csv
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from scoring import actions, queries
from scoring.display import count_text
from scoring.files.errors import TableError
from scoring.files.safe_cells import safe
from scoring.files.table import Table
from scoring.files.wording import table_error_text
from scoring.importing.columns import ColumnsError, find_columns
from scoring.importing.judging import Outcome, RowResult
from scoring.importing.recording import MOST_ROWS_AT_ONCE, Import
from scoring.management.help_text import describe
from scoring.management.score_file import new_file
from scoring.models import Right, User
from scoring.nomogram.rong2025.model import RONG_2025
from scoring.words.marks import labelled, listed

_HEADER = ("row", "key", "result", "report_number", "errors")


class Command(BaseCommand):
    """Records all rows or none, or those that are right; says what became of each."""

    def add_arguments(self, parser: CommandParser) -> None:
        """Which table, in whose name, how rows are told apart, where the results go."""
        describe(
            parser,
            _(
                "Record each row of a table as an assessment, by the rules of the form: all rows, "
                "or none if one is refused. A row that was recorded before is not recorded again."
            ),
        )
        parser.add_argument(
            "table", type=Path, metavar="TABLE", help=_("a CSV or XLSX file, one patient a row")
        )
        parser.add_argument(
            "--as",
            dest="username",
            required=True,
            metavar="USERNAME",
            help=_("whose name the assessments are recorded under"),
        )
        parser.add_argument(
            "--key",
            required=True,
            metavar="COLUMN",
            help=_("the column that tells rows apart, in this table and in all others"),
        )
        parser.add_argument(
            "--good-rows-only",
            action="store_true",
            help=_("record the rows that are right, though others are refused"),
        )
        parser.add_argument(
            "--past-operations",
            action="store_true",
            help=_("operations of long ago are right and need no confirmation"),
        )
        parser.add_argument(
            "-o",
            "--output",
            type=Path,
            required=True,
            metavar="FILE",
            help=_("where it says what became of each row, as CSV"),
        )
        parser.add_argument(
            "--sheet", default="", help=_("the sheet of a workbook that has several")
        )
        parser.add_argument(
            "--overwrite", action="store_true", help=_("replace files that are there")
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Raises CommandError where nothing was recorded."""
        source, output = options["table"], options["output"]
        if output.exists() and not options["overwrite"]:
            raise CommandError(
                _("%(path)s is there already; --overwrite replaces it.") % {"path": output}
            )
        if output.exists() and source.exists() and output.samefile(source):
            raise CommandError(_("%(path)s is the table itself.") % {"path": output})
        user = _user(options["username"])
        try:
            with source.open("rb") as stream, _seeing_as(user), new_file(output) as results:
                table = Table(stream, RONG_2025, sheet=options["sheet"])
                columns = find_columns(table, options["key"])
                if columns.not_read:
                    not_read = listed(columns.not_read)
                    self.stdout.write(labelled(_("Columns that are not imported"), not_read))
                lines = csv.writer(results)
                results.write("\ufeff")
                lines.writerow(_HEADER)
                recording = Import(
                    by=user,
                    columns=columns,
                    origin=actions.NOWHERE,
                    past_is_right=options["past_operations"],
                    how_to_say_so=_(
                        "If that is right in the whole table, import it with --past-operations."
                    ),
                )
                imported = _imported(recording, table, good_rows_only=options["good_rows_only"])
                counts = dict.fromkeys(Outcome, 0)
                for result in imported:
                    counts[result.outcome] += 1
                    lines.writerow(_cells(result))
        except TableError as error:
            raise CommandError(labelled(str(source), table_error_text(error, RONG_2025))) from None
        except ColumnsError as error:
            raise CommandError("\n".join(error.texts)) from None
        except OSError as error:
            raise CommandError(
                _("%(path)s cannot be read or written: %(reason)s.")
                % {"path": error.filename or source, "reason": error.strerror}
            ) from None
        self._tell(counts, output, good_rows_only=options["good_rows_only"])

    def _tell(self, counts: dict[Outcome, int], output: Path, *, good_rows_only: bool) -> None:
        words = {
            "recorded": count_text(counts[Outcome.RECORDED]),
            "already": count_text(counts[Outcome.ALREADY_RECORDED]),
            "refused": count_text(counts[Outcome.REFUSED]),
            "rows": count_text(sum(counts.values())),
            "output": output,
        }
        if counts[Outcome.REFUSED] and not good_rows_only:
            raise CommandError(
                _(
                    "Nothing was recorded: %(refused)s of %(rows)s rows are refused. What is wrong "
                    "with them stands in %(output)s."
                )
                % words
            )
        self.stdout.write(_("Rows recorded: %(recorded)s of %(rows)s; see %(output)s.") % words)
        if counts[Outcome.ALREADY_RECORDED]:
            self.stdout.write(_("Rows that were recorded before: %(already)s.") % words)
        if counts[Outcome.REFUSED]:
            self.stdout.write(
                _("Rows refused: %(refused)s. Mend them and import the same table again.") % words
            )


def _user(username: str) -> User:
    user = User.objects.filter(username=username, is_active=True).first()
    if user is None:
        raise CommandError(_('There is no user "%(name)s".') % {"name": username})
    if not user.has_perms([Right.ASSESS, Right.SEE_PATIENTS]):
        raise CommandError(_('"%(name)s" may not record assessments.') % {"name": username})
    return user


@contextmanager
def _seeing_as(user: User) -> Iterator[None]:
    """The patients and the time zone of this user."""
    ward = queries.ward_settings()
    ward.activate_time_zone()
    if ward.need_to_know and not user.has_perm(Right.SEE_ALL_WARDS):
        queries.limit_to(queries.Limit(user.ward_id))
    try:
        yield
    finally:
        queries.limit_to(None)


def _imported(recording: Import, table: Table, *, good_rows_only: bool) -> Iterable[RowResult]:
    rows = [row for block in table.blocks() for row in block.rows]
    if good_rows_only:
        return recording.good_rows(rows)
    if len(rows) > MOST_ROWS_AT_ONCE:
        raise CommandError(
            _(
                "The table has %(rows)s rows; all or none of them can be recorded up to %(most)s. "
                "Divide it, or use --good-rows-only."
            )
            % {"rows": count_text(len(rows)), "most": count_text(MOST_ROWS_AT_ONCE)}
        )
    return recording.all_or_nothing(rows)


def _cells(result: RowResult) -> list[str]:
    """A line of the result file, its texts made safe for spreadsheets."""
    errors = "\n".join(result.errors)
    texts = (result.key, result.outcome.value, result.report_number, errors)
    return [str(result.row), *map(safe, texts)]

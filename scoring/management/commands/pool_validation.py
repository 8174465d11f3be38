"""``manage.py pool_validation a.json b.json``: several hospitals as one validation.

From the files of export_validation. Needs no database.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from scoring.evaluation.wording import reason_text
from scoring.management.help_text import describe
from scoring.models.typed_text import readable_name
from scoring.statistics import DataError
from scoring.statistics.pooling import (
    Aggregate,
    Pooled,
    aggregate_from,
    pool,
    pooled_as_dict,
)
from scoring.study import analysis
from scoring.study.pooling_report import (
    estimate_table,
    exact_table,
    left_out_lines,
    not_pooled_lines,
    pooling_html,
)
from scoring.study.text_table import text_table
from scoring.words.marks import labelled


class Command(BaseCommand):
    """Pool the aggregates of several hospitals."""

    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Files, JSON, report."""
        describe(
            parser,
            _(
                "Several hospitals as one validation, from the files of export_validation. Needs "
                "no database."
            ),
        )
        parser.add_argument("files", type=Path, nargs="+", metavar="aggregate.json")
        parser.add_argument("--json", action="store_true", help=_("all numbers, at full precision"))
        parser.add_argument(
            "--report", type=Path, metavar="FOLDER", help=_("forest plots and tables, HTML and PDF")
        )
        parser.add_argument(
            "--overwrite", action="store_true", help=_("replace files that are there")
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Raises CommandError for files that are none, or don't belong together."""
        try:
            pooled = pool([_read(path) for path in options["files"]])
        except DataError as error:
            raise CommandError(
                _("These files cannot be pooled: %(reason)s.") % {"reason": reason_text(error.code)}
            ) from None
        folder: Path | None = options["report"]
        files = _write_report(folder, pooled, overwrite=options["overwrite"]) if folder else []
        with analysis.reader_may_leave():
            if options["json"]:
                self.stdout.write(analysis.as_json(pooled_as_dict(pooled)))
            else:
                for line in _text(pooled):
                    self.stdout.write(line)
                for file in files:
                    self.stdout.write(_("Written: %(file)s") % {"file": file})


def _read(path: Path) -> Aggregate:
    try:
        found = aggregate_from(json.loads(analysis.read_file(path)))
        readable_name(found.centre)
        return found
    except ValidationError as error:
        raise CommandError(labelled(str(path), error.messages[0])) from None
    except (ValueError, RecursionError):
        raise CommandError(
            labelled(
                str(path),
                _("not an aggregate of export_validation, or it contradicts itself."),
            )
        ) from None


def _text(pooled: Pooled) -> Iterator[str]:
    yield _("Model: %(model)s") % {"model": pooled.model}
    yield _("%(centres)s hospitals, %(n)s patients, %(events)s with residual back pain") % {
        "centres": len(pooled.centres),
        "n": pooled.n,
        "events": pooled.events,
    }
    yield ""
    exact = exact_table(pooled)
    yield exact.title
    yield from text_table(exact.rows)
    for name, one in pooled.estimates.items():
        table = estimate_table(name, one)
        yield ""
        yield table.title
        yield from text_table([table.header, *table.rows])
        yield from left_out_lines(one)
    yield from not_pooled_lines(pooled)


def _write_report(folder: Path, pooled: Pooled, *, overwrite: bool) -> list[Path]:
    """HTML and PDF. Raises CommandError if one is there or the folder is not."""
    files = analysis.free_files(
        folder, [f"pooled-validation.{ending}" for ending in ("html", "pdf")], overwrite=overwrite
    )
    html = pooling_html(pooled)
    for file, content in zip(files, (html.encode(), analysis.pdf_of(html)), strict=True):
        analysis.write_file(file, content)
    return files

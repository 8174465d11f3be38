"""``manage.py synthetic_cohort``: made-up patients with the published numbers, as CSV.

In each group the means, SDs and counts of Tables 1 to 3. For trying out validate_model and
develop_model. Needs no database.
"""

import csv
import io
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from scoring.management.help_text import describe
from scoring.nomogram.rong2025.model import RONG_2025
from scoring.study import analysis
from scoring.study.headers import COLUMNS


class Command(BaseCommand):
    """Write a synthetic cohort."""

    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Number, seed, file."""
        describe(
            parser,
            _(
                "Made-up patients with the published numbers as CSV, for trying out validate_model "
                "and develop_model. Needs no database."
            ),
        )
        parser.add_argument(
            "--n", type=int, default=RONG_2025.outcome.n, help=_("patients, default %(default)s")
        )
        parser.add_argument(
            "--seed", type=int, required=True, help=_("the same seed, the same file")
        )
        parser.add_argument("--output", type=Path, help=_("default: standard output"))

    def handle(self, *args: Any, **options: Any) -> None:
        """Raises CommandError for a number or a file that cannot be."""
        if options["n"] < 1 or options["seed"] < 0:
            raise CommandError(_("--n is 1 or more, --seed 0 or more."))
        rows = _rows(options["n"], options["seed"])
        text = io.StringIO()
        csv.writer(text, lineterminator="\n").writerows(rows)
        if options["output"] is None:
            with analysis.reader_may_leave():
                self.stdout.write(text.getvalue(), ending="")
        else:
            analysis.write_file(options["output"], text.getvalue().encode())


def _rows(n: int, seed: int) -> list[list[str]]:
    from scoring.nomogram.rong2025.synthetic import synthetic_cohort

    made = synthetic_cohort(n, seed)
    columns = [[f"{value:g}" for value in made.cohort[field]] for field in RONG_2025.fields]
    ids = [f"SYNTHETIC-{number:06}" for number in range(1, n + 1)]
    outcome = [f"{event:d}" for event in made.event]
    return [list(COLUMNS), *map(list, zip(ids, *columns, outcome, strict=True))]

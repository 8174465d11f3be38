"""``manage.py synthetic_cohort``: made-up patients with the published numbers, as CSV.

In each group the means, SDs and counts of Tables 1 to 3. For trying out validate_model and
develop_model. Needs no database.
"""

import csv
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from scoring.evaluation.cohort_file import COLUMNS
from scoring.nomogram import publication as paper
from scoring.nomogram.exchange import FIELDS


class Command(BaseCommand):
    """Write a synthetic cohort."""

    help = __doc__ or ""
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Number, seed, file."""
        parser.add_argument(
            "--n", type=int, default=paper.STUDY_N, help="patients, default %(default)s"
        )
        parser.add_argument("--seed", type=int, required=True, help="the same seed, the same file")
        parser.add_argument("--output", type=Path, help="default: standard output")

    def handle(self, *args: Any, **options: Any) -> None:
        """Raises CommandError for a number or a file that cannot be."""
        if options["n"] < 1 or options["seed"] < 0:
            raise CommandError(_("--n is 1 or more, --seed 0 or more."))
        rows = _rows(options["n"], options["seed"])
        if options["output"] is None:
            csv.writer(self.stdout, lineterminator="\n").writerows(rows)
            return
        try:
            with options["output"].open("w", newline="", encoding="utf-8") as file:
                csv.writer(file, lineterminator="\n").writerows(rows)
        except OSError as error:
            raise CommandError(
                _("%(path)s cannot be written: %(reason)s.")
                % {"path": options["output"], "reason": error.strerror}
            ) from None


def _rows(n: int, seed: int) -> list[list[str]]:
    from scoring.nomogram.synthetic import synthetic_cohort

    made = synthetic_cohort(n, seed)
    columns = [[f"{value:g}" for value in getattr(made.cohort, field)] for field in FIELDS]
    ids = [f"SYNTHETIC-{number:06}" for number in range(1, n + 1)]
    outcome = [f"{event:d}" for event in made.event]
    return [list(COLUMNS), *map(list, zip(ids, *columns, outcome, strict=True))]

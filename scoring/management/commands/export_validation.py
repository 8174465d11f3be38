"""``manage.py export_validation cohort.csv``: what other hospitals may see of these patients.

Counts and sums from which no patient can be read, for pool_validation. Needs no database.
"""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from scoring.evaluation.wording import reason_text
from scoring.management import analysis
from scoring.statistics import NotEstimableError, Predictions
from scoring.statistics.pooling import aggregate, aggregate_as_dict


class Command(BaseCommand):
    """Write the aggregate of a CSV of patients."""

    help = __doc__ or ""
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        """File, name of the hospital, model, where to write."""
        analysis.add_cohort_argument(parser)
        parser.add_argument("--centre", required=True, help="name of the hospital, in the file")
        analysis.add_model_argument(parser)
        parser.add_argument("--output", type=Path, help="default: standard output")

    def handle(self, *args: Any, **options: Any) -> None:
        """Raises CommandError for a file that cannot be shared."""
        if not options["centre"].strip():
            raise CommandError(_("--centre is a name."))
        patients = analysis.read_patients(options["cohort"])
        model = analysis.read_model(options["model"])
        try:
            shared = aggregate(
                Predictions(model.risk(patients.cohort), patients.event),
                centre=options["centre"].strip(),
                model=model.label,
            )
        except NotEstimableError as error:
            raise CommandError(
                _("Nothing can be shared: %(reason)s.") % {"reason": reason_text(error.code)}
            ) from None
        text = analysis.as_json(aggregate_as_dict(shared))
        if options["output"] is None:
            with analysis.reader_may_leave():
                self.stdout.write(text)
        else:
            analysis.write_file(options["output"], f"{text}\n".encode())

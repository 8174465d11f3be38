"""Many synthetic chains of assessments, unmistakably marked, to see how the site bears them."""

import time
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from scoring.management.seeding.loading import TABLES, load
from scoring.models import Assessment, Patient


class Command(BaseCommand):
    """Fills a database that holds no patients, or with --append one with synthetic ones alone."""

    help = __doc__ or ""

    def add_arguments(self, parser: Any) -> None:
        """How many, and what makes them the same again."""
        parser.add_argument(
            "--assessments", type=int, required=True, help="versions of assessments to add"
        )
        parser.add_argument("--random-seed", type=int, default=20250813)
        parser.add_argument(
            "--now",
            type=datetime.fromisoformat,
            help="the moment the ten years end, with its time zone; default: the present one",
        )
        parser.add_argument(
            "--append", action="store_true", help="add to synthetic patients already there"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Draw and load. Raises CommandError where patients are in the way."""
        if options["assessments"] < 1:
            raise CommandError(_("Nothing to add: say --assessments with 1 or more."))
        now = options["now"] or timezone.now()
        if timezone.is_naive(now):
            raise CommandError(_("Write --now with its time zone: 2026-03-14T12:00+08:00."))
        if Patient.objects.filter(synthetic=False).exists():
            raise CommandError(_("This database holds real patients: nothing is added."))
        if Patient.objects.exists() and not options["append"]:
            raise CommandError(_("There are synthetic patients already: say --append to add more."))
        began = time.monotonic()
        load(assessments=options["assessments"], random_seed=options["random_seed"], now=now)
        with connection.cursor() as cursor:
            # The planner knows nothing of what was just loaded.
            cursor.execute(f"VACUUM (ANALYZE) {', '.join(TABLES)}")
        self.stdout.write(
            _("%(count)s synthetic assessments on record; %(seconds)s seconds.")
            % {"count": Assessment.objects.count(), "seconds": round(time.monotonic() - began, 1)}
        )

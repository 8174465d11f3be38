"""Seeding a database, and which databases are left alone."""

import time
from datetime import datetime

from django.db import connection, transaction
from django.utils import timezone

from scoring.actions import take_digests
from scoring.models import Assessment, Patient
from scoring.models.record_tables import RECORD_TABLES
from script.lib.abort import Abort
from script.lib.seeding.loading import TABLES, load


def seed(*, assessments: int, random_seed: int, now: datetime | None, append: bool) -> str:
    """Add this many synthetic versions of assessments; the sentence that says what is there.

    ``now`` is the moment the ten years end. Raises ``Abort`` where patients are in the way.
    """
    if assessments < 1:
        raise Abort("Nothing to add: say --assessments with 1 or more.")
    end = now or timezone.now()
    if timezone.is_naive(end):
        raise Abort("Write --now with its time zone: 2026-03-14T12:00+08:00.")
    if Patient.objects.filter(synthetic=False).exists():
        raise Abort("This database holds real patients: nothing is added.")
    if Patient.objects.exists() and not append:
        raise Abort("There are synthetic patients already: say --append to add more.")
    began = time.monotonic()
    with transaction.atomic():
        load(assessments=assessments, random_seed=random_seed, now=end)
        take_digests({model: table.newest for model, table in RECORD_TABLES.items()})
    with connection.cursor() as cursor:
        # The planner knows nothing of what was just loaded.
        cursor.execute(f"VACUUM (ANALYZE) {', '.join(TABLES)}, scoring_auditevent")
    count, seconds = Assessment.objects.count(), round(time.monotonic() - began, 1)
    return f"{count} synthetic assessments on record; {seconds} seconds."

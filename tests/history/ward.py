"""A ward's history drawn at random, the same on every run, and every row of it."""

from datetime import UTC, datetime

from scoring.models import Assessment
from script.lib.seeding.loading import load
from tests.database_roles import as_owner

NOW = datetime(2026, 3, 14, 4, 0, tzinfo=UTC)


def seeded(assessments: int = 300, random_seed: int = 1) -> list[Assessment]:
    """Put versions on record; every one of them, newest first."""
    with as_owner():
        load(assessments=assessments, random_seed=random_seed, now=NOW)
    return everything()


def everything() -> list[Assessment]:
    """Every version on record, newest first."""
    found = Assessment.objects.select_related("patient", "chain")
    return sorted(found, key=lambda a: (a.created_at, a.id), reverse=True)

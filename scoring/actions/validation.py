"""Keeping what a validation took long to compute."""

from django.db import transaction
from django.utils import timezone

from scoring.models import CachedValidation


def keep_validation(*, key: str, stamp: str, content: str) -> None:
    """Keep it under its key, and drop what belongs to an earlier state of the record.

    No part of the record and nobody's doing, so that no user and no line in the access log belong
    to it; whoever looks at a validation leaves a line where it is shown.
    """
    with transaction.atomic():
        CachedValidation.objects.exclude(stamp=stamp).delete()
        CachedValidation.objects.bulk_create(
            [CachedValidation(key=key, stamp=stamp, made_at=timezone.now(), content=content)],
            ignore_conflicts=True,
        )

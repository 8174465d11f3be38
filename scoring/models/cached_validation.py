"""A validation once computed, kept until the record changes."""

from django.db import models


class CachedValidation(models.Model):
    """What was computed for one choice of patients, on one state of the record.

    No part of the record: whatever is not there is computed again. ``content`` is plain JSON, as
    text so that every number comes back to the last bit.
    """

    key = models.CharField(max_length=64, primary_key=True)
    # The state of the record: entries of another one are of no use any more.
    stamp = models.CharField(max_length=200)
    made_at = models.DateTimeField()
    content = models.TextField()

    def __str__(self) -> str:
        """For logs."""
        return self.key

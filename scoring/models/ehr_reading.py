"""What was read from a hospital's FHIR server for a form that is not saved yet."""

import uuid

from django.conf import settings
from django.db import models


class EhrReading(models.Model):
    """One patient's identity and results, to be offered to one user until the form is saved.

    No part of the record: it is deleted with the saved form, or when ``expires_at`` is over.
    ``owner`` is None for what came with a card of CDS Hooks, until somebody opens the card's link;
    then ``token`` is all that leads to it. ``content`` is as ``scoring.web.ehr`` writes it.
    """

    token = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )
    content = models.JSONField()
    expires_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(name="ehr_reading_expiry", fields=["expires_at"])]

    def __str__(self) -> str:
        """For logs: no patient data."""
        return str(self.token)

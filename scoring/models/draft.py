"""Unfinished forms of users, kept on the server until they are saved or discarded."""

from datetime import timedelta

from django.conf import settings
from django.db import models

from scoring.models.patient import Patient

# Drafts that nobody went on with are removed after this time.
KEPT_FOR = timedelta(days=30)


class Draft(models.Model):
    """What a user has typed into a form that is not saved yet. Only this user reads it.

    No part of the clinical record: a draft changes with every key and is deleted when its form is
    saved, when its user discards it, or ``KEPT_FOR`` after the last change. ``token`` is the
    one-time token of the form, ``address`` the page it belongs to, ``fields`` the typed values as
    lists by name. ``patient`` is the patient on record it is about, where that is known.
    """

    token = models.UUIDField(primary_key=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="drafts"
    )
    address = models.CharField(max_length=200)
    fields = models.JSONField()
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="+", null=True)
    updated_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(name="draft_by_owner", fields=["owner", "-updated_at"])]

    def __str__(self) -> str:
        """For logs: no patient data."""
        return str(self.token)

"""When each client of CDS Hooks called last, and why a call was refused; no patients."""

from django.db import models


class CdsState(models.Model):
    """A client by its issuer; "" stands for calls of clients that the site does not know.

    No part of the record. ``refusal`` is a code of ``scoring.words.cds_hooks``, "" where none was
    refused.
    """

    issuer = models.CharField(max_length=200, primary_key=True)
    called_at = models.DateTimeField(null=True)
    refused_at = models.DateTimeField(null=True)
    refusal = models.CharField(max_length=20, blank=True)

    def __str__(self) -> str:
        """For logs."""
        return self.issuer

"""Tokens of CDS Hooks clients that were used: each may be used once."""

from django.db import models


class SeenToken(models.Model):
    """A token by its issuer and its id (``jti``), until it expires by itself.

    No part of the record.
    """

    issuer = models.CharField(max_length=200)
    identifier = models.CharField(max_length=200)
    expires_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="seen_token_once", fields=["issuer", "identifier"])
        ]
        indexes = [models.Index(name="seen_token_expiry", fields=["expires_at"])]

    def __str__(self) -> str:
        """For logs."""
        return f"{self.issuer} {self.identifier}"

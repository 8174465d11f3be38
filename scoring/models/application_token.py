"""Tokens by which other programs use the site: the JSON API, FHIR."""

import uuid
from datetime import date, datetime, timedelta
from hashlib import sha256

from django.conf import settings
from django.db import models
from django.utils import timezone


class ApplicationToken(models.Model):
    """The token of one application, with the account under whose name it acts.

    The account has the application's name, role and ward; nobody can sign in with it. Of the token
    itself only a digest is kept. ``counted`` requests came in ``counted_minute``, a minute of the
    clock counted from 1970.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="application_token"
    )
    digest = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField()
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    created_by_name = models.CharField(max_length=100)
    revoked_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True)
    counted_minute = models.BigIntegerField(default=0)
    counted = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="application_token_expires_later",
                condition=models.Q(expires_at__gt=models.F("created_at")),
            )
        ]

    def __str__(self) -> str:
        """For logs: the account."""
        return f"token {self.pk}"

    def is_valid_at(self, moment: datetime) -> bool:
        """Whether it may be used: neither revoked nor expired."""
        return self.revoked_at is None and moment < self.expires_at

    @property
    def last_day(self) -> date:
        """The last day on which it may be used, in the ward's time zone."""
        return timezone.localdate(self.expires_at - timedelta(seconds=1))

    @property
    def is_valid(self) -> bool:
        """Whether it may be used now."""
        return self.is_valid_at(timezone.now())


def digest_of_token(token: str) -> str:
    """What is kept of a token. It has 256 random bits: a slow digest would protect nothing more."""
    return sha256(token.encode()).hexdigest()

"""Passkeys (WebAuthn), a second factor beside the authenticator app."""

import uuid

from django.conf import settings
from django.db import models
from django_otp.models import Device, ThrottlingMixin, TimestampMixin


class Passkey(TimestampMixin, ThrottlingMixin, Device):  # type: ignore[misc]  # comes without types
    """A passkey of a user, for django-otp a device like the authenticator app.

    ``name`` is what the user calls it. ``host`` is the host name it was made under (WebAuthn: the
    relying party's id): browsers offer it under no other. ``credential`` holds the maker's model,
    the credential's id and the public key, as WebAuthn writes them ("attested credential data");
    the id stands apart, too, because no two passkeys may share it. ``sign_count`` is the
    authenticator's counter of signatures as last seen, 0 where it counts none.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    host = models.CharField(max_length=253)
    credential_id = models.BinaryField(max_length=1023, unique=True)
    credential = models.BinaryField()
    sign_count = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="passkey_name_once_a_user", fields=["user", "name"])
        ]

    def __str__(self) -> str:
        """For logs: whose it is stands beside."""
        return f"passkey {self.pk}"

    def get_throttle_factor(self) -> int:
        """Each failure doubles the wait, from one second, as with the app's codes."""
        return 1

"""What makes the access log tamper-evident, and what keeps count of where it was shipped."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from scoring.models.guards import append_only


class AuditWaiting(models.Model):
    """An event that no seal covers yet; the trigger of the events' table makes it.

    An event becomes visible here with the commit of its transaction, however late that is and
    whatever was sealed meanwhile, so that none is passed over.
    """

    event_id = models.BigIntegerField(primary_key=True)

    def __str__(self) -> str:
        """For logs."""
        return f"event {self.event_id}"


class AuditSeal(models.Model):
    """A link of the hash chain: the events it covers, and the seal it follows.

    ``event_digests`` belong to ``event_ids`` one by one; ``events_total`` counts the events of
    this seal and of all before it. ``scoring.models.audit_digest.seal_digest`` says what
    ``digest`` covers.
    """

    number = models.BigIntegerField(primary_key=True)
    sealed_at = models.DateTimeField()
    event_ids = ArrayField(models.BigIntegerField())
    event_digests = ArrayField(models.CharField(max_length=64))
    events_total = models.BigIntegerField()
    previous = models.CharField(max_length=64, unique=True)
    digest = models.CharField(max_length=64, unique=True)

    class Meta:
        triggers = append_only("audit_seal")

    def __str__(self) -> str:
        """The anchor: what to keep outside of the database."""
        return f"{self.number}:{self.digest}"


class AuditShipment(models.Model):
    """How far the access log was sent to one destination."""

    destination = models.CharField(max_length=500, primary_key=True)
    seal_number = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        """For logs."""
        return f"{self.destination}: {self.seal_number}"

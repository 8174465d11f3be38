"""Results of other systems: what they came in, the results, and which were taken over.

Laboratories send messages by HL7 v2; a result in one is an offer. It is known by the hospital
number, because it often comes before its patient is on record. Of what is read from a FHIR server
a result is kept once it was taken over, not before.
"""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from scoring.models.assessment import Assessment
from scoring.models.codes import DxaSite
from scoring.models.guards import append_only

_DIGEST = r"^[0-9a-f]{64}$"
# Of a resource of a FHIR server: its base address, and the reference there with its version.
_BASE = r"^https?://."
_REFERENCE = r"^Observation/[A-Za-z0-9.-]{1,64}(/_history/[A-Za-z0-9.-]{1,64})?$"


class MessageKind(models.TextChoices):
    """How a result came here."""

    HL7 = "hl7", _("sent by HL7 v2")
    FHIR = "fhir", _("read from a FHIR server")


class MessageState(models.TextChoices):
    """Whether a message was taken."""

    ACCEPTED = "accepted", _("accepted")
    REFUSED = "refused", _("refused")


class LaboratoryMessage(models.Model):
    """One message, byte for byte, and what became of it.

    ``key`` is the digest of what names a message: the sender's address, MSH-3, MSH-4, MSH-10 and
    MSH-7, or the content where that is empty. ``digest`` is that of its bytes. A message that is
    sent again is not kept again.

    Of the kind ``FHIR`` it is an Observation as JSON, with the elements that are read of it.
    ``sender`` is then the name of the server, ``facility`` its FHIR base address, ``control_id``
    the reference there, with the version where the server names one; ``key`` is made from these
    and the content.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=4, choices=MessageKind, default=MessageKind.HL7)
    received_at = models.DateTimeField()
    address = models.GenericIPAddressField(null=True)
    sender = models.CharField(max_length=180, blank=True)
    facility = models.CharField(max_length=2000, blank=True)
    control_id = models.CharField(max_length=199, blank=True)
    key = models.CharField(max_length=64)
    raw = models.BinaryField()
    # Python's name of the encoding in which it was read.
    codec = models.CharField(max_length=20)
    digest = models.CharField(max_length=64)
    state = models.CharField(max_length=8, choices=MessageState)
    # A code of ``scoring.laboratory.reasons.Refusal``, and what stands in the message there.
    reason = models.CharField(max_length=30, blank=True)
    detail = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="laboratory_message_taken_once",
                fields=["key"],
                condition=Q(state=MessageState.ACCEPTED),
            ),
            models.UniqueConstraint(
                name="laboratory_message_refused_once",
                fields=["key", "digest", "reason"],
                condition=Q(state=MessageState.REFUSED),
            ),
            models.CheckConstraint(
                name="laboratory_message_refused_with_reason",
                condition=Q(state=MessageState.ACCEPTED, reason="")
                | (Q(state=MessageState.REFUSED) & ~Q(reason="")),
            ),
            models.CheckConstraint(
                name="laboratory_message_has_digests",
                condition=Q(key__regex=_DIGEST, digest__regex=_DIGEST),
            ),
            models.CheckConstraint(
                name="laboratory_message_known_kind", condition=Q(kind__in=MessageKind.values)
            ),
            models.CheckConstraint(
                name="laboratory_message_of_fhir_names_resource",
                condition=~Q(kind=MessageKind.FHIR)
                | (
                    Q(state=MessageState.ACCEPTED)
                    & ~Q(sender="")
                    & Q(facility__regex=_BASE, control_id__regex=_REFERENCE)
                ),
            ),
        ]
        indexes = [
            models.Index(name="laboratory_message_newest", fields=["-received_at"]),
            models.Index(
                name="laboratory_message_refused",
                fields=["-received_at"],
                condition=Q(state=MessageState.REFUSED),
            ),
        ]
        triggers = append_only("laboratory_message")

    def __str__(self) -> str:
        """For logs: no patient data."""
        return f"message {self.pk} {self.state}"

    @property
    def is_refused(self) -> bool:
        """Whether it was not taken."""
        return self.state == MessageState.REFUSED

    @property
    def is_read(self) -> bool:
        """Whether it was read from a FHIR server; else a laboratory sent it."""
        return self.kind == MessageKind.FHIR

    @property
    def resource(self) -> tuple[str, str]:
        """Of a FHIR server: the resource as the server names it, and its version or ""."""
        reference, _history, version = self.control_id.partition("/_history/")
        return reference, version

    @property
    def text(self) -> str:
        """The message as text, a segment a line; what can't be read stands as a question mark."""
        text = bytes(self.raw).decode(self.codec, "replace")
        return text.replace("\r\n", "\n").replace("\r", "\n").strip("\n")


class LaboratoryResult(models.Model):
    """One result for one predictor; a later one that corrects or withdraws it supersedes it.

    ``predictor`` is the field of the model. ``value`` is in its unit, None where ``unusable``, a
    code of ``scoring.laboratory.reasons.Unusable``, says why there is none. The texts are as sent.
    """

    message = models.ForeignKey(LaboratoryMessage, on_delete=models.PROTECT, related_name="results")
    hospital_number = models.CharField(max_length=32)
    birth_date = models.DateField(null=True)
    predictor = models.CharField(max_length=40)
    site = models.CharField(max_length=12, blank=True)
    value = models.DecimalField(max_digits=8, decimal_places=4, null=True)
    value_text = models.CharField(max_length=100, blank=True)
    unit = models.CharField(max_length=40, blank=True)
    range_text = models.CharField(max_length=60, blank=True)
    taken_on = models.DateField(null=True)
    taken_at = models.DateTimeField(null=True)
    device = models.CharField(max_length=60, blank=True)
    code = models.CharField(max_length=120, blank=True)
    # OBX-11, or the status of the Observation.
    status = models.CharField(max_length=10, blank=True)
    order_number = models.CharField(max_length=100, blank=True)
    sub_id = models.CharField(max_length=40, blank=True)
    unusable = models.CharField(max_length=20, blank=True)
    supersedes = models.OneToOneField(
        "self", null=True, on_delete=models.PROTECT, related_name="superseded_by"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="laboratory_result_offered_with_value",
                condition=~Q(unusable="") | Q(value__isnull=False),
            ),
            models.CheckConstraint(
                name="laboratory_result_supersedes_an_earlier",
                condition=Q(supersedes__isnull=True) | Q(supersedes__lt=F("id")),
            ),
        ]
        indexes = [
            models.Index(
                name="laboratory_result_of_patient", fields=["hospital_number", "predictor", "-id"]
            ),
        ]
        triggers = append_only("laboratory_result")

    def __str__(self) -> str:
        """For logs: no patient data."""
        return f"result {self.pk} for {self.predictor}"

    @property
    def form_site(self) -> str:
        """The site as the form has it; "" where the message names a wider region, hip or femur."""
        return self.site if self.site in DxaSite.values else ""

    @property
    def newest(self) -> "LaboratoryResult":
        """The last of those that superseded this one, or this one."""
        result = self
        while (later := LaboratoryResult.objects.filter(supersedes=result).first()) is not None:
            result = later
        return result


class LaboratorySource(models.Model):
    """Which result an assessment took for a predictor, and the digest of its message."""

    assessment = models.ForeignKey(
        Assessment, on_delete=models.PROTECT, related_name="laboratory_sources"
    )
    predictor = models.CharField(max_length=40)
    result = models.ForeignKey(LaboratoryResult, on_delete=models.PROTECT, related_name="taken_by")
    message_digest = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="laboratory_source_once", fields=["assessment", "predictor"]
            ),
        ]
        triggers = append_only("laboratory_source")

    def __str__(self) -> str:
        """For logs: no patient data."""
        return f"{self.predictor} of {self.assessment_id}"

    @property
    def later(self) -> LaboratoryResult | None:
        """What the laboratory says now, where it took the value back or says another."""
        newest = self.result.newest
        said = (newest.value, newest.site, newest.unusable)
        return newest if said != (self.result.value, self.result.site, "") else None

"""A corrected identity: values before and after, who, when and why."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q

from scoring.models.guards import append_only
from scoring.models.patient import Patient, Sex, full_name

IDENTITY_FIELDS = ("hospital_number", "family_name", "given_name", "birth_date", "sex")


class PatientCorrection(models.Model):
    """One correction; the patient's row can change only together with one.

    The old name is kept as the search compares it too: whoever was corrected is found by it.
    """

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="corrections")
    revision = models.PositiveIntegerField()
    old_hospital_number = models.CharField(max_length=32)
    old_family_name = models.CharField(max_length=100, blank=True)
    old_given_name = models.CharField(max_length=100, blank=True)
    old_birth_date = models.DateField(null=True)
    old_sex = models.CharField(max_length=9, choices=Sex)
    old_search_name = models.TextField(blank=True, editable=False)
    old_search_characters = ArrayField(models.CharField(max_length=1), default=list, editable=False)
    new_hospital_number = models.CharField(max_length=32)
    new_family_name = models.CharField(max_length=100, blank=True)
    new_given_name = models.CharField(max_length=100, blank=True)
    new_birth_date = models.DateField(null=True)
    new_sex = models.CharField(max_length=9, choices=Sex)
    reason = models.CharField(max_length=500)
    form_token = models.UUIDField(unique=True)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    created_by_name = models.CharField(max_length=100)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="patient_correction_revision_unique", fields=["patient", "revision"]
            ),
            models.CheckConstraint(
                name="patient_correction_has_reason", condition=Q(reason__regex=r"[^[:space:]]")
            ),
        ]
        indexes = [
            # Finds a number and the numbers that begin with it.
            models.Index(
                name="patient_correction_number",
                fields=["old_hospital_number"],
                opclasses=["varchar_pattern_ops"],
            ),
            GinIndex(
                name="patient_correction_name",
                fields=["old_search_name"],
                opclasses=["gin_trgm_ops"],
            ),
            GinIndex(name="patient_correction_characters", fields=["old_search_characters"]),
            models.Index(name="patient_correction_birth_date", fields=["old_birth_date"]),
        ]
        triggers = append_only("patient_correction")

    def __str__(self) -> str:
        """For logs: no patient data."""
        return f"{self.patient_id} revision {self.revision}"

    @property
    def old_name(self) -> str:
        """The name before the correction."""
        return full_name(self.old_family_name, self.old_given_name)

    @property
    def new_name(self) -> str:
        """The name after it."""
        return full_name(self.new_family_name, self.new_given_name)

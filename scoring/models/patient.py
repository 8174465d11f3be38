"""A patient of the ward."""

import unicodedata
import uuid
from datetime import date

import pgtrigger
from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from scoring.models.guards import never_deleted


class Sex(models.TextChoices):
    """Sex as the patient banner prints it."""

    FEMALE = "female", _("Female")
    MALE = "male", _("Male")
    OTHER = "other", _("Other sex")
    NOT_KNOWN = "not_known", _("Sex not known")


def normalised_hospital_number(text: str) -> str:
    """One spelling for one number: full-width forms folded, spaces removed, upper case."""
    folded = unicodedata.normalize("NFKC", text)
    return "".join(folded.split()).upper()


def searchable(text: str) -> str:
    """Text as the search compares it: case, accents and width folded."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    kept = "".join(char for char in decomposed if not unicodedata.combining(char))
    return " ".join(unicodedata.normalize("NFKC", kept).split())


def completed_years(birth_date: date, on: date) -> int:
    """Age in completed years; someone born on 29 February has birthday on 1 March otherwise."""
    return on.year - birth_date.year - ((on.month, on.day) < (birth_date.month, birth_date.day))


class Patient(models.Model):
    """A person with a hospital number. An empty name and no birth date mean "not known"."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    hospital_number = models.CharField(max_length=32, unique=True)
    family_name = models.CharField(max_length=100, blank=True)
    given_name = models.CharField(max_length=100, blank=True)
    search_name = models.CharField(max_length=400, blank=True, editable=False)
    birth_date = models.DateField(null=True)
    sex = models.CharField(max_length=9, choices=Sex)
    synthetic = models.BooleanField(default=False)
    # Counts the recorded corrections of the identity; the database refuses any other update.
    revision = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="patient_hospital_number_normalised",
                condition=Q(hospital_number__regex=r"^[^[:space:][:lower:]]+$"),
            ),
            models.CheckConstraint(
                name="patient_given_name_needs_family_name",
                condition=Q(given_name="") | ~Q(family_name=""),
            ),
            models.CheckConstraint(name="patient_sex_known_code", condition=Q(sex__in=Sex.values)),
            models.CheckConstraint(
                name="patient_born_before_recorded",
                condition=Q(birth_date__isnull=True)
                | Q(birth_date__lte=F("created_at__date"), birth_date__gte=date(1900, 1, 1)),
            ),
        ]
        indexes = [
            GinIndex(
                name="patient_name_trigram", fields=["search_name"], opclasses=["gin_trgm_ops"]
            ),
            models.Index(
                name="patient_synthetic", fields=["synthetic"], condition=Q(synthetic=True)
            ),
        ]
        triggers = [
            *never_deleted("patient"),
            pgtrigger.Protect(name="patient_append_only", operation=pgtrigger.Update),
        ]

    def __str__(self) -> str:
        """FAMILY, Given; "name not known" written out."""
        if not self.family_name:
            return str(_("Name not known"))
        family = self.family_name.upper()
        return f"{family}, {self.given_name}" if self.given_name else family

    def age_on(self, day: date) -> int | None:
        """Completed years on a day, None where the birth date is not known."""
        return None if self.birth_date is None else completed_years(self.birth_date, day)

"""A patient of the ward."""

import uuid
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.functions import RandomUUID
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from scoring.entry.characters import is_chinese
from scoring.entry.rules import completed_years
from scoring.models.guards import never_deleted

if TYPE_CHECKING:
    from scoring.models.patient_correction import PatientCorrection


class Sex(models.TextChoices):
    """Sex as the patient banner prints it."""

    FEMALE = "female", _("Female")
    MALE = "male", _("Male")
    OTHER = "other", _("Other sex")
    NOT_KNOWN = "not_known", _("Sex not known")


def full_name(family_name: str, given_name: str) -> str:
    """Family, Given, in the letters they were entered in; "name not known" written out.

    A name in Chinese characters stands as it is written, in every language: 李秀兰.
    """
    return " ".join(filter(None, name_parts(family_name, given_name)))


def name_parts(family_name: str, given_name: str) -> tuple[str, str]:
    """What is set in bold, with the comma behind it, and what follows: ("Wang,", "Xiulan").

    All of a Chinese name is in the first part, and what is said where no name is known.
    """
    if not family_name:
        return str(_("Name not known")), ""
    if is_chinese(family_name) and is_chinese(given_name):
        return f"{family_name}{given_name}", ""
    return (f"{family_name},", given_name) if given_name else (family_name, "")


class Patient(models.Model):
    """A person with a hospital number. An empty name and no birth date mean "not known"."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    hospital_number = models.CharField(max_length=32, unique=True)
    family_name = models.CharField(max_length=100, blank=True)
    given_name = models.CharField(max_length=100, blank=True)
    # What ``scoring.entry.folding.search_text`` makes of the name.
    search_name = models.TextField(blank=True, editable=False)
    # Chinese names are found by single characters, which trigrams cannot index.
    search_characters = ArrayField(models.CharField(max_length=1), default=list, editable=False)
    birth_date = models.DateField(null=True)
    sex = models.CharField(max_length=9, choices=Sex)
    synthetic = models.BooleanField(default=False)
    # Goes into the digest that the access log holds of this row: see ``record_digest``.
    salt = models.UUIDField(default=uuid.uuid4, db_default=RandomUUID(), editable=False)
    # Counts the recorded corrections of the identity; the database refuses any other update.
    revision = models.PositiveIntegerField(default=0)
    # Whose patient it is, where records are limited to wards; None: everybody's. Moved by itself,
    # with a line in the access log; nothing clinical.
    ward = models.ForeignKey("Ward", on_delete=models.PROTECT, related_name="+", null=True)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        permissions = [("see_patients", "Can see patients, assessments, reports and the history")]
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
            GinIndex(name="patient_name_characters", fields=["search_characters"]),
            models.Index(name="patient_birth_date", fields=["birth_date"]),
            models.Index(
                name="patient_synthetic", fields=["synthetic"], condition=Q(synthetic=True)
            ),
        ]
        triggers = [
            *never_deleted("patient"),
            pgtrigger.Trigger(
                name="patient_corrected_on_record_only",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                func="""
                    IF NEW.ward_id IS DISTINCT FROM OLD.ward_id
                       AND to_jsonb(NEW) - 'ward_id' = to_jsonb(OLD) - 'ward_id' THEN
                        RETURN NEW;
                    END IF;
                    IF NEW.ward_id IS DISTINCT FROM OLD.ward_id
                       OR NEW.id <> OLD.id OR NEW.synthetic <> OLD.synthetic
                       OR NEW.salt <> OLD.salt OR NEW.created_at <> OLD.created_at
                       OR NEW.created_by_id <> OLD.created_by_id
                       OR NEW.revision <> OLD.revision + 1
                       OR NOT EXISTS (
                           SELECT 1 FROM scoring_patientcorrection c
                           WHERE c.patient_id = OLD.id AND c.revision = NEW.revision
                             AND (c.old_hospital_number, c.old_family_name, c.old_given_name,
                                  c.old_sex)
                               = (OLD.hospital_number, OLD.family_name, OLD.given_name, OLD.sex)
                             AND c.old_birth_date IS NOT DISTINCT FROM OLD.birth_date
                             AND (c.new_hospital_number, c.new_family_name, c.new_given_name,
                                  c.new_sex)
                               = (NEW.hospital_number, NEW.family_name, NEW.given_name, NEW.sex)
                             AND c.new_birth_date IS NOT DISTINCT FROM NEW.birth_date
                       ) THEN
                        RAISE EXCEPTION
                            'pgtrigger: a patient changes only with a recorded correction';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        """Family, Given; "name not known" written out."""
        return full_name(self.family_name, self.given_name)

    @property
    def name_parts(self) -> tuple[str, str]:
        """The name as pages and papers set it: in bold, and behind it."""
        return name_parts(self.family_name, self.given_name)

    @cached_property
    def former_names(self) -> list[str]:
        """Names that were corrected, the latest first; what was not known is left out."""
        names = (full_name(one.old_family_name, one.old_given_name) for one in self._corrections)
        unnamed = full_name("", "")
        return [name for name in dict.fromkeys(names) if name not in {str(self), unnamed}]

    @cached_property
    def former_numbers(self) -> list[str]:
        """Hospital numbers that were corrected, the latest first."""
        numbers = dict.fromkeys(one.old_hospital_number for one in self._corrections)
        return [number for number in numbers if number != self.hospital_number]

    @property
    def formerly(self) -> list[str]:
        """Names, then hospital numbers that were corrected."""
        return [*self.former_names, *self.former_numbers]

    @cached_property
    def _corrections(self) -> "list[PatientCorrection]":
        # The revision counts them: most patients have none, and nothing is read for these.
        return list(self.corrections.order_by("-revision")) if self.revision else []

    @property
    def has_assessments(self) -> bool:
        """Whether any version was ever recorded for the patient, wherever it belongs now."""
        return self.assessments.exists()

    def age_on(self, day: date) -> int | None:
        """Completed years on a day, None where the birth date is not known."""
        return None if self.birth_date is None else completed_years(self.birth_date, day)

"""Patients and the corrections of their identity."""

from datetime import date
from uuid import uuid4

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import migrations, models
from django.db.models import F, Q

from ._triggers import append_only, never_deleted, trigger

SEXES = [
    ("female", "Female"),
    ("male", "Male"),
    ("other", "Other sex"),
    ("not_known", "Sex not known"),
]

operations = [
    migrations.CreateModel(
        name="Patient",
        fields=[
            (
                "id",
                models.UUIDField(default=uuid4, editable=False, primary_key=True, serialize=False),
            ),
            ("hospital_number", models.CharField(max_length=32, unique=True)),
            ("family_name", models.CharField(blank=True, max_length=100)),
            ("given_name", models.CharField(blank=True, max_length=100)),
            ("search_name", models.CharField(blank=True, editable=False, max_length=400)),
            ("birth_date", models.DateField(null=True)),
            ("sex", models.CharField(choices=SEXES, max_length=9)),
            ("synthetic", models.BooleanField(default=False)),
            ("revision", models.PositiveIntegerField(default=0)),
            ("created_at", models.DateTimeField()),
            (
                "created_by",
                models.ForeignKey(
                    on_delete=models.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                ),
            ),
            (
                "search_characters",
                ArrayField(
                    base_field=models.CharField(max_length=1),
                    default=list,
                    editable=False,
                    size=None,
                ),
            ),
        ],
        options={
            "permissions": [
                ("see_patients", "Can see patients, assessments, reports and the history")
            ],
            "indexes": [
                GinIndex(
                    fields=["search_name"], name="patient_name_trigram", opclasses=["gin_trgm_ops"]
                ),
                models.Index(
                    condition=Q(("synthetic", True)),
                    fields=["synthetic"],
                    name="patient_synthetic",
                ),
                GinIndex(fields=["search_characters"], name="patient_name_characters"),
            ],
            "constraints": [
                models.CheckConstraint(
                    name="patient_hospital_number_normalised",
                    condition=Q(hospital_number__regex="^[^[:space:][:lower:]]+$"),
                ),
                models.CheckConstraint(
                    name="patient_given_name_needs_family_name",
                    condition=Q(given_name="") | ~Q(family_name=""),
                ),
                models.CheckConstraint(
                    name="patient_sex_known_code",
                    condition=Q(sex__in=["female", "male", "other", "not_known"]),
                ),
                models.CheckConstraint(
                    name="patient_born_before_recorded",
                    condition=Q(birth_date__isnull=True)
                    | Q(birth_date__gte=date(1900, 1, 1), birth_date__lte=F("created_at__date")),
                ),
            ],
        },
    ),
    *never_deleted("patient", "patient", marks=("39baa", "088ba")),
    trigger(
        "patient",
        "patient_corrected_on_record_only",
        mark="a7671",
        fires="BEFORE UPDATE",
        function="""
                    IF NEW.id <> OLD.id OR NEW.synthetic <> OLD.synthetic
                       OR NEW.created_at <> OLD.created_at
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
    migrations.CreateModel(
        name="PatientCorrection",
        fields=[
            (
                "id",
                models.BigAutoField(
                    auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                ),
            ),
            ("revision", models.PositiveIntegerField()),
            ("old_hospital_number", models.CharField(max_length=32)),
            ("old_family_name", models.CharField(blank=True, max_length=100)),
            ("old_given_name", models.CharField(blank=True, max_length=100)),
            ("old_birth_date", models.DateField(null=True)),
            ("old_sex", models.CharField(choices=SEXES, max_length=9)),
            ("new_hospital_number", models.CharField(max_length=32)),
            ("new_family_name", models.CharField(blank=True, max_length=100)),
            ("new_given_name", models.CharField(blank=True, max_length=100)),
            ("new_birth_date", models.DateField(null=True)),
            ("new_sex", models.CharField(choices=SEXES, max_length=9)),
            ("reason", models.CharField(max_length=500)),
            ("form_token", models.UUIDField(unique=True)),
            ("created_at", models.DateTimeField()),
            ("created_by_name", models.CharField(max_length=100)),
            (
                "created_by",
                models.ForeignKey(
                    on_delete=models.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                ),
            ),
            (
                "patient",
                models.ForeignKey(
                    on_delete=models.PROTECT, related_name="corrections", to="scoring.patient"
                ),
            ),
        ],
        options={
            "constraints": [
                models.UniqueConstraint(
                    fields=("patient", "revision"), name="patient_correction_revision_unique"
                ),
                models.CheckConstraint(
                    name="patient_correction_has_reason", condition=Q(reason__regex="[^[:space:]]")
                ),
            ],
        },
    ),
    *append_only("patientcorrection", "patient_correction", marks=("fb0e1", "1c1b8")),
]

"""The access log, its seals, and where they were shipped."""

from django.contrib.postgres.fields import ArrayField
from django.db import migrations, models
from django.db.models import Q
from django.db.models.fields.json import KeyTextTransform

from ._triggers import append_only, trigger

ACTIONS = [
    ("sign_in", "signed in"),
    ("sign_in_failed", "sign-in failed"),
    ("sign_out", "signed out"),
    ("sign_in_locked", "locked out after failures"),
    ("password_changed", "changed own password"),
    ("second_factor_set_up", "set up the second factor"),
    ("second_factor_removed", "removed the second factor"),
    ("second_factor_passed", "confirmed by the second factor"),
    ("second_factor_failed", "second factor failed"),
    ("recovery_codes_made", "made new recovery codes"),
    ("user_created", "created a user"),
    ("user_changed", "changed a user"),
    ("user_roles_changed", "changed a user's roles"),
    ("user_disabled", "disabled a user"),
    ("user_enabled", "enabled a user"),
    ("user_unlocked", "unlocked a user"),
    ("user_password_reset", "reset a user's password"),
    ("user_second_factor_reset", "reset a user's second factor"),
    ("role_rights_changed", "changed the rights of a role"),
    ("worklist_viewed", "viewed the worklist"),
    ("history_searched", "searched the history"),
    ("patient_looked_up", "looked up a hospital number"),
    ("patient_viewed", "viewed a patient"),
    ("patient_registered", "registered a patient"),
    ("assessment_recorded", "recorded an assessment"),
    ("assessment_completed", "completed an assessment"),
    ("assessment_amended", "amended an assessment"),
    ("assessment_voided", "voided an assessment"),
    ("assessment_reinstated", "undid a void"),
    ("outcome_recorded", "recorded an outcome"),
    ("outcome_corrected", "corrected an outcome"),
    ("patient_corrected", "corrected a patient's identity"),
    ("history_exported", "exported from the history"),
    ("assessment_viewed", "viewed an assessment"),
    ("report_printed", "printed a report"),
    ("model_versions_viewed", "viewed the versions of the model"),
    ("recalibration_proposed", "proposed a recalibration"),
    ("recalibration_approved", "approved a recalibration"),
    ("recalibration_rejected", "rejected a recalibration"),
    ("recalibration_retired", "retired a recalibration"),
    ("validation_viewed", "viewed the validation"),
    ("validation_printed", "printed the validation"),
    ("validation_exported", "exported the validation's aggregate"),
    ("access_log_viewed", "viewed the access log"),
    ("access_log_exported", "exported the access log"),
]

operations = [
    migrations.CreateModel(
        name="AuditEvent",
        fields=[
            (
                "id",
                models.BigAutoField(
                    auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                ),
            ),
            ("at", models.DateTimeField()),
            ("actor", models.CharField(blank=True, max_length=150)),
            ("actor_name", models.CharField(blank=True, max_length=100)),
            ("action", models.CharField(choices=ACTIONS, max_length=40)),
            ("patient_id", models.UUIDField(null=True)),
            ("hospital_number", models.CharField(blank=True, max_length=32)),
            ("assessment_id", models.UUIDField(null=True)),
            ("address", models.GenericIPAddressField(null=True)),
            ("detail", models.JSONField(default=dict)),
            ("digest", models.CharField(default="", editable=False, max_length=64)),
        ],
        options={
            "permissions": [("view_access_log", "Can read and export the access log")],
            "indexes": [
                models.Index(fields=["patient_id", "-at"], name="audit_by_patient"),
                models.Index(fields=["actor", "-at"], name="audit_by_actor"),
                models.Index(fields=["-at"], name="audit_by_time"),
                models.Index(fields=["action", "-at"], name="audit_by_action"),
                models.Index(
                    KeyTextTransform("username", "detail"),
                    models.OrderBy(models.F("at"), descending=True),
                    condition=Q(("detail__has_key", "username")),
                    name="audit_by_account",
                ),
            ],
        },
    ),
    *append_only("auditevent", "audit_event", marks=("8d57f", "1c343")),
    trigger(
        "auditevent",
        "audit_event_digest",
        mark="1355f",
        fires="BEFORE INSERT",
        function="NEW.digest := \n"
        """    encode(sha256(convert_to(json_build_array(
        NEW.id,
        to_char(NEW.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
        NEW.actor,
        NEW.actor_name,
        NEW.action,
        NEW.patient_id::text,
        NEW.hospital_number,
        NEW.assessment_id::text,
        host(NEW.address),
        NEW.detail::text
    )::text, 'UTF8')), 'hex'); RETURN NEW;""",
    ),
    trigger(
        "auditevent",
        "audit_event_waits",
        mark="91aa6",
        fires="AFTER INSERT",
        function="""
                    INSERT INTO scoring_auditwaiting (event_id) VALUES (NEW.id);
                    RETURN NULL;
                """,
    ),
    migrations.CreateModel(
        name="AuditSeal",
        fields=[
            ("number", models.BigIntegerField(primary_key=True, serialize=False)),
            ("sealed_at", models.DateTimeField()),
            ("event_ids", ArrayField(base_field=models.BigIntegerField(), size=None)),
            ("event_digests", ArrayField(base_field=models.CharField(max_length=64), size=None)),
            ("events_total", models.BigIntegerField()),
            ("previous", models.CharField(max_length=64, unique=True)),
            ("digest", models.CharField(max_length=64, unique=True)),
        ],
    ),
    *append_only("auditseal", "audit_seal", marks=("7b688", "90c59")),
    migrations.CreateModel(
        name="AuditShipment",
        fields=[
            ("destination", models.CharField(max_length=500, primary_key=True, serialize=False)),
            ("seal_number", models.BigIntegerField(default=0)),
        ],
    ),
    migrations.CreateModel(
        name="AuditWaiting",
        fields=[
            ("event_id", models.BigIntegerField(primary_key=True, serialize=False)),
        ],
    ),
]

"""The access log: one line for each action and each look at a record."""

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.db.models.fields.json import KeyTextTransform
from django.utils.translation import gettext_lazy as _

from scoring.models.audit_digest import EVENT_DIGEST_SQL
from scoring.models.guards import append_only


class AuditEvent(models.Model):
    """Who did what to which record, when and from where.

    Plain values without foreign keys: an event outlives what it describes. The database itself
    sets ``digest``, the SHA-256 of the line, and notes in ``AuditWaiting`` that a seal is due.
    """

    class Action(models.TextChoices):
        """What was done."""

        SIGN_IN = "sign_in", _("signed in")
        SIGN_IN_FAILED = "sign_in_failed", _("sign-in failed")
        SIGN_OUT = "sign_out", _("signed out")
        SIGN_IN_LOCKED = "sign_in_locked", _("locked out after failures")
        PASSWORD_CHANGED = "password_changed", _("changed own password")
        SECOND_FACTOR_SET_UP = "second_factor_set_up", _("set up the second factor")
        SECOND_FACTOR_REMOVED = "second_factor_removed", _("removed the second factor")
        SECOND_FACTOR_PASSED = "second_factor_passed", _("confirmed by the second factor")
        SECOND_FACTOR_FAILED = "second_factor_failed", _("second factor failed")
        PASSKEY_ADDED = "passkey_added", _("added a passkey")
        PASSKEY_REMOVED = "passkey_removed", _("removed a passkey")
        RECOVERY_CODES_MADE = "recovery_codes_made", _("made new recovery codes")
        USER_CREATED = "user_created", _("created a user")
        USER_CHANGED = "user_changed", _("changed a user")
        USER_ROLES_CHANGED = "user_roles_changed", _("changed a user's roles")
        USER_DISABLED = "user_disabled", _("disabled a user")
        USER_ENABLED = "user_enabled", _("enabled a user")
        USER_UNLOCKED = "user_unlocked", _("unlocked a user")
        USER_PASSWORD_RESET = "user_password_reset", _("reset a user's password")
        USER_SECOND_FACTOR_RESET = "user_second_factor_reset", _("reset a user's second factor")
        USER_BOUND = "user_bound", _("bound a user to a hospital account")
        USER_RELEASED = "user_released", _("released a user from the hospital account")
        TOKEN_CREATED = "token_created", _("created a token for an application")
        TOKEN_REVOKED = "token_revoked", _("revoked the token of an application")
        ROLE_RIGHTS_CHANGED = "role_rights_changed", _("changed the rights of a role")
        WARD_ADDED = "ward_added", _("added a ward")
        WARD_SETTINGS_CHANGED = "ward_settings_changed", _("changed the ward settings")
        DRAFT_DISCARDED = "draft_discarded", _("discarded an unfinished form")
        WORKLIST_VIEWED = "worklist_viewed", _("viewed the worklist")
        HISTORY_SEARCHED = "history_searched", _("searched the history")
        PATIENTS_SEARCHED = "patients_searched", _("searched for patients")
        PATIENT_LOOKED_UP = "patient_looked_up", _("looked up a hospital number")
        PATIENT_VIEWED = "patient_viewed", _("viewed a patient")
        PATIENT_OPENED = "patient_opened", _("opened a patient of another ward")
        PATIENT_MOVED = "patient_moved", _("moved a patient to another ward")
        PATIENTS_MOVED = "patients_moved", _("gave patients without a ward to a ward")
        PATIENT_REGISTERED = "patient_registered", _("registered a patient")
        ASSESSMENT_RECORDED = "assessment_recorded", _("recorded an assessment")
        ASSESSMENT_COMPLETED = "assessment_completed", _("completed an assessment")
        COMPLETION_UNDONE = "completion_undone", _("undid a completion")
        ASSESSMENT_AMENDED = "assessment_amended", _("amended an assessment")
        ASSESSMENT_VOIDED = "assessment_voided", _("voided an assessment")
        ASSESSMENT_REINSTATED = "assessment_reinstated", _("undid a void")
        RADIOGRAPH_NOT_TAKEN = "radiograph_not_taken", _("noted that no radiograph was taken")
        OPERATION_CANCELLED = "operation_cancelled", _("noted that an operation was cancelled")
        ASSESSMENT_RESUMED = "assessment_resumed", _("put an assessment back on the worklist")
        OUTCOME_RECORDED = "outcome_recorded", _("recorded an outcome")
        OUTCOME_UNDONE = "outcome_undone", _("undid an outcome")
        OUTCOME_CORRECTED = "outcome_corrected", _("corrected an outcome")
        PATIENT_CORRECTED = "patient_corrected", _("corrected a patient's identity")
        HISTORY_EXPORTED = "history_exported", _("exported from the history")
        TABLE_CHECKED = "table_checked", _("checked a table of patients")
        TABLE_SCORED = "table_scored", _("scored a table of patients")
        ASSESSMENTS_IMPORTED = "assessments_imported", _("imported assessments from a table")
        COLUMNS_KEPT = "columns_kept", _("kept the columns of a laboratory")
        ASSESSMENT_VIEWED = "assessment_viewed", _("viewed an assessment")
        REPORT_PRINTED = "report_printed", _("printed a report")
        PATIENT_SHEET_PRINTED = "patient_sheet_printed", _("printed a patient sheet")
        RECORD_COPIED_JSON = "record_copied_json", _("copied a patient's record as JSON")
        RECORD_COPIED_PDF = "record_copied_pdf", _("copied a patient's record as PDF")
        MODEL_VERSIONS_VIEWED = "model_versions_viewed", _("viewed the versions of the model")
        RECALIBRATION_PROPOSED = "recalibration_proposed", _("proposed a recalibration")
        RECALIBRATION_APPROVED = "recalibration_approved", _("approved a recalibration")
        RECALIBRATION_REJECTED = "recalibration_rejected", _("rejected a recalibration")
        RECALIBRATION_RETIRED = "recalibration_retired", _("retired a recalibration")
        VALIDATION_VIEWED = "validation_viewed", _("viewed the validation")
        VALIDATION_PRINTED = "validation_printed", _("printed the validation")
        VALIDATION_EXPORTED = "validation_exported", _("exported the validation's aggregate")
        DRIFT_VIEWED = "drift_viewed", _("viewed the validation month by month")
        DRIFT_EXPORTED = "drift_exported", _("exported the validation's monthly figures")
        CDS_FEEDBACK = "cds_feedback", _("reported what became of a card")
        MESSAGE_RECEIVED = "message_received", _("received a laboratory message")
        MESSAGE_REFUSED = "message_refused", _("refused a laboratory message")
        MESSAGE_VIEWED = "message_viewed", _("viewed a laboratory message")
        SMART_LAUNCHED = "smart_launched", _("began to read from a FHIR server")
        SMART_READ = "smart_read", _("read a patient from a FHIR server")
        SMART_REFUSED = "smart_refused", _("could not read from a FHIR server")
        DIGESTS_TAKEN = "digests_taken", _("took the digests of rows that had none")
        ACCESS_LOG_VIEWED = "access_log_viewed", _("viewed the access log")
        ACCESS_LOG_EXPORTED = "access_log_exported", _("exported the access log")

    at = models.DateTimeField()
    actor = models.CharField(max_length=150, blank=True)
    actor_name = models.CharField(max_length=100, blank=True)
    action = models.CharField(max_length=40, choices=Action)
    patient_id = models.UUIDField(null=True)
    hospital_number = models.CharField(max_length=32, blank=True)
    assessment_id = models.UUIDField(null=True)
    address = models.GenericIPAddressField(null=True)
    detail = models.JSONField(default=dict)
    digest = models.CharField(max_length=64, default="", editable=False)

    class Meta:
        permissions = [("view_access_log", "Can read and export the access log")]
        indexes = [
            models.Index(name="audit_by_patient", fields=["patient_id", "-at"]),
            models.Index(name="audit_by_actor", fields=["actor", "-at"]),
            models.Index(name="audit_by_action", fields=["action", "-at"]),
            models.Index(name="audit_by_time", fields=["-at"]),
            # The account a line is about: a failed sign-in, a user created.
            models.Index(
                KeyTextTransform("username", "detail"),
                F("at").desc(),
                name="audit_by_account",
                condition=Q(detail__has_key="username"),
            ),
        ]
        triggers = [
            *append_only("audit_event"),
            pgtrigger.Trigger(
                name="audit_event_digest",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func=f"NEW.digest := {EVENT_DIGEST_SQL}; RETURN NEW;",
            ),
            pgtrigger.Trigger(
                name="audit_event_waits",
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                func="""
                    INSERT INTO scoring_auditwaiting (event_id) VALUES (NEW.id);
                    RETURN NULL;
                """,
            ),
        ]

    def __str__(self) -> str:
        """For logs: no patient data."""
        return f"{self.at:%Y-%m-%d %H:%M:%S} {self.actor} {self.action}"

"""What the site's database role may do with each table; its owner may do everything.

The site reads every table. Whatever else it needs stands in ``RIGHTS``, by model: a model or a
table that is missing there fails a test. ``scoring/management/owner.py`` makes the grants.
"""

from dataclasses import dataclass

from django.apps import apps

from scoring.models.index_assessment import COPIED_COLUMNS


@dataclass(frozen=True)
class Rights:
    """Beside reading: adding rows, changing these columns ("*": all of them), deleting rows.

    A row can be locked (``select_for_update``) where any of its columns may be changed. Triggers
    write with the rights of the site, too.
    """

    insert: bool = False
    update: tuple[str, ...] = ()
    delete: bool = False


READ = Rights()
# The record and the access log: nothing there is ever changed or deleted.
ADD = Rights(insert=True)
# What is no part of the record: sessions, drafts, caches, counted sign-ins, second factors.
ALL = Rights(insert=True, update=("*",), delete=True)

RIGHTS = {
    "scoring.Patient": Rights(
        insert=True,
        update=(
            "hospital_number",
            "family_name",
            "given_name",
            "birth_date",
            "sex",
            "search_name",
            "search_characters",
            "revision",
            "ward_id",
        ),
    ),
    "scoring.PatientCorrection": ADD,
    "scoring.ReportCounter": Rights(insert=True, update=("last_serial",)),
    # Copied by the triggers of versions and outcomes; any other update is refused by a trigger.
    "scoring.AssessmentChain": Rights(
        insert=True,
        update=(
            "current_id",
            "state",
            "operation_date",
            "synthetic",
            "day_3",
            "day_30",
            "vas_day_3",
            "vas_day_30",
            "vas_day_3_on",
            "vas_day_30_on",
            "vas_known_at",
            "follow_up_ended",
            "patient_died",
        ),
    ),
    "scoring.Assessment": ADD,
    # A copy is replaced after its completion was undone, by the trigger of a version alone.
    "scoring.IndexAssessment": Rights(insert=True, update=COPIED_COLUMNS),
    "scoring.Outcome": ADD,
    "scoring.LaboratoryMessage": ADD,
    "scoring.LaboratoryResult": ADD,
    "scoring.LaboratorySource": ADD,
    "scoring.NumberMerge": ADD,
    "scoring.Recalibration": ADD,
    "scoring.RecalibrationDecision": ADD,
    "scoring.RecalibratedRisk": ADD,
    "scoring.WardSettings": ADD,
    "scoring.Ward": ADD,
    "scoring.AuditEvent": ADD,
    "scoring.AuditSeal": ADD,
    "scoring.AuditWaiting": Rights(insert=True, delete=True),
    "scoring.AuditShipment": Rights(insert=True, update=("seal_number",)),
    "scoring.CachedValidation": ALL,
    "scoring.Draft": ALL,
    "scoring.EhrReading": ALL,
    "scoring.KeptReport": ALL,
    "scoring.SeenToken": ALL,
    "scoring.CdsState": Rights(insert=True, update=("called_at", "refused_at", "refusal")),
    "scoring.LaboratoryColumns": Rights(
        insert=True, update=("headers", "in_unit", "one_is_yes", "kept_at", "kept_by_id")
    ),
    "scoring.ApplicationToken": Rights(
        insert=True, update=("revoked_at", "last_used_at", "counted_minute", "counted")
    ),
    "scoring.User": Rights(
        insert=True,
        update=(
            "password",
            "last_login",
            "is_active",
            "display_name",
            "temporary_password_until",
            "service_issuer",
            "service_subject",
            "uses_keys",
            "model_notice_read",
            "language",
            "ward_id",
        ),
    ),
    "scoring.User_groups": Rights(insert=True, delete=True),
    "scoring.User_user_permissions": READ,
    # Locked while administrators are counted; the users in a group hold its key where it is.
    "auth.Group": Rights(update=("id",)),
    "auth.Group_permissions": READ,
    "auth.Permission": READ,
    "contenttypes.ContentType": READ,
    "sessions.Session": ALL,
    "axes.AccessAttempt": ALL,
    "axes.AccessAttemptExpiration": ALL,
    "axes.AccessFailureLog": READ,
    "axes.AccessLog": READ,
    "scoring.Passkey": ALL,
    "otp_static.StaticDevice": ALL,
    "otp_static.StaticToken": ALL,
    "otp_totp.TOTPDevice": ALL,
}


def rights_by_table() -> dict[str, Rights]:
    """The same by the name of the table, with the one that has no model."""
    tables = {apps.get_model(label)._meta.db_table: rights for label, rights in RIGHTS.items()}
    return {**tables, "django_migrations": READ}

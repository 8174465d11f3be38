"""The three roles as groups, with their permissions."""

from django.db import migrations

# Frozen here: scoring.models.roles may move on.
PERMISSIONS = {
    "patient": {"see_patients": "Can see patients, assessments, reports and the history"},
    "assessment": {
        "assess": "Can record, complete, amend and void assessments, record outcomes",
        "export_records": "Can export the history",
        "view_validation": "Can see the local validation",
        "propose_recalibration": "Can propose a recalibration",
        "approve_recalibration": "Can approve a recalibration somebody else proposed",
    },
    "auditevent": {"view_access_log": "Can read and export the access log"},
    "user": {"manage_users": "Can create, change, disable and unlock users"},
}
ROLES = {
    "Clinician": ["see_patients", "assess"],
    "Reviewer": [
        "see_patients",
        "export_records",
        "view_validation",
        "propose_recalibration",
        "approve_recalibration",
        "view_access_log",
    ],
    "Administrator": ["manage_users"],
}


def make_roles(apps, schema_editor):
    """Permissions come after all migrations as a rule, so that these are made here."""
    permissions = {}
    for model, codenames in PERMISSIONS.items():
        content_type, _ = apps.get_model("contenttypes", "ContentType").objects.get_or_create(
            app_label="scoring", model=model
        )
        for codename, name in codenames.items():
            permissions[codename], _ = apps.get_model("auth", "Permission").objects.get_or_create(
                content_type=content_type, codename=codename, defaults={"name": name}
            )
    for role, codenames in ROLES.items():
        group, _ = apps.get_model("auth", "Group").objects.get_or_create(name=role)
        group.permissions.set(permissions[codename] for codename in codenames)


operations = [migrations.RunPython(make_roles, migrations.RunPython.noop, elidable=False)]

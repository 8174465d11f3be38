"""The three roles as groups. Who could sign in before keeps what they could do before."""

from django.db import migrations
from django.utils import timezone

# Frozen here: scoring.models.roles may move on.
PERMISSIONS = {
    'patient': {'see_patients': 'Can see patients, assessments, reports and the history'},
    'assessment': {
        'assess': 'Can record, complete, amend and void assessments, record outcomes',
        'export_records': 'Can export the history',
        'view_validation': 'Can see the local validation',
        'propose_recalibration': 'Can propose a recalibration',
        'approve_recalibration': 'Can approve a recalibration somebody else proposed',
    },
    'auditevent': {'view_access_log': 'Can read and export the access log'},
    'user': {'manage_users': 'Can create, change, disable and unlock users'},
}
ROLES = {
    'Clinician': ['see_patients', 'assess'],
    'Reviewer': [
        'see_patients', 'export_records', 'view_validation', 'propose_recalibration',
        'approve_recalibration', 'view_access_log',
    ],
    'Administrator': ['manage_users'],
}


def make_roles(apps, schema_editor):
    """Permissions come after all migrations as a rule, so that these are made here."""
    permissions = {}
    for model, codenames in PERMISSIONS.items():
        content_type, _ = apps.get_model('contenttypes', 'ContentType').objects.get_or_create(
            app_label='scoring', model=model
        )
        for codename, name in codenames.items():
            permissions[codename], _ = apps.get_model('auth', 'Permission').objects.get_or_create(
                content_type=content_type, codename=codename, defaults={'name': name}
            )
    for role, codenames in ROLES.items():
        group, _ = apps.get_model('auth', 'Group').objects.get_or_create(name=role)
        group.permissions.set(permissions[codename] for codename in codenames)


def give_roles(apps, schema_editor):
    """Superusers all three, everybody else who is active Clinician; each told in the log."""
    groups = {group.name: group for group in apps.get_model('auth', 'Group').objects.all()}
    users = apps.get_model('scoring', 'User').objects
    for user in users.order_by('pk'):
        roles = list(ROLES) if user.is_superuser else ['Clinician'] if user.is_active else []
        user.groups.add(*(groups[role] for role in roles))
        if roles:
            apps.get_model('scoring', 'AuditEvent').objects.create(
                at=timezone.now(),
                action='user_roles_changed',
                detail={'username': user.username, 'roles_added': roles, 'outside': 'migration'},
            )
    # An account above the roles would hide what its roles say.
    users.filter(is_superuser=True).update(is_superuser=False, is_staff=False)


def set_superusers(apps, schema_editor):
    """Backwards: before there were roles, superusers alone could do everything."""
    apps.get_model('scoring', 'User').objects.filter(groups__name='Administrator').update(
        is_superuser=True, is_staff=True
    )


class Migration(migrations.Migration):

    dependencies = [
        ('scoring', '0010_access_log'),
        ('auth', '0012_alter_user_first_name_max_length'),
        ('contenttypes', '0002_remove_content_type_name'),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='assessment',
            options={'permissions': list(PERMISSIONS['assessment'].items())},
        ),
        migrations.AlterModelOptions(
            name='patient',
            options={'permissions': list(PERMISSIONS['patient'].items())},
        ),
        migrations.AlterModelOptions(
            name='user',
            options={
                'permissions': list(PERMISSIONS['user'].items()),
                'verbose_name': 'user',
                'verbose_name_plural': 'users',
            },
        ),
        migrations.RunPython(make_roles, migrations.RunPython.noop, elidable=False),
        migrations.RunPython(give_roles, set_superusers, elidable=False),
    ]

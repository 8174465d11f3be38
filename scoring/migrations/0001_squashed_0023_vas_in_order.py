"""The schema of version 0.1 at once, in place of the migrations that led to it.

A database of 0.1 has applied every one of them, and Django counts this one as applied there.
"""

from django.contrib.postgres.operations import TrigramExtension
from django.db import migrations

from ._version_0_1 import (
    REPLACED,
    access_log,
    assessment_rules,
    assessment_triggers,
    assessments,
    chains,
    outcomes,
    patients,
    recalibration,
    roles,
    users,
    validation,
)


class Migration(migrations.Migration):
    initial = True

    replaces = [("scoring", name) for name in REPLACED]

    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [
        # A trusted extension: the owner of the database may install it.
        TrigramExtension(),
        *users.operations,
        *patients.operations,
        *assessments.operations,
        *chains.operations,
        *assessment_rules.operations,
        *assessment_triggers.operations,
        *outcomes.operations,
        *access_log.operations,
        *validation.operations,
        *recalibration.operations,
        *roles.operations,
    ]

from django.db import migrations

from scoring.actions.log import take_digests

TABLES = (
    'patient',
    'patientcorrection',
    'assessmentchain',
    'assessment',
    'outcome',
    'recalibration',
    'recalibrationdecision',
    'recalibratedrisk',
    'wardsettings',
)


def take(apps, schema_editor):
    """Rows from before there were digests; with the columns of layout 1, which are there by now."""
    take_digests(dict.fromkeys(TABLES, 1))


class Migration(migrations.Migration):

    dependencies = [
        ('scoring', '0043_record_digests'),
    ]

    operations = [
        migrations.RunPython(take, migrations.RunPython.noop, elidable=False),
    ]

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
from django.db import migrations, models

from scoring.entry.folding import cjk_characters, search_text


def fold_old_names(apps, schema_editor):
    """The old names of what was corrected so far, as the search compares them today."""
    corrections = apps.get_model('scoring', 'PatientCorrection').objects
    known = list(corrections.values_list('pk', 'old_family_name', 'old_given_name'))
    # Rows of this table never change, but for these new columns this once.
    schema_editor.execute('ALTER TABLE scoring_patientcorrection DISABLE TRIGGER USER')
    for pk, family_name, given_name in known:
        name = search_text(family_name, given_name)
        corrections.filter(pk=pk).update(
            old_search_name=name, old_search_characters=cjk_characters(name)
        )
    schema_editor.execute('ALTER TABLE scoring_patientcorrection ENABLE TRIGGER USER')


class Migration(migrations.Migration):

    dependencies = [
        ('scoring', '0026_search_text'),
    ]

    operations = [
        migrations.AddField(
            model_name='patientcorrection',
            name='old_search_characters',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=1), default=list, editable=False, size=None),
        ),
        migrations.AddField(
            model_name='patientcorrection',
            name='old_search_name',
            field=models.TextField(blank=True, editable=False),
        ),
        migrations.RunPython(fold_old_names, migrations.RunPython.noop, elidable=False),
        migrations.AlterField(
            model_name='auditevent',
            name='action',
            field=models.CharField(choices=[('sign_in', 'signed in'), ('sign_in_failed', 'sign-in failed'), ('sign_out', 'signed out'), ('sign_in_locked', 'locked out after failures'), ('password_changed', 'changed own password'), ('second_factor_set_up', 'set up the second factor'), ('second_factor_removed', 'removed the second factor'), ('second_factor_passed', 'confirmed by the second factor'), ('second_factor_failed', 'second factor failed'), ('recovery_codes_made', 'made new recovery codes'), ('user_created', 'created a user'), ('user_changed', 'changed a user'), ('user_roles_changed', "changed a user's roles"), ('user_disabled', 'disabled a user'), ('user_enabled', 'enabled a user'), ('user_unlocked', 'unlocked a user'), ('user_password_reset', "reset a user's password"), ('user_second_factor_reset', "reset a user's second factor"), ('role_rights_changed', 'changed the rights of a role'), ('ward_settings_changed', 'changed the ward settings'), ('worklist_viewed', 'viewed the worklist'), ('history_searched', 'searched the history'), ('patients_searched', 'searched for patients'), ('patient_looked_up', 'looked up a hospital number'), ('patient_viewed', 'viewed a patient'), ('patient_registered', 'registered a patient'), ('assessment_recorded', 'recorded an assessment'), ('assessment_completed', 'completed an assessment'), ('assessment_amended', 'amended an assessment'), ('assessment_voided', 'voided an assessment'), ('assessment_reinstated', 'undid a void'), ('outcome_recorded', 'recorded an outcome'), ('outcome_corrected', 'corrected an outcome'), ('patient_corrected', "corrected a patient's identity"), ('history_exported', 'exported from the history'), ('assessment_viewed', 'viewed an assessment'), ('report_printed', 'printed a report'), ('model_versions_viewed', 'viewed the versions of the model'), ('recalibration_proposed', 'proposed a recalibration'), ('recalibration_approved', 'approved a recalibration'), ('recalibration_rejected', 'rejected a recalibration'), ('recalibration_retired', 'retired a recalibration'), ('validation_viewed', 'viewed the validation'), ('validation_printed', 'printed the validation'), ('validation_exported', "exported the validation's aggregate"), ('access_log_viewed', 'viewed the access log'), ('access_log_exported', 'exported the access log')], max_length=40),
        ),
        migrations.AddIndex(
            model_name='patient',
            index=models.Index(fields=['birth_date'], name='patient_birth_date'),
        ),
        migrations.AddIndex(
            model_name='patientcorrection',
            index=models.Index(fields=['old_hospital_number'], name='patient_correction_number', opclasses=['varchar_pattern_ops']),
        ),
        migrations.AddIndex(
            model_name='patientcorrection',
            index=django.contrib.postgres.indexes.GinIndex(fields=['old_search_name'], name='patient_correction_name', opclasses=['gin_trgm_ops']),
        ),
        migrations.AddIndex(
            model_name='patientcorrection',
            index=django.contrib.postgres.indexes.GinIndex(fields=['old_search_characters'], name='patient_correction_characters'),
        ),
        migrations.AddIndex(
            model_name='patientcorrection',
            index=models.Index(fields=['old_birth_date'], name='patient_correction_birth_date'),
        ),
    ]

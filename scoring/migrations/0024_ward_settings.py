import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


def give_right(apps, schema_editor):
    """Permissions come after all migrations as a rule, so that this one is made here."""
    content_type, _ = apps.get_model('contenttypes', 'ContentType').objects.get_or_create(
        app_label='scoring', model='wardsettings'
    )
    permission, _ = apps.get_model('auth', 'Permission').objects.get_or_create(
        content_type=content_type,
        codename='manage_ward',
        defaults={'name': 'Can change the ward settings'},
    )
    apps.get_model('auth', 'Group').objects.get(name='Administrator').permissions.add(permission)


class Migration(migrations.Migration):

    dependencies = [
        ('scoring', '0001_squashed_0023_vas_in_order'),
    ]

    operations = [
        migrations.AlterField(
            model_name='auditevent',
            name='action',
            field=models.CharField(choices=[('sign_in', 'signed in'), ('sign_in_failed', 'sign-in failed'), ('sign_out', 'signed out'), ('sign_in_locked', 'locked out after failures'), ('password_changed', 'changed own password'), ('second_factor_set_up', 'set up the second factor'), ('second_factor_removed', 'removed the second factor'), ('second_factor_passed', 'confirmed by the second factor'), ('second_factor_failed', 'second factor failed'), ('recovery_codes_made', 'made new recovery codes'), ('user_created', 'created a user'), ('user_changed', 'changed a user'), ('user_roles_changed', "changed a user's roles"), ('user_disabled', 'disabled a user'), ('user_enabled', 'enabled a user'), ('user_unlocked', 'unlocked a user'), ('user_password_reset', "reset a user's password"), ('user_second_factor_reset', "reset a user's second factor"), ('role_rights_changed', 'changed the rights of a role'), ('ward_settings_changed', 'changed the ward settings'), ('worklist_viewed', 'viewed the worklist'), ('history_searched', 'searched the history'), ('patient_looked_up', 'looked up a hospital number'), ('patient_viewed', 'viewed a patient'), ('patient_registered', 'registered a patient'), ('assessment_recorded', 'recorded an assessment'), ('assessment_completed', 'completed an assessment'), ('assessment_amended', 'amended an assessment'), ('assessment_voided', 'voided an assessment'), ('assessment_reinstated', 'undid a void'), ('outcome_recorded', 'recorded an outcome'), ('outcome_corrected', 'corrected an outcome'), ('patient_corrected', "corrected a patient's identity"), ('history_exported', 'exported from the history'), ('assessment_viewed', 'viewed an assessment'), ('report_printed', 'printed a report'), ('model_versions_viewed', 'viewed the versions of the model'), ('recalibration_proposed', 'proposed a recalibration'), ('recalibration_approved', 'approved a recalibration'), ('recalibration_rejected', 'rejected a recalibration'), ('recalibration_retired', 'retired a recalibration'), ('validation_viewed', 'viewed the validation'), ('validation_printed', 'printed the validation'), ('validation_exported', "exported the validation's aggregate"), ('access_log_viewed', 'viewed the access log'), ('access_log_exported', 'exported the access log')], max_length=40),
        ),
        migrations.CreateModel(
            name='WardSettings',
            fields=[
                ('revision', models.PositiveIntegerField(primary_key=True, serialize=False)),
                ('hospital_name', models.CharField(blank=True, max_length=80)),
                ('ward_name', models.CharField(blank=True, max_length=80)),
                ('time_zone', models.CharField(blank=True, max_length=64)),
                ('pdw_unit', models.CharField(blank=True, choices=[('fL', 'fL'), ('%', '%'), ('GSD', 'GSD')], max_length=3)),
                ('shows_first_steps', models.BooleanField(default=True)),
                ('changed_at', models.DateTimeField()),
                ('changed_by_name', models.CharField(blank=True, max_length=100)),
                ('changed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'permissions': [('manage_ward', 'Can change the ward settings')],
                'constraints': [models.CheckConstraint(condition=models.Q(('pdw_unit__in', ['', 'fL', '%', 'GSD'])), name='ward_settings_pdw_unit_known_code')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='wardsettings',
            trigger=pgtrigger.compiler.Trigger(name='ward_settings_append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='8c447b1acfe92247621c398d706b490b5fcf0a0c', operation='UPDATE OR DELETE', pgid='pgtrigger_ward_settings_append_only_d132e', table='scoring_wardsettings', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='wardsettings',
            trigger=pgtrigger.compiler.Trigger(name='ward_settings_never_truncated', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot truncate rows from % table', TG_TABLE_NAME;", hash='025e184d0ede74247ea3a18cd8d6928e13e6146d', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_ward_settings_never_truncated_47f97', table='scoring_wardsettings', when='BEFORE')),
        ),
        migrations.RunPython(give_right, migrations.RunPython.noop, elidable=False),
    ]

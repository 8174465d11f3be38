import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


def rename_permissions(apps, schema_editor):
    """Django renames the content type of a renamed model, but not its permissions."""
    permissions = apps.get_model('auth', 'Permission').objects
    for action in ('add', 'change', 'delete', 'view'):
        permissions.filter(
            content_type__app_label='scoring', codename=f'{action}_firstfinal'
        ).update(codename=f'{action}_indexassessment', name=f'Can {action} index assessment')


class Migration(migrations.Migration):

    dependencies = [
        ('scoring', '0024_ward_settings'),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(model_name='assessment', name='assessment_first_final'),
        pgtrigger.migrations.RemoveTrigger(model_name='firstfinal', name='first_final_append_only'),
        pgtrigger.migrations.RemoveTrigger(model_name='firstfinal', name='first_final_never_truncated'),
        pgtrigger.migrations.RemoveTrigger(model_name='firstfinal', name='first_final_from_its_version_only'),
        migrations.RenameModel('FirstFinal', 'IndexAssessment'),
        migrations.AlterField(
            model_name='indexassessment',
            name='chain',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='index_assessment', serialize=False, to='scoring.assessmentchain'),
        ),
        migrations.AlterField(
            model_name='indexassessment',
            name='assessment',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='index_assessment_of', to='scoring.assessment'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='assessment',
            trigger=pgtrigger.compiler.Trigger(name='assessment_index_copied', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NEW."state" = \'final\')', func='\n    INSERT INTO scoring_indexassessment (chain_id, assessment_id, patient_id, created_at, population, model_identifier, model_version, age_years, t_score, trauma_history, posterior_fascia_edema, pdw_fl, chloride_mmol_l, mvh_restored, total_points, risk) VALUES (NEW.chain_id, NEW.id, NEW.patient_id, NEW.created_at, NEW.population, NEW.model_identifier, NEW.model_version, NEW.age_years, NEW.t_score, NEW.trauma_history, NEW.posterior_fascia_edema, NEW.pdw_fl, NEW.chloride_mmol_l, NEW.mvh_restored, COALESCE(NEW.restored_total_points, NEW.not_restored_total_points), COALESCE(NEW.restored_risk, NEW.not_restored_risk)) ON CONFLICT (chain_id) DO NOTHING;\n    RETURN NULL;\n', hash='3840c55426d16f30b84590b640ac27fc3cd032ba', operation='INSERT', pgid='pgtrigger_assessment_index_copied_9614a', table='scoring_assessment', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='indexassessment',
            trigger=pgtrigger.compiler.Trigger(name='index_assessment_append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='7d2815b74e925fee4cd669c51248f7af7320739f', operation='UPDATE OR DELETE', pgid='pgtrigger_index_assessment_append_only_30332', table='scoring_indexassessment', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='indexassessment',
            trigger=pgtrigger.compiler.Trigger(name='index_assessment_never_truncated', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot truncate rows from % table', TG_TABLE_NAME;", hash='f2d2e73cb46c818afae6f981ff86e002773d01c7', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_index_assessment_never_truncated_f5725', table='scoring_indexassessment', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='indexassessment',
            trigger=pgtrigger.compiler.Trigger(name='index_assessment_by_version_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n                    -- Depth 2 is the trigger of an inserted version; anything else is refused.\n                    IF pg_trigger_depth() < 2 THEN\n                        RAISE EXCEPTION 'pgtrigger: only a new version writes an index assessment';\n                    END IF;\n                    RETURN NEW;\n                ", hash='0fb36e12199aff8b2f5fc5a0926be3932f396dbc', operation='INSERT', pgid='pgtrigger_index_assessment_by_version_only_788e3', table='scoring_indexassessment', when='BEFORE')),
        ),
        migrations.RunPython(rename_permissions, migrations.RunPython.noop, elidable=True),
    ]

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

# What the triggers keep from now on, of the record so far.
FILL = """
    -- A table with a check still to come can't be altered.
    SET CONSTRAINTS ALL IMMEDIATE;
    ALTER TABLE scoring_assessmentchain DISABLE TRIGGER USER;
    UPDATE scoring_assessmentchain SET follow_up_ended = true WHERE id IN (
        SELECT o.chain_id FROM scoring_outcome o
        WHERE o.not_evaluable IN ('lost', 'died', 'reoperated', 'new_fracture')
          AND NOT EXISTS (SELECT FROM scoring_outcome s WHERE s.supersedes_id = o.id)
    );
    UPDATE scoring_assessmentchain SET patient_died = true WHERE current_id IN (
        SELECT a.id FROM scoring_assessment a WHERE a.patient_id IN (
            SELECT v.patient_id FROM scoring_outcome o
            JOIN scoring_assessmentchain c ON c.id = o.chain_id AND c.state <> 'voided'
            JOIN scoring_assessment v ON v.id = c.current_id
            WHERE o.not_evaluable = 'died'
              AND NOT EXISTS (SELECT FROM scoring_outcome s WHERE s.supersedes_id = o.id)
        )
    );
    ALTER TABLE scoring_assessmentchain ENABLE TRIGGER USER;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('scoring', '0057_cds_state'),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name='assessmentchain',
            name='chain_begins_empty',
        ),
        migrations.RemoveIndex(
            model_name='assessmentchain',
            name='chain_radiograph_awaited',
        ),
        migrations.RemoveIndex(
            model_name='assessmentchain',
            name='chain_day_3_due',
        ),
        migrations.RemoveIndex(
            model_name='assessmentchain',
            name='chain_day_30_due',
        ),
        migrations.RemoveIndex(
            model_name='outcome',
            name='outcome_not_evaluable',
        ),
        migrations.AddField(
            model_name='assessmentchain',
            name='follow_up_ended',
            field=models.BooleanField(db_default=False, default=False, editable=False),
        ),
        migrations.AddField(
            model_name='assessmentchain',
            name='patient_died',
            field=models.BooleanField(db_default=False, default=False, editable=False),
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop, elidable=False),
        migrations.AddIndex(
            model_name='assessmentchain',
            index=models.Index(condition=models.Q(('state', 'provisional')), fields=['operation_date', 'id'], include=('patient_died',), name='chain_radiograph_awaited'),
        ),
        migrations.AddIndex(
            model_name='assessmentchain',
            index=models.Index(condition=models.Q(('day_3', 'open'), ('follow_up_ended', False), ('patient_died', False), models.Q(('state', 'voided'), _negated=True), models.Q(('state', 'cancelled'), _negated=True)), fields=['operation_date', 'id'], name='chain_day_3_due'),
        ),
        migrations.AddIndex(
            model_name='assessmentchain',
            index=models.Index(condition=models.Q(('day_30', 'open'), ('follow_up_ended', False), ('patient_died', False), models.Q(('state', 'voided'), _negated=True), models.Q(('state', 'cancelled'), _negated=True)), fields=['operation_date', 'id'], name='chain_day_30_due'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='assessment',
            trigger=pgtrigger.compiler.Trigger(name='assessment_tells_of_death', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE before record; whose uuid; moved boolean;', func="\n                    SELECT a.patient_id, a.state INTO before\n                    FROM scoring_assessment a WHERE a.id = NEW.supersedes_id;\n                    moved := before.patient_id IS DISTINCT FROM NEW.patient_id;\n                    IF NOT moved AND (before.state = 'voided') = (NEW.state = 'voided') THEN\n                        RETURN NULL;\n                    END IF;\n                    IF EXISTS (\n                        SELECT FROM scoring_outcome o\n                        WHERE o.chain_id = NEW.chain_id AND o.not_evaluable = 'died' AND NOT EXISTS (SELECT FROM scoring_outcome s WHERE s.supersedes_id = o.id)\n                    ) THEN\n                        FOR whose IN\n                            SELECT DISTINCT known.id\n                            FROM (VALUES (NEW.patient_id), (before.patient_id)) known(id)\n                            WHERE known.id IS NOT NULL ORDER BY known.id\n                        LOOP\n                    PERFORM FROM scoring_patient p WHERE p.id = whose FOR NO KEY UPDATE;\n                    PERFORM FROM scoring_assessmentchain c WHERE c.id IN (\n                        SELECT a.chain_id FROM scoring_assessment a WHERE a.patient_id = whose\n                    ) ORDER BY c.id FOR NO KEY UPDATE;\n                    UPDATE scoring_assessmentchain c SET patient_died = said.died\n                    FROM (SELECT EXISTS (\n                        SELECT FROM scoring_assessment a\n                        JOIN scoring_assessmentchain t\n                          ON t.current_id = a.id AND t.state <> 'voided'\n                        JOIN scoring_outcome o ON o.chain_id = t.id AND o.not_evaluable = 'died' AND NOT EXISTS (SELECT FROM scoring_outcome s WHERE s.supersedes_id = o.id)\n                        WHERE a.patient_id = whose\n                    ) AS died) said\n                    WHERE c.patient_died <> said.died AND c.current_id IN (\n                        SELECT a.id FROM scoring_assessment a WHERE a.patient_id = whose\n                    );\n                        END LOOP;\n                    ELSIF moved THEN\n                        -- The patient's other assessments know it.\n                        whose := NEW.patient_id;\n                        PERFORM FROM scoring_patient p WHERE p.id = whose FOR NO KEY UPDATE;\n                        UPDATE scoring_assessmentchain c SET patient_died = said.died\n                        FROM (SELECT EXISTS (\n                            SELECT FROM scoring_assessment a\n                            JOIN scoring_assessmentchain t\n                              ON t.current_id = a.id AND t.id <> NEW.chain_id\n                            WHERE a.patient_id = whose AND t.patient_died\n                        ) AS died) said\n                        WHERE c.id = NEW.chain_id AND c.patient_died <> said.died;\n                    END IF;\n                    RETURN NULL;\n                ", hash='458fc997086bfffc6ba5ea313761407319b36c84', operation='INSERT', pgid='pgtrigger_assessment_tells_of_death_4ec40', table='scoring_assessment', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='assessmentchain',
            trigger=pgtrigger.compiler.Trigger(name='chain_begins_empty', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n                    -- Else a chain could call another chain's version its current one.\n                    IF NEW.current_id IS NOT NULL OR NEW.state <> ''\n                       OR NEW.operation_date IS NOT NULL\n                       OR NEW.day_3 <> 'open' OR NEW.vas_day_3 IS NOT NULL\n                       OR NEW.day_30 <> 'open' OR NEW.vas_day_30 IS NOT NULL\n                       OR NEW.vas_day_3_on IS NOT NULL OR NEW.vas_day_30_on IS NOT NULL\n                       OR NEW.vas_known_at IS NOT NULL OR NEW.synthetic\n                       OR NEW.follow_up_ended OR NEW.patient_died THEN\n                        RAISE EXCEPTION 'pgtrigger: a chain begins empty'\n                            USING ERRCODE = 'check_violation';\n                    END IF;\n                    RETURN NEW;\n                ", hash='06344bc1eeccc5ecd96793aa7d30bed0119db973', operation='INSERT', pgid='pgtrigger_chain_begins_empty_86b07', table='scoring_assessmentchain', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='outcome',
            trigger=pgtrigger.compiler.Trigger(name='outcome_ends_follow_up', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NEW."supersedes_id" IS NOT NULL OR NOT (NEW."not_evaluable" = \'\'))', declare='DECLARE whose uuid;', func="\n                    UPDATE scoring_assessmentchain c SET follow_up_ended = said.ended\n                    FROM (SELECT EXISTS (\n                        SELECT FROM scoring_outcome o\n                        WHERE o.chain_id = NEW.chain_id AND o.not_evaluable IN ('lost', 'died', 'reoperated', 'new_fracture') AND NOT EXISTS (SELECT FROM scoring_outcome s WHERE s.supersedes_id = o.id)\n                    ) AS ended) said\n                    WHERE c.id = NEW.chain_id AND c.follow_up_ended <> said.ended;\n                    IF 'died' NOT IN (NEW.not_evaluable, COALESCE((\n                        SELECT o.not_evaluable FROM scoring_outcome o WHERE o.id = NEW.supersedes_id\n                    ), '')) THEN\n                        RETURN NULL;\n                    END IF;\n                    SELECT a.patient_id INTO whose FROM scoring_assessmentchain c\n                    JOIN scoring_assessment a ON a.id = c.current_id WHERE c.id = NEW.chain_id;\n                    \n                    PERFORM FROM scoring_patient p WHERE p.id = whose FOR NO KEY UPDATE;\n                    PERFORM FROM scoring_assessmentchain c WHERE c.id IN (\n                        SELECT a.chain_id FROM scoring_assessment a WHERE a.patient_id = whose\n                    ) ORDER BY c.id FOR NO KEY UPDATE;\n                    UPDATE scoring_assessmentchain c SET patient_died = said.died\n                    FROM (SELECT EXISTS (\n                        SELECT FROM scoring_assessment a\n                        JOIN scoring_assessmentchain t\n                          ON t.current_id = a.id AND t.state <> 'voided'\n                        JOIN scoring_outcome o ON o.chain_id = t.id AND o.not_evaluable = 'died' AND NOT EXISTS (SELECT FROM scoring_outcome s WHERE s.supersedes_id = o.id)\n                        WHERE a.patient_id = whose\n                    ) AS died) said\n                    WHERE c.patient_died <> said.died AND c.current_id IN (\n                        SELECT a.id FROM scoring_assessment a WHERE a.patient_id = whose\n                    );\n                    RETURN NULL;\n                ", hash='7db36f00a90cfa60f7cc08e4859e2ddfe64c7b87', operation='INSERT', pgid='pgtrigger_outcome_ends_follow_up_36fd4', table='scoring_outcome', when='AFTER')),
        ),
    ]

"""What the database keeps from now on, for the assessments and outcomes already on record."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("scoring", "0020_first_finals")]

    operations = [
        migrations.RunSQL(
            sql="""
                SET CONSTRAINTS ALL IMMEDIATE;
                ALTER TABLE scoring_firstfinal DISABLE TRIGGER USER;
                INSERT INTO scoring_firstfinal (
                    chain_id, assessment_id, patient_id, created_at, population, model_identifier,
                    model_version, age_years, t_score, trauma_history, posterior_fascia_edema,
                    pdw_fl, chloride_mmol_l, mvh_restored, total_points, risk
                )
                SELECT DISTINCT ON (a.chain_id)
                    a.chain_id, a.id, a.patient_id, a.created_at, a.population,
                    a.model_identifier, a.model_version, a.age_years, a.t_score, a.trauma_history,
                    a.posterior_fascia_edema, a.pdw_fl, a.chloride_mmol_l, a.mvh_restored,
                    COALESCE(a.restored_total_points, a.not_restored_total_points),
                    COALESCE(a.restored_risk, a.not_restored_risk)
                FROM scoring_assessment a
                WHERE a.state = 'final'
                ORDER BY a.chain_id, a.version;
                SET CONSTRAINTS ALL IMMEDIATE;
                ALTER TABLE scoring_firstfinal ENABLE TRIGGER USER;

                ALTER TABLE scoring_assessmentchain DISABLE TRIGGER USER;
                UPDATE scoring_assessmentchain c SET
                    synthetic = EXISTS (
                        SELECT FROM scoring_assessment a
                        JOIN scoring_patient p ON p.id = a.patient_id
                        WHERE a.chain_id = c.id AND p.synthetic
                    ),
                    vas_known_at = (
                        SELECT min(o.created_at) FROM scoring_outcome o
                        WHERE o.chain_id = c.id AND o.vas IS NOT NULL
                    ),
                    vas_day_3_on = (
                        SELECT o.measured_on FROM scoring_outcome o
                        WHERE o.chain_id = c.id AND o.time_point = 3
                        ORDER BY o.version DESC LIMIT 1
                    ),
                    vas_day_30_on = (
                        SELECT o.measured_on FROM scoring_outcome o
                        WHERE o.chain_id = c.id AND o.time_point = 30
                        ORDER BY o.version DESC LIMIT 1
                    );
                SET CONSTRAINTS ALL IMMEDIATE;
                ALTER TABLE scoring_assessmentchain ENABLE TRIGGER USER;
            """,
            reverse_sql=migrations.RunSQL.noop,
        ),
    ]

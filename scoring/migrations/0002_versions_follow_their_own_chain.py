"""What Django cannot state: a version follows its own predecessor in its own chain."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("scoring", "0001_initial")]

    operations = [
        migrations.RunSQL(
            sql="""
                ALTER TABLE scoring_assessment
                    ADD CONSTRAINT assessment_id_chain_version UNIQUE (id, chain_id, version);
                ALTER TABLE scoring_assessment
                    ADD CONSTRAINT assessment_follows_in_its_chain
                    FOREIGN KEY (supersedes_id, chain_id, supersedes_version)
                    REFERENCES scoring_assessment (id, chain_id, version);
                ALTER TABLE scoring_assessment
                    ADD CONSTRAINT assessment_supersedes_both_or_none
                    CHECK ((supersedes_id IS NULL) = (supersedes_version IS NULL));
            """,
            reverse_sql="""
                ALTER TABLE scoring_assessment DROP CONSTRAINT assessment_supersedes_both_or_none;
                ALTER TABLE scoring_assessment DROP CONSTRAINT assessment_follows_in_its_chain;
                ALTER TABLE scoring_assessment DROP CONSTRAINT assessment_id_chain_version;
            """,
        ),
    ]

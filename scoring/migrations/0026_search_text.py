from django.db import migrations, models

from scoring.entry.folding import cjk_characters, search_text

# The trigger that lets a patient's row change only with a recorded correction.
TRIGGER = 'pgtrigger_patient_corrected_on_record_only_a7671'
AT_ONCE = 2000


def fold_anew(apps, schema_editor):
    """What patients are found by. Nothing that a person entered changes, so nothing is recorded."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute('SELECT id, family_name, given_name FROM scoring_patient')
        patients = cursor.fetchall()
        cursor.execute(f'ALTER TABLE scoring_patient DISABLE TRIGGER {TRIGGER}')
        for start in range(0, len(patients), AT_ONCE):
            some = patients[start : start + AT_ONCE]
            texts = [search_text(family, given) for _, family, given in some]
            cursor.execute(
                'UPDATE scoring_patient SET search_name = folded.name,'
                " search_characters = string_to_array(folded.characters, ',')"
                ' FROM unnest(%s::uuid[], %s::text[], %s::text[]) AS folded(id, name, characters)'
                ' WHERE scoring_patient.id = folded.id',
                [
                    [str(pk) for pk, _, _ in some],
                    texts,
                    [','.join(cjk_characters(text)) for text in texts],
                ],
            )
        cursor.execute(f'ALTER TABLE scoring_patient ENABLE TRIGGER {TRIGGER}')


class Migration(migrations.Migration):

    dependencies = [
        ('scoring', '0025_index_assessment'),
    ]

    operations = [
        migrations.AlterField(
            model_name='patient',
            name='search_name',
            field=models.TextField(blank=True, editable=False),
        ),
        migrations.RunPython(fold_anew, migrations.RunPython.noop, elidable=False),
    ]

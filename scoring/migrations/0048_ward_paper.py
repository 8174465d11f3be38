from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('scoring', '0047_kept_report_paper'),
    ]

    operations = [
        migrations.AddField(
            model_name='wardsettings',
            name='paper',
            field=models.CharField(choices=[('A4', 'A4'), ('Letter', 'US Letter')], default='A4', max_length=6),
        ),
        migrations.AddConstraint(
            model_name='wardsettings',
            constraint=models.CheckConstraint(condition=models.Q(('paper__in', ['A4', 'Letter'])), name='ward_settings_paper_known_code'),
        ),
        migrations.AlterField(
            model_name='keptreport',
            name='paper',
            field=models.CharField(choices=[('A4', 'A4'), ('Letter', 'US Letter')], max_length=6),
        ),
    ]

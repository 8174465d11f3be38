
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('scoring', '0046_users_language'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='keptreport',
            name='kept_report_once',
        ),
        migrations.AddField(
            model_name='keptreport',
            name='paper',
            field=models.CharField(choices=[('A4', 'A4')], default='A4', max_length=6),
            preserve_default=False,
        ),
        migrations.AddConstraint(
            model_name='keptreport',
            constraint=models.UniqueConstraint(fields=('assessment', 'kind', 'language', 'paper'), name='kept_report_once'),
        ),
    ]

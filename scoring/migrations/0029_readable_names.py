import scoring.models.typed_text
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('scoring', '0028_patient_sheet'),
    ]

    operations = [
        migrations.AlterField(
            model_name='user',
            name='display_name',
            field=models.CharField(help_text='For example Dr Chen Lei', max_length=100, validators=[scoring.models.typed_text.readable_name], verbose_name='name as printed on reports'),
        ),
    ]

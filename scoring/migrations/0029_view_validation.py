from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('scoring', '0021_first_finals_of_the_record'),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='assessment',
            options={'permissions': [('view_validation', 'Can see the local validation')]},
        ),
    ]

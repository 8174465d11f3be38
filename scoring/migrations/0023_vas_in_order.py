from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('scoring', '0022_recalibration'),
    ]

    operations = [
        # From now on: what was recorded before in another order stays, and stops no upgrade.
        AddConstraintNotValid(
            model_name='assessmentchain',
            constraint=models.CheckConstraint(condition=models.Q(('vas_day_3_on__isnull', True), ('vas_day_30_on__isnull', True), ('vas_day_3_on__lt', models.F('vas_day_30_on')), _connector='OR'), name='chain_vas_in_order'),
        ),
    ]

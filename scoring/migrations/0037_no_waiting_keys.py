"""Keys of authenticator apps that waited in the database for their first code are removed.

They wait in the session now, and a new one is made each time.
"""

from django.db import migrations


def remove(apps, schema_editor):
    apps.get_model("otp_totp", "TOTPDevice").objects.filter(confirmed=False).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("scoring", "0036_drift"),
        ("otp_totp", "0003_add_timestamps"),
    ]

    operations = [migrations.RunPython(remove, migrations.RunPython.noop)]

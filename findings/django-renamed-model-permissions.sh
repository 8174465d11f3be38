#!/usr/bin/env bash
# Django 5.2.19: RenameModel renames the content type and leaves the old permissions beside new ones.
#
# After RenameModel("Book", "Journal") the content type is "journal", but add_book, change_book,
# delete_book and view_book are still there, and migrate adds add_journal and so on. Groups and
# users keep the old four, which no code asks for any more: people lose what they were allowed to
# do, without an error. Rename the permissions in the migration, too.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check django==5.2.19
mkdir -p "$folder/shelf/migrations"
touch "$folder/shelf/__init__.py" "$folder/shelf/migrations/__init__.py"
cat > "$folder/shelf/models.py" <<'PYTHON'
from django.db import models


class Journal(models.Model):
    pass
PYTHON
cat > "$folder/shelf/migrations/0001_book.py" <<'PYTHON'
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.CreateModel("Book", [("id", models.AutoField(primary_key=True))])
    ]
PYTHON
cat > "$folder/shelf/migrations/0002_journal.py" <<'PYTHON'
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("shelf", "0001_book")]
    operations = [migrations.RenameModel("Book", "Journal")]
PYTHON
cd "$folder"
venv/bin/python - <<'PYTHON'
import django
from django.conf import settings

settings.configure(
    INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.auth", "shelf"],
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
    DEFAULT_AUTO_FIELD="django.db.models.AutoField",
)
django.setup()

from django.contrib.auth.models import Group, Permission
from django.core.management import call_command

call_command("migrate", "auth", verbosity=0)
call_command("migrate", "shelf", "0001", verbosity=0)
readers = Group.objects.create(name="readers")
readers.permissions.add(Permission.objects.get(codename="view_book"))
call_command("migrate", verbosity=0)
ours = Permission.objects.filter(content_type__app_label="shelf").order_by("codename")
names = [f"{one.content_type.model}: {one.codename}" for one in ours]
held = list(readers.permissions.values_list("codename", flat=True))
print("Django", django.__version__, names, "- the group holds", held)
assert len(names) == 8
assert all(name.startswith("journal: ") for name in names)
assert held == ["view_book"]
PYTHON

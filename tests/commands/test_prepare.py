"""``manage.py prepare``: does what is due, and nothing where nothing is due."""

import io
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from scoring.models import Role, User
from tests import cast
from tests.database_roles import without_triggers

pytestmark = pytest.mark.django_db


def prepare(**options: bool) -> str:
    said = io.StringIO()
    call_command("prepare", stdout=said, **options)
    return said.getvalue()


@pytest.fixture
def source(tmp_path: Path, settings: Settings) -> Path:
    """A folder with one static file, collected as on a real server."""
    cast.adam()
    source = tmp_path / "source"
    source.mkdir()
    (source / "site.css").write_text("body { color: black }")
    (source / "bootstrap-grid.css").write_text("of no use")
    settings.STATICFILES_DIRS = [source]
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    settings.DATA_DIR = tmp_path / "data"
    settings.STATIC_ROOT = tmp_path / "collected"
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}
    }
    return source


def test_static_files_are_collected_when_they_changed(source: Path, settings: Settings) -> None:
    assert "Collecting the static files" in prepare()
    names = {path.name for path in settings.STATIC_ROOT.iterdir()}
    assert any(name.startswith("site.") and name.endswith(".css") for name in names)
    assert not any("bootstrap-grid" in name for name in names)
    assert prepare() == ""
    (source / "site.css").write_text("body { color: navy }")
    assert "Collecting the static files" in prepare()
    assert {path.name for path in settings.STATIC_ROOT.iterdir()} > names


def test_static_files_that_were_lost_are_collected_again(source: Path, settings: Settings) -> None:
    prepare()
    (settings.STATIC_ROOT / "staticfiles.json").unlink()
    assert "Collecting the static files" in prepare()


def test_static_files_that_cannot_be_written_are_one_sentence(
    source: Path, settings: Settings
) -> None:
    settings.STATIC_ROOT = source / "site.css" / "below"
    with pytest.raises(CommandError, match=r"can't be written .* See RBP_STATIC_DIR"):
        prepare()


def test_the_first_administrator_is_made_once(source: Path) -> None:
    with without_triggers():
        User.objects.all().delete()
    assert "username  admin" in prepare()
    assert User.objects.get().roles == list(Role)
    assert prepare() == ""


def test_the_owner_of_the_tables_leaves_accounts_and_files_alone(
    source: Path, settings: Settings
) -> None:
    with without_triggers():
        User.objects.all().delete()
    assert prepare(tables=True) == ""
    assert not User.objects.exists()
    assert not settings.STATIC_ROOT.exists()


def test_a_site_without_its_catalog_is_not_prepared(
    monkeypatch: pytest.MonkeyPatch, source: Path
) -> None:
    catalog = source / "django.po"
    monkeypatch.setattr("scoring.management.commands.prepare.missing_catalogs", lambda: [catalog])
    with pytest.raises(CommandError, match=r"django\.po is not compiled.*Run script/bootstrap"):
        prepare()

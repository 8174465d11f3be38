"""A page asks for few files: its own stylesheets and scripts are joined when they are collected."""

import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.management import call_command
from pytest_django import Settings

from rbpsite.joined_static import JOINED, served
from scoring.management.commands.prepare import UNUSED_STATIC
from tests import cast
from tests.web.html import signed_in

MOST_REQUESTS = 8


@pytest.fixture
def collected(tmp_path: Path, settings: Settings) -> Path:
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "rbpsite.joined_static.JoinedStaticFilesStorage"}
    }
    call_command("collectstatic", interactive=False, verbosity=0, ignore_patterns=UNUSED_STATIC)
    return tmp_path


def test_the_joined_files_hold_their_parts_in_order(collected: Path) -> None:
    for name, parts in JOINED.items():
        address = staticfiles_storage.url(name)
        assert re.search(r"\.[0-9a-f]{12}\.(css|js)$", address)
        text = (collected / address.removeprefix("/static/")).read_text()
        places = [text.index(Path(str(finders.find(part))).read_text()) for part in parts]
        assert places == sorted(places)


def test_every_stylesheet_and_script_of_all_pages_is_joined() -> None:
    folder = Path(str(finders.find("scoring/site.css"))).parent
    of_few_pages = {"report.css", "passkey.js"}
    found = {path.name for path in folder.glob("*.[cj]s*")} - of_few_pages
    assert {Path(part).name for parts in JOINED.values() for part in parts} == found


def test_parts_are_named_where_nothing_is_collected(settings: Settings) -> None:
    for name, parts in JOINED.items():
        assert served(name, staticfiles_storage) == parts


@pytest.mark.django_db
def test_the_form_asks_for_few_files(collected: Path) -> None:
    html = signed_in(cast.alice()).get("/assessments/new").content.decode()
    files = re.findall(r'(?:src|href)="(/static/[^"]+)"', html)
    assert {Path(file).name.partition(".")[0] for file in files} >= {"site", "signed-in", "icon"}
    assert 1 + len(files) <= MOST_REQUESTS

"""``manage.py doctor``: each thing that can be broken is broken, and the doctor says so."""

import io
import json
import logging
import os
import sys
import sysconfig
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from django.core.management import call_command
from django.db import OperationalError, connection
from django.utils import timezone
from pytest_django import Settings

from scoring import actions, health
from scoring.management import doctor
from scoring.management.doctor import around, database, installation, site
from scoring.management.doctor.finding import Finding
from scoring.report import fonts
from scoring.report.renderer import ReportRenderError
from tests.database_roles import act_as_site

pytestmark = pytest.mark.django_db
Check = Callable[[], Iterator[Finding]]


@pytest.fixture
def sound(settings: Settings, tmp_path: Path) -> Iterator[Path]:
    """An installation in which nothing is wrong; its data folder."""
    tmp_path.chmod(0o700)
    settings.DATA_DIR, settings.BACKUP_DIR = tmp_path, tmp_path / "backups"
    settings.BASE_DIR = tmp_path
    settings.TIME_ZONES_NAMED = {}
    secrets = tmp_path / "secrets"
    secrets.mkdir(mode=0o700)
    (secrets / "secret_key").touch(mode=0o600)
    backed_up(tmp_path / "backups", timezone.now())
    with (
        mock.patch.object(installation, "is_collected", return_value=True),
        mock.patch.object(installation, "is_optimized", return_value=True),
        mock.patch.object(site, "_answer", return_value=(True, {"pdf": "ok"})),
    ):
        yield tmp_path


def backed_up(folder: Path, moment: datetime) -> None:
    folder.mkdir(exist_ok=True)
    (folder / "a.dump").touch()
    (folder / "a.dump.json").write_text(json.dumps({"made_at": moment.isoformat()}))


def codes(check: Check) -> list[str]:
    return [finding.code for finding in check()]


def hold_the_lock_of_the_background() -> None:
    """Until the end of the test, as the process that does the background work holds it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [health.BACKGROUND_LOCK])


def said(*options: str) -> tuple[int, str]:
    output = io.StringIO()
    try:
        call_command("doctor", *options, stdout=output)
    except SystemExit as end:
        return int(str(end.code)), output.getvalue()
    return 0, output.getvalue()


@pytest.mark.parametrize(
    ("named", "said"),
    [
        ({"TZ": "Etc/UTC", "/etc/timezone": "UTC"}, []),
        (
            {"TZ": "Asia/Shanghai", "/etc/timezone": "Etc/UTC"},
            ["TZ Asia/Shanghai, /etc/timezone Etc/UTC. The first one counts."],
        ),
    ],
)
def test_time_zones_that_differ_are_told(
    settings: Settings, named: dict[str, str], said: list[str]
) -> None:
    settings.TIME_ZONES_NAMED = named
    found = [f.text for f in database.ward_has_a_time_zone() if f.code == "time_zones_differ"]
    assert len(found) == len(said)
    assert all(words in text for words, text in zip(said, found, strict=True))


@pytest.mark.usefixtures("sound")
def test_nothing_wrong_is_one_sentence() -> None:
    act_as_site()
    hold_the_lock_of_the_background()
    # The PostgreSQL of the tests is not durable, which the first check would tell.
    with mock.patch.object(doctor, "CHECKS_OF_THE_DATABASE", doctor.CHECKS_OF_THE_DATABASE[1:]):
        assert said() == (0, "Everything is in order.\n")


def test_what_is_wrong_comes_first_and_decides_the_exit_code(
    sound: Path, settings: Settings
) -> None:
    settings.TIME_ZONE = "UTC"
    settings.TIME_ZONES_NAMED = {}
    (sound / "secrets" / "secret_key").chmod(0o644)
    code, text = said()
    assert code == 1
    first, *_, last = text.splitlines()
    assert first.startswith("To mend: ")
    assert last == (
        "Advice: Dates and times are in UTC. Choose the ward's time zone under “Ward settings”."
    )
    assert "secret_key can be read by other accounts" in text
    code, listed = said("--json")
    assert {each["code"] for each in json.loads(listed)} >= {"time_zone", "open_to_others"}


def test_the_time_zone_is_the_one_of_the_ward(settings: Settings) -> None:
    settings.TIME_ZONE = "Etc/UTC"
    settings.TIME_ZONES_NAMED = {}
    assert codes(database.ward_has_a_time_zone) == ["time_zone"]
    for opened, zone in enumerate(["Asia/Shanghai", "Asia/Nowhere"]):
        actions.change_ward_settings(
            by=None, facts={"time_zone": zone}, opened=opened, origin=actions.NOWHERE
        )
        found = [finding.text for finding in database.ward_has_a_time_zone()]
        assert found == (
            []
            if zone == "Asia/Shanghai"
            else [f"This computer does not know the ward's time zone {zone}. Install tzdata."]
        )


def test_without_a_database_the_rest_is_still_looked_at(sound: Path) -> None:
    (sound / "secrets" / "secret_key").chmod(0o644)
    lost = OperationalError("connection refused")
    with mock.patch.object(connection, "ensure_connection", side_effect=lost):
        found = {finding.code for finding in doctor.findings()}
    assert found == {"open_to_others", "unreachable"}


@pytest.mark.usefixtures("sound")
@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"DEBUG": True}, "debug"),
        ({"SECRET_KEY": "short"}, "rbpsite.E002"),
        ({"ALLOWED_HOSTS": ["*"]}, "rbpsite.E003"),
        ({"PUBLIC_URL": ""}, "public_url"),
        ({"SESSION_COOKIE_SECURE": False}, "security.W012"),
        ({"SECURE_HSTS_SECONDS": 0}, "security.W004"),
    ],
)
def test_settings_of_a_server(settings: Settings, changes: dict[str, Any], code: str) -> None:
    safe = {
        "PRODUCTION": True,
        "SECRET_KEY": "".join(chr(97 + number % 26) for number in range(60)),
        "PUBLIC_URL": "https://rbp.hospital.example",
        **{"SESSION_COOKIE_SECURE": True, "CSRF_COOKIE_SECURE": True, "SECURE_SSL_REDIRECT": True},
        **{"SECURE_HSTS_SECONDS": 99, "SECURE_HSTS_INCLUDE_SUBDOMAINS": True},
        "SECURE_HSTS_PRELOAD": True,
        "SECURE_PROXY_SSL_HEADER": ("HTTP_X_FORWARDED_PROTO", "https"),
    }
    for name, value in safe.items():
        setattr(settings, name, value)
    assert codes(installation.settings_are_safe) == []
    for name, value in changes.items():
        setattr(settings, name, value)
    assert code in codes(installation.settings_are_safe)


def test_a_folder_before_the_first_start_may_be_open(tmp_path: Path, settings: Settings) -> None:
    settings.DATA_DIR = settings.BASE_DIR = tmp_path
    settings.PRODUCTION = True
    tmp_path.chmod(0o755)
    assert codes(installation.secrets_are_closed) == []
    (tmp_path / "logs").mkdir()
    assert codes(installation.secrets_are_closed) == ["open_to_others"]


def test_what_others_can_read(sound: Path) -> None:
    assert codes(installation.secrets_are_closed) == []
    env = sound / ".env"
    env.touch()
    env.chmod(0o640)
    sound.chmod(0o755)
    assert codes(installation.secrets_are_closed) == ["open_to_others"] * 2
    # The group of PostgreSQL's account may pass through to its own part.
    sound.chmod(0o710)
    env.unlink()
    assert codes(installation.secrets_are_closed) == []
    (sound / "secrets" / "secret_key").unlink()
    assert codes(installation.secrets_are_closed) == ["no_key"]


def test_static_files_of_another_version(settings: Settings, tmp_path: Path) -> None:
    settings.STATIC_ROOT = settings.DATA_DIR = tmp_path
    assert codes(installation.static_files_are_collected) == ["static"]


def test_reports(caplog: pytest.LogCaptureFixture) -> None:
    assert codes(installation.reports_can_be_made) == []
    with mock.patch.object(installation, "pdf_of", side_effect=ReportRenderError("OSError")):
        assert codes(installation.reports_can_be_made) == ["pdf"]

    def warn(html: str) -> bytes:
        logging.getLogger("weasyprint").log(logging.WARNING, ".notdef glyph rendered")
        return html.encode()

    with mock.patch.object(installation, "pdf_of", warn):
        assert codes(installation.reports_can_be_made) == ["fonts"]
    # It was meant to warn.
    caplog.clear()


@pytest.mark.parametrize(
    ("configured", "prefix", "expected"),
    [
        ("'--prefix=/opt' '--enable-optimizations'", "/opt", []),
        ("'--prefix=/opt' '--enable-shared'", "/opt", ["python_not_optimized"]),
        ("'--prefix=/usr' '--enable-shared'", "/usr", []),
        (None, "/opt", ["python_not_optimized"]),
    ],
)
def test_a_python_without_optimizations(
    monkeypatch: pytest.MonkeyPatch, configured: str | None, prefix: str, expected: list[str]
) -> None:
    monkeypatch.setattr(sysconfig, "get_config_var", {"CONFIG_ARGS": configured}.get)
    monkeypatch.setattr(sys, "base_prefix", prefix)
    assert codes(installation.python_is_optimized) == expected


def test_scripts_without_a_font_are_named() -> None:
    assert codes(installation.names_can_be_printed) == []
    with mock.patch.object(fonts, "_spans", return_value=[(0x20, 0x5FF), (0x4E00, 0xD7A3)]):
        [found] = installation.names_can_be_printed()
    assert not found.wrong
    for said in ("Thai, Mongolian", "Arabic, Devanagari", "Japanese", "fonts-noto-core"):
        assert said in found.text
    assert "Korean" not in found.text
    assert "Hebrew" not in found.text


def test_disks(sound: Path, settings: Settings) -> None:
    assert codes(around.disks_have_room) == []
    settings.MIN_FREE_MB = 10**9
    assert codes(around.disks_have_room) == ["disk", "disk_of_backups"]
    settings.MIN_FREE_MB = 1
    full = os.statvfs_result((4096, 4096, 100, 0, 0, 10, 0, 0, 0, 255))
    with mock.patch("scoring.health.os.statvfs", return_value=full):
        assert codes(around.disks_have_room) == ["disk", "disk_of_backups"]


def test_backups(sound: Path, settings: Settings) -> None:
    assert codes(around.there_is_a_backup) == []
    backed_up(sound / "backups", timezone.now() - timedelta(days=3))
    [old] = around.there_is_a_backup()
    assert (old.code, old.wrong) == ("old_backup", False)
    assert "3 days old" in old.text
    # Made by a clock that ran ahead: how old it is nobody knows.
    backed_up(sound / "backups", timezone.now() + timedelta(days=400))
    assert codes(around.there_is_a_backup) == ["future_backup", "no_backup"]
    (sound / "backups" / "a.dump").unlink()
    settings.PRODUCTION = True
    [none] = around.there_is_a_backup()
    assert (none.code, none.wrong) == ("no_backup", True)


@pytest.mark.usefixtures("sound")
def test_tables_that_do_not_fit_are_told_and_not_read() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE name = '0024_ward_settings'")
        cursor.execute("ALTER TABLE scoring_wardsettings RENAME TO scoring_elsewhere")
    found = {finding.code for finding in doctor.findings()}
    assert "tables" in found
    assert not found & {"time_zone", "trigger", "background"}

"""``manage.py doctor`` looks at the database: server, role, tables, triggers, access log."""

from datetime import UTC, datetime, timedelta
from unittest import mock

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone
from pytest_django import Settings

from scoring import actions, health
from scoring.management.doctor import database, laboratory
from scoring.models import AuditSeal, AuditShipment
from tests import cast
from tests.commands.test_doctor import codes, hold_the_lock_of_the_background
from tests.database_roles import SITE, act_as_site, as_owner

pytestmark = pytest.mark.django_db


def test_the_server_of_the_database() -> None:
    # That of the tests trades safety for speed.
    assert codes(database.server_is_fit) == ["fsync", "full_page_writes"]
    with mock.patch.object(database, "_row", return_value=(13, "LATIN1", "on", "on")):
        assert codes(database.server_is_fit) == ["version", "encoding"]
    with connection.cursor() as cursor:
        cursor.execute("DROP EXTENSION pg_trgm CASCADE")
    assert "extension" in codes(database.server_is_fit)


@pytest.mark.parametrize(
    ("host", "is_encrypted", "mode", "found"),
    [
        ("/run/postgresql", False, "prefer", []),
        ("127.0.0.1,localhost", False, "prefer", []),
        ("127.0.0.1,db.example", False, "prefer", ["database_tls"]),
        ("db.example", False, "prefer", ["database_tls"]),
        ("db.example", True, "require", ["database_certificate"]),
        ("db.example", True, "verify-full", []),
    ],
)
def test_the_way_to_the_database(
    host: str, is_encrypted: bool, mode: str, found: list[str]
) -> None:
    way = {"HOST": host, "OPTIONS": {"sslmode": mode}}
    with (
        mock.patch.dict(connection.settings_dict, way),
        mock.patch.object(database, "_row", return_value=(is_encrypted,)),
    ):
        assert codes(database.connection_is_encrypted) == found


def test_the_role() -> None:
    assert codes(database.role_has_the_right_rights) == ["owner"]
    with mock.patch.object(database, "_row", return_value=("rbp", True)):
        assert codes(database.role_has_the_right_rights) == ["superuser"]
    act_as_site()
    assert codes(database.role_has_the_right_rights) == []
    for change in ("GRANT DELETE ON scoring_outcome TO", "REVOKE DELETE ON scoring_draft FROM"):
        with as_owner(), connection.cursor() as cursor:
            cursor.execute(f"{change} {SITE}")
        [found] = database.role_has_the_right_rights()
        assert found.code == "rights"
        assert "for example DELETE on scoring_" in found.text
    with as_owner(), connection.cursor() as cursor:
        cursor.execute(f"REVOKE ALL ON django_migrations FROM {SITE}")
    assert codes(database.tables_are_of_this_version) == ["rights"]


def test_a_skip_of_the_triggers() -> None:
    assert codes(database.triggers_are_not_skipped) == []
    call_command("pgtrigger", "install")
    assert codes(database.triggers_are_not_skipped) == ["skip"]


def test_tables_of_another_version() -> None:
    assert codes(database.tables_are_of_this_version) == []
    newer = "INSERT INTO django_migrations (app, name, applied) VALUES ('scoring', '9999', now())"
    older = "DELETE FROM django_migrations WHERE name = '0024_ward_settings'"
    for statement, said in (
        (newer, "are of a newer version, which applied scoring.9999. Run manage.py prepare"),
        (older, "is not applied yet: scoring.0024_ward_settings. Run manage.py prepare"),
    ):
        with connection.cursor() as cursor:
            cursor.execute(statement)
        [found] = database.tables_are_of_this_version()
        assert found.code == "tables"
        assert said in found.text


def test_the_clock() -> None:
    assert codes(database.clocks_agree) == []
    with mock.patch.object(
        database, "_row", return_value=(datetime.now(UTC) - timedelta(seconds=9),)
    ):
        [found] = database.clocks_agree()
    assert "differ by 9 seconds" in found.text


def test_a_guard_that_is_off_or_gone() -> None:
    assert codes(database.triggers_are_on) == []
    cast.recorded()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE scoring_patient DISABLE TRIGGER USER")
    found = list(database.triggers_are_on())
    assert found
    assert {finding.code for finding in found} == {"trigger"}
    assert all("scoring_patient" in finding.text for finding in found)


def test_a_model_that_this_program_does_not_know() -> None:
    with cast.by_version_1():
        kept = cast.recorded()
    assert codes(database.models_are_known) == []
    cast.next_version(kept, model_version="3")
    assert codes(database.models_are_known) == ["model"]


def test_the_background_work() -> None:
    assert codes(database.background_work_is_done) == ["background"]
    hold_the_lock_of_the_background()
    assert codes(database.background_work_is_done) == []


def test_lines_that_wait_and_seals_that_were_not_sent(settings: Settings) -> None:
    long_ago = timezone.now() - timedelta(hours=2)
    with mock.patch.object(timezone, "now", return_value=long_ago):
        cast.alice()
    [found] = database.log_is_sealed_and_shipped()
    assert found.text.startswith("1 line of the access log is not sealed")
    with mock.patch.object(timezone, "now", return_value=long_ago):
        actions.log_seal.seal_batch()
    assert codes(database.log_is_sealed_and_shipped) == []
    settings.AUDIT_SHIP = "jsonl:/var/log/rbp.jsonl"
    assert codes(database.log_is_sealed_and_shipped) == ["unshipped"]
    number = AuditSeal.objects.get().number
    AuditShipment.objects.create(destination=settings.AUDIT_SHIP, seal_number=number)
    assert codes(database.log_is_sealed_and_shipped) == []


def test_the_laboratory(settings: Settings) -> None:
    assert codes(laboratory.laboratory_messages_are_taken) == []
    assert codes(laboratory.laboratory_is_set_up_safely) == []
    settings.HL7_IS_SET_UP = True
    settings.HL7_LISTEN = "192.0.2.7:2575"
    assert codes(laboratory.laboratory_messages_are_taken) == ["laboratory"]
    assert codes(laboratory.laboratory_is_set_up_safely) == [
        "laboratory_patient",
        "laboratory_open",
    ]
    settings.HL7_PATIENT_ID_TYPE = "MR"
    settings.HL7_LISTEN = "[::1]:2575"
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(%s)", [health.LISTENER_LOCK])
    assert codes(laboratory.laboratory_messages_are_taken) == []
    assert codes(laboratory.laboratory_is_set_up_safely) == []

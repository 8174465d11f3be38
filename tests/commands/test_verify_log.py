"""``manage.py seal_log`` and ``manage.py verify_log``."""

import io
from datetime import timedelta
from pathlib import Path
from unittest.mock import patch

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone
from pytest_django import Settings

from scoring.models import AuditSeal
from scoring.queries.log_anchor import signed_anchor
from tests import cast
from tests.audit import logbook
from tests.audit.conftest import within_the_test
from tests.database_roles import without_triggers
from tests.life import acts

__all__ = ["within_the_test"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("within_the_test")]


def _said(name: str, **options: object) -> str:
    said = io.StringIO()
    call_command(name, stdout=said, **options)
    return said.getvalue()


def _refused(**options: object) -> str:
    said = io.StringIO()
    with pytest.raises(CommandError, match="is not as it was written"):
        call_command("verify_log", stdout=said, **options)
    return said.getvalue()


def test_a_whole_log_and_its_anchor() -> None:
    assert "is whole" in _said("verify_log")
    logbook.written(3)
    said = _said("verify_log")
    assert "lines that wait for a seal: 3" in said
    assert "manage.py seal_log" in said
    assert _said("seal_log") == "3 lines sealed.\n"
    assert _said("seal_log") == "0 lines sealed.\n"
    anchor = signed_anchor(AuditSeal.objects.get())
    said = _said("verify_log", anchor=[anchor, str(AuditSeal.objects.get())])
    assert "Lines sealed: 3, seals: 1, lines that wait for a seal: 0" in said
    assert "outside: 2." in said
    assert f"Last seal: {anchor}\n" in said
    assert "seal_log" not in said


def test_what_is_wrong_is_said_in_words() -> None:
    (first, second), _ = logbook.sealed(2, 1)
    logbook.tamper(
        f"UPDATE scoring_auditevent SET actor = 'mallory' WHERE id = {first}",
        f"DELETE FROM scoring_auditevent WHERE id = {second}",
        "DELETE FROM scoring_auditseal WHERE number = 2",
    )
    said = _refused(anchor=["2:" + "a" * 64])
    assert f"Line {first} was altered." in said
    assert f"Line {second} was sealed and is gone." in said
    assert f"Line {second + 1} is in no seal" in said
    assert "Seal 2 is known from outside and is gone." in said


def test_what_is_wrong_with_the_record_is_said_in_words() -> None:
    assessment = cast.recorded()
    acts.outcome(assessment, acts.measured(3, 7))
    with without_triggers(), connection.cursor() as cursor:
        cursor.execute("UPDATE scoring_assessment SET created_by_name = 'Dr Bob Keller'")
        cursor.execute("UPDATE scoring_assessmentchain SET state = 'voided'")
        cursor.execute("DELETE FROM scoring_outcome")
        cursor.execute("INSERT INTO scoring_reportcounter VALUES (2001, 7)")
    said = _refused()
    report = assessment.chain.report_number
    assert f"{report} version 1 was altered: created_by_name." in said
    assert f"{report}, outcome of day 3, version 1 was removed." in said
    assert f"{report} (report number, state, dates) does not agree with the rows" in said
    assert "state, day_3, vas_day_3" in said
    assert "The counter of report numbers of 2001 does not agree" in said


def test_a_name_that_was_made_up_does_not_clear_the_terminal() -> None:
    entry = '[["wardsettings", 1, "9", "", "", ["\\u001b[2J"]]]'
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO scoring_auditevent (at, actor, actor_name, action, hospital_number,"
            " detail, digest) VALUES (now(), '', '', 'sign_in', '',"
            " jsonb_build_object('record', %s::jsonb), '')",
            [entry],
        )
    said = _refused()
    assert "\x1b" not in said
    assert "Ward settings, revision \\x1b[2J was removed." in said


@pytest.mark.as_owner
def test_a_column_that_is_gone_is_told_in_one_sentence() -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE scoring_auditseal DROP COLUMN events_total CASCADE")
    with pytest.raises(CommandError, match=r"ended early\. The database says: .*events_total"):
        call_command("verify_log", stdout=io.StringIO())


def test_of_many_findings_the_first_are_shown() -> None:
    logbook.sealed(30)
    logbook.tamper("UPDATE scoring_auditevent SET actor = 'mallory'")
    said = _refused()
    assert said.count("was altered.") == 20
    assert "… and 10 more: event_altered" in said


def test_a_line_sealed_late_is_a_note_and_no_failure() -> None:
    logbook.written(1)
    later = timezone.now() + timedelta(hours=2)
    with patch.object(timezone, "now", return_value=later):
        _said("seal_log")
    said = _said("verify_log")
    assert "Note: line" in said
    assert "is whole" in said


def test_against_what_was_shipped(tmp_path: Path, settings: Settings) -> None:
    file = tmp_path / "access-log.jsonl"
    settings.AUDIT_SHIP = f"jsonl:{file}"
    _, tail = logbook.sealed(2, 2)
    _said("seal_log")
    # As rsyslog writes it to a file, with a line that was cut off and one of somebody else.
    lines = file.read_text().splitlines()
    lines = [f"Mar 14 09:42:00 server rbp-risk: {line}" for line in lines]
    file.write_text("\n".join([*lines, lines[0][:120], "Mar 14 sshd: {", '{"kind": 7}']) + "\n")
    assert "outside: 6." in _said("verify_log", against=[str(file)])
    listed = ", ".join(map(str, tail))
    logbook.tamper(
        "DELETE FROM scoring_auditseal WHERE number = 2",
        f"DELETE FROM scoring_auditevent WHERE id IN ({listed})",
    )
    assert "is whole" in _said("verify_log")
    said = _refused(against=[str(file)])
    assert f"Line {tail[0]} was shipped and is gone." in said
    assert "Seal 2 is known from outside and is gone." in said


@pytest.mark.parametrize("anchor", ["", "1", "1:abc", "x:" + "a" * 64, "1:" + "A" * 64])
def test_an_anchor_that_is_none(anchor: str) -> None:
    with pytest.raises(CommandError, match="is no anchor"):
        _said("verify_log", anchor=[anchor])


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="no such file"):
        _said("verify_log", against=[str(tmp_path / "none")])


def test_what_cannot_be_shipped_is_sealed_all_the_same(tmp_path: Path, settings: Settings) -> None:
    settings.AUDIT_SHIP = f"jsonl:{tmp_path}/none/log.jsonl"
    logbook.written(1)
    with pytest.raises(CommandError, match="could not be shipped: No such file"):
        _said("seal_log")
    assert AuditSeal.objects.count() == 1

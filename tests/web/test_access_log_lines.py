"""Lines of the access log: page by page, as a file, and what they say of themselves."""

import json
from datetime import UTC, datetime
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from scoring import actions
from scoring.models import AuditEvent
from tests import cast
from tests.life import acts
from tests.web.html import Page, elements, signed_in, text
from tests.web.log_page import LOG, exported, look, rows, search

pytestmark = pytest.mark.django_db
Action = AuditEvent.Action


@pytest.fixture
def client() -> Client:
    return signed_in(cast.rita())


@pytest.mark.parametrize("user", ["", "alice"])
def test_page_by_page_there_and_back(client: Client, user: str) -> None:
    """Many lines share one moment: each stands on exactly one page."""
    patient, alice = cast.registered(), cast.alice()
    at = datetime(2025, 3, 14, tzinfo=UTC)
    looked = [look(alice, patient, at=at).pk for _ in range(120)]
    address, seen, pages = f"{LOG}?user={user}&last_day=14-Mar-2025", [], 0
    while address:
        page = Page(client.get(address))
        seen += [row[0] for row in rows(page)]
        older = _link(page, "Older")
        pages += 1
        last, address = address, f"{LOG}{older}" if older else ""
    assert (len(seen), pages) == (120, 3)
    newer = _link(Page(client.get(last)), "Newer")
    assert newer
    assert len(rows(Page(client.get(f"{LOG}{newer}")))) == 50
    lines = exported(client, f"?user={user}&last_day=14-Mar-2025")
    assert [int(row["line"]) for row in lines] == looked[::-1]


def _link(page: Page, words: str) -> str:
    for element in elements(page.root):
        if element.name == "a" and text(element) == words:
            return dict(element.attributes)["href"] or ""
    return ""


def test_a_page_costs_the_same_number_of_queries(client: Client) -> None:
    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            client.get(f"{LOG}?user=alice")
        return len(captured)

    cast.recorded()
    few = queries()
    for number in range(5):
        cast.recorded(cast.person(f"H20000{number}"))
    assert queries() == few


def test_looking_and_exporting_are_logged_themselves(client: Client) -> None:
    patient = cast.registered()
    search(client, q="H100234", user="alice")
    viewed = AuditEvent.objects.get(action=Action.ACCESS_LOG_VIEWED)
    assert (viewed.actor, viewed.patient_id) == ("rita", patient.pk)
    assert viewed.detail == {"hospital_number": "H100234", "user": "alice", "found": 1}
    lines = exported(client)
    event = AuditEvent.objects.get(action=Action.ACCESS_LOG_EXPORTED)
    assert (event.actor, event.patient_id, event.detail) == ("rita", None, {})
    # The file has the line that tells of it.
    assert lines[0]["line"] == str(event.pk)
    assert lines[0]["action"] == "access_log_exported"


def test_a_spreadsheet_takes_nothing_for_a_formula(client: Client) -> None:
    user = actions.create_user(
        by=None, username="@alice", display_name='=HYPERLINK("//evil")', password=cast.PASSWORD
    )
    for number in ("+H1", "-H2", "=1+1", "@H3"):
        patient = cast.registered(number)
        look(user, patient)
    lines = exported(client, "?action=patient_viewed")
    assert [row["hospital_number"] for row in lines] == ["'@H3", "'=1+1", "'-H2", "'+H1"]
    assert {row["username"] for row in lines} == {"'@alice"}
    assert {row["name"] for row in lines} == {'\'=HYPERLINK("//evil")'}
    for row in exported(client):
        for cell in row.values():
            assert not cell.startswith(("=", "+", "-", "@", "\t", "\r")), row


def test_the_file_holds_every_field(client: Client) -> None:
    assessment = cast.recorded()
    (row,) = exported(client, "?action=assessment_recorded")
    event = AuditEvent.objects.get(action=Action.ASSESSMENT_RECORDED)
    assert row == {
        "line": str(event.pk),
        "at_utc": event.at.isoformat(timespec="microseconds").replace("+00:00", "Z"),
        "username": "alice",
        "name": "Dr Alice Moore",
        "action": "assessment_recorded",
        "hospital_number": "H100234",
        "patient_id": str(assessment.patient_id),
        "assessment_id": str(assessment.pk),
        "address": "",
        # Whoever has the file can compute the digest of the line anew.
        "detail": json.dumps(event.detail, ensure_ascii=False),
        "digest": event.digest,
    }
    (created, *_) = exported(client, "?action=user_created&user=alice")
    assert created["detail"] == '{"roles": ["Clinician"], "username": "alice"}'


def test_digests_are_for_the_check_and_not_for_readers(client: Client) -> None:
    cast.recorded()
    event = AuditEvent.objects.get(action=Action.ASSESSMENT_RECORDED)
    shown = client.get(f"{LOG}?action=assessment_recorded").content.decode()
    assert "H100234" in shown
    assert len(event.detail["record"]) == 2
    for _model, _layout, _key, digest, prints, _about in event.detail["record"]:
        assert digest not in shown
        assert prints not in shown


def test_text_of_a_line_is_no_markup(client: Client) -> None:
    actions.log_event(
        by=None,
        action=Action.HISTORY_SEARCHED,
        origin=actions.NOWHERE,
        detail={"text": "<script>alert(1)</script>", "<b>new": ["<i>"], "empty": ""},
    )
    page = Page(client.get(LOG))
    assert "<script>alert" not in page.html
    assert "<i>" not in page.html
    assert "searched for <script>alert(1)</script> · <b>new <i>" in rows(page)[0][6]


def test_codes_and_keys_are_told_in_words(client: Client) -> None:
    """What is stored stays as it is; the file has it so."""
    bob, first = cast.bob(), cast.recorded()
    second = acts.voided(first, by=bob)
    told: dict[str, object] = {
        "clinician": str(bob.pk),
        "outcome": "not_evaluable",
        "cutoff": "depends",
        "population": "not_fully_assessed",
        "state": "current",
        "model": "rong-2025/1",
        "roles_removed": ["Administrator", "Reviewer"],
        "action": "report_printed",
        "recalibration": True,
    }
    strange: dict[str, object] = {"clinician": "9" * 30, "supersedes": "?", "outcome": "of_later"}
    for detail in (told, strange):
        actions.log_event(
            by=bob, action=Action.HISTORY_SEARCHED, origin=actions.NOWHERE, detail=detail
        )
    unknown, known, voided, *_ = (row[6] for row in rows(Page(client.get(LOG))))
    assert set(known.split(" · ")) == {
        "assessed by Dr Bob Keller",
        "residual back pain not evaluable",
        "study cut-off depends on MVH",
        "eligibility not fully assessed",
        "state Current versions",
        "model rong-2025, 1",
        "roles removed Administrator, Reviewer",
        "what printed a report",
        "recalibration yes",
    }
    number = first.chain.report_number
    assert voided.endswith(f"supersedes {number} version 1")
    chinese = client.get(LOG, headers={"Accept-Language": "zh-hans"}).text
    assert f"{number} 第 1 版" in chinese
    assert f"{number} version 1" not in chinese
    assert set(unknown.split(" · ")) == {
        f"assessed by {'9' * 30}",
        "supersedes ?",
        "residual back pain of_later",
    }
    (line,) = exported(client, "?action=assessment_voided")
    assert line["assessment_id"] == str(second.pk)
    assert str(first.pk) in line["detail"]


def test_how_somebody_signed_in_and_why_a_session_ended_is_told_in_words(client: Client) -> None:
    told: list[tuple[Action, dict[str, object]]] = [
        (Action.SIGN_OUT, {"reason": "idle"}),
        (Action.SIGN_OUT, {"reason": "from another session", "sessions": 2}),
        (Action.SECOND_FACTOR_PASSED, {"method": "recovery code"}),
        (
            Action.SECOND_FACTOR_FAILED,
            {"method": "passkey", "step": "set up", "reason": "too soon after a failure"},
        ),
        (Action.SIGN_IN_FAILED, {"locked_out": "yes"}),
    ]
    for action, detail in told[::-1]:
        actions.log_event(by=None, action=action, origin=actions.NOWHERE, detail=detail)
    shown = [set(row[6].split(" · ")) for row in rows(Page(client.get(LOG)))]
    assert shown[:5] == [
        {"reason no activity"},
        {"reason ended from another session", "sessions 2"},
        {"by recovery code"},
        {"by passkey", "at setting it up", "reason too soon after a failure"},
        {"while locked out yes"},
    ]
    chinese = Page(client.get(LOG, headers={"Accept-Language": "zh-hans"})).text
    assert "无操作" in chinese
    for code in ("idle", "session", "recovery code", "passkey", "set up", "too soon", "yes"):
        assert code not in chinese


def test_a_patient_no_longer_on_record_keeps_its_lines(client: Client) -> None:
    """Lines hold plain values: they need nobody on record."""
    AuditEvent.objects.create(
        at=timezone.now(),
        actor="gone",
        actor_name="Dr Gone",
        action="something_of_a_later_version",
        patient_id=UUID(int=5),
        hospital_number="H5",
        assessment_id=UUID(int=6),
    )
    row = rows(Page(client.get(LOG)))[0]
    assert row[1:5] == ["Dr Gone gone", "something_of_a_later_version", "H5", ""]

"""The access log for reviewers: who looked at a record, what a user did, what a day brought."""

import csv
import io
import re
from datetime import UTC, datetime
from typing import Any
from unittest.mock import patch
from uuid import UUID, uuid4

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from scoring import actions
from scoring.entry import Origin
from scoring.models import AuditEvent, Patient, User
from tests import cast
from tests.web.html import Page, elements, signed_in, text

pytestmark = pytest.mark.django_db
Action = AuditEvent.Action
LOG = "/access-log"
EXPORT = "/access-log/export"


def _reviewer() -> User:
    """May read the log, and nothing besides what everybody may."""
    user = actions.create_user(
        by=None, username="rita", display_name="Rita Review", password=cast.PASSWORD
    )
    user.user_permissions.add(Permission.objects.get(codename="view_access_log"))
    return user


@pytest.fixture
def client() -> Client:
    return signed_in(_reviewer())


def _look(user: User, patient: Patient, *, at: datetime | None = None) -> AuditEvent:
    with patch.object(timezone, "now", return_value=at or timezone.now()):
        return actions.log_event(
            by=user,
            action=Action.PATIENT_VIEWED,
            origin=Origin(address="192.0.2.7"),
            patient=patient,
        )


def _rows(page: Page) -> list[list[str]]:
    """The cells of every row of the table."""
    rows = [
        [text(cell) for cell in elements(row) if cell.name == "td"]
        for row in elements(page.root)
        if row.name == "tr"
    ]
    return [row for row in rows if len(row) == 7]


def _search(client: Client, **typed: str) -> Page:
    return Page(client.post(LOG, typed, follow=True))


def _exported(client: Client, query: str = "") -> list[dict[str, str]]:
    response = client.post(EXPORT + query)
    assert response.status_code == 200
    content = b"".join(response.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    return list(csv.DictReader(io.StringIO(content)))


@pytest.mark.parametrize(
    ("who", "get", "post", "export"),
    [
        ("nobody", 302, 302, 302),
        ("clinician", 403, 403, 403),
        ("reviewer", 200, 302, 200),
        ("administrator", 200, 302, 200),
    ],
)
def test_who_may_read_the_log(who: str, get: int, post: int, export: int) -> None:
    client = Client()
    if who == "clinician":
        client = signed_in(cast.alice())
    elif who == "reviewer":
        client = signed_in(_reviewer())
    elif who == "administrator":
        client = signed_in(User.objects.create_superuser("root", password="x", display_name="Root"))
    sent = client.get(LOG), client.post(LOG, {"q": "H1"}), client.post(EXPORT)
    assert tuple(response.status_code for response in sent) == (get, post, export)
    for response in sent:
        if response.status_code == 302 and who == "nobody":
            assert response.headers["Location"].startswith(reverse("sign-in"))
        assert "no-store" in response.headers["Cache-Control"]


@pytest.mark.parametrize("who", [cast.alice, _reviewer])
def test_the_menu_offers_the_log_to_those_who_may(who: Any) -> None:
    patient = cast.registered()
    client = signed_in(who())
    may = who is _reviewer
    assert (f'href="{LOG}"' in client.get(reverse("worklist")).content.decode()) is may
    record = client.get(reverse("patient-detail", args=[patient.pk])).content.decode()
    assert (f'href="{LOG}?patient={patient.pk}"' in record) is may


def test_a_form_of_another_site_is_refused() -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(_reviewer())
    assert client.post(LOG, {"q": "H1"}).status_code == 403
    assert client.post(EXPORT).status_code == 403
    assert client.get(EXPORT).status_code == 405


def test_who_looked_at_a_record(client: Client) -> None:
    patient, other = cast.registered("H100234"), cast.registered("H100777", given_name="Meihua")
    _look(cast.alice(), patient)
    _look(cast.bob(), patient)
    _look(cast.bob(), other)
    page = _search(client, q=" h100 234 ")
    assert [row[1:4] for row in _rows(page)] == [
        ["Dr Bob Keller bob", "viewed a patient", "H100234 WANG, Xiulan"],
        ["Dr Alice Moore alice", "viewed a patient", "H100234 WANG, Xiulan"],
        ["Dr Alice Moore alice", "registered a patient", "H100234 WANG, Xiulan"],
    ]
    assert _rows(page)[0][5] == "192.0.2.7"
    assert page.value("q") == "h100 234"
    assert "3 lines" in page.text


def test_the_number_searched_for_never_stands_in_an_address(client: Client) -> None:
    cast.registered("H100234")
    sent = client.post(LOG, {"q": "H100234", "user": "alice", "first_day": "14-Mar-2025"})
    address = sent.headers["Location"]
    assert re.fullmatch(
        r"/access-log\?search=[0-9a-f]{32}&user=alice&first_day=14-Mar-2025", address
    )
    page = Page(client.get(address))
    links = [dict(e.attributes).get("href") or "" for e in elements(page.root)]
    assert not [link for link in links if "H100234" in link]
    assert "H100234" not in text(next(e for e in elements(page.root) if e.name == "title"))
    # The key means nothing to anybody else.
    other = signed_in(User.objects.create_superuser("root", password="x", display_name="Root"))
    page = Page(other.get(address))
    assert "no longer kept" in page.text
    assert not _rows(page)
    assert other.post(f"{EXPORT}?{address.partition('?')[2]}").status_code == 302


def test_a_number_as_it_was_before_a_correction(client: Client) -> None:
    patient = cast.registered("H100234")
    actions.correct_patient(
        by=cast.bob(),
        patient=patient,
        entry=cast.person("H100999"),
        reason="misread",
        submission=cast.submission(),
    )
    for number in ("H100234", "H100999"):
        page = _search(client, q=number)
        assert [row[3].split()[0] for row in _rows(page)][-2:] == ["H100999", "H100234"]
    assert "reason misread" in _rows(page)[-2][6]


def test_a_number_of_nobody(client: Client) -> None:
    cast.registered()
    page = _search(client, q="H9")
    assert not _rows(page)
    assert "Nobody on record has, or had, this hospital number." in page.text


def test_a_patients_own_page_leads_to_the_log(client: Client) -> None:
    patient = cast.registered()
    cast.registered("H100777")
    page = Page(client.get(f"{LOG}?patient={patient.pk}"))
    assert [row[2] for row in _rows(page)] == ["registered a patient"]
    assert page.value("q") == "H100234"
    event = AuditEvent.objects.get(action=Action.ACCESS_LOG_VIEWED)
    assert (event.patient_id, event.hospital_number) == (patient.pk, "H100234")
    for nobody in (str(uuid4()), "x"):
        assert not _rows(Page(client.get(f"{LOG}?patient={nobody}")))


def test_what_a_user_did_and_what_was_done_to_the_account(client: Client) -> None:
    alice, bob = cast.alice(), cast.bob()
    patient = cast.registered()
    _look(alice, patient)
    _look(bob, patient)
    Client().post(reverse("sign-in"), {"username": "bob", "password": "wrong"})
    page = _search(client, user="bob")
    assert [row[1:3] for row in _rows(page)] == [
        ["nobody signed in", "sign-in failed"],
        ["Dr Bob Keller bob", "viewed a patient"],
        ["nobody signed in", "created a user"],
    ]
    assert _rows(page)[0][6] == "account bob"
    assert [row["action"] for row in _exported(client, "?user=bob")] == [
        "sign_in_failed",
        "patient_viewed",
        "user_created",
    ]


def test_a_day_is_a_day_of_the_ward(client: Client) -> None:
    patient, alice = cast.registered(), cast.alice()
    # Shanghai is eight hours ahead: 14 March there begins on 13 March at 16:00 UTC.
    times = [
        datetime(2025, 3, 13, 15, 59, 59, 999999, UTC),
        datetime(2025, 3, 13, 16, 0, tzinfo=UTC),
        datetime(2025, 3, 14, 15, 59, 59, 999999, UTC),
        datetime(2025, 3, 14, 16, 0, tzinfo=UTC),
    ]
    for at in times:
        _look(alice, patient, at=at)
    page = _search(client, first_day="14-Mar-2025", last_day="2025-03-14")
    assert [row[0] for row in _rows(page)] == ["14-Mar-2025 23:59:59", "14-Mar-2025 00:00:00"]
    assert "Asia/Shanghai" in page.text
    exported = _exported(client, "?first_day=14-Mar-2025&last_day=14-Mar-2025")
    assert [row["at_utc"] for row in exported] == [
        "2025-03-14T15:59:59.999999Z",
        "2025-03-13T16:00:00.000000Z",
    ]
    assert len(_rows(_search(client, last_day="13-Mar-2025"))) == 1
    wrong = _search(client, first_day="15-Mar-2025", last_day="14-Mar-2025")
    assert "this day lies before the first one." in wrong.text
    assert not _rows(wrong)


def test_one_kind_of_line(client: Client) -> None:
    cast.recorded()
    page = _search(client, action="assessment_recorded")
    ((_, who, what, whose, which, _, _),) = _rows(page)
    assert (who, what) == ("Dr Alice Moore alice", "recorded an assessment")
    assert whose == "H100234 WANG, Xiulan"
    assert re.fullmatch(r"RBP-\d{4}-\d{6} version 1", which)


@pytest.mark.parametrize(
    "query",
    [
        "user=nobody",
        "action=nothing",
        "first_day=32-Mar-2025",
        "last_day=x",
        "first_day=%00",
    ],
)
def test_a_filter_that_means_nothing_is_said_so(client: Client, query: str) -> None:
    cast.registered()
    response = client.get(f"{LOG}?{query}")
    assert response.status_code == 422
    assert not _rows(Page(response))
    assert client.post(f"{EXPORT}?{query}").status_code == 302
    assert not AuditEvent.objects.filter(action=Action.ACCESS_LOG_EXPORTED).exists()


@pytest.mark.parametrize(
    "query",
    [
        "before=x",
        "after=2025-03-14T00:00:00_1",
        "before=2025-03-14T00:00:00%2B00:00_99999999999999999999",
        "after=9999-12-31T23:59:59-23:59_1",
        "before=2025-03-14T00:00:00%2B00:00_-1",
        "rows=17",
        "search=",
    ],
)
def test_an_address_that_makes_no_sense_shows_the_first_page(client: Client, query: str) -> None:
    cast.registered()
    assert _rows(Page(client.get(f"{LOG}?{query}")))


@pytest.mark.parametrize("number", ["\x00", "H1\x00", "x" * 5000, "<script>alert(1)</script>", "'"])
def test_any_number_is_met_with_a_page(client: Client, number: str) -> None:
    response = client.post(LOG, {"q": number}, follow=True)
    assert response.status_code in {200, 422}
    assert "<script>alert" not in response.content.decode()


@pytest.mark.parametrize("user", ["", "alice"])
def test_page_by_page_there_and_back(client: Client, user: str) -> None:
    """Many lines share one moment: each stands on exactly one page."""
    patient, alice = cast.registered(), cast.alice()
    at = datetime(2025, 3, 14, tzinfo=UTC)
    looked = [_look(alice, patient, at=at).pk for _ in range(120)]
    address, seen, pages = f"{LOG}?user={user}&last_day=14-Mar-2025", [], 0
    while address:
        page = Page(client.get(address))
        seen += [row[0] for row in _rows(page)]
        older = _link(page, "Older")
        pages += 1
        last, address = address, f"{LOG}{older}" if older else ""
    assert (len(seen), pages) == (120, 3)
    newer = _link(Page(client.get(last)), "Newer")
    assert newer
    assert len(_rows(Page(client.get(f"{LOG}{newer}")))) == 50
    exported = _exported(client, f"?user={user}&last_day=14-Mar-2025")
    assert [int(row["line"]) for row in exported] == looked[::-1]


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
    _search(client, q="H100234", user="alice")
    viewed = AuditEvent.objects.get(action=Action.ACCESS_LOG_VIEWED)
    assert (viewed.actor, viewed.patient_id) == ("rita", patient.pk)
    assert viewed.detail == {"hospital_number": "H100234", "user": "alice", "found": 1}
    exported = _exported(client)
    event = AuditEvent.objects.get(action=Action.ACCESS_LOG_EXPORTED)
    assert (event.actor, event.patient_id, event.detail) == ("rita", None, {})
    # The file has the line that tells of it.
    assert exported[0]["line"] == str(event.pk)
    assert exported[0]["action"] == "access_log_exported"


def test_a_spreadsheet_takes_nothing_for_a_formula(client: Client) -> None:
    user = actions.create_user(
        by=None, username="@alice", display_name='=HYPERLINK("//evil")', password=cast.PASSWORD
    )
    for number in ("+H1", "-H2", "=1+1", "@H3"):
        patient = cast.registered(number)
        _look(user, patient)
    rows = _exported(client, "?action=patient_viewed")
    assert [row["hospital_number"] for row in rows] == ["'@H3", "'=1+1", "'-H2", "'+H1"]
    assert {row["username"] for row in rows} == {"'@alice"}
    assert {row["name"] for row in rows} == {'\'=HYPERLINK("//evil")'}
    for row in _exported(client):
        for cell in row.values():
            assert not cell.startswith(("=", "+", "-", "@", "\t", "\r")), row


def test_the_file_holds_every_field(client: Client) -> None:
    assessment = cast.recorded()
    (row,) = _exported(client, "?action=assessment_recorded")
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
        "detail": "",
        "digest": event.digest,
    }
    (created, *_) = _exported(client, "?action=user_created&user=alice")
    assert created["detail"] == '{"username": "alice", "administrator": false}'


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
    assert 'searched for <script>alert(1)</script> · <b>new ["<i>"]' in _rows(page)[0][6]


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
    row = _rows(Page(client.get(LOG)))[0]
    assert row[1:5] == ["Dr Gone gone", "something_of_a_later_version", "H5", ""]

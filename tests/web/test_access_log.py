"""The access log for reviewers: who looked at a record, what a user did, what a day brought."""

import re
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from scoring import actions
from scoring.models import AuditEvent, Role
from tests import cast
from tests.web.html import Page, elements, signed_in, text
from tests.web.log_page import EXPORT, LOG, exported, look, rows, search

pytestmark = pytest.mark.django_db
Action = AuditEvent.Action


@pytest.fixture
def client() -> Client:
    return signed_in(cast.rita())


@pytest.mark.parametrize(
    ("who", "get", "post", "export"),
    [
        ("nobody", 302, 302, 302),
        ("clinician", 403, 403, 403),
        ("reviewer", 200, 302, 200),
        ("administrator", 403, 403, 403),
    ],
)
def test_who_may_read_the_log(who: str, get: int, post: int, export: int) -> None:
    client = Client()
    if who == "clinician":
        client = signed_in(cast.alice())
    elif who == "reviewer":
        client = signed_in(cast.rita())
    elif who == "administrator":
        client = signed_in(cast.adam())
    sent = client.get(LOG), client.post(LOG, {"q": "H1"}), client.post(EXPORT)
    assert tuple(response.status_code for response in sent) == (get, post, export)
    for response in sent:
        if response.status_code == 302 and who == "nobody":
            assert response.headers["Location"].startswith(reverse("sign-in"))
        assert "no-store" in response.headers["Cache-Control"]


@pytest.mark.parametrize("who", [cast.alice, cast.rita])
def test_the_menu_offers_the_log_to_those_who_may(who: Any) -> None:
    patient = cast.registered()
    client = signed_in(who())
    may = who is cast.rita
    assert (f'href="{LOG}"' in client.get(reverse("worklist")).content.decode()) is may
    record = client.get(reverse("patient-detail", args=[patient.pk])).content.decode()
    assert (f'href="{LOG}?patient={patient.pk}"' in record) is may


def test_a_form_of_another_site_is_refused() -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.rita())
    assert client.post(LOG, {"q": "H1"}).status_code == 403
    assert client.post(EXPORT).status_code == 403
    assert client.get(EXPORT).status_code == 405


def test_who_looked_at_a_record(client: Client) -> None:
    patient, other = cast.registered("H100234"), cast.registered("H100777", given_name="Meihua")
    look(cast.alice(), patient)
    look(cast.bob(), patient)
    look(cast.bob(), other)
    page = search(client, q=" h100 234 ")
    assert [row[1:4] for row in rows(page)] == [
        ["Dr Bob Keller bob", "viewed a patient", "H100234 Wang, Xiulan"],
        ["Dr Alice Moore alice", "viewed a patient", "H100234 Wang, Xiulan"],
        ["Dr Alice Moore alice", "registered a patient", "H100234 Wang, Xiulan"],
    ]
    assert rows(page)[0][5] == "192.0.2.7"
    assert page.value("q") == "h100 234"
    assert "3 entries" in page.text


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
    other = signed_in(cast.account("root", "Root", Role.REVIEWER))
    page = Page(other.get(address))
    assert "has expired" in page.text
    assert not rows(page)
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
        page = search(client, q=number)
        assert [row[3].split()[0] for row in rows(page)][-2:] == ["H100999", "H100234"]
    assert "reason misread" in rows(page)[-2][6]


def test_a_number_of_nobody(client: Client) -> None:
    cast.registered()
    page = search(client, q="H9")
    assert not rows(page)
    assert "No patient has, or had, this hospital number." in page.text


def test_a_patients_own_page_leads_to_the_log(client: Client) -> None:
    patient = cast.registered()
    cast.registered("H100777")
    page = Page(client.get(f"{LOG}?patient={patient.pk}"))
    assert [row[2] for row in rows(page)] == ["registered a patient"]
    assert page.value("q") == "H100234"
    event = AuditEvent.objects.get(action=Action.ACCESS_LOG_VIEWED)
    assert (event.patient_id, event.hospital_number) == (patient.pk, "H100234")
    for nobody in (str(uuid4()), "x"):
        assert not rows(Page(client.get(f"{LOG}?patient={nobody}")))


def test_what_a_user_did_and_what_was_done_to_the_account(client: Client) -> None:
    alice, bob = cast.alice(), cast.bob()
    patient = cast.registered()
    look(alice, patient)
    look(bob, patient)
    Client().post(reverse("sign-in"), {"username": "bob", "password": "wrong"})
    page = search(client, user="bob")
    assert [row[1:3] for row in rows(page)] == [
        ["not signed in", "sign-in failed"],
        ["Dr Bob Keller bob", "viewed a patient"],
        ["not signed in", "created a user"],
    ]
    assert rows(page)[0][6] == "account bob"
    assert [row["action"] for row in exported(client, "?user=bob")] == [
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
        look(alice, patient, at=at)
    page = search(client, first_day="14-Mar-2025", last_day="2025-03-14")
    assert [row[0] for row in rows(page)] == ["14-Mar-2025 23:59:59", "14-Mar-2025 00:00:00"]
    assert "Asia/Shanghai" in page.text
    lines = exported(client, "?first_day=14-Mar-2025&last_day=14-Mar-2025")
    assert [row["at_utc"] for row in lines] == [
        "2025-03-14T15:59:59.999999Z",
        "2025-03-13T16:00:00.000000Z",
    ]
    assert len(rows(search(client, last_day="13-Mar-2025"))) == 1
    wrong = search(client, first_day="15-Mar-2025", last_day="14-Mar-2025")
    assert "this date is before the first one." in wrong.text
    assert not rows(wrong)


def test_one_kind_of_line(client: Client) -> None:
    cast.recorded()
    page = search(client, action="assessment_recorded")
    ((_, who, what, whose, which, _, _),) = rows(page)
    assert (who, what) == ("Dr Alice Moore alice", "recorded an assessment")
    assert whose == "H100234 Wang, Xiulan"
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
    assert not rows(Page(response))
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
    assert rows(Page(client.get(f"{LOG}?{query}")))


@pytest.mark.parametrize("number", ["\x00", "H1\x00", "x" * 5000, "<script>alert(1)</script>", "'"])
def test_any_number_is_met_with_a_page(client: Client, number: str) -> None:
    response = client.post(LOG, {"q": number}, follow=True)
    assert response.status_code in {200, 422}
    assert "<script>alert" not in response.content.decode()

"""Who may open the site from where, and what stops a launch."""

from base64 import urlsafe_b64encode
from hashlib import sha256
from threading import BoundedSemaphore
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from scoring.models import AuditEvent
from scoring.web import smart
from tests import cast
from tests.smart.ehr import LAUNCH, Ehr, patient
from tests.smart.launches import (
    NAME,
    called_back,
    launched,
    led_on,
    refused,
    signed_in_there,
)
from tests.web.html import Page, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("server")]


def test_started_from_a_record_it_must_be_the_same_patient(ehr: Ehr) -> None:
    own, other = cast.registered("EHR-1"), cast.registered("OTHER-1")
    client = signed_in(cast.alice())
    for record, is_same in ((own, True), (other, False)):
        page = Page(client.get(reverse("patient-detail", args=[record.pk])))
        assert f"Read the patient from {NAME}" in page.text
        (address,) = (
            link.split('"')[0].replace("&amp;", "&")
            for link in page.html.split('href="')
            if link.startswith(reverse("smart-start"))
        )
        answer = client.get(signed_in_there(led_on(client.get(address))))
        if is_same:
            assert answer["Location"].startswith(f"{reverse('assessment-new')}?ehr=")
        else:
            refused(answer, "The server sent another patient than the one", "other_patient")
            read = AuditEvent.objects.filter(action=AuditEvent.Action.SMART_READ).latest("pk")
            assert (read.patient_id, read.detail["offered"]) == (own.pk, [])
    assert ehr.asked[-3].query == {}
    # The form has the same link, without a patient.
    page = Page(client.get(reverse("assessment-new")))
    assert f"Read the patient from {NAME}" in page.text


def test_only_servers_of_the_settings_are_asked(ehr: Ehr, settings: Settings) -> None:
    client = signed_in(cast.alice())
    for iss in ("", "https://evil.example/fhir", f"{ehr.base}/more", f"{ehr.base}?x=1"):
        answer = client.get(f"{reverse('smart-start')}?{urlencode({'iss': iss, 'launch': 'x'})}")
        event = refused(answer, "This site does not know the server", "unknown_server")
        assert event.detail["answer"] == iss
    assert ehr.asked == []
    # A slash at the end is the same server; the audience is what the server calls itself.
    address = launched(client, ehr, iss=f"{ehr.base}/")
    assert parse_qs(urlsplit(address).query)["aud"] == [f"{ehr.base}/"]
    settings.SMART_SERVERS = []
    for name in ("smart-launch", "smart-start", "smart-callback", "smart-keys"):
        assert client.get(reverse(name)).status_code == 404


def test_an_answer_belongs_to_one_launch_of_one_session(ehr: Ehr) -> None:
    alice, bob = signed_in(cast.alice()), signed_in(cast.bob())
    back = signed_in_there(launched(alice, ehr))
    said = "This answer belongs to no launch of your session"
    refused(bob.get(back), said, "unknown_state")
    assert "/auth/token" not in {one.path for one in ehr.asked}
    assert alice.get(back).status_code == 302
    refused(alice.get(back), said, "unknown_state")
    refused(alice.get(reverse("smart-callback")), said, "unknown_state")
    # Several launches side by side, and one that waited for too long.
    first, second = (signed_in_there(launched(alice, ehr)) for _ in range(2))
    assert alice.get(second).status_code == 302
    session = alice.session
    (kept,) = session["smart_requests"].values()
    kept[-1] -= 601
    session.save()
    refused(alice.get(first), said, "unknown_state")


def test_the_secret_of_pkce_stays_here(ehr: Ehr) -> None:
    client = signed_in(cast.alice())
    address = launched(client, ehr)
    query = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
    (told, *_rest) = client.session["smart_requests"][query["state"]]
    digest = sha256(told["verifier"].encode()).digest()
    assert query["code_challenge"] == urlsafe_b64encode(digest).rstrip(b"=").decode()
    assert told["verifier"] not in address
    assert told["verifier"] not in str(client.cookies)


@pytest.mark.parametrize(
    ("change", "said", "trouble"),
    [
        ({"refuses": "access_denied"}, "The server did not give access.", "refused"),
        ({"codes_expire": True}, "which may have taken too long", "code_refused"),
        ({"token": {"patient": None}}, "The server named no patient.", "no_patient"),
        ({"token": {"scope": "launch"}}, "not let this site read the patient", "scope_patient"),
        ({"token": {"token_type": "mac"}}, "The server's answer can't be used.", "bad_answer"),
        ({"patient": patient(identifier=[])}, "has no hospital number", "no_hospital_number"),
        (
            {"patient": patient(identifier=[{"value": "1"}, {"value": "2"}])},
            "has no hospital number",
            "no_hospital_number",
        ),
    ],
)
def test_what_stops_a_launch(ehr: Ehr, change: dict[str, Any], said: str, trouble: str) -> None:
    for name, value in change.items():
        setattr(ehr, name, value)
    client = signed_in(cast.alice())
    answer = called_back(client, ehr)
    assert refused(answer, said, trouble).detail["server"] == NAME
    assert "ehr_readings" not in client.session


def test_what_stops_before_the_sign_in_there(ehr: Ehr, monkeypatch: pytest.MonkeyPatch) -> None:
    client = signed_in(cast.alice())
    address = f"{reverse('smart-start')}?{urlencode({'iss': ehr.base})}"
    ehr.configuration = {"code_challenge_methods_supported": ["plain"]}
    refused(client.get(address), "does not offer PKCE with S256", "no_pkce")
    ehr.answers = {"/.well-known/smart-configuration": (503, {}, b"")}
    refused(client.get(address), "The server's answer can't be used.", "bad_answer")
    monkeypatch.setattr(smart, "_places", BoundedSemaphore(1))
    with smart._places:
        refused(client.get(address), "Too many users wait for other systems", "too_many_wait")


def test_inside_a_frame_it_says_so_and_leads_out(ehr: Ehr) -> None:
    address = f"{reverse('smart-launch')}?{urlencode({'iss': ehr.base, 'launch': LAUNCH})}"
    answer = Client().get(address, headers={"Sec-Fetch-Dest": "iframe"})
    page = Page(answer)
    assert "This site can't be shown inside another page." in page.text
    assert f'href="{address.replace("&", "&amp;")}"' in page.html
    # This page alone may stand in a frame.
    assert "X-Frame-Options" not in answer.headers
    assert "frame-ancestors *" in answer.headers["Content-Security-Policy"]
    outside = Client().get(address)
    assert outside.headers["X-Frame-Options"] == "DENY"
    assert "frame-ancestors 'none'" in outside.headers["Content-Security-Policy"]
    unknown = address.replace(urlencode({"iss": ehr.base}), "iss=https://evil.example")
    answer = Client().get(unknown, headers={"Sec-Fetch-Dest": "iframe"})
    assert "evil" not in answer.content.decode()


def test_signing_in_here_comes_first_and_leads_on(ehr: Ehr) -> None:
    client = Client()
    address = f"{reverse('smart-launch')}?{urlencode({'iss': ehr.base, 'launch': LAUNCH})}"
    start = client.get(address)["Location"]
    sign_in = client.get(start)["Location"]
    assert urlsplit(sign_in).path == reverse("sign-in")
    user = {"username": cast.alice().username, "password": cast.PASSWORD}
    led = client.post(sign_in, user)["Location"]
    assert led == start
    assert led_on(client.get(led)).startswith(f"{ehr.base}/auth/authorize?")

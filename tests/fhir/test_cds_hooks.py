"""CDS Hooks over HTTP: who may call, what is answered, what is kept."""

import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from scoring.fhir.cards import PREFETCH
from scoring.models import AuditEvent, CdsState, EhrReading
from scoring.smart.servers import Server
from tests import cast
from tests.fhir.cds_client import ISSUER, SERVICE, SITE, call, of_today, sent, token
from tests.fhir.sent import PATIENT
from tests.web.html import Page, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("cds_clients")]
FEEDBACK = f"{SERVICE}/feedback"


def test_discovery() -> None:
    for algorithm in ("RS384", "ES384"):
        bearer = token("/cds-services", algorithm)
        response = Client().get("/cds-services", headers={"Authorization": f"Bearer {bearer}"})
        assert response.status_code == 200
        (service,) = response.json()["services"]
        assert service["id"] == "residual-back-pain"
        assert service["prefetch"] == dict(PREFETCH)
        assert response["Content-Type"] == "application/json"


def test_cards() -> None:
    response = sent(SERVICE, call(of_today()))
    assert response.status_code == 200
    (card,) = response.json()["cards"]
    assert card["links"][0]["url"] == f"{SITE}/assessments/new"
    assert card["source"]["url"] == f"{SITE}/about"
    # Each card has an id of its own, for feedback.
    assert card["uuid"] != sent(SERVICE, call(of_today())).json()["cards"][0]["uuid"]
    assert sent(SERVICE, call(of_today(bone_density=None, answers=None))).json() == {"cards": []}
    assert not AuditEvent.objects.exists()


def _number(value: str, system: str = "urn:hospital:number") -> dict[str, str]:
    return {"system": system, "value": value}


def of_chart() -> dict[str, Any]:
    """The same of a patient with a number, and each result with the id that its server gave it."""
    found = of_today(patient={**PATIENT, "identifier": [_number("h2")]})
    for key, bundle in found.items():
        for place, entry in enumerate((bundle or {}).get("entry", [])):
            entry["resource"]["id"] = f"{key.replace('_', '-')}-{place}"
    return found


def linked(found: dict[str, Any], **more: Any) -> dict[str, str]:
    """The link of the card that is answered."""
    (card,) = sent(SERVICE, call(found, **more)).json()["cards"]
    (link,) = card["links"]
    return link  # type: ignore[no-any-return]


def test_a_patient_on_record_is_named_in_the_link_where_nothing_can_be_offered() -> None:
    known = cast.registered("H2")
    for identifier, query in (
        ([_number("h2")], f"?patient={known.pk}"),
        ([_number("H3")], ""),
        ([_number("H\0")], ""),
        ([_number("h2", "urn:other")], ""),
        # Somebody else may have it by now.
        ([_number("h2") | {"use": "old"}], ""),
        ([_number("h2"), _number("H3")], ""),
    ):
        found = of_today(patient={**PATIENT, "identifier": identifier})
        found |= {"laboratory": None, "bone_density": None}
        link = linked(found)
        assert link["url"] == f"{SITE}/assessments/new{query}"
    event = AuditEvent.objects.get(action=AuditEvent.Action.PATIENT_LOOKED_UP)
    assert (event.patient_id, event.detail) == (known.pk, {"issuer": ISSUER})


def test_the_link_opens_the_form_with_what_was_fetched_for_one_user() -> None:
    link = linked(of_chart(), fhirServer="https://ehr.hospital.example/fhir/")
    address = link["url"].removeprefix(SITE)
    assert link["type"] == "absolute"
    assert re.fullmatch(r"/assessments/from-card/[0-9a-f-]{36}", address)
    # Nothing is logged of somebody whom nobody looked at here.
    assert not AuditEvent.objects.exists()
    alice = signed_in(cast.alice())
    page = Page(alice.get(address, follow=True))
    assert page.value("hospital_number") == "h2"
    for name in ("pdw_fl", "t_score", "chloride_mmol_l"):
        assert page.value(name) == ""
    offered = re.findall(r'name="use_result"\s+value="([^"]+)"', page.html)
    assert offered == ["ehr-t_score", "ehr-pdw_fl", "ehr-chloride_mmol_l"]
    assert "from Hospital EHR" in page.text
    read = AuditEvent.objects.get(action=AuditEvent.Action.SMART_READ)
    assert (read.actor, read.detail["launch"], read.detail["hospital_number"]) == (
        "alice",
        "card",
        "h2",
    )
    (kept,) = EhrReading.objects.all()
    assert kept.content["base"] == "https://ehr.hospital.example/fhir"
    # Another user gets nothing of it, nor does anybody after it has ended.
    page = Page(signed_in(cast.bob()).get(address, follow=True))
    assert page.value("hospital_number") == ""
    assert "What was read from the FHIR server is no longer kept." in page.text
    assert Page(alice.get(address, follow=True)).value("hospital_number") == "h2"


def test_a_link_that_nobody_opened_ends_after_an_hour() -> None:
    address = linked(of_chart())["url"].removeprefix(SITE)
    left = EhrReading.objects.get().expires_at - timezone.now()
    assert timedelta(minutes=59) < left <= timedelta(hours=1)
    EhrReading.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    page = Page(signed_in(cast.alice()).get(address, follow=True))
    assert page.value("hospital_number") == ""
    assert not EhrReading.objects.filter(expires_at__gt=timezone.now()).exists()


def test_where_the_client_has_a_smart_server_the_link_is_a_launch(settings: Settings) -> None:
    settings.SMART_SERVERS = [Server("EHR", "https://ehr.hospital.example/fhir", "rbp-risk")]
    found = of_chart()
    link = linked(found, fhirServer="https://ehr.hospital.example/fhir/")
    assert link == {
        "label": "Open the form",
        "url": f"{SITE}/smart/launch",
        "type": "smart",
        "appContext": '{"patient": "p1"}',
    }
    # Read anew by the launch: nothing is kept.
    assert not EhrReading.objects.exists()
    for other in ("https://other.example/fhir", "http://ehr.hospital.example/fhir", 7, None):
        assert linked(found, fhirServer=other)["type"] == "absolute"


def _state() -> CdsState:
    return CdsState.objects.get(issuer=ISSUER)


def test_calls_and_refusals_are_noted_without_patients() -> None:
    sent(SERVICE, call(of_today()))
    state = _state()
    assert (state.called_at is not None, state.refused_at, state.refusal) == (True, None, "")
    sent(SERVICE, call({}))
    assert _state().refusal == "prefetch"
    sent(SERVICE, call(of_today(), hook="order-sign"))
    assert _state().refusal == "hook"
    assert CdsState.objects.count() == 1


def test_what_was_not_fetched_is_412() -> None:
    for prefetch in (None, {}, {**of_today(), "answers": {"resourceType": "OperationOutcome"}}):
        response = sent(SERVICE, call(prefetch))
        assert response.status_code == 412
        (issue,) = response.json()["issue"]
        assert issue["code"] == "incomplete"
        assert "answers" in issue["details"]["text"]


@pytest.mark.parametrize(
    "change",
    [
        {"hook": "order-sign"},
        {"hookInstance": "1"},
        {"context": {"userId": "Practitioner/1"}},
        {"context": {"patientId": "p2"}},
        {"context": None},
        {"prefetch": []},
    ],
)
def test_a_call_that_is_none(change: dict[str, Any]) -> None:
    response = sent(SERVICE, {**call(of_today()), **change})
    assert response.status_code == 400
    assert response.json()["resourceType"] == "OperationOutcome"


def test_other_methods_and_kinds() -> None:
    response = Client().get(SERVICE)
    assert (response.status_code, response["Allow"]) == (405, "POST, OPTIONS")
    headers = {"Authorization": f"Bearer {token(SERVICE)}"}
    response = Client().post(SERVICE, "a=1", content_type="text/plain", headers=headers)
    assert response.status_code == 415


def test_cors() -> None:
    origin = {"Origin": "https://ehr.hospital.example"}
    response = Client().options(SERVICE, headers=origin)
    assert response.status_code == 204
    assert response["Access-Control-Allow-Origin"] == origin["Origin"]
    assert response["Access-Control-Allow-Headers"] == "Authorization, Content-Type"
    assert "Origin" in response["Vary"]
    response = sent(SERVICE, call(of_today()), **origin)
    assert response["Access-Control-Allow-Origin"] == origin["Origin"]
    # Also where a call is refused, so that the page can read why.
    assert sent(SERVICE, {}, "x", **origin)["Access-Control-Allow-Origin"] == origin["Origin"]
    for other in ("https://evil.example", "null", "*"):
        response = Client().options(SERVICE, headers={"Origin": other})
        assert "Access-Control-Allow-Origin" not in response
    assert "Access-Control-Allow-Credentials" not in response


def feedback(**changes: Any) -> dict[str, Any]:
    usual = {
        "card": str(uuid4()),
        "outcome": "overridden",
        "outcomeTimestamp": "2026-11-28T08:00:00Z",
        "overrideReason": {
            "reason": {"code": "not-now", "system": "urn:x", "display": "Not now"},
            "userComment": "Mrs Wang is going home",
        },
    }
    return {name: value for name, value in (usual | changes).items() if value is not None}


def test_feedback_is_kept_once_and_without_free_text() -> None:
    one, other = feedback(), feedback(outcome="accepted", overrideReason=None)
    for _repeated in range(2):
        response = sent(FEEDBACK, {"feedback": [one, other]})
        assert response.status_code == 200
    events = AuditEvent.objects.filter(action=AuditEvent.Action.CDS_FEEDBACK).order_by("id")
    assert [event.detail for event in events] == [
        {
            "issuer": ISSUER,
            "card": one["card"],
            "card_outcome": "overridden",
            "reported": "2026-11-28T08:00:00Z",
            "reason": "not-now",
        },
        {
            "issuer": ISSUER,
            "card": other["card"],
            "card_outcome": "accepted",
            "reported": "2026-11-28T08:00:00Z",
        },
    ]
    assert "Wang" not in str(events.values_list())


@pytest.mark.parametrize(
    "content",
    [
        {},
        {"feedback": []},
        {"feedback": [1]},
        {"feedback": [feedback(card="1")]},
        {"feedback": [feedback(outcome="ignored")]},
        {"feedback": [feedback(outcomeTimestamp="2026-11-28T08:00:00")]},
        {"feedback": [feedback(outcomeTimestamp="2026-11-28\x0008:00:00Z")]},
        {"feedback": [feedback()] * 101},
    ],
)
def test_feedback_that_is_none(content: object) -> None:
    assert sent(FEEDBACK, content).status_code == 400
    assert not AuditEvent.objects.exists()

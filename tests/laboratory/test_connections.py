"""The page "Connections", and a message in full."""

from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from scoring import actions, health
from scoring.models import AuditEvent
from tests import cast
from tests.fhir.cds_client import CLIENTS, ISSUER
from tests.laboratory.kept import kept_message
from tests.laboratory.messages import PID, obx, oru
from tests.need_to_know.wards import two_wards
from tests.web.html import signed_in

pytestmark = pytest.mark.django_db


def page(client: Client, name: str = "connections", *args: object) -> str:
    response = client.get(reverse(name, args=args))
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def test_the_listener_is_told_with_its_messages_and_without_patients(settings: Settings) -> None:
    client = signed_in(cast.adam())
    assert "RBP_HL7_LISTEN" in page(client)
    settings.HL7_IS_SET_UP = True
    kept_message(oru(obx(), sender="XN-1000", control_id="C-17"))
    kept_message(oru(obx(), sender="BC-5380", processing="Q"))
    shown = page(client)
    assert "not running" in shown
    assert "1 accepted, 1 refused" in shown
    assert "MSH-11 is not P: it is a test, or quality control." in shown
    assert "XN-1000" in shown
    assert "C-17" in shown
    # An administrator has no right to see patients.
    assert "H1042" not in shown
    assert reverse("laboratory-message", args=[uuid4()])[:24] not in shown
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(%s)", [health.LISTENER_LOCK])
    assert "not running" not in page(client)


def test_clients_of_cds_hooks_are_told_with_their_last_call_and_refusal(
    settings: Settings,
) -> None:
    client = signed_in(cast.adam())
    assert "RBP_CDS_CLIENTS" in page(client)
    settings.CDS_CLIENTS = CLIENTS
    assert "Hospital EHR" in page(client)
    now = timezone.now()
    actions.note_call(issuer=ISSUER, now=now)
    actions.note_refusal(issuer=ISSUER, reason="audience", now=now)
    assert "Its token is for another address than the one that was called." in page(client)
    assert "Clients that are not in the file" not in page(client)
    actions.note_refusal(issuer="", reason="issuer", now=now)
    assert "Clients that are not in the file" in page(client)
    assert signed_in(cast.alice()).get(reverse("connections")).status_code == 403


def test_a_message_is_shown_word_for_word_and_logged() -> None:
    patient = cast.registered("H1042")
    message = kept_message(oru(obx(unit="%"), charset="GB 18030-2000"), "gb18030")
    shown = page(signed_in(cast.alice()), "laboratory-message", message.pk)
    assert "PID|1||H1042^^^WARD^MR||王^秀兰" in shown
    assert "no: another unit than the one that is scored" in shown
    event = AuditEvent.objects.get(action=AuditEvent.Action.MESSAGE_VIEWED)
    assert (event.actor, event.patient_id) == ("alice", patient.pk)
    assert event.detail == {"message": str(message.pk)}


def test_a_refused_message_says_why() -> None:
    message = kept_message(oru(obx("1-1^<b>^LN")))
    shown = page(signed_in(cast.rita()), "laboratory-message", message.pk)
    assert "None of its results is known here." in shown
    assert "1-1^&lt;b&gt;^LN" in shown
    assert AuditEvent.objects.get(action="message_viewed").patient_id is None
    missing = reverse("laboratory-message", args=[uuid4()])
    assert signed_in(cast.rita()).get(missing).status_code == 404


def test_need_to_know_holds_for_messages() -> None:
    known, client = two_wards(), signed_in(cast.bob())
    number = known.patient.hospital_number
    message = kept_message(oru(obx(), patient=PID.replace("H1042", number)))
    address = reverse("laboratory-message", args=[message.pk])
    asks = reverse("patient-open", args=[known.patient.pk])
    assert client.get(address).headers["Location"].startswith(asks)
    refused = kept_message(oru(obx(), processing="Q", patient=PID.replace("H1042", number)))
    # It may be about anybody.
    assert client.get(reverse("laboratory-message", args=[refused.pk])).status_code == 403
    assert page(signed_in(cast.rita()), "laboratory-message", refused.pk)

"""Opened from a hospital's FHIR server: what the form shows and offers."""

from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from scoring.models import Assessment, AuditEvent, EhrReading, Patient
from scoring.smart.authorization import app_context
from scoring.smart.servers import Server, signing_key
from tests import cast
from tests.life import browse
from tests.need_to_know import wards
from tests.smart.ehr import CLIENT, Ehr, patient, quantity
from tests.smart.keys import private_key
from tests.smart.launches import (
    NAME,
    called_back,
    day,
    fills,
    led_on,
    opened_form,
    refused,
    signed_in_there,
)
from tests.web.html import Page, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("server")]
Action = AuditEvent.Action


def test_from_the_chart_to_the_form(ehr: Ehr) -> None:
    ehr.observations = [
        quantity("32207-3", 12.8, "fL", day(), performer=[{"display": "Sysmex XN"}]),
        quantity("32207-3", 16.0, "fL", day(ago=9)),
        quantity("2075-0", 101, "mmol/L", day(ago=400)),
    ]
    client = signed_in(cast.alice())
    page = opened_form(client, ehr)
    assert "Wang, Xiulan, born 14-Jul-1944, Female, hospital no. EHR-1" in page.text
    assert "Not on record yet. The identity below is as the server sent it" in page.text
    # The identity is shown to be checked; no value is in its field.
    assert page.control("hospital_number").value == "EHR-1"
    assert page.control("family_name").value == "Wang"
    assert page.control("birth_date").value == "14-Jul-1944"
    assert not any(page.value(name) for name in ("pdw_fl", "pdw_date", "pdw_unit"))
    (pdw,) = fills(page)
    assert "&quot;pdw_fl&quot;: &quot;12.8&quot;" in pdw
    assert f"from {NAME}, Sysmex XN" in page.text
    assert "16.0 fL" not in page.text
    # What is not offered, and why.
    assert "is too old. It may be at most" in page.text
    assert "T-score is missing." in page.text
    assert "Trauma" not in page.text.split("Patient")[0]
    launched, read = AuditEvent.objects.filter(action__startswith="smart_").order_by("pk")
    assert (launched.action, launched.detail) == (
        Action.SMART_LAUNCHED,
        {"server": NAME, "launch": "ehr"},
    )
    assert (read.action, read.actor, read.hospital_number) == (Action.SMART_READ, "alice", "")
    assert read.detail == {
        "server": NAME,
        "launch": "ehr",
        "hospital_number": "EHR-1",
        "offered": ["pdw_fl"],
        "not_offered": ["t_score", "chloride_mmol_l"],
        "trouble": "",
    }
    # Neither token nor code nor verifier is left in the session or in a cookie.
    kept = str(dict(client.session.items()))
    assert "secret-token" not in kept
    assert "code-0" not in kept
    assert client.session["smart_requests"] == {}
    assert set(client.cookies) <= {"sessionid", "csrftoken"}
    assert not Patient.objects.exists()


def test_a_patient_on_record_is_shown_and_the_saved_form_lets_the_reading_go(ehr: Ehr) -> None:
    known = cast.registered("EHR-1", birth_date=cast.BORN)
    # Its own number in another spelling, as some systems write it.
    ehr.patient = patient(identifier=[{"value": "ehr-1"}])
    ehr.observations = [quantity("38264-8", -2.5, "{T-score}", day(), code=_hip())]
    client = signed_in(cast.alice())
    page = opened_form(client, ehr)
    assert page.value("known_patient") == str(known.pk)
    assert "family_name" not in {control.name for control in page.controls}
    assert "Caution" not in page.text.split("Operation")[0]
    assert AuditEvent.objects.get(action=Action.SMART_READ).patient_id == known.pk
    # LOINC's hip is none of the sites of the form: the user chooses.
    (t_score,) = fills(page)
    assert "DXA Hip" in page.text
    assert "dxa_site" not in t_score.split('"')[0]
    token = page.value("ehr")
    data = cast.form_data(hospital_number="EHR-1", known_patient=str(known.pk), ehr=token)
    # Refused once: the offers are still there.
    again = client.post(reverse("assessment-new"), data | {"t_score": "x"})
    assert again.status_code == 422
    assert Page(again).value("ehr") == token
    assert len(fills(Page(again))) == 1
    assert client.post(reverse("assessment-new"), data).status_code == 302
    assert Assessment.objects.get().patient == known
    assert not EhrReading.objects.exists()
    page = Page(client.get(f"{reverse('assessment-new')}?ehr={token}"))
    assert "What was read from the FHIR server is no longer kept. Read it again." in page.text


def _hip() -> dict[str, Any]:
    coded = {"system": "http://loinc.org", "code": "38264-8"}
    return {"coding": [coded], "text": "DXA Hip"}


def test_another_identity_under_the_same_number_is_asked_about(ehr: Ehr) -> None:
    known = cast.registered("EHR-1", family_name="Li", given_name="Na")
    client = signed_in(cast.alice())
    page = opened_form(client, ehr)
    said = "under this number the record has Li, Na, born 14-Jul-1944, Female."
    assert said in page.text
    assert "known_patient" not in {control.name for control in page.controls}
    assert page.value("family_name") == "Wang"
    data = cast.form_data(hospital_number="EHR-1", ehr=page.value("ehr"))
    answer = client.post(reverse("assessment-new"), data)
    assert answer.status_code == 422
    page = Page(answer)
    (error,) = page.beside("hospital_number")
    assert "but you entered Wang, Xiulan, born 14-Jul-1944" in error
    data["known_patient"] = page.value("known_patient")
    assert client.post(reverse("assessment-new"), data).status_code == 302
    assert Assessment.objects.get().patient == known


def test_nothing_is_offered_for_another_number(ehr: Ehr) -> None:
    earlier = cast.recorded(cast.person("OTHER-1")).patient
    ehr.observations = [quantity("32207-3", 12.8, "fL", day())]
    client = signed_in(cast.alice())
    token = opened_form(client, ehr).value("ehr")
    looked_up = {
        number: client.post(reverse("patient-lookup"), {"hospital_number": number, "ehr": token})
        for number in ("EHR-1", "OTHER-1", "OTHER-2")
    }
    (own,) = fills(Page(looked_up["EHR-1"]))
    assert NAME in own
    # Those of the record of the other patient, none of them from the server.
    others = looked_up["OTHER-1"].content.decode()
    assert str(earlier.pk) in others
    assert "data-fills" in others
    assert NAME not in others
    assert "data-fills" not in looked_up["OTHER-2"].content.decode()
    # Somebody else's session has no such reading.
    bob = signed_in(cast.bob())
    answer = bob.post(reverse("patient-lookup"), {"hospital_number": "EHR-1", "ehr": token})
    assert "data-fills" not in answer.content.decode()


def test_an_unfinished_form_is_taken_up_with_its_offers(ehr: Ehr) -> None:
    ehr.observations = [quantity("32207-3", 12.8, "fL", day())]
    client = signed_in(cast.alice())
    page = opened_form(client, ehr)
    kept_for = page.value("kept_for")
    data = cast.form_data(hospital_number="EHR-1", ehr=page.value("ehr"), kept_for=kept_for)
    client.post(reverse("assessment-new"), data | {"save": "unfinished"})
    address = f"{reverse('assessment-new')}?draft={data['form_token'].replace('-', '')}"
    assert len(fills(Page(client.get(address)))) == 1


def test_what_can_not_be_used_is_said(ehr: Ehr) -> None:
    ehr.observations = [
        quantity("32207-3", 12.8, "%", day()),
        quantity("2069-3", 101, "mmol/L", day()),
        # Not as FHIR has it.
        quantity("38267-1", -2.5, "1", day(), performer="somebody"),
    ]
    ehr.patient = patient(birthDate="1944", gender="unknown", name=[{"text": "Wang Xiulan"}])
    client = signed_in(cast.alice())
    page = opened_form(client, ehr)
    assert fills(page) == []
    assert (page.value("family_name"), page.value("birth_date")) == ("Wang Xiulan", "")
    assert page.value("sex") == ""
    for said in (
        "the unit is %. The model needs fL; nothing is converted.",
        "the code names another quantity, which can't be converted.",
        "The date of birth is missing or not a whole date.",
        "Results left out, because they are not valid FHIR: 1.",
    ):
        assert said in page.text, said
    client.cookies["django_language"] = "zh-hans"
    client.post(reverse("language"), {"language": "zh-hans", "next": "/"})
    page = opened_form(client, ehr)
    assert "读取" in page.text
    assert "not " not in page.text.split("Wang Xiulan")[1].split("手术")[0]


def test_null_stands_for_what_is_left_out(ehr: Ehr) -> None:
    empty = dict.fromkeys(("meta", "device", "effectivePeriod", "performer"))
    ranges = [{"low": None, "text": None}]
    pdw = quantity("32207-3", 12.8, "fL", day(), referenceRange=ranges, **empty)
    pdw["code"]["text"] = None
    chloride = quantity("2075-0", 101, "mmol/L", day(), subject=None)
    ehr.observations = [pdw, chloride, quantity("38267-1", -2.5, "1", day(), status=None)]
    page = opened_form(signed_in(cast.alice()), ehr)
    assert len(fills(page)) == 1
    assert ": the subject is missing" in page.text
    assert "not valid FHIR: 1." in page.text


def test_a_range_of_another_quantity_counts_as_a_text_too(ehr: Ehr) -> None:
    ranges = [{"low": {"value": "15"}, "high": {"value": "17.0"}}]
    ehr.observations = [quantity("32207-3", 15.4, "fL", day(), referenceRange=ranges)]
    page = opened_form(signed_in(cast.alice()), ehr)
    assert fills(page) == []
    assert "the unit is 10(GSD)." in page.text


def test_results_may_be_withheld_and_the_patient_still_read(ehr: Ehr) -> None:
    ehr.observations = [quantity("32207-3", 12.8, "fL", day(ago)) for ago in (3, 4)]
    ehr.page, ehr.next_base = 1, "http://127.0.0.1:9/fhir"
    client = signed_in(cast.alice())
    page = opened_form(client, ehr)
    assert "The results go on at another host, which this site does not ask." in page.text
    assert (fills(page), page.value("family_name")) == ([], "Wang")
    assert "PDW is missing" not in page.text
    ehr.next_base = ""
    ehr.answers = {"/Observation": (500, {}, b"")}
    page = opened_form(client, ehr)
    assert "the access log has the reason" in page.text
    read = AuditEvent.objects.filter(action=AuditEvent.Action.SMART_READ).latest("pk")
    assert (read.detail["trouble"], read.detail["answer"]) == ("bad_answer", "HTTP 500")
    ehr.token = {"scope": "patient/Patient.read"}
    assert "The server does not let this site read results." in opened_form(client, ehr).text


def test_the_number_is_that_of_the_system_of_the_settings(ehr: Ehr, settings: Settings) -> None:
    settings.SMART_SERVERS = [Server(NAME, ehr.base, CLIENT, number_system="urn:example:insurance")]
    assert opened_form(signed_in(cast.alice()), ehr).value("hospital_number") == "998"


def test_by_a_key_that_the_server_fetches_here(ehr: Ehr, settings: Settings) -> None:
    key = signing_key(private_key("ES384"))
    settings.SMART_SERVERS = [Server(NAME, ehr.base, CLIENT, key=key)]
    ehr.keys = Client().get(reverse("smart-keys")).json()["keys"]
    assert [sorted(one) for one in ehr.keys] == [["alg", "crv", "kid", "kty", "use", "x", "y"]]
    assert opened_form(signed_in(cast.alice()), ehr).value("family_name") == "Wang"


def test_a_patient_of_another_ward_is_not_shown(ehr: Ehr) -> None:
    wards.two_wards()
    ehr.patient = patient(identifier=[{"value": "H100234"}])
    page = opened_form(signed_in(cast.bob()), ehr)
    assert "This number belongs to a patient of another ward." in page.text
    assert "known_patient" not in {control.name for control in page.controls}
    assert "under this number the record has" not in page.text
    assert not AuditEvent.objects.filter(actor="bob", action=Action.PATIENT_LOOKED_UP).exists()


def test_a_launch_from_a_card_is_of_the_patient_of_the_card(ehr: Ehr) -> None:
    client = signed_in(cast.alice())
    for context in (app_context("pat-1"), "no JSON", "[1]", '{"patient": 7}', 7):
        ehr.token = {"appContext": context}
        assert opened_form(client, ehr).value("hospital_number") == "EHR-1"
    ehr.token = {"appContext": app_context("pat-2")}
    refused(called_back(client, ehr), "another patient than the one whose card", "other_card")


def test_connections_show_when_a_server_was_used_and_refused_without_patients(ehr: Ehr) -> None:
    adam = signed_in(cast.adam())

    def shown() -> str:
        return browse.section(Page(adam.get(reverse("connections"))), "h-servers")

    assert f"{NAME} {ehr.base} not yet not yet none" in shown()
    alice = signed_in(cast.alice())
    opened_form(alice, ehr)
    said = shown()
    assert said.count("not yet") == 1
    address = f"{reverse('smart-start')}?{urlencode({'iss': ehr.base})}"
    assert alice.get(signed_in_there(led_on(alice.get(address)))).status_code == 302
    assert "not yet" not in shown()
    ehr.token = {"patient": None}
    refused(called_back(alice, ehr), "named no patient", "no_patient")
    assert "The server named no patient. Open the patient's chart there first." in shown()
    alice.get(f"{reverse('smart-start')}?{urlencode({'iss': 'https://evil.example'})}")
    said = shown()
    assert "Servers that are not in the file" in said
    assert "https://evil.example" in said
    assert "EHR-1" not in said
    assert "Wang" not in said

"""An assessment remembers which resource of which FHIR server a value came from."""

import json
import re
from datetime import timedelta
from hashlib import sha256
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from scoring import actions, queries
from scoring.models import (
    Assessment,
    AuditEvent,
    EhrReading,
    LaboratoryMessage,
    LaboratoryResult,
    MessageKind,
)
from scoring.queries.record_check import RecordCheck
from scoring.report.assessment_json import content
from scoring.report.pdf import report_html
from tests import cast
from tests.laboratory.kept import of_laboratory
from tests.life import acts, browse
from tests.need_to_know.wards import two_wards
from tests.smart.ehr import Ehr, patient, quantity
from tests.smart.launches import NAME, day, opened_form
from tests.smart.taken import BASE, RESOURCE, of_server, read
from tests.web.html import Page, signed_in

pytestmark = pytest.mark.django_db


def taken(assessment: Assessment) -> dict[str, str]:
    """The resources by predictor."""
    sources = Assessment.objects.get(pk=assessment.pk).sources_by_predictor
    return {field: one.result.message.control_id for field, one in sources.items()}


def test_all_that_it_said_is_on_record_and_in_the_digest_of_the_log() -> None:
    assessment = of_server("E1")
    (source,) = assessment.sources_by_predictor.values()
    result, message = source.result, source.result.message
    assert (message.kind, message.sender, message.facility) == ("fhir", "St Example EHR", BASE)
    assert message.control_id == "Observation/pdw-7/_history/3"
    assert message.resource == ("Observation/pdw-7", "3")
    assert LaboratoryMessage.objects.get().text == RESOURCE
    assert source.message_digest == message.digest == sha256(RESOURCE.encode()).hexdigest()
    assert (result.value_text, result.unit, str(result.taken_on)) == ("12.80", "fL", "2025-03-11")
    assert (result.code, result.status) == ("http://loinc.org|32207-3", "final")
    event = AuditEvent.objects.get(action=AuditEvent.Action.ASSESSMENT_RECORDED)
    assert "laboratorysource" in json.dumps(event.detail)
    assert not list(RecordCheck().findings())


def test_result_report_and_copies_say_it() -> None:
    assessment = of_server("E1")
    said = "PDW read from St Example EHR: 12.80 fL of 11-Mar-2025, in Observation/pdw-7, version 3."
    page = Page(signed_in(cast.alice()).get(reverse("assessment-result", args=[assessment.pk])))
    assert said.partition(" of ")[0] in page.text
    assert said.partition(", ")[2] in page.text
    assert said in report_html(assessment, printed_by=None, ward="")
    with translation.override("zh-hans"):
        assert "第 3 版" in report_html(assessment, printed_by=None, ward="")
    (source,) = content(assessment, "")["version"]["laboratory"]  # type: ignore[index]
    assert source == {
        "predictor": "pdw_fl",
        "message_digest": sha256(RESOURCE.encode()).hexdigest(),
        "kind": "fhir",
        "value_text": "12.80",
        "unit": "fL",
        "taken_on": "2025-03-11",
        "taken_at": None,
        "device": "Sysmex XN",
        "status": "final",
        "sender": "St Example EHR",
        "facility": BASE,
        "control_id": "Observation/pdw-7/_history/3",
        "received_at": source["received_at"],
    }


def test_its_page_shows_what_was_read_and_is_logged() -> None:
    assessment = of_server("E1")
    client = signed_in(cast.alice())
    shown = Page(client.get(reverse("assessment-result", args=[assessment.pk])))
    message = LaboratoryMessage.objects.get()
    address = reverse("laboratory-message", args=[message.pk])
    assert f'href="{address}"' in shown.html
    page = Page(client.get(address))
    for said in ("St Example EHR", BASE, "Observation/pdw-7", "12.80 fL", "final", "E1"):
        assert said in page.text, said
    event = AuditEvent.objects.get(action=AuditEvent.Action.MESSAGE_VIEWED)
    assert event.patient_id == assessment.patient_id


def test_nobody_of_another_ward_sees_it() -> None:
    known = two_wards().patient
    actions.record_assessment(
        by=cast.alice(),
        patient=known,
        entry=cast.worked_example(),
        submission=cast.submission(),
        taken={"pdw_fl": read(known.hospital_number)},
    )
    address = reverse("laboratory-message", args=[LaboratoryMessage.objects.get().pk])
    assert signed_in(cast.bob()).get(address).status_code == 302


def test_a_resource_is_kept_once_and_each_version_of_it() -> None:
    first = of_server("E1")
    for again in (read("E1"), read("E1", version="4"), read("E1", version="", base=f"{BASE}/2")):
        actions.record_assessment(
            by=cast.alice(),
            patient=first.patient,
            entry=cast.worked_example(),
            submission=cast.submission(),
            taken={"pdw_fl": again},
        )
    kept = LaboratoryMessage.objects.order_by("received_at")
    assert [one.control_id.removeprefix("Observation/") for one in kept] == [
        "pdw-7/_history/3",
        "pdw-7/_history/4",
        "pdw-7",
    ]
    assert LaboratoryResult.objects.count() == 3


def test_a_value_that_was_changed_or_of_another_patient_is_typed_and_keeps_nothing() -> None:
    for number, entry, said in (
        ("E1", {"pdw_fl": cast.measured("12.81")}, read("E1")),
        ("E2", {}, read("E1")),
        ("E3", {}, read("E3", field="chloride_mmol_l")),
    ):
        assert of_server(number, said, **entry).sources_by_predictor == {}
    assert not LaboratoryMessage.objects.exists()


def test_later_versions_keep_it_and_a_correction_of_the_value_lets_it_go() -> None:
    first = of_server("E1")
    name = "Observation/pdw-7/_history/3"
    assert taken(acts.reinstated(acts.voided(first))) == {"pdw_fl": name}
    client = signed_in(cast.alice())
    now = queries.current_version(first.chain)
    data = browse.filled(client, "assessment-amend", now, reason="misread", chloride_mmol_l="104")
    browse.led_to(browse.sent(client, "assessment-amend", now, data))
    now = queries.current_version(first.chain)
    assert taken(now) == {"pdw_fl": name}
    data = browse.filled(client, "assessment-amend", now, reason="misread", pdw_fl="12.9")
    browse.led_to(browse.sent(client, "assessment-amend", now, data))
    assert taken(queries.current_version(first.chain)) == {}
    assert LaboratoryMessage.objects.count() == 1


def test_it_is_no_message_of_a_laboratory() -> None:
    of_server("E1")
    of_laboratory("H7")
    assert queries.offered_results("E1") == []
    assert [one.kind for one in queries.newest_messages()] == [MessageKind.HL7]
    assert queries.message_counts()[0] == 1


@pytest.fixture
def opened(ehr: Ehr, server: None) -> tuple[Client, Page]:
    """The form of a chart with a PDW and a T-score, and whose browser it is."""
    ehr.observations = [
        quantity("32207-3", 12.80, "fL", day(), meta={"versionId": "2"}),
        quantity("38267-1", -2.5, "1", day(ago=30)),
    ]
    client = signed_in(cast.alice())
    return client, opened_form(client, ehr)


def _buttons(page: Page) -> list[str]:
    return re.findall(r'name="use_result"\s+value="([^"]+)"', page.html)


def _of_today(page: Page, **more: Any) -> dict[str, Any]:
    """The form with all but what the chart offers, for an operation of today."""
    empty = dict.fromkeys(("pdw_fl", "pdw_unit", "pdw_date", "t_score", "dxa_date", "dxa_site"), "")
    today = {
        name: cast.written(timezone.localdate() - timedelta(days=1))
        for name in ("mri_date", "chloride_date")
    }
    planned = {
        "operation_date": cast.written(timezone.localdate()),
        "operation_status": "planned",
        "mvh_restored": "not_known_yet",
        "radiograph_date": "",
        "trauma_history_date": "",
    }
    return cast.form_data(
        hospital_number="EHR-1", ehr=page.value("ehr"), **(empty | today | planned | more)
    )


def test_the_buttons_work_without_scripts_and_the_record_says_where_the_values_stand(
    opened: tuple[Client, Page], ehr: Ehr
) -> None:
    client, page = opened
    assert _buttons(page) == ["ehr-t_score", "ehr-pdw_fl"]
    data = _of_today(page)
    for key in _buttons(page):
        answer = client.post(reverse("assessment-new"), data | {"use_result": key})
        assert answer.status_code == 200
        shown = browse.as_shown(Page(answer))
        data |= {name: value for name, value in shown.items() if name != "use_result"}
    assert not Assessment.objects.exists()
    assert (data["pdw_fl"], data["pdw_unit"], data["pdw_result"]) == ("12.8", "fL", "ehr")
    assert (data["t_score"], data["dxa_site"]) == ("-2.5", "lumbar_spine")
    answer = client.post(reverse("assessment-new"), data)
    assert answer.status_code == 302, Page(answer).text
    made = Assessment.objects.get()
    assert taken(made) == {
        "pdw_fl": f"Observation/32207-3-{day()}/_history/2",
        "t_score": f"Observation/38267-1-{day(ago=30)}",
    }
    source = made.sources_by_predictor["pdw_fl"]
    assert (source.result.message.sender, source.result.message.facility) == (NAME, ehr.base)
    assert (source.result.value_text, source.result.unit) == ("12.8", "fL")
    kept = json.loads(LaboratoryMessage.objects.get(pk=source.result.message_id).text)
    assert kept["subject"] == {"reference": "Patient/pat-1"}
    assert not EhrReading.objects.exists()


def test_what_is_still_open_is_no_error_after_such_a_button(opened: tuple[Client, Page]) -> None:
    client, page = opened
    begun = {name: page.value(name) for name in ("hospital_number", "family_name", "ehr")}
    answer = client.post(reverse("assessment-new"), begun | {"use_result": "ehr-pdw_fl"})
    assert Page(answer).value("pdw_fl") == "12.8"
    assert "Error:" not in Page(answer).text
    # What can't be right is one all the same.
    wrong = begun | {"use_result": "ehr-pdw_fl", "t_score": "x"}
    assert Page(client.post(reverse("assessment-new"), wrong)).text.count("Error:") == 1


@pytest.mark.parametrize("key", ["ehr-chloride_mmol_l", "ehr-", "ehr", "earlier-pdw_fl"])
def test_a_button_that_is_not_there_fills_in_nothing(opened: tuple[Client, Page], key: str) -> None:
    client, page = opened
    answer = client.post(reverse("assessment-new"), _of_today(page, use_result=key))
    assert answer.status_code == 200
    assert Page(answer).value("pdw_fl") == ""


def test_a_mark_of_the_chart_without_its_reading_says_nothing(ehr: Ehr) -> None:
    data = cast.form_data(hospital_number="H7", pdw_result="ehr")
    browse.led_to(signed_in(cast.alice()).post(reverse("assessment-new"), data))
    assert Assessment.objects.get().sources_by_predictor == {}


def test_what_its_server_does_not_name_is_left_out(ehr: Ehr, server: None) -> None:
    ehr.observations = [
        quantity("32207-3", 12.8, "fL", day(), id="a/b"),
        quantity("2075-0", 101, "mmol/L", day(), meta={"versionId": "two words"}),
    ]
    page = opened_form(signed_in(cast.alice()), ehr)
    assert _buttons(page) == []
    assert "not valid FHIR: 2." in page.text


def test_an_earlier_value_is_taken_over_without_scripts_too() -> None:
    known = cast.recorded(cast.person("E9")).patient
    client = signed_in(cast.alice())
    address = f"{reverse('assessment-new')}?patient={known.pk}"
    page = Page(client.get(address))
    assert "earlier-pdw_fl" in _buttons(page)
    data = cast.form_data(hospital_number="E9", pdw_fl="", use_result="earlier-pdw_fl")
    page = Page(client.post(reverse("assessment-new"), data))
    assert page.value("pdw_fl") == cast.form_data()["pdw_fl"]


def test_a_reading_is_its_users_for_a_day(opened: tuple[Client, Page], ehr: Ehr) -> None:
    client, page = opened
    address = f"{reverse('assessment-new')}?ehr={page.value('ehr')}"
    bob = Page(signed_in(cast.bob()).get(address))
    assert (bob.value("hospital_number"), _buttons(bob)) == ("", [])
    # In a later session, too.
    assert _buttons(Page(signed_in(cast.alice()).get(address))) == _buttons(page)
    EhrReading.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert _buttons(Page(client.get(address))) == []
    ehr.patient = patient()
    opened_form(client, ehr)
    assert EhrReading.objects.count() == 1

"""Merged hospital numbers (ADT^A40): nothing is merged here, nothing is lost, people are told."""

from dataclasses import replace

import pytest
from django.test import Client
from django.urls import reverse

from scoring import actions, queries
from scoring.laboratory.reading import received
from scoring.models import Assessment, AuditEvent, NumberMerge, Patient
from tests import cast
from tests.laboratory.kept import TAKEN, kept_message, merged, of_laboratory, pdw_of
from tests.laboratory.messages import EVN, PID, RULES, merge_text, message, obx, oru
from tests.laboratory.test_acknowledgement import answer
from tests.laboratory.test_offers import buttons, looked_up
from tests.life import acts, browse
from tests.need_to_know.wards import two_wards
from tests.web.html import Page, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def client() -> Client:
    return signed_in(cast.alice())


def refusal(*segments: str, authority: str = "", kind: str = "ADT^A40^ADT_A39") -> tuple[str, str]:
    """Why a message is refused, and at which segment."""
    raw = message(*segments, kind=kind).encode()
    refused = received(raw, replace(RULES, authority=authority)).refused
    return (refused.refusal.value, refused.segment) if refused else ("", "")


@pytest.mark.parametrize("kind", ["ADT^A40^ADT_A39", "ADT^A40", "ADT^A34"])
def test_a_merge_is_kept_and_acknowledged_under_its_own_event(kind: str) -> None:
    text = merge_text("H7", "H8", kind=kind)
    kept_message(text)
    row = NumberMerge.objects.get()
    assert (row.prior_number, row.surviving_number) == ("H7", "H8")
    assert row.message.state == "accepted"
    assert f"ACK^{kind.split('^')[1]}|" in answer(text)
    assert "MSA|AA|M" in answer(text)


def test_several_merges_and_identifiers_in_one_message() -> None:
    other = PID.replace("H1042^^^WARD^MR", "31^^^CN^NI~H9^^^WARD^MR")
    first = (PID.replace("H1042", "H8"), "MRG|H7^^^WARD^MR")
    text = message(EVN, *first, other, "PV1|1", "MRG|H6^^^WARD^MR~31^^^CN^NI", kind="ADT^A40")
    got = received(text.encode(), replace(RULES, authority="WARD"))
    assert got.merged == (("H7", "H8"), ("H6", "H9"))
    # Another identifier was merged, and the hospital number stays.
    same = message(EVN, PID, "MRG|h 1042^^^WARD^MR~32^^^CN^NI", kind="ADT^A40")
    got = received(same.encode(), replace(RULES, authority="WARD"))
    assert (got.refused, got.merged) == (None, ())


def test_a_merge_that_is_not_understood_is_refused_with_its_place() -> None:
    assert refusal(EVN, PID) == ("merge_missing", "MRG")
    assert refusal(EVN, PID, "MRG|^^^WARD^MR") == ("patient_missing", "MRG")
    assert refusal(EVN, "MRG|H7") == ("patient_missing", "PID")
    assert refusal(EVN, PID, "MRG|1^^^A~2^^^B") == ("patient_not_chosen", "MRG")
    assert refusal(EVN, PID, "MRG|H7^^^OTHER", authority="WARD") == ("patient_not_chosen", "MRG")
    assert refusal(EVN, PID, "MRG|H7", kind="ADT^A08") == ("event", "MSH")
    assert not NumberMerge.objects.exists()


def test_the_log_names_whose_number_it_was_and_a_repeat_keeps_nothing() -> None:
    patient = cast.registered("H7")
    for control_id in ("1", "2"):
        merged("H7", "H8", control_id)
    assert NumberMerge.objects.count() == 1
    first, second = AuditEvent.objects.filter(action="message_received").order_by("pk")
    assert (first.patient_id, first.detail["merged"]) == (patient.pk, ["H7 → H8"])
    assert "merged" not in second.detail
    # The record itself is as it was.
    assert Patient.objects.get().hospital_number == "H7"


def test_chains_of_merges_and_one_that_is_turned_round() -> None:
    merged("H1", "H2", "1")
    merged("H2", "H3", "2")
    merged("H4", "H3", "3")
    assert queries.surviving_number("H1") == "H3"
    assert queries.numbers_of("H3") == {"H1", "H2", "H3", "H4"}
    assert queries.numbers_of("H2") == {"H1", "H2"}
    merged("H3", "H2", "4")
    assert [queries.surviving_number(f"H{n}") for n in range(1, 5)] == ["H2", "H2", "H2", "H2"]
    assert queries.numbers_of("H3") == {"H3", "H4"}
    assert queries.merge_of("H2") is None


def test_results_under_the_prior_number_are_offered_under_the_one_that_survives(
    client: Client,
) -> None:
    key = pdw_of("H7").results.get().pk
    assert buttons(looked_up(client, "H8")) == []
    merged("H7", "H8")
    page = looked_up(client, "H8")
    assert "PDW 12.8 fL, 11-Mar-2025 08:00, LIS, sent for H7" in page.text
    (fills,) = buttons(page)
    assert fills["pdw_result"] == str(key)
    data = cast.form_data(hospital_number="H8", pdw_result=str(key))
    browse.led_to(client.post(reverse("assessment-new"), data))
    assert Assessment.objects.get().sources_by_predictor["pdw_fl"].result_id == key


def test_results_under_the_number_that_survives_are_shown_under_the_prior_one_not_offered(
    client: Client,
) -> None:
    cast.registered("H7")
    merged("H7", "H8")
    key = pdw_of("H8").results.get().pk
    page = looked_up(client, "H7")
    assert "sent for H8" in page.text
    assert "can't be used: the hospital merged H7 into H8: correct the number first" in page.text
    assert buttons(page) == []
    browse.led_to(client.post(reverse("assessment-new"), _form("H7", key)))
    assert Assessment.objects.get().sources_by_predictor == {}


def _form(number: str, key: int) -> dict[str, str]:
    patient = queries.patient_by_number(number)
    known = {"known_patient": str(patient.pk)} if patient else {}
    return cast.form_data(hospital_number=number, pdw_result=str(key)) | known


def test_a_birth_date_that_differs_stands_against_a_merge(client: Client) -> None:
    cast.registered("H8")
    kept_message(oru(obx(), patient=PID.replace("H1042", "H7"), order=TAKEN, control_id="9"))
    merged("H7", "H8")
    page = looked_up(client, "H8")
    assert "the message is about somebody born 03-Dec-1946" in page.text
    assert buttons(page) == []


@pytest.mark.parametrize("status", ["C", "W"])
def test_what_is_corrected_under_the_new_number_reaches_the_assessment(status: str) -> None:
    assessment = of_laboratory("H7")
    merged("H7", "H8")
    pdw_of("H8", "11.9", status=status, control_id="2")
    assert [source.assessment for source in queries.changed_sources()] == [assessment]


def test_an_order_is_withdrawn_under_the_new_number() -> None:
    of_laboratory("H7")
    merged("H7", "H8")
    kept_message(
        oru(order=TAKEN + "|" * 18 + "X", patient=PID.replace("H1042", "H8"), control_id="3")
    )
    assert len(queries.changed_sources()) == 1


def test_page_and_worklist_tell_until_the_number_is_corrected(client: Client) -> None:
    assessment = of_laboratory("H7")
    merged("H7", "H8")
    address = reverse("patient-detail", args=[assessment.patient_id])
    told = "The hospital merged H7 into H8"
    assert told in Page(client.get(address)).text
    assert "H7 → H8" in browse.section(Page(client.get(reverse("worklist"))), "h-merged")
    actions.correct_patient(
        by=cast.alice(),
        patient=assessment.patient,
        entry=cast.person("H8"),
        reason="merged by the hospital",
        submission=cast.submission(),
    )
    assert told not in Page(client.get(address)).text
    assert "h-merged" not in client.get(reverse("worklist")).content.decode()
    # What was taken over under the old number stays the value's source.
    fresh = Assessment.objects.select_related("patient", "chain").get(pk=assessment.pk)
    (source,) = fresh.sources_by_predictor.values()
    kept = actions.amend(
        by=cast.alice(),
        assessment=fresh,
        patient=fresh.patient,
        entry=cast.worked_example(chloride_mmol_l=cast.measured("110")),
        reason="chloride misread",
        submission=cast.submission(),
        taken={"pdw_fl": source.result_id},
    )
    assert kept.patient.hospital_number == "H8"
    assert kept.sources_by_predictor["pdw_fl"].result == source.result


def test_a_patient_whose_assessments_went_to_the_other_record_is_done(client: Client) -> None:
    merged("H7", "H8")
    acts.voided(of_laboratory("H7"))
    assert "h-merged" not in client.get(reverse("worklist")).content.decode()


def test_the_new_number_leads_to_the_patient_on_record_instead_of_making_a_second(
    client: Client,
) -> None:
    cast.registered("H7")
    merged("H7", "H8")
    said = "The hospital merged H8 and H7: the number is H8 now. Is that the patient?"
    page = looked_up(client, "H8")
    assert said in page.text
    assert "Use H7 instead" in page.text
    sent = cast.form_data(hospital_number="H8", family_name="Wang", given_name="Lan")
    page = Page(client.post(reverse("assessment-new"), sent))
    assert said in page.text
    assert not Assessment.objects.exists()


def test_a_number_that_is_used_no_more_is_asked_about(client: Client) -> None:
    merged("H7", "H8")
    page = looked_up(client, "H7")
    assert "The hospital merged H7 into H8 on" in page.text
    assert "Use H8 instead" in page.text
    sent = cast.form_data(hospital_number="H7")
    page = Page(client.post(reverse("assessment-new"), sent))
    assert "Tick if H7 is right." in page.text
    browse.led_to(client.post(reverse("assessment-new"), sent | {"confirmed": "merged H7 H8"}))


def test_the_message_is_shown_with_its_patients_and_need_to_know_holds(client: Client) -> None:
    known = two_wards()
    row = merged(known.patient.hospital_number, "H8")
    address = reverse("laboratory-message", args=[row.pk])
    asks = reverse("patient-open", args=[known.patient.pk])
    assert signed_in(cast.bob()).get(address).headers["Location"].startswith(asks)
    pdw_of(known.patient.hospital_number, "13.57")
    assert "13.57" not in looked_up(signed_in(cast.bob()), "H8").text
    shown = Page(client.get(address)).text
    assert f"{known.patient.hospital_number} → H8" in shown


def test_a_merge_by_another_sender_counts_for_results_of_the_laboratory() -> None:
    assessment = of_laboratory("H7")
    kept_message(merge_text("H7", "H8", sender="HIS"))
    pdw_of("H8", "11.9", status="C", control_id="2")
    assert [source.assessment for source in queries.changed_sources()] == [assessment]

"""What a merge of hospital numbers must not do: tell of other wards, or mix up two patients."""

from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from scoring import queries
from scoring.models import Assessment
from scoring.queries import number_merges
from tests import cast
from tests.laboratory.kept import TAKEN, kept_message, merged, of_laboratory, pdw_of
from tests.laboratory.messages import PID, obx, oru
from tests.laboratory.test_offers import buttons, looked_up
from tests.life import browse
from tests.need_to_know.wards import two_wards
from tests.web.html import Page, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def client() -> Client:
    return signed_in(cast.alice())


def test_a_number_that_was_merged_into_one_of_another_ward_tells_nothing_there(
    client: Client,
) -> None:
    number = two_wards().patient.hospital_number
    merged("H7", number)
    pdw_of("H7", "13.57")
    bob = signed_in(cast.bob())
    said = looked_up(bob, "H7").text
    assert (number in said, "13.57" in said) == (False, False)
    said = looked_up(client, "H7").text
    assert (number in said, "13.57" in said) == (True, True)
    # Nor by a question on saving.
    browse.led_to(bob.post(reverse("assessment-new"), cast.form_data(hospital_number="H7")))


def test_the_new_number_of_a_patient_of_another_ward_is_not_told(client: Client) -> None:
    number = two_wards().patient.hospital_number
    merged(number, "NEW-8")
    assert "NEW-8" not in looked_up(signed_in(cast.bob()), number).text
    assert "NEW-8" in looked_up(client, number).text


def test_a_message_under_the_old_number_opens_for_the_ward_of_the_new_one(client: Client) -> None:
    known = two_wards()
    address = reverse("laboratory-message", args=[pdw_of("H7").pk])
    assert client.get(address).status_code == 403
    merged("H7", known.patient.hospital_number)
    assert known.patient.family_name in Page(client.get(address)).text
    asks = reverse("patient-open", args=[known.patient.pk])
    assert signed_in(cast.bob()).get(address).headers["Location"].startswith(asks)


def test_results_of_somebody_on_record_who_was_born_on_another_day_are_not_offered(
    client: Client,
) -> None:
    cast.registered("H7", family_name="Li", birth_date=date(1950, 1, 1))
    unnamed = oru(obx(value="12.80"), patient="PID|1||H7^^^WARD^MR", order=TAKEN)
    key = kept_message(unnamed).results.get().pk
    merged("H7", "H8")
    page = looked_up(client, "H8", birth_date="14-Jul-1944")
    assert "the message is about somebody born 01-Jan-1950" in page.text
    assert buttons(page) == []
    # Taken over before the date of birth was typed.
    sent = cast.form_data(hospital_number="H8", pdw_result=str(key))
    page = Page(client.post(reverse("assessment-new"), sent))
    assert "taken from a laboratory message about somebody born 01-Jan-1950" in page.text
    assert not Assessment.objects.exists()
    assert buttons(looked_up(client, "H8", birth_date="01-Jan-1950"))


def test_page_and_worklist_name_the_number_at_the_end_of_the_chain(client: Client) -> None:
    assessment = of_laboratory("H7")
    merged("H7", "H8", "1")
    merged("H8", "H9", "2")
    page = Page(client.get(reverse("patient-detail", args=[assessment.patient_id])))
    assert "The hospital merged H7 into H8" in page.text
    assert "That number was merged, too: it is H9 now." in page.text
    assert "H7 → H9" in browse.section(Page(client.get(reverse("worklist"))), "h-merged")
    page = Page(client.get(reverse("assessment-result", args=[assessment.pk])))
    assert "Merged by the hospital into H9" in page.text
    page = looked_up(client, "H7")
    assert "That number was merged, too: it is H9 now." in page.text
    assert "Use H9 instead" not in page.text


def test_a_number_in_the_middle_of_a_chain_leads_to_the_record_not_past_it(client: Client) -> None:
    merged("H7", "H8", "1")
    merged("H8", "H9", "2")
    assert "Use H9 instead" in looked_up(client, "H8").text
    cast.registered("H7")
    sent = cast.form_data(hospital_number="H8")
    for page in (looked_up(client, "H8"), Page(client.post(reverse("assessment-new"), sent))):
        assert "Use H7 instead" in page.text
        assert "Use H9 instead" not in page.text


def test_a_correction_to_a_number_that_is_used_no_more_is_asked_about(client: Client) -> None:
    patient = cast.registered("H7")
    merged("H8", "H9")
    data = browse.filled(client, "patient-correct", patient, reason="misread")
    data["hospital_number"] = "H8"
    page = Page(browse.sent(client, "patient-correct", patient, data))
    assert "The hospital merged H8 into H9" in page.text
    assert "Tick if H8 is right." in page.text
    confirmed = data | {"confirmed": "merged H8 H9"}
    browse.led_to(browse.sent(client, "patient-correct", patient, confirmed))
    assert queries.patient_by_number("H8") == patient


def test_a_merge_that_was_turned_round_takes_no_place_on_the_worklist(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    of_laboratory("H1")
    waiting = of_laboratory("H5", control_id="5").patient
    merged("H1", "H2", "1")
    merged("H2", "H1", "2")
    merged("H5", "H6", "3")
    monkeypatch.setattr(number_merges, "_SHOWN", 1)
    assert [told[0] for told in queries.patients_to_correct()] == [waiting]


def test_a_final_result_under_the_new_number_ends_all_that_were_not_final(client: Client) -> None:
    pdw_of("H7", "12.1", status="P", control_id="1")
    merged("H7", "H8")
    assert "12.1" in looked_up(client, "H8").text
    pdw_of("H8", "12.2", status="P", control_id="2")
    pdw_of("H8", "12.9", control_id="3")
    page = looked_up(client, "H8")
    assert "12.1" not in page.text
    assert len(buttons(page)) == 1


def test_more_results_and_merges_take_no_more_queries(client: Client) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as made:
            looked_up(client, "H7")
            client.get(reverse("worklist"))
        return len(made)

    of_laboratory("H7")
    merged("H7", "H8", "M1")
    pdw_of("H8", control_id="1", sender="A")
    before = asked()
    for n in range(2, 6):
        pdw_of("H8", f"12.{n}", control_id=str(n), sender=f"A{n}")
        of_laboratory(f"K{n}")
        merged(f"K{n}", f"L{n}", f"M{n}")
    assert asked() == before


def test_the_patient_of_a_message_is_compared_before_that_of_the_record(client: Client) -> None:
    cast.registered("H7", family_name="Li", birth_date=date(1950, 1, 1))
    kept_message(oru(obx(), patient=PID.replace("H1042", "H7"), order=TAKEN))
    merged("H7", "H8")
    assert buttons(looked_up(client, "H8", birth_date="03-Dec-1946"))

"""Results beside their fields: what they say, and what a button fills in; nothing is by itself."""

import json

import pytest
from django.test import Client
from django.urls import reverse

from scoring.models import Assessment, AuditEvent
from tests import cast
from tests.laboratory.kept import TAKEN, kept_message, of_laboratory, pdw_of
from tests.laboratory.messages import CHLORIDE, PID, SPINE, obx, oru
from tests.life import browse
from tests.need_to_know.wards import two_wards
from tests.web.html import Page, elements, signed_in

pytestmark = pytest.mark.django_db


NEW = "assessment-new"


@pytest.fixture
def client() -> Client:
    return signed_in(cast.alice())


def looked_up(client: Client, number: str, **typed: str) -> Page:
    """What comes back when a hospital number was typed."""
    response = client.post(reverse("patient-lookup"), {"hospital_number": number, **typed})
    assert response.status_code == 200
    return Page(response)


def use_buttons(page: Page) -> list[dict[str, str | None]]:
    """The attributes of each button that takes a result over."""
    found = (dict(each.attributes) for each in elements(page.root) if each.name == "button")
    return [attributes for attributes in found if attributes.get("name") == "use_result"]


def buttons(page: Page) -> list[dict[str, str]]:
    """What each button fills in."""
    return [json.loads(attributes["data-fills"] or "") for attributes in use_buttons(page)]


def test_results_of_a_patient_on_record_stand_beside_their_fields(client: Client) -> None:
    patient = PID.replace("19461203", "19440714").replace("H1042", "H7")
    cast.registered("H7")
    kept_message(oru(obx(device="XN-10"), CHLORIDE, SPINE, patient=patient, order=TAKEN))
    page = looked_up(client, "h7")
    assert "Laboratory: PDW 12.4 fL, 11-Mar-2025 08:00" in page.text
    assert "104 mmol/L, 11-Mar-2025 08:00" in page.text
    assert "XN-10" in page.text
    pdw, chloride, t_score = sorted(buttons(page), key=lambda fills: "pdw_fl" not in fills)
    assert pdw.pop("pdw_result").isdecimal()
    assert pdw == {"pdw_fl": "12.4", "pdw_date": "11-Mar-2025", "pdw_unit": "fL"}
    assert {**chloride, **t_score}.items() >= {
        "chloride_mmol_l": "104",
        "t_score": "-2.8",
        "dxa_site": "lumbar_spine",
        "dxa_date": "11-Mar-2025",
    }.items()


def test_they_are_offered_before_the_patient_is_on_record_and_that_is_logged(
    client: Client,
) -> None:
    pdw_of("H7")
    assert len(buttons(looked_up(client, "H7"))) == 1
    line = AuditEvent.objects.get(action=AuditEvent.Action.PATIENT_LOOKED_UP)
    assert (line.actor, line.detail) == ("alice", {"hospital_number": "H7"})
    assert buttons(looked_up(client, "H9")) == []
    assert AuditEvent.objects.filter(action=line.action).count() == 1


def test_what_can_not_be_used_is_shown_with_its_reason(client: Client) -> None:
    pdw_of("H7", unit="")
    page = looked_up(client, "H7")
    assert "Laboratory: PDW 12.80, 11-Mar-2025 08:00" in page.text
    assert "message (opens a new tab) · can't be used: no unit" in page.text
    assert buttons(page) == []
    # Somebody else's result under the number: the birth dates differ.
    cast.registered("H8")
    kept_message(oru(obx(), patient=PID.replace("H1042", "H8"), order=TAKEN, control_id="9"))
    page = looked_up(client, "H8")
    assert "can't be used: the message is about somebody born 03-Dec-1946" in page.text
    assert buttons(page) == []


def test_the_newest_two_that_still_hold(client: Client) -> None:
    for day, value in (("08", "11"), ("09", "12"), ("10", "13")):
        order = TAKEN.replace("20250311", f"202503{day}").replace("S88", f"S{day}")
        message = oru(obx(value=value), patient=PID.replace("H1042", "H7"), order=order)
        kept_message(message.replace("|1|P|", f"|{day}|P|"))
    assert [fills["pdw_fl"] for fills in buttons(looked_up(client, "H7"))] == ["13", "12"]
    order = TAKEN.replace("20250311", "20250310").replace("S88", "S10")
    patient = PID.replace("H1042", "H7")
    kept_message(oru(obx(status="D"), patient=patient, order=order, control_id="99"))
    assert [fills["pdw_fl"] for fills in buttons(looked_up(client, "H7"))] == ["12", "11"]


@pytest.mark.parametrize("statuses", ["PP", "IPF", "PFP", "FPF", "PPX"])
def test_not_final_is_said_while_it_is_the_last_word_and_hides_no_final_result(
    client: Client, statuses: str
) -> None:
    for number, status in enumerate(statuses):
        pdw_of("H7", f"1{number}", status=status, control_id=str(number))
    pdw_of("H7", "15", status="P", control_id="9", sender="XN")
    page = looked_up(client, "H7")
    # The order of another sender has the very same number.
    assert page.text.count("not final yet") == 1 + (statuses[-1] == "P")
    assert len(buttons(page)) == ("F" in statuses)


def test_the_t_score_of_each_site_of_one_message(client: Client) -> None:
    hips = [SPINE.replace("38267-1", code) for code in ("38264-8", "80947-5", "80948-3")]
    kept_message(oru(SPINE, *hips, patient=PID.replace("H1042", "H7"), order=TAKEN))
    sites = [fills["dxa_site"] for fills in buttons(looked_up(client, "H7"))]
    assert len(sites) == 4
    assert "lumbar_spine" in sites


@pytest.mark.usefixtures("plausible_operations")
def test_old_results_are_not_offered(client: Client) -> None:
    pdw_of("H7")
    assert buttons(looked_up(client, "H7")) == []


def test_a_patient_of_another_ward_is_told_nothing_of() -> None:
    known = two_wards()
    pdw_of(known.patient.hospital_number)
    page = looked_up(signed_in(cast.bob()), known.patient.hospital_number)
    assert buttons(page) == []
    assert "12.8" not in page.text


@pytest.mark.parametrize(
    "typed",
    ["H100234", "H100" + 40 * " " + "234", "H100\x00234", "47110"],
    ids=["number", "too long", "null character", "former number"],
)
def test_neither_a_button_nor_a_refused_number_tells_of_another_ward(typed: str) -> None:
    two_wards()
    pdw_of("47110", "13.57")
    key = pdw_of("H100234", "13.57").results.get().pk
    client, empty = signed_in(cast.bob()), dict.fromkeys(("pdw_fl", "pdw_date"), "")
    data = cast.form_data(hospital_number=typed, **empty)
    for sent in (data, data | {"use_result": str(key)}):
        page = Page(client.post(reverse(NEW), sent))
        assert page.value("pdw_fl") == ""
        assert "13.57" not in page.text


def test_a_null_character_in_a_number_is_passed_over(client: Client) -> None:
    pdw_of("H7")
    response = client.post(reverse(NEW), cast.form_data(hospital_number="H\x007"))
    assert response.status_code == 422
    line = AuditEvent.objects.get(action="patient_looked_up")
    assert line.detail == {"hospital_number": "H7"}


def test_nothing_is_filled_in_by_itself_and_the_button_works_without_scripts(
    client: Client,
) -> None:
    pdw_of("H7")
    empty = dict.fromkeys(("pdw_fl", "pdw_unit", "pdw_date"))
    data = cast.form_data(hospital_number="H7", **empty)
    page = Page(client.post(reverse(NEW), data))
    assert page.value("pdw_fl") == ""
    (button,) = use_buttons(page)
    shown = browse.as_shown(page) | {"use_result": str(button["value"])}
    response = client.post(reverse(NEW), shown)
    assert response.status_code == 200
    page = Page(response)
    assert (page.value("pdw_fl"), page.value("pdw_unit")) == ("12.8", "fL")
    assert page.value("pdw_date") == "11-Mar-2025"
    assert not Assessment.objects.exists()
    sent = {name: value for name, value in browse.as_shown(page).items() if name != "use_result"}
    response = client.post(reverse(NEW), sent)
    assert response.status_code == 302, Page(response).text
    assessment = Assessment.objects.get()
    assert assessment.sources_by_predictor["pdw_fl"].result.pk == int(str(button["value"]))


def test_a_value_from_a_message_about_somebody_else_is_asked_back_of_a_new_patient(
    client: Client,
) -> None:
    text = oru(obx(value="12.80"), patient=PID.replace("H1042", "H7"), order=TAKEN)
    key = kept_message(text).results.get().pk
    assert len(buttons(looked_up(client, "H7"))) == 1
    assert buttons(looked_up(client, "H7", birth_date="14-Jul-1944")) == []
    data = cast.form_data(hospital_number="H7", pdw_result=str(key))
    page = Page(client.post(reverse(NEW), data))
    asked = "PDW 12.8 fL was taken from a laboratory message about somebody born 03-Dec-1946."
    assert asked in page.text.replace("\u00a0", " ")
    assert buttons(page) == []
    assert not Assessment.objects.exists()
    confirmed = f"laboratory {key} 1944-07-14"
    browse.led_to(client.post(reverse(NEW), data | {"confirmed": confirmed}))


@pytest.mark.parametrize("typed", [{"pdw_fl": "12.9"}, {"hospital_number": "H8"}])
def test_of_a_value_or_number_that_was_typed_afterwards_nothing_is_asked(
    client: Client, typed: dict[str, str]
) -> None:
    text = oru(obx(value="12.80"), patient=PID.replace("H1042", "H7"), order=TAKEN)
    key = kept_message(text).results.get().pk
    data = cast.form_data(hospital_number="H7", pdw_result=str(key))
    browse.led_to(client.post(reverse(NEW), data | typed))


@pytest.mark.parametrize("key", ["", "x", "0", "9" * 30, "1"])
def test_a_made_up_key_fills_in_nothing(client: Client, key: str) -> None:
    pdw_of("H8")
    data = cast.form_data(hospital_number="H7", pdw_fl="", use_result=key, pdw_result=key)
    response = client.post(reverse(NEW), data)
    assert response.status_code == 200
    assert Page(response).value("pdw_fl") == ""
    del data["use_result"]
    browse.led_to(client.post(reverse(NEW), data | {"pdw_fl": "12.8"}))
    assert Assessment.objects.get().sources_by_predictor == {}


def test_a_correction_of_the_assessment_keeps_what_it_took(client: Client) -> None:
    of = of_laboratory("H7")
    data = browse.filled(client, "assessment-amend", of, reason="misread", chloride_mmol_l="104")
    browse.led_to(browse.sent(client, "assessment-amend", of, data))
    amended = Assessment.objects.get(version=2)
    assert set(amended.sources_by_predictor) == {"pdw_fl"}
    data = browse.filled(client, "assessment-amend", amended, reason="misread", pdw_fl="12.9")
    browse.led_to(browse.sent(client, "assessment-amend", amended, data))
    assert Assessment.objects.get(version=3).sources_by_predictor == {}

"""The same person is not saved twice unasked, and a corrected number or name finds the patient."""

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from scoring.models import Assessment, AuditEvent, Patient
from tests import cast
from tests.life import acts, browse
from tests.web.html import Page

pytestmark = pytest.mark.django_db
NEW = "assessment-new"
SAME_NAME = "This name and date of birth are on record with another number. Is that the patient?"
ZEROS = "differs only by leading zeros from a number on record. Is that the patient?"


def _renumbered(patient: Patient, number: str, **changes: Any) -> Patient:
    return acts.corrected(patient, cast.person(number, **changes))


def _asked(client: Client, **changes: Any) -> Page:
    before = Patient.objects.count()
    response = client.post(reverse(NEW), cast.form_data(**changes))
    assert response.status_code == 422
    assert Patient.objects.count() == before
    assert not Assessment.objects.exists()
    return Page(response)


def _confirmed(client: Client, page: Page) -> Patient:
    data = browse.as_shown(page) | {"confirmed": page.offered("confirmed")}
    browse.led_to(client.post(reverse(NEW), data))
    return Assessment.objects.get().patient


@pytest.mark.parametrize(
    ("known", "entered", "said"),
    [
        (("47111",), {"hospital_number": "47110"}, SAME_NAME),
        (
            ("47111",),
            {"hospital_number": "47110", "family_name": "XIULAN", "given_name": "wáng"},
            SAME_NAME,
        ),
        (("0047110",), {"hospital_number": "47110", "family_name": "Li"}, f"47110 {ZEROS}"),
        (("47110",), {"hospital_number": "0047110", "family_name": "Li"}, f"0047110 {ZEROS}"),
    ],
)
def test_a_new_patient_who_may_be_on_record_is_asked_about(
    client: Client, known: tuple[str], entered: dict[str, str], said: str
) -> None:
    patient = cast.registered(*known)
    page = _asked(client, **entered)
    assert f"{said} Wang, Xiulan, born 14-Jul-1944, hospital no. {known[0]}. Tick if" in page.text
    assert browse.links(page)["Open it"] == browse.address("patient-detail", patient)
    log = AuditEvent.objects.filter(action=AuditEvent.Action.PATIENT_LOOKED_UP)
    assert log.get().patient_id == patient.pk
    assert _confirmed(client, page).hospital_number == entered["hospital_number"]


def test_a_tick_is_for_this_very_identity(client: Client) -> None:
    cast.registered("47111")
    page = _asked(client, hospital_number="47110")
    ticked = browse.as_shown(page) | {"confirmed": page.offered("confirmed")}
    again = client.post(reverse(NEW), ticked | {"hospital_number": "47112"})
    assert again.status_code == 422
    assert SAME_NAME in Page(again).text


@pytest.mark.parametrize(
    "changes", [{"given_name": "Xiulian"}, {"birth_date": "15-Jul-1944"}, {"name_not_known": "on"}]
)
def test_others_are_saved_unasked(client: Client, changes: dict[str, str]) -> None:
    cast.registered("47111")
    if "name_not_known" in changes:
        changes |= {"family_name": "", "given_name": ""}
    data = cast.form_data(hospital_number="47110", **changes)
    browse.led_to(client.post(reverse(NEW), data))


def test_the_number_on_record_is_used_instead_with_all_that_was_typed(client: Client) -> None:
    patient = cast.registered("0047110")
    page = _asked(client, hospital_number="47110", t_score="3.6")
    assert "Use 0047110 instead" in page.text
    sent = browse.as_shown(page) | {"use_number": "0047110"}
    response = client.post(reverse(NEW), sent)
    assert response.status_code == 200
    page = Page(response)
    assert page.value("known_patient") == str(patient.pk)
    assert page.value("hospital_number") == "0047110"
    kept = browse.as_shown(page)
    gone = {"family_name", "given_name", "birth_date", "sex", "known_patient", "hospital_number"}
    for name, value in cast.form_data(t_score="3.6").items():
        if name not in gone | {"form_token"}:
            assert kept.get(name, "") == value, name
    assert not Assessment.objects.exists()
    again = Page(client.post(reverse(NEW), kept))
    assert SAME_NAME not in again.text
    assert _confirmed(client, again) == patient


@pytest.mark.parametrize("number", ["", "nobody's", "\x00", "9" * 50])
def test_a_made_up_number_to_use_saves_nothing(client: Client, number: str) -> None:
    response = client.post(reverse(NEW), cast.form_data(use_number=number))
    assert response.status_code == 200
    assert not Patient.objects.exists()


def test_amending_to_a_new_number_asks_too(client: Client) -> None:
    of = cast.recorded()
    data = browse.filled(client, "assessment-amend", of, reason="wrong number", sex="female")
    data |= {"family_name": "Wang", "given_name": "Xiulan", "birth_date": "14-Jul-1944"}
    data |= {"hospital_number": "0100234"}
    page = Page(browse.sent(client, "assessment-amend", of, data))
    assert SAME_NAME in page.text
    used = browse.sent(
        client, "assessment-amend", of, browse.as_shown(page) | {"use_number": "H100234"}
    )
    assert used.status_code == 200
    assert Page(used).value("known_patient") == str(of.patient_id)
    assert Page(used).value("reason") == "wrong number"
    assert Patient.objects.count() == 1


def test_correcting_an_identity_asks_once_it_becomes_another_patients(client: Client) -> None:
    cast.registered("0047110")
    patient = cast.registered("H2", family_name="Zhao")
    data = browse.filled(client, "patient-correct", patient, reason="married")
    data |= {"hospital_number": "47110"}
    response = browse.sent(client, "patient-correct", patient, data)
    assert response.status_code == 422
    page = Page(response)
    assert f"47110 {ZEROS}" in page.text
    assert "Use 0047110" not in page.text
    data |= {"confirmed": page.offered("confirmed")}
    browse.led_to(browse.sent(client, "patient-correct", patient, data))
    # What was confirmed is not asked again where only the sex is corrected.
    data = browse.filled(client, "patient-correct", patient, reason="misread", sex="other")
    browse.led_to(browse.sent(client, "patient-correct", patient, data))


def test_a_number_of_somebody_else_is_refused_without_a_question(client: Client) -> None:
    cast.registered("H9", family_name="Zhao")
    patient = cast.registered("H2")
    data = browse.filled(client, "patient-correct", patient, reason="misread")
    page = Page(browse.sent(client, "patient-correct", patient, data | {"hospital_number": "H9"}))
    assert "this number belongs to Zhao, Xiulan" in page.text
    assert "confirmed" not in {control.name for control in page.controls}


def test_a_former_number_leads_to_the_patient(client: Client) -> None:
    patient = _renumbered(cast.registered("H1"), "H2")
    said = "H1 was corrected to H2 on "
    answer = client.post(reverse("patient-lookup"), {"hospital_number": " h1"})
    page = Page(answer)
    assert page.by_id("number-hints").attributes
    assert "Is that the patient? Wang, Xiulan, born 14-Jul-1944, hospital no. H2." in page.text
    assert "Use H2 instead" in page.text
    assert not [control for control in page.controls if control.name == "known_patient"]
    assert AuditEvent.objects.filter(patient_id=patient.pk, action="patient_looked_up").exists()
    # Not merged, and not saved unasked for somebody else.
    page = _asked(client, hospital_number="H1", family_name="Li", birth_date="01-Feb-1950")
    assert said in page.text
    assert _confirmed(client, page) != patient


def test_a_number_that_somebody_else_has_now_tells_who_had_it(client: Client) -> None:
    _renumbered(cast.registered("H1"), "H2")
    cast.registered("H1", family_name="Li", birth_date=date(1950, 1, 2))
    page = Page(client.post(reverse("patient-lookup"), {"hospital_number": "H1"}))
    assert "Li, Xiulan" in page.text
    assert "H1 was corrected to H2 on " in page.text


def test_a_former_name_is_known_to_the_same_name_check(client: Client) -> None:
    _renumbered(cast.registered("H1"), "H1", family_name="Moore")
    for family, given in (("wang", "XIULAN"), ("Xiulan", "Wang"), ("moore", "xiulan")):
        data = {"family_name": family, "given_name": given, "hospital_number": "H9"}
        said = Page(client.post(reverse("patient-same-name"), data)).text
        assert "Moore, Xiulan , born 14-Jul-1944, hospital no. H1" in said
        assert "Formerly Wang, Xiulan" in said
        assert "Use H1 instead" in said
    assert SAME_NAME in _asked(client, hospital_number="H9").text


def test_hints_stand_in_a_form_that_came_back_too(client: Client) -> None:
    cast.registered("0047110")
    page = _asked(client, hospital_number="47110", pdw_fl="")
    assert "this name is on record with another hospital number" in page.text
    assert f"47110 {ZEROS}" in page.text
    assert page.html.count('value="0047110"') == 2


def test_pages_of_a_patient_show_what_was_corrected(client: Client) -> None:
    patient = cast.registered("H1")
    of = cast.recorded(patient)
    for number, family in (("H2", "Wang"), ("H2", "Moore"), ("H3", "Moore")):
        patient = _renumbered(patient, number, family_name=family)
    said = "Formerly Wang, Xiulan , hospital no. H2 , H1"
    for name, one in (("patient-detail", patient), ("assessment-result", of)):
        assert said in browse.opened(client, name, one).text
    assert said in Page(client.post(reverse("patient-lookup"), {"hospital_number": "H3"})).text


def test_a_patient_whose_assessments_moved_away_is_not_at_the_first(client: Client) -> None:
    of = cast.recorded(cast.person("H1"))
    acts.amended(of, patient=cast.registered("H2", family_name="Zhao"))
    said = Page(client.post(reverse("patient-lookup"), {"hospital_number": "H1"})).text
    assert "First assessment." not in said
    assert "No assessment in use. Earlier ones were voided or moved to another patient" in said

"""What is asked back before it is saved, and what is refused: slips that look like entries."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from scoring import actions
from scoring.models import Assessment, Outcome
from tests import cast
from tests.life import acts, browse
from tests.web.html import Page

pytestmark = pytest.mark.django_db
NEW = "assessment-new"
SOURCES = [
    *("dxa_date", "trauma_history_date", "mri_date"),
    *("pdw_date", "chloride_date", "radiograph_date"),
]


def _entered(client: Client, **changes: Any) -> Page:
    """The form of a new assessment, sent and not saved."""
    before = Assessment.objects.count()
    response = client.post(reverse(NEW), cast.form_data(**changes))
    assert response.status_code == 422
    assert Assessment.objects.count() == before
    return Page(response)


def _ticked(client: Client, page: Page) -> Assessment:
    data = browse.as_shown(page) | {"confirmed": page.offered("confirmed")}
    browse.led_to(client.post(reverse(NEW), data))
    return Assessment.objects.order_by("-created_at")[0]


def test_a_positive_t_score_is_asked_back(client: Client) -> None:
    page = _entered(client, t_score="3,6")
    assert "The T-score +3.6 is positive: is the minus sign missing?" in page.text
    assert page.value("t_score") == "3,6"
    made = _ticked(client, page)
    assert made.t_score == Decimal("3.6")
    said = browse.opened(client, "assessment-result", made).text
    assert "T-score +3.6. It is positive: is the minus sign missing?" in said
    assert "no (T +3.6 > −3.5)" in said


@pytest.mark.usefixtures("plausible_operations")
def test_the_wrong_year_of_an_operation_is_asked_back(client: Client) -> None:
    year_ago = timezone.localdate() - timedelta(days=365)
    page = _entered(
        client,
        operation_date=cast.written(year_ago),
        **dict.fromkeys(SOURCES, ""),
    )
    assert "It lies 365 days before the day it was entered. Tick if the date is right." in page.text
    made = _ticked(client, page)
    assert made.operation_date == year_ago
    shown = browse.opened(client, "assessment-result", made)
    assert shown.text.count("It lies 365 days before the day it was entered.") == 2
    # Amended later on, it is not asked again, and still said.
    data = browse.filled(client, "assessment-amend", made, pdw_fl="9", reason="r")
    browse.led_to(browse.sent(client, "assessment-amend", made, data))
    amended = Assessment.objects.get(version=2)
    said = browse.opened(client, "assessment-result", amended).text
    assert "It lies 365 days before the day it was entered." in said


def test_sources_far_off_are_asked_back_together(client: Client) -> None:
    page = _entered(client, pdw_date="11-Mar-2001", mri_date="08-Mar-2025")
    assert "Answer 2 questions before saving." in page.text
    assert "Date of PDW 11-Mar-2001: It lies 8768 days before the operation." in page.text
    assert "Date of MRI 08-Mar-2025: It lies before the date of the trauma." in page.text
    (caution,) = page.notes_beside("pdw_date", "caution")
    assert "It lies 8768 days before the operation." in caution


def test_a_tick_is_for_these_very_values(client: Client) -> None:
    page = _entered(client, t_score="3.6")
    ticked = {"confirmed": page.offered("confirmed")}
    again = client.post(reverse(NEW), browse.as_shown(page) | ticked | {"t_score": "2.6"})
    assert again.status_code == 422
    assert "The T-score +2.6 is positive" in Page(again).text


def test_it_is_not_asked_again_where_it_stays(client: Client) -> None:
    of = cast.recorded(entry=cast.worked_example(t_score=cast.measured("3.6")))
    data = browse.filled(client, "assessment-amend", of, pdw_fl="9", reason="r")
    browse.led_to(browse.sent(client, "assessment-amend", of, data))


def test_an_amendment_that_changes_nothing_is_asked_back(client: Client) -> None:
    of = cast.recorded()
    data = browse.filled(client, "assessment-amend", of, reason="r")
    response = browse.sent(client, "assessment-amend", of, data)
    assert response.status_code == 422
    assert "Nothing was changed. Tick to save it anyway." in Page(response).text
    data["confirmed"] = Page(response).offered("confirmed")
    browse.led_to(browse.sent(client, "assessment-amend", of, data))
    assert Assessment.objects.count() == 2


def test_an_age_by_a_corrected_birth_date_is_a_change(client: Client) -> None:
    of = cast.recorded()
    acts.corrected(of.patient, cast.person(birth_date=date(1950, 7, 14)))
    data = browse.filled(client, "assessment-amend", of, reason="corrected age")
    browse.led_to(browse.sent(client, "assessment-amend", of, data))


def test_a_second_assessment_of_one_operation_is_asked_back(client: Client) -> None:
    first = cast.recorded()
    known = {"known_patient": str(first.patient_id)}
    page = _entered(client, **known)
    assert "RBP-2026-000001 is already on record for this operation, L1 on" in page.text
    assert browse.links(page)["Open it"] == browse.address("assessment-result", first)
    assert _ticked(client, page).chain_id != first.chain_id


@pytest.mark.parametrize("changes", [{"fracture_level": "L2"}, {"operation_date": "12-Mar-2025"}])
def test_another_operation_is_not(client: Client, changes: dict[str, str]) -> None:
    first = cast.recorded()
    data = cast.form_data(known_patient=str(first.patient_id), **changes)
    browse.led_to(client.post(reverse(NEW), data))


def test_nor_is_one_whose_first_was_voided(client: Client) -> None:
    first = cast.recorded()
    acts.voided(first)
    browse.led_to(client.post(reverse(NEW), cast.form_data(known_patient=str(first.patient_id))))


def test_what_is_on_record_already_stands_beside_a_known_patient(client: Client) -> None:
    patient = cast.registered()
    address = f"{reverse(NEW)}?patient={patient.pk}"
    assert "First assessment." in Page(client.get(address)).text
    made = cast.recorded(patient)
    page = Page(client.get(address))
    assert browse.links(page)["L1 on 13-Mar-2025, final"] == browse.address(
        "assessment-result", made
    )
    acts.voided(made)
    said = Page(client.get(address)).text
    assert "First assessment." not in said
    assert "No assessment in use. Earlier ones were voided or moved to another patient:" in said


def test_a_number_taken_meanwhile_shows_both_identities(client: Client) -> None:
    cast.registered("H7", family_name="First", given_name="Anna", birth_date=date(1944, 1, 2))
    page = _entered(
        client,
        hospital_number="H7",
        family_name="Second",
        given_name="Berta",
        birth_date="01-Jan-1950",
    )
    (said,) = page.beside("hospital_number")
    assert "you entered Second, Berta, born 01-Jan-1950" in said
    assert "First, Anna" in page.text


def test_a_real_assessment_stays_with_real_patients(client: Client) -> None:
    of = cast.recorded()
    synthetic = cast.registered("SYN-1", synthetic=True)
    data = browse.filled(client, "assessment-amend", of, hospital_number="SYN-1", reason="r")
    data |= {"known_patient": str(synthetic.pk), "confirmed": "move SYN-1"}
    response = browse.sent(client, "assessment-amend", of, data)
    assert response.status_code == 422
    (said,) = Page(response).beside("hospital_number")
    assert "can't be moved between a real and a synthetic patient" in said
    assert not Assessment.objects.filter(version=2).exists()


@pytest.mark.parametrize(
    ("day", "recorded", "wrong", "said"),
    [
        (30, 3, 3, "allowed is after the VAS of day 3, 16-Mar-2025."),
        (3, 30, 30, "allowed is before the VAS of day 30, 12-Apr-2025."),
    ],
)
def test_the_two_vas_come_in_their_order(
    client: Client, day: int, recorded: int, wrong: int, said: str
) -> None:
    of = cast.recorded()
    acts.outcome(of, acts.measured(recorded, 6))
    typed = cast.written(cast.OPERATION + timedelta(days=wrong))
    name = f"outcome-day-{day}"
    data = browse.filled(client, name, of, vas="5", measured_on=typed)
    response = browse.sent(client, name, of, data)
    assert response.status_code == 422
    (error,) = Page(response).beside("measured_on")
    assert f"you entered {typed}; {said}" in error
    with pytest.raises(actions.OutcomeOrderError):
        acts.outcome(of, acts.measured(day, 5, cast.OPERATION + timedelta(days=wrong)))
    assert Outcome.objects.count() == 1


def test_no_previous_surgery_is_asked_back_where_a_pkp_is_on_record(client: Client) -> None:
    first = cast.recorded()
    later = {
        "operation_date": cast.written(first.operation_date + timedelta(days=60)),
        "fracture_level": "T8",
        "known_patient": str(first.patient_id),
        **dict.fromkeys(SOURCES, ""),
    }
    page = _entered(client, **later)
    assert (
        "PKP of L1 on 13-Mar-2025 is on record, but “Previous spinal surgery” is answered no."
        in page.text
    )
    assert _ticked(client, page).fracture_level == "T8"
    # Answered yes, it is saved at once: outside the study population.
    yes = later | {"fracture_level": "T9", "previous_spinal_surgery": "yes"}
    browse.led_to(client.post(reverse(NEW), cast.form_data(**yes)))

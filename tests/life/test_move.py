"""An assessment made for the wrong patient finds the right one by an amendment with a reason."""

from datetime import date

import pytest
from django.test import Client

from scoring.models import Assessment, AuditEvent, Patient
from tests import cast
from tests.life import acts, browse
from tests.web.html import Page

pytestmark = pytest.mark.django_db
REASON = "entered under the neighbour's number"


@pytest.fixture
def of() -> Assessment:
    return cast.recorded()


def test_to_another_known_patient_who_is_shown_first(client: Client, of: Assessment) -> None:
    right = cast.registered("H7", family_name="Zhao", birth_date=date(1950, 1, 2), sex="male")
    data = browse.filled(client, "assessment-amend", of, hospital_number="h7", reason=REASON)
    response = browse.sent(client, "assessment-amend", of, data)
    assert response.status_code == 422
    page = Page(response)
    assert any("this number is on record" in error for error in page.beside("hospital_number"))
    for said in ("Zhao, Xiulan", "02-Jan-1950", "Male"):
        assert said in page.text
    again = browse.as_shown(page)
    assert again["known_patient"] == str(right.pk)
    asked = browse.sent(client, "assessment-amend", of, again)
    assert asked.status_code == 422
    page = Page(asked)
    assert (
        "from Wang, Xiulan, born 14-Jul-1944, hospital no. H100234 to Zhao, Xiulan, "
        "born 02-Jan-1950, hospital no. H7" in page.text
    )
    assert not Assessment.objects.filter(version=2).exists()
    confirmed = browse.as_shown(page) | {"confirmed": page.offered("confirmed")}
    browse.led_to(browse.sent(client, "assessment-amend", of, confirmed))
    made = acts.read(Assessment.objects.get(version=2).pk)
    assert made.patient == right
    # The age is the right patient's.
    assert (made.birth_date, made.age_years) == (date(1950, 1, 2), 75)
    assert made.chain_id == of.chain_id
    changed = browse.section(browse.opened(client, "assessment-result", made), "h-changes")
    old, new = "Wang, Xiulan, 14-Jul-1944, H100234", "Zhao, Xiulan, 02-Jan-1950, H7"
    assert f"Patient {old} {new}" in changed
    assert "Points, Age 19.00 23.75" in changed


def test_to_a_new_patient(client: Client, of: Assessment) -> None:
    data = browse.filled(client, "assessment-amend", of, reason=REASON)
    asked = Page(browse.sent(client, "assessment-amend", of, data | browse.NEW_PATIENT))
    assert "to Li, Na, born 01-Feb-1955, hospital no. H8" in asked.text
    confirmed = {"confirmed": asked.offered("confirmed")}
    browse.led_to(
        browse.sent(client, "assessment-amend", of, data | browse.NEW_PATIENT | confirmed)
    )
    made = acts.read(Assessment.objects.get(version=2).pk)
    assert (str(made.patient), made.patient.hospital_number) == ("Li, Na", "H8")
    assert made.age_years == 70
    assert Patient.objects.count() == 2
    done = AuditEvent.objects.order_by("id").values_list("action", "hospital_number")
    assert ("patient_registered", "H8") in done
    assert ("assessment_amended", "H8") in done


def test_a_number_nobody_has_asks_for_the_identity_first(client: Client, of: Assessment) -> None:
    data = browse.filled(client, "assessment-amend", of, hospital_number="H8", reason=REASON)
    response = browse.sent(client, "assessment-amend", of, data)
    assert response.status_code == 422
    page = Page(response)
    assert page.beside("family_name")
    assert page.beside("birth_date")
    assert page.value("reason") == REASON
    assert (Assessment.objects.count(), Patient.objects.count()) == (1, 1)


def test_both_patients_pages_tell_where_it_went(client: Client, of: Assessment) -> None:
    made = acts.amended(of, patient=cast.person("H8", family_name="Li"), reason=REASON)
    left = browse.opened(client, "patient-detail", of.patient)
    assert "This assessment was moved to another patient." in left.text
    assert browse.links(left)["Open the current version"] == browse.address(
        "assessment-result", made
    )
    assert "Residual back pain" not in left.text
    there = browse.opened(client, "patient-detail", made.patient)
    assert "moved" not in there.text
    assert f"amended: {REASON}" in there.text
    # The old version stays where it was made, and says that it is superseded.
    assert "Superseded" in browse.opened(client, "assessment-result", of).text


def test_the_worklist_and_recent_lists_follow_the_patient(client: Client) -> None:
    of = acts.provisional()
    acts.amended(of, patient=cast.person("H8", family_name="Li"), reason=REASON)
    page = Page(client.get("/"))
    assert "Complete Li, Xiulan" in browse.links(page)
    assert "Wang" not in page.text


def test_the_outcomes_go_with_it(client: Client, of: Assessment) -> None:
    acts.outcome(of, acts.measured(3, 5))
    made = acts.amended(of, patient=cast.person("H8", family_name="Li"), reason=REASON)
    assert "VAS, day 3 5" in browse.opened(client, "patient-detail", made.patient).text
    assert made.chain.vas_day_3 == 5


def test_registered_by_somebody_else_in_between_nobody_is_taken_over(
    client: Client, of: Assessment
) -> None:
    """The number is given away between the check of the form and the save."""
    data = browse.filled(client, "assessment-amend", of, reason=REASON)
    cast.registered("H8", family_name="Zhao")
    response = browse.sent(client, "assessment-amend", of, data | browse.NEW_PATIENT)
    assert response.status_code == 422
    assert "Zhao, Xiulan" in Page(response).text
    assert Assessment.objects.count() == 1


@pytest.mark.parametrize("page", ["assessment-result", "outcome-day-3"])
def test_a_page_that_names_both_patients_is_a_look_at_both(
    client: Client, of: Assessment, page: str
) -> None:
    moved = acts.amended(of, patient=cast.registered("H7", family_name="Zhao"), reason=REASON)
    before = AuditEvent.objects.latest("id").pk
    opened = browse.opened(client, page, moved if page == "assessment-result" else of)
    assert "Zhao" in opened.text
    looks = AuditEvent.objects.filter(pk__gt=before, action="assessment_viewed")
    assert {look.hospital_number for look in looks} == {"H100234", "H7"}


def test_a_conflict_with_a_move_is_a_look_at_the_right_patient(
    client: Client, of: Assessment
) -> None:
    data = browse.filled(client, "assessment-amend", of, pdw_fl="13", reason=REASON)
    acts.amended(of, patient=cast.registered("H7", family_name="Zhao"), reason=REASON)
    before = AuditEvent.objects.latest("id").pk
    response = browse.sent(client, "assessment-amend", of, data)
    assert response.status_code == 409
    assert "Zhao" in Page(response).text
    looks = AuditEvent.objects.filter(pk__gt=before, action="assessment_viewed")
    assert {look.hospital_number for look in looks} == {"H100234", "H7"}

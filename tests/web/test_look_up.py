"""Who a number belongs to: what the form shows of it, and the line in the access log."""

import pytest
from django.test import Client
from django.urls import reverse

from scoring.models import AuditEvent
from tests import cast
from tests.life import browse
from tests.web.html import Page, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def client() -> Client:
    return signed_in(cast.alice())


def test_look_up_tells_who_it_is_in_full(client: Client) -> None:
    patient = cast.registered("H100234", synthetic=True)
    response = client.post(reverse("patient-lookup"), {"hospital_number": " ｈ100234 "})
    content = " ".join(response.content.decode().split())
    for said in ("<b>Wang,</b> Xiulan", "14-Jul-1944", "Female", "SYNTHETIC", str(patient.pk)):
        assert said in content, said
    assert "identity-changed" in response.headers["HX-Trigger-After-Settle"]


def test_look_up_of_a_new_number_keeps_the_identity_typed_so_far(client: Client) -> None:
    data = cast.form_data(hospital_number="H9", name_not_known="on")
    response = client.post(reverse("patient-lookup"), data)
    page = Page(response)
    assert response.status_code == 200
    typed = {name: page.value(name) for name in ("family_name", "given_name", "birth_date", "sex")}
    assert typed == {name: data[name] for name in typed}
    assert not [control for control in page.controls if control.name == "known_patient"]


@pytest.mark.parametrize("number", ["", "\x00", "%", "_", "9" * 5000, "<script>alert(1)</script>"])
def test_look_up_of_anything_is_met_with_a_page(client: Client, number: str) -> None:
    cast.registered()
    response = client.post(reverse("patient-lookup"), {"hospital_number": number})
    assert response.status_code == 200
    assert "Wang" not in response.content.decode()
    assert "<script>alert" not in response.content.decode()


@pytest.mark.parametrize("name", ["assessment-new", "assessment-points", "assessment-amend"])
def test_whoever_a_form_that_was_sent_shows_is_in_the_access_log(client: Client, name: str) -> None:
    """Also without the look-up of the page; once shown, typing on makes no more lines."""
    of = cast.recorded(cast.registered("H1"), cast.worked_example())
    other = cast.registered("H9", family_name="Zhao")
    address = reverse(name, args=[of.pk] if name == "assessment-amend" else [])
    lines = AuditEvent.objects.filter(action="patient_looked_up", patient_id=other.pk)
    data = cast.form_data(hospital_number="H9", reason="wrong patient", known_patient=str(of.pk))
    assert "Zhao" in Page(client.post(address, data)).text
    assert lines.count() == 1
    data |= {"known_patient": str(other.pk), "t_score": "x"}
    assert "Zhao" in Page(client.post(address, data)).text
    assert lines.count() == 1


def test_whose_number_a_correction_names_is_in_the_access_log(client: Client) -> None:
    patient, other = cast.registered("H1"), cast.registered("H9", family_name="Zhao")
    data = browse.filled(
        client, "patient-correct", patient, hospital_number="H9", reason="misread the wristband"
    )
    page = Page(client.post(reverse("patient-correct", args=[patient.pk]), data))
    assert "this number belongs to Zhao, Xiulan" in page.text
    assert AuditEvent.objects.filter(action="patient_looked_up", patient_id=other.pk).count() == 1

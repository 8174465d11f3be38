"""The same name under another number: a caution with what tells two people apart."""

from datetime import date

import pytest
from django.test import Client

from scoring.models import AuditEvent
from tests import cast
from tests.web.html import Page

pytestmark = pytest.mark.django_db


def _caution(client: Client, family_name: str, given_name: str, number: str = "") -> str:
    data = {"family_name": family_name, "given_name": given_name, "hospital_number": number}
    return Page(client.post("/patients/same-name", data)).text if data else ""


@pytest.mark.parametrize(
    ("family_name", "given_name"),
    [
        ("Wang", "Xiulan"),
        ("WANG", "xiulan"),
        (" wang ", " XIULAN"),
        ("Ｗａｎｇ", "Xiulán"),
        ("Wang", "Xiu-lan"),
    ],
)
def test_the_same_name_is_told_with_number_and_birth_date(
    client: Client, family_name: str, given_name: str
) -> None:
    cast.registered("H1")
    cast.registered("H2", birth_date=date(1950, 1, 2))
    cast.registered("H3", birth_date=None)
    said = _caution(client, family_name, given_name, "H9")
    assert said.startswith("Caution: this name is on record with another hospital number.")
    for told in (
        "Wang, Xiulan , born 14-Jul-1944, hospital no. H1",
        "Wang, Xiulan , born 02-Jan-1950, hospital no. H2",
        "Wang, Xiulan , date of birth not known, hospital no. H3",
    ):
        assert told in said, said


@pytest.mark.parametrize(
    ("family_name", "given_name"),
    [("Wang", "Xiu"), ("Wang", ""), ("", "Xiulan"), ("", ""), ("Li", "Na"), ("Wang\x00", "Na")],
)
def test_another_name_or_none_gives_no_caution(
    client: Client, family_name: str, given_name: str
) -> None:
    cast.registered("H1")
    cast.registered("H2", family_name="", given_name="")
    assert _caution(client, family_name, given_name) == ""


def test_the_patient_of_the_number_itself_is_no_other(client: Client) -> None:
    cast.registered("H1")
    assert _caution(client, "Wang", "Xiulan", "h1") == ""


def test_a_chinese_name(client: Client) -> None:
    cast.registered("H1", family_name="王", given_name="秀兰")
    assert "王秀兰" in _caution(client, "王", "秀兰", "H2")


def test_a_name_is_shown_as_text(client: Client) -> None:
    cast.registered("H1", family_name="<b>Wang</b>", given_name="X")
    response = client.post("/patients/same-name", {"family_name": "<b>Wang</b>", "given_name": "X"})
    assert "<b>Wang" not in response.content.decode()
    assert "&lt;b&gt;Wang" in response.content.decode()


def test_whoever_is_shown_is_in_the_access_log(client: Client) -> None:
    patient = cast.registered("H1")
    _caution(client, "Wang", "Xiulan")
    event = AuditEvent.objects.get(action=AuditEvent.Action.PATIENT_LOOKED_UP)
    assert event.patient_id == patient.pk


def test_the_form_asks_as_soon_as_a_name_is_typed(client: Client) -> None:
    page = Page(client.get("/assessments/new"))
    assert 'hx-post="/patients/same-name"' in page.html
    assert "change from:#id_family_name" in page.html
    assert page.has_id("same-name")

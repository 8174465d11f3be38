"""Find patient: a whole number opens what it stands for; several hits are a list."""

import pytest
from django.test import Client
from django.urls import reverse

from scoring.models import AuditEvent
from tests import cast
from tests.life import acts, browse
from tests.web.html import Page, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def client() -> Client:
    return signed_in(cast.alice())


def _led(client: Client, text: str) -> str:
    return browse.led_to(client.post(reverse("patients"), {"q": text}))


def _listed(client: Client, text: str) -> list[str]:
    """The numbers of a list that a text leads to."""
    page = Page(client.get(_led(client, text)))
    return [row[1] for row in browse.rows(page, "h-found") if len(row) > 1]


@pytest.mark.parametrize("text", ["H1", " h 1", "Ｈ１", "H7", "wang", "王", "moore xiu", "H01"])
def test_one_patient_is_opened_at_once(client: Client, text: str) -> None:
    cast.registered("H12", family_name="Li", given_name="Na")
    patient = cast.registered("H7")
    patient = acts.corrected(patient, cast.person("H1", family_name="王"))
    patient = acts.corrected(patient, cast.person("H1", family_name="Moore"))
    assert _led(client, text) == browse.address("patient-detail", patient)


@pytest.mark.parametrize(
    "text", ["14-Jul-1944", "1944-07-14", "19440714", "14.07.1944", "1944年7月14日"]
)
def test_a_birth_date_finds(client: Client, text: str) -> None:
    patient = cast.registered("H1")
    cast.registered("H2", birth_date=None, family_name="Li")
    assert _led(client, text) == browse.address("patient-detail", patient)
    cast.registered("H3", family_name="Chen")
    assert _listed(client, text) == ["H3", "H1"]
    cast.recorded(patient)
    assert ">H1</span></td>" in Page(client.post("/history", {"q": text}, follow=True)).html


def test_a_number_of_two_patients_is_a_list(client: Client) -> None:
    acts.corrected(cast.registered("H1"), cast.person("H2"))
    cast.registered("H1", family_name="Li")
    assert _listed(client, "H1") == ["H1", "H2"]
    assert _led(client, "H2").startswith("/patients/")


def test_a_report_number_opens_its_assessment(client: Client) -> None:
    first = cast.recorded()
    second = acts.amended(first)
    number = first.chain.report_number
    old, new = (browse.address("assessment-result", a) for a in (first, second))
    plain = number.replace("-", "")
    for text in (number, number.lower(), f" {number} ", plain, number.replace("-", "–")):
        assert _led(client, text) == new, text
    for text in (f"{number} v1", f"{number}-v1", f"{number} version 1"):
        assert _led(client, text) == old, text
    for text in (f"https://rbp.hospital.example{old}", f"http://x{old}/report"):
        assert _led(client, text) == old, text
    for text in (number, f"{number} v1"):
        page = Page(client.post("/history", {"q": text}, follow=True))
        assert page.html.count('class="who"') == 2
    for text in (
        "RBP-2026-999999",
        f"{number} v9",
        "RBP-9999-999999999",
        "https://x/assessments/x",
    ):
        assert _listed(client, text) == []


def test_a_list_names_everybody_once_and_says_where_it_stops(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("scoring.queries.search.SHOWN_PATIENTS", 2)
    for number, family in (("H1", "Wang"), ("H2", "Wan")):
        patient = cast.registered(number, family_name=family)
        cast.recorded(patient)
        cast.recorded(patient, cast.worked_example(fracture_level="L2"))
        acts.corrected(patient, cast.person(number, family_name=f"{family}e"))
    assert _listed(client, "wan") == ["H2", "H1"]
    event = AuditEvent.objects.filter(action=AuditEvent.Action.PATIENTS_SEARCHED).latest("pk")
    assert event.detail == {"text": "wan", "found": 2}
    cast.registered("H3", family_name="Wander")
    page = Page(client.get(_led(client, "wan")))
    assert "the first 2; type more" in page.text


@pytest.mark.parametrize("text", ["nobody", "%", "_", "\x00", "", "9" * 400, "<b>"])
def test_nothing_is_found(client: Client, text: str) -> None:
    cast.registered()
    assert _listed(client, text) == []


def test_the_history_leads_to_the_patient_of_a_number(client: Client) -> None:
    patient = acts.corrected(cast.registered("H1"), cast.person("H2"))
    for text in ("H1", "H2"):
        page = Page(client.post("/history", {"q": text}, follow=True))
        assert browse.links(page)["Open the record"] == browse.address("patient-detail", patient)

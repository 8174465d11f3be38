"""Points while the form is filled in: from the server, equal to what is saved."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from scoring.models import Assessment, AuditEvent
from scoring.nomogram.rong2025.model import RONG_2025
from tests import cast
from tests import worked_example as worked
from tests.nomogram.examples import LOW_RISK
from tests.web.html import Page, signed_in, text

pytestmark = pytest.mark.django_db


@pytest.fixture
def client() -> Client:
    return signed_in(cast.alice())


def _live(client: Client, data: dict[str, Any]) -> Page:
    response = client.post(reverse("assessment-points"), data)
    assert response.status_code == 200
    assert not Assessment.objects.exists()
    return Page(response)


def _total(page: Page) -> str:
    return text(page.by_id("live-total"))


def test_an_empty_form_has_no_points_no_risk_and_no_errors(client: Client) -> None:
    page = _live(client, {})
    assert _total(page) == "0.00"
    assert "Incomplete: 7 of 7 left" in page.text
    assert page.text.count("unanswered") == 7
    assert "Error:" not in page.text
    assert "0 of 10 answered" in page.text


def test_points_add_up_as_the_fields_fill(client: Client) -> None:
    full = cast.form_data()
    data: dict[str, Any] = {}
    steps = [
        ({"trauma_history": "yes"}, "19.58", 6),
        ({"posterior_fascia_edema": "yes"}, "63.79", 5),
        ({"pdw_fl": "12,8"}, "63.79", 5),  # the unit is not chosen yet
        ({"pdw_unit": "fL"}, "87.39", 4),
        ({"chloride_mmol_l": "105"}, "112.89", 3),
        ({"t_score": "-2.0"}, "129.21", 2),
        ({"birth_date": full["birth_date"], "hospital_number": "H1"}, "129.21", 2),
        ({"operation_date": full["operation_date"]}, "148.21", 1),
    ]
    for more, total, left in steps:
        data |= more
        page = _live(client, data)
        assert text(page.by_id("livebar")).endswith(f"{total} points so far")
        assert (_total(page), f"Incomplete: {left} of 7 left" in page.text) == (total, True), more
        assert "live-risk" not in page.html
    page = _live(client, data | {"mvh_restored": "no"})
    assert _total(page) == "183.89"
    assert text(page.by_id("live-risk-final")) == worked.RISK
    assert f"approximate 95 % CI {worked.CI95}" in page.text
    assert text(page.by_id("livebar")) == f"Complete 183.89 points · {worked.RISK}"


def test_not_known_yet_shows_two_totals_and_two_risks(client: Client) -> None:
    page = _live(client, cast.form_data(mvh_restored="not_known_yet", radiograph_date=""))
    assert _total(page) == "148.21 or 183.89"
    assert text(page.by_id("live-risk-if_restored")) == f"{worked.RISK_RESTORED} if restored"
    assert text(page.by_id("live-risk-if_not_restored")) == f"{worked.RISK} if not restored"
    assert text(page.by_id("livebar")) == f"Complete 148.21 or 183.89 points · {worked.EITHER}"


def test_the_live_numbers_are_those_of_the_model(client: Client) -> None:
    (scenario,) = RONG_2025.assess(LOW_RISK).scenarios
    page = _live(
        client,
        cast.form_data(
            birth_date="13-Mar-1953",
            t_score="−3,6",
            posterior_fascia_edema="no",
            chloride_mmol_l="104",
            mvh_restored="yes",
        ),
    )
    assert _total(page) == f"{scenario.total_points:.2f}"
    assert text(page.by_id("live-risk-final")) == f"{round(scenario.risk * 100)} %"
    assert text(page.by_id("reading-t_score")) == "|T| > 3.5: yes"


@pytest.mark.parametrize(
    ("t_score", "reading"),
    [("-3.5", "no"), ("-3.51", "yes"), ("3.9", "no"), ("", "–"), ("x", "–"), ("-11", "–")],
)
def test_how_a_t_score_is_read(client: Client, t_score: str, reading: str) -> None:
    page = _live(client, cast.form_data(t_score=t_score))
    assert text(page.by_id("reading-t_score")) == f"|T| > 3.5: {reading}"


def test_only_what_is_typed_is_criticised_before_the_form_was_sent(client: Client) -> None:
    data = {"pdw_fl": "200", "pdw_unit": "fL", "chloride_mmol_l": ""}
    page = _live(client, data)
    assert "you entered 200 fL; allowed is 6 to 34.8 fL." in text(page.by_id("msgs-pdw_fl"))
    assert text(page.by_id("msgs-chloride_mmol_l")) == ""
    assert page.text.count("Error:") == 1
    sent = _live(client, data | {"sent": "1"})
    assert "nothing entered; allowed is 75.8" in text(sent.by_id("msgs-chloride_mmol_l"))
    assert "not answered." in text(sent.by_id("msgs-mvh_restored"))


def test_a_refused_value_has_no_points(client: Client) -> None:
    page = _live(client, cast.form_data(pdw_fl="12.8.8"))
    assert _total(page) == "160.29"
    assert "Incomplete: 1 of 7 left" in page.text
    assert "live-risk" not in page.html


def test_a_unit_that_is_not_scored_gives_no_points(client: Client) -> None:
    page = _live(client, cast.form_data(pdw_unit="%"))
    assert _total(page) == "160.29"
    assert "the model needs PDW in fL." in text(page.by_id("msgs-pdw_fl"))
    assert 'data-field="pdw_unit"' in page.html
    assert 'data-field="pdw_fl"' not in page.html


@pytest.mark.parametrize(
    ("name", "area", "label"),
    [
        ("dxa_date", "t_score", "DXA, date"),
        ("trauma_history_date", "trauma_history", "Trauma, date"),
        ("mri_date", "posterior_fascia_edema", "MRI, date"),
        ("pdw_date", "pdw_fl", "PDW, date"),
        ("chloride_date", "chloride_mmol_l", "Chloride, date"),
        ("radiograph_date", "mvh_restored", "Radiograph, date"),
    ],
)
def test_an_error_of_a_source_names_it_and_stands_under_it(
    client: Client, name: str, area: str, label: str
) -> None:
    page = _live(client, cast.form_data(**{name: "01-Jan-1950"}))
    assert f"{label}: you entered 01-Jan-1950" in text(page.by_id(f"msgs-{area}-source"))
    assert "Error" not in text(page.by_id(f"msgs-{area}"))


def test_cautions_and_readings_come_while_typing(client: Client) -> None:
    page = _live(client, {"pdw_fl": "18,1", "pdw_unit": "fL", "t_score": "-2.0"})
    said = text(page.by_id("msgs-pdw_fl"))
    assert "Caution: PDW 18.1 fL. It lies outside 8 to 18" in said
    assert "read as 18.1" in said
    assert "T-score −2.0" in text(page.by_id("msgs-t_score"))


def test_the_age_of_a_known_patient_comes_from_the_record(client: Client) -> None:
    patient = cast.registered("H100234", birth_date=cast.BORN.replace(year=1950))
    data = cast.form_data(birth_date="", known_patient=str(patient.pk))
    page = _live(client, data)
    assert text(page.by_id("age-derived")) == "74 years"
    assert _total(page) == "189.59"


def test_an_age_outside_is_said_while_typing(client: Client) -> None:
    page = _live(client, cast.form_data(birth_date="14-Jul-1984"))
    assert "the patient is 40 years old" in text(page.by_id("msgs-age_years"))
    assert "live-risk" not in page.html


@pytest.mark.parametrize("value", ["\x00", "<script>alert(1)</script>", "9" * 5_000, "NaN", "１２"])
def test_anything_typed_is_met_with_an_answer(client: Client, value: str) -> None:
    page = _live(client, dict.fromkeys(cast.form_data(), value))
    assert "<script>alert" not in page.html


def test_typing_is_not_logged_as_a_look_at_a_record(client: Client) -> None:
    _live(client, cast.form_data())
    assert AuditEvent.objects.filter(actor="alice").exclude(action="sign_in").count() == 0


def test_dates_of_the_form_are_read_back(client: Client) -> None:
    page = _live(client, cast.form_data(birth_date="31-Feb-1945", operation_date="2025-03-13"))
    assert text(page.by_id("reading-operation_date")).startswith("= 13-Mar-2025, ")
    assert "Age error" in page.text
    page = _live(client, {"birth_date": "14-Jul-1944", "operation_date": "04/05/2025"})
    assert "could be 4 May or 5 April" in text(page.by_id("reading-operation_date"))
    assert "Age needs the operation date" in page.text


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        (
            {"field": "measured_on", "measured_on": "16/03/2025", "operated_on": "2025-03-13"},
            "= 16-Mar-2025, 3 days after the operation",
        ),
        ({"field": "birth_date", "birth_date": "<31-Feb-1945>"}, "“&lt;31-Feb-1945&gt;”"),
        ({"field": "birth_date", "birth_date": ""}, ""),
        ({}, ""),
    ],
)
def test_a_date_of_another_page_is_read_back(
    client: Client, sent: dict[str, str], said: str
) -> None:
    answer = client.post(reverse("day-read"), sent).content.decode()
    assert said in answer if said else answer == ""

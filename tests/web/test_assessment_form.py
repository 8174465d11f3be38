"""The form of a new assessment: nothing chosen beforehand, and what a save leads to."""

from unittest.mock import patch
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from scoring import actions
from scoring.models import Assessment, Patient
from scoring.nomogram.eligibility import Criterion
from tests import cast
from tests import worked_example as worked
from tests.web.html import Page, new_assessment, signed_in

pytestmark = pytest.mark.django_db
YES_NO = ("trauma_history", "posterior_fascia_edema", "mvh_restored", *Criterion)
FORM = {name for name in cast.form_data() if name not in {"form_token"}}


@pytest.fixture
def client() -> Client:
    return signed_in(cast.alice())


@pytest.fixture
def fresh(client: Client) -> Page:
    return Page(client.get(reverse("assessment-new")))


def test_nothing_is_chosen_or_filled_in_on_a_fresh_form(fresh: Page) -> None:
    assert {control.name for control in fresh.controls} >= FORM
    assert not [control.name for control in fresh.controls if control.chosen]
    assert {name: fresh.value(name) for name in FORM} == dict.fromkeys(FORM, "")
    assert "form is sent" not in fresh.text
    assert not [control for control in fresh.controls if control.name == "sent"]


def test_a_fresh_form_complains_of_nothing_and_shows_no_risk(fresh: Page) -> None:
    assert "Error:" not in fresh.text
    assert "Incomplete: 7 of 7 left" in fresh.text
    assert not fresh.has_id("live-risk-final")


def test_numbers_are_typed_as_text(fresh: Page) -> None:
    """A number input would drop what it does not understand."""
    for name in ("t_score", "pdw_fl", "chloride_mmol_l", "age_years"):
        assert fresh.control(name).attributes["type"] == "text"
        # The keyboard for decimals has no minus on an iPhone.
        keyboard = "text" if name == "t_score" else "decimal"
        assert fresh.control(name).attributes["inputmode"] == keyboard
    assert 'type="number"' not in fresh.html


def test_every_fresh_form_has_its_own_token(client: Client) -> None:
    tokens = {Page(client.get(reverse("assessment-new"))).value("form_token") for _ in range(3)}
    assert len(tokens) == 3


def test_the_worked_example_leads_to_its_result(client: Client) -> None:
    response = new_assessment(client, cast.form_data())
    kept = Assessment.objects.get()
    assert response.status_code == 302
    assert response.headers["Location"] == reverse("assessment-result", args=[kept.pk])
    assert kept.not_restored_total_points == pytest.approx(183.886, abs=1e-9)
    assert (kept.age_years, kept.created_by) == (80, cast.alice())
    expected = cast.recorded(kept.patient)
    same = {
        field.attname
        for field in Assessment._meta.concrete_fields
        if field.attname not in {"id", "chain_id", "form_token", "created_at"}
    }
    assert {n: getattr(kept, n) for n in same} == {n: getattr(expected, n) for n in same}


def test_the_result_page_shows_the_numbers_of_the_paper(client: Client) -> None:
    page = Page(client.post(reverse("assessment-new"), cast.form_data(), follow=True))
    for said in (
        "183.89",
        f"About {worked.WHOLE} of 100 similar patients",
        worked.CI95,
        worked.RANGE,
        "At or above 18.4 %",
        "Wang, Xiulan",
        "14-Jul-1944",
        "80 y",
        "H100234",
        "Female",
        "RBP-",
        "Rong 2025, reconstruction 2",
        "T-score −2.0",
        "All 10 criteria answered as in the study population.",
        "16-Mar-2025",
        "12-Apr-2025",
    ):
        assert said in page.text, said
    for points in ("19.00", "16.32", "19.58", "44.21", "23.60", "25.50", "35.68"):
        assert points in page.text, points
    assert "provisional" not in page.text.lower()


def test_provisional_shows_both_risks(client: Client) -> None:
    data = cast.form_data(mvh_restored="not_known_yet", radiograph_date="")
    page = Page(client.post(reverse("assessment-new"), data, follow=True))
    assert "Risk of residual back pain, provisional" in page.text
    for said in (
        "148.21",
        "183.89",
        f"About {worked.WHOLE_RESTORED} of 100",
        f"About {worked.WHOLE} of 100",
        "35.68 points apart",
    ):
        assert said in page.text, said


def test_pressing_twice_leads_to_the_same_result(client: Client) -> None:
    data = cast.form_data()
    first = new_assessment(client, data)
    # The second press carries the same fields: the patient is on record by now.
    second = new_assessment(client, data)
    assert Assessment.objects.count() == 1
    assert Patient.objects.count() == 1
    assert second.headers.get("Location") == first.headers["Location"]


@pytest.mark.parametrize("name", YES_NO)
def test_an_unanswered_question_is_an_error_and_never_no(client: Client, name: str) -> None:
    response = new_assessment(client, cast.form_data(**{name: None}))
    page = Page(response)
    assert response.status_code == 422
    assert any("not answered." in error for error in page.beside(name))
    assert page.value(name) == ""
    assert not Assessment.objects.exists()


@pytest.mark.parametrize("name", YES_NO)
@pytest.mark.parametrize("answer", ["True", "<script>"])
def test_an_answer_that_is_none_is_refused(client: Client, name: str, answer: str) -> None:
    response = new_assessment(client, cast.form_data(**{name: answer}))
    assert response.status_code == 422
    assert Page(response).beside(name)
    assert not Assessment.objects.exists()


def test_an_empty_form_names_everything_that_is_missing(client: Client) -> None:
    response = new_assessment(client, {"form_token": str(uuid4())})
    page = Page(response)
    assert response.status_code == 422
    optional = {"operation_time", "given_name", "known_patient", "name_not_known", "age_years"}
    sources = {name for name in FORM if name.endswith("_date")} - {"birth_date", "operation_date"}
    for name in FORM - optional - sources - {"dxa_site"}:
        if name in {"family_name", "birth_date", "sex"}:
            continue  # asked for once it is clear that the number is a new one
        assert page.beside(name), name
    assert "Nothing was saved. What you typed is kept." in page.text


@pytest.mark.parametrize("token", ["", "x", "00000000", None])
def test_a_form_without_its_token_is_not_saved(client: Client, token: str | None) -> None:
    assert new_assessment(client, cast.form_data(form_token=token)).status_code == 422
    assert not Assessment.objects.exists()


def test_registered_by_somebody_else_while_the_form_was_sent(client: Client) -> None:
    bob = cast.bob()

    def overtaken(**sent: object) -> Assessment:
        actions.register_patient(
            by=bob, entry=cast.person(family_name="Li"), origin=actions.NOWHERE
        )
        return record(**sent)  # type: ignore[arg-type]

    record = actions.record_assessment
    with patch("scoring.actions.record_assessment", overtaken):
        response = new_assessment(client, cast.form_data())
    page = Page(response)
    assert response.status_code == 422
    assert "Li, Xiulan" in page.text
    assert any("this number is on record" in error for error in page.beside("hospital_number"))
    assert not Assessment.objects.exists()
    # Confirmed, it is saved for the patient on record.
    data = cast.form_data(known_patient=page.value("known_patient"))
    assert new_assessment(client, data).status_code == 302
    assert Assessment.objects.get().patient.family_name == "Li"

"""Values with a unit, in another unit, as a limit, or in each other's place."""

from decimal import Decimal

import pytest
from django.test import Client

from scoring.models import Assessment
from tests import cast
from tests.web.html import Page, new_assessment, signed_in, text

pytestmark = pytest.mark.django_db


@pytest.fixture
def client() -> Client:
    return signed_in(cast.alice())


def _said(client: Client, name: str, **typed: str) -> str:
    """What the form that comes back says beside a field; nothing is saved."""
    response = new_assessment(client, cast.form_data(**typed))
    assert response.status_code == 422
    assert not Assessment.objects.exists()
    return " ".join(Page(response).beside(name))


@pytest.mark.parametrize(
    ("name", "typed", "said"),
    [
        ("chloride_mmol_l", "372", "It looks like mg/dL: 372 mg/dL = 104.9 mmol/L."),
        (
            "chloride_mmol_l",
            "372 mg/dL",
            "you entered a value in mg/dL: 372 mg/dL = 104.9 mmol/L. Enter it in mmol/L.",
        ),
        ("pdw_fl", "17 %", "a value in %, which can't be converted; allowed is 6 to 34.8 fL."),
        ("pdw_fl", "> 12", "a limit can't be scored. Enter the number itself; allowed is"),
        ("t_score", "4.5", "allowed is −10 to +4. Is the minus sign missing (−4.5)?"),
        ("t_score", "-2.80001", "enter at most 4 decimals; allowed is −10 to +4."),
    ],
)
def test_another_unit_and_a_limit_are_recognised(
    client: Client, name: str, typed: str, said: str
) -> None:
    assert said in _said(client, name, **{name: typed})


def test_exchanged_values_are_recognised(client: Client) -> None:
    typed = {"pdw_fl": "105", "chloride_mmol_l": "12.8"}
    assert "Was it exchanged with Chloride?" in _said(client, "pdw_fl", **typed)
    assert "Was it exchanged with PDW?" in _said(client, "chloride_mmol_l", **typed)
    response = new_assessment(client, cast.form_data(**typed))
    assert "2 entries need correcting." in text(Page(response).by_id("summary"))


def test_a_unit_behind_its_value_need_not_be_chosen_too(client: Client) -> None:
    data = cast.form_data(pdw_fl="12.8 fL", pdw_unit="", chloride_mmol_l="105 mEq/L")
    response = new_assessment(client, data)
    assert response.status_code == 302
    assessment = Assessment.objects.get()
    assert (assessment.pdw_fl, assessment.pdw_entered) == (Decimal("12.8"), "12.8 fL")
    assert (assessment.chloride_mmol_l, assessment.pdw_unit) == (Decimal(105), "fL")

"""A wrong value in every field in turn: said beside the field, everything kept, nothing saved."""

from typing import Any

import pytest
from django.test import Client

from scoring.models import Assessment, Patient
from tests import cast
from tests.web.html import Page, new_assessment, signed_in, text

pytestmark = pytest.mark.django_db
HOSTILE = '"><script>alert(1)</script>{{ 7*7 }}'
MINUS_SIGNS = "-\u2010\u2011\u2012\u2013\u2014\u2212\ufe63\uff0d"
NUMBERS = {
    "t_score": "−10 to +4",
    "pdw_fl": "6 to 34.8 fL",
    "chloride_mmol_l": "75.8 to 115 mmol/L",
}
NOT_NUMBERS = [
    "abc",
    "12.8.1",
    "1e2",
    "12 8",
    "--2",
    "NaN",
    "inf",
    "½",
    "10²",
    "①②",
    "12,8,0",
    HOSTILE,
]
DAYS = (
    "birth_date",
    "operation_date",
    "dxa_date",
    "trauma_history_date",
    "mri_date",
    "pdw_date",
    "chloride_date",
    "radiograph_date",
)
NOT_DAYS = [
    "soon",
    "14-Marraskuu-2024",
    "12-Maybe-2024",
    "2025-13-01",
    "0",
    "9" * 500,
]


@pytest.fixture
def client() -> Client:
    return signed_in(cast.alice())


def _refused(client: Client, **wrong: str) -> tuple[Page, dict[str, Any]]:
    """The form shown again: nothing saved, everything typed still there."""
    data = cast.form_data(**wrong)
    response = new_assessment(client, data)
    page = Page(response)
    assert response.status_code == 422
    assert not Assessment.objects.exists()
    assert not Patient.objects.exists()
    assert {name: page.value(name) for name in data} == data
    assert "<script>alert" not in page.html
    assert " 49" not in page.text
    return page, data


def _said(page: Page, name: str) -> str:
    found = page.beside(name)
    assert found, f"nothing said beside {name}"
    summary = page.by_id("summary")
    assert dict(summary.attributes)["role"] == "alert"
    return " ".join(found)


@pytest.mark.parametrize("name", NUMBERS)
@pytest.mark.parametrize("wrong", NOT_NUMBERS)
def test_not_a_number(client: Client, name: str, wrong: str) -> None:
    page, _ = _refused(client, **{name: wrong})
    said = _said(page, name)
    assert "which is not a number; allowed is " + NUMBERS[name] in said
    assert f"“{wrong[:20]}" in said
    others = {other for other in NUMBERS if other != name}
    assert not [error for other in others for error in page.beside(other)]


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("t_score", "-10.1"),
        ("t_score", "4.1"),
        ("t_score", "200"),
        ("pdw_fl", "5.9999"),
        ("pdw_fl", "34.9"),
        ("pdw_fl", "200"),
        ("pdw_fl", "-12.8"),
        ("pdw_fl", "0"),
        ("chloride_mmol_l", "75.7"),
        ("chloride_mmol_l", "115,1"),
        ("chloride_mmol_l", "200"),
        ("chloride_mmol_l", "２００"),
    ],
)
def test_outside_the_domain(client: Client, name: str, wrong: str) -> None:
    page, _ = _refused(client, **{name: wrong})
    said = _said(page, name)
    assert f"you entered {wrong.replace('-', '−')}" in said
    assert f"allowed is {NUMBERS[name]}" in said


@pytest.mark.parametrize("name", NUMBERS)
@pytest.mark.parametrize("empty", ["", "   ", "\u3000", "\u00a0\t"])
def test_empty(client: Client, name: str, empty: str) -> None:
    page, _ = _refused(client, **{name: empty})
    assert f"nothing entered; allowed is {NUMBERS[name]}." in _said(page, name)


@pytest.mark.parametrize("name", NUMBERS)
def test_far_too_long(client: Client, name: str) -> None:
    page, _ = _refused(client, **{name: "1" * 3000})
    assert "1" * 20 + "…" in _said(page, name)
    assert "1" * 21 not in _said(page, name)


@pytest.mark.parametrize("name", NUMBERS)
def test_a_null_character_is_no_number(client: Client, name: str) -> None:
    response = new_assessment(client, cast.form_data(**{name: "12.8\x00"}))
    assert response.status_code == 422
    assert not Assessment.objects.exists()


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("12.8", "12.8"),
        ("12,8", "12.8"),
        ("  12.8\t", "12.8"),
        ("\u00a012.80\u00a0", "12.80"),
        ("１２．８", "12.8"),
        ("１２，８", "12.8"),
        ("012.8", "12.8"),
        ("+12.8", "12.8"),
    ],
)
def test_the_same_number_in_many_spellings(client: Client, typed: str, kept: str) -> None:
    assert new_assessment(client, cast.form_data(pdw_fl=typed)).status_code == 302
    assessment = Assessment.objects.get()
    assert assessment.pdw_fl == cast.measured(kept).value
    assert assessment.pdw_entered == typed.strip()
    assert assessment.points_pdw == pytest.approx(3.47 * 6.8)


@pytest.mark.parametrize("sign", MINUS_SIGNS)
def test_every_minus_is_a_minus(client: Client, sign: str) -> None:
    assert new_assessment(client, cast.form_data(t_score=f"{sign}3,51")).status_code == 302
    assessment = Assessment.objects.get()
    assert assessment.t_score == cast.measured("-3.51").value
    assert assessment.points_bmd == 0
    assert assessment.t_score_entered == f"{sign}3,51"


@pytest.mark.parametrize(
    ("name", "wrong"),
    [*((name, HOSTILE) for name in DAYS), *(("operation_date", wrong) for wrong in NOT_DAYS)],
)
def test_not_a_day(client: Client, name: str, wrong: str) -> None:
    page, _ = _refused(client, **{name: wrong})
    said = _said(page, name)
    assert f"you entered “{wrong[:20]}”; enter a date such as 14-Mar-2026 or 2026-03-14." in said


@pytest.mark.parametrize(
    "typed",
    [
        "2025-03-13",
        "13.03.2025",
        "13.3.2025",
        "13 Mar 2025",
        "13-March-2025",
        "13mar2025",
        "20250313",
        "2025年3月13日",
        "2025/3/13",
        "13/03/2025",
        "13-03-2025",
        "２０２５－０３－１３",
        " 2025-03-13 ",
    ],
)
def test_days_in_many_spellings(client: Client, typed: str) -> None:
    assert new_assessment(client, cast.form_data(operation_date=typed)).status_code == 302
    assert Assessment.objects.get().operation_date == cast.OPERATION


@pytest.mark.parametrize("wrong", ["25:00", "8", "08:60", "noon", "-1:00", HOSTILE])
def test_not_a_time(client: Client, wrong: str) -> None:
    page, _ = _refused(client, operation_time=wrong)
    assert f"you entered “{wrong[:20]}”; enter a time such as 08:30." in _said(
        page, "operation_time"
    )


@pytest.mark.parametrize(
    ("unit", "said"),
    [
        ("", "the unit is not chosen. The model needs PDW in fL."),
        ("%", "the model needs PDW in fL"),
        ("GSD", "the model needs PDW in fL"),
        ("other", "Ask the laboratory for the value in fL."),
    ],
)
def test_a_pdw_in_another_unit_is_refused_with_the_reason(
    client: Client, unit: str, said: str
) -> None:
    page, _ = _refused(client, pdw_unit=unit)
    assert said in _said(page, "pdw_unit")


@pytest.mark.parametrize("name", ["fracture_level", "dxa_site", "operation_status", "pdw_unit"])
@pytest.mark.parametrize("wrong", ["C7", "l1", "<b>", "x" * 400])
def test_a_choice_that_is_not_offered(client: Client, name: str, wrong: str) -> None:
    response = new_assessment(client, cast.form_data(**{name: wrong}))
    assert response.status_code == 422
    assert Page(response).beside(name)
    assert not Assessment.objects.exists()


def test_a_reading_says_how_a_comma_was_read(client: Client) -> None:
    data = cast.form_data(pdw_fl="12,8", chloride_mmol_l="x", sent="1")
    page = Page(new_assessment(client, data))
    assert page.notes_beside("pdw_fl", "reading") == [
        "read as 12.8 fL",
        "= 11-Mar-2025, 2 days before the operation",
    ]
    assert page.value("pdw_fl") == "12,8"


def test_every_date_is_echoed_beside_its_field(client: Client) -> None:
    page = Page(new_assessment(client, cast.form_data(chloride_mmol_l="x", pdw_date="04/05/2024")))
    (born,) = page.notes_beside("birth_date", "reading")
    assert born.startswith("= 14-Jul-1944 (")
    (operated,) = page.notes_beside("operation_date", "reading")
    assert operated.startswith("= 13-Mar-2025, ")
    assert operated.endswith(" days ago")
    assert page.notes_beside("radiograph_date", "reading") == [
        "= 14-Mar-2025, 1 day after the operation"
    ]
    assert page.notes_beside("pdw_date", "reading") == []
    (said,) = page.beside("pdw_date")
    assert "which could be 4 May or 5 April" in said


@pytest.mark.parametrize(
    ("born", "said"),
    [
        ("", "nothing entered; enter it or tick “Date of birth not known”."),
        ("31-Feb-1945", "there is no 31 February"),
        (cast.from_today(1), "allowed is 01-Jan-1900 to today"),
        ("14-Jul-1990", "the patient is 34 years old on the day of the operation"),
    ],
)
def test_one_wrong_birth_date_is_one_error(client: Client, born: str, said: str) -> None:
    page, _ = _refused(client, birth_date=born)
    summary = text(page.by_id("summary"))
    assert "One entry needs correcting." in summary
    assert said in summary


@pytest.mark.parametrize(
    ("name", "longest"), [("hospital_number", 32), ("family_name", 100), ("given_name", 100)]
)
def test_too_long_a_text_says_how_long_it_may_be(client: Client, name: str, longest: int) -> None:
    page, _ = _refused(client, **{name: "a" * (longest + 1)})
    said = f"you entered {longest + 1} characters; allowed are at most {longest}."
    assert said in _said(page, name)

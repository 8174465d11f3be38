"""Who the assessment is about: known numbers, new patients, what is not known."""

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from scoring.models import Assessment, Patient
from tests import cast
from tests.life import browse
from tests.web.html import Page, new_assessment, signed_in

pytestmark = pytest.mark.django_db
NO_IDENTITY = {"family_name": "", "given_name": "", "birth_date": "", "sex": None}


@pytest.fixture
def client() -> Client:
    return signed_in(cast.alice())


def _refused(client: Client, **changes: Any) -> Page:
    before = Patient.objects.count()
    response = new_assessment(client, cast.form_data(**changes))
    assert response.status_code == 422
    assert (Assessment.objects.count(), Patient.objects.count()) == (0, before)
    return Page(response)


def _saved(client: Client, **changes: Any) -> Assessment:
    assert new_assessment(client, cast.form_data(**changes)).status_code == 302
    return Assessment.objects.select_related("patient").get()


def test_a_number_on_record_is_shown_with_its_identity_before_it_is_saved(client: Client) -> None:
    patient = cast.registered("H100234", family_name="Li", given_name="Na")
    page = _refused(client, hospital_number=" ｈ100 234")
    assert any("this number is on record" in error for error in page.beside("hospital_number"))
    for said in ("Li, Na", "14-Jul-1944", "Female", "H100234"):
        assert said in page.text, said
    assert page.value("known_patient") == str(patient.pk)
    # What had been typed for a new patient is asked for no more.
    assert not [c for c in page.controls if c.name in {"family_name", "birth_date", "sex"}]
    kept = _saved(client, known_patient=str(patient.pk), **NO_IDENTITY)
    assert kept.patient == patient
    assert kept.age_years == 80


def test_the_patient_shown_must_be_the_one_of_the_number(client: Client) -> None:
    first, second = cast.registered("H1"), cast.registered("H2", family_name="Zhao")
    page = _refused(client, hospital_number="H2", known_patient=str(first.pk))
    assert "Zhao, Xiulan" in page.text
    assert page.value("known_patient") == str(second.pk)


def test_a_number_corrected_after_a_known_one_is_a_new_patient(client: Client) -> None:
    first = cast.registered("H1")
    kept = _saved(client, hospital_number="H3", known_patient=str(first.pk), family_name="Zhao")
    assert kept.patient.hospital_number == "H3"
    assert kept.patient != first


@pytest.mark.parametrize("known", ["x", "00000000-0000-0000-0000-000000000000", "<script>"])
def test_a_made_up_known_patient_is_not_taken(client: Client, known: str) -> None:
    cast.registered()
    _refused(client, known_patient=known)


@pytest.mark.parametrize(
    ("number", "said"),
    [
        ("", "nothing entered; the hospital number is needed."),
        ("   ", "nothing entered; the hospital number is needed."),
        ("-", "allowed are letters, digits and - . / _"),
        ("H1;DROP TABLE", "allowed are letters, digits and - . / _"),
        ("<script>alert(1)</script>", "allowed are letters, digits and - . / _"),
        ("患者1", "allowed are letters, digits and - . / _"),
        ("9" * 33, "allowed are at most 32."),
    ],
)
def test_hospital_numbers_that_are_refused(client: Client, number: str, said: str) -> None:
    page = _refused(client, hospital_number=number)
    assert any(said in error for error in page.beside("hospital_number"))
    assert page.value("hospital_number") == number
    assert "<script>alert" not in page.html
    # Nothing of the identity got lost.
    assert page.value("family_name") == "Wang"
    assert page.value("birth_date") == "14-Jul-1944"
    assert page.value("sex") == "female"


@pytest.mark.parametrize("typed", ["h-12/3.4_5", "ｈ－12／3.4＿5"])
def test_hospital_numbers_are_kept_in_one_spelling(client: Client, typed: str) -> None:
    assert _saved(client, hospital_number=typed).patient.hospital_number == "H-12/3.4_5"


@pytest.mark.parametrize(
    ("changes", "name", "said"),
    [
        ({"family_name": ""}, "family_name", "enter it or tick “Name not known”"),
        ({"family_name": "", "given_name": ""}, "family_name", "tick “Name not known”"),
        ({"name_not_known": "on"}, "name_not_known", "a name is entered: clear it or untick"),
        (
            {"family_name": "", "name_not_known": "on"},
            "name_not_known",
            "a name is entered: clear it or untick",
        ),
        ({"birth_date": ""}, "birth_date", "enter it or tick “Date of birth not known”"),
        (
            {"birth_date_not_known": "on"},
            "birth_date_not_known",
            "a date is entered: clear it or untick",
        ),
        ({"sex": None}, "sex", "not answered."),
        ({"birth_date": cast.from_today(1)}, "birth_date", "allowed is 01-Jan-1900 to today"),
        ({"birth_date": "31-Dec-1899"}, "birth_date", "allowed is 01-Jan-1900 to today"),
        ({"family_name": "W" * 101}, "family_name", "allowed are at most 100."),
        ({"given_name": "x" * 3000}, "given_name", "allowed are at most 100."),
        ({"sex": "f"}, "sex", "not one of the available choices"),
    ],
)
def test_identity_of_a_new_patient(
    client: Client, changes: dict[str, Any], name: str, said: str
) -> None:
    page = _refused(client, **changes)
    assert any(said in error for error in page.beside(name)), page.beside(name)
    if changes.get(name):
        assert page.value(name) == ("" if name == "sex" else changes[name])


def test_nothing_known_but_the_number(client: Client) -> None:
    kept = _saved(
        client,
        family_name="",
        given_name="",
        name_not_known="on",
        birth_date="",
        birth_date_not_known="on",
        sex="not_known",
        age_years="80",
    )
    assert (kept.age_source, kept.age_years, kept.birth_date) == ("stated", 80, None)
    assert kept.not_restored_total_points == pytest.approx(183.886, abs=1e-9)
    page = Page(client.get(reverse("assessment-result", args=[kept.pk])))
    for said in ("Name not known", "date not known", "Sex not known", "as stated"):
        assert said in page.text, said


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "nothing entered; allowed is 50 to 100 years."),
        ("49", "you entered 49 years; allowed is 50 to 100 years."),
        ("101", "you entered 101 years; allowed is 50 to 100 years."),
        ("80.5", "you entered 80.5 years; enter completed years, such as 80."),
        ("８０．５", "you entered ８０．５ years; enter completed years, such as 80."),
        ("eighty", "you entered “eighty”, which is not a number; allowed is 50 to 100 years."),
        ("-80", "you entered −80 years; allowed is 50 to 100 years."),
    ],
)
def test_an_age_as_stated_is_checked(client: Client, typed: str, said: str) -> None:
    page = _refused(client, birth_date="", birth_date_not_known="on", age_years=typed)
    assert any(said in error for error in page.beside("age_years")), page.beside("age_years")
    assert page.value("age_years") == typed


@pytest.mark.parametrize("typed", ["50", "100", "８０", "80.0", " 80 "])
def test_ages_that_are_taken(client: Client, typed: str) -> None:
    kept = _saved(client, birth_date="", birth_date_not_known="on", age_years=typed)
    assert kept.age_years == int(float(typed))


@pytest.mark.parametrize(
    ("born", "age_years", "taken"),
    [
        ("14-Mar-1975", 49, False),
        ("13-Mar-1975", 50, True),
        ("14-Mar-1924", 100, True),
        ("13-Mar-1924", 101, False),
    ],
)
def test_ages_from_the_date_of_birth_on_the_day_of_the_operation(
    client: Client, born: str, age_years: int, taken: bool
) -> None:
    if taken:
        assert _saved(client, birth_date=born).age_years == age_years
        return
    page = _refused(client, birth_date=born)
    said = f"the patient is {age_years} years old on the day of the operation; allowed is 50 to 100"
    assert any(said in error for error in page.beside("age_years")), page.beside("age_years")


def test_an_age_typed_earlier_does_not_count_beside_a_date_of_birth(client: Client) -> None:
    assert _saved(client, age_years="nonsense").age_years == 80


@pytest.mark.parametrize("name", ['O\'Brien & "Söhne"', "<b>Wang</b>", "{{ 7*x }}", "王秀兰"])
def test_names_are_kept_as_they_are_and_shown_as_text(client: Client, name: str) -> None:
    kept = _saved(client, family_name=f"  {name} ")
    assert kept.patient.family_name == name
    page = Page(client.get(reverse("assessment-result", args=[kept.pk])))
    assert name in page.text
    assert "<b>Wang</b>" not in page.html


@pytest.mark.parametrize(
    ("family_name", "given_name", "kept"),
    [
        ("Müller-Lüdenscheidt, Anna", "", ("Müller-Lüdenscheidt", "Anna")),
        ("王，秀兰", " ", ("王", "秀兰")),
        ("Wang, Xiulan", "Mei", ("Wang, Xiulan", "Mei")),
        ("King, Jr., Martin", "", ("King, Jr., Martin", "")),
        ("Wang,", "", ("Wang,", "")),
    ],
)
def test_a_whole_name_is_split_at_its_comma(
    client: Client, family_name: str, given_name: str, kept: tuple[str, str]
) -> None:
    typed = {"family_name": family_name, "given_name": given_name}
    page = _refused(client, **typed, birth_date="x")
    assert (page.value("family_name"), page.value("given_name").strip()) == kept
    patient = _saved(client, **typed).patient
    assert (patient.family_name, patient.given_name) == kept


@pytest.mark.parametrize(
    "name", ["علی\u200cرضا", "क्\u200dषमा", "葛\U000e0100城", "𠮷野", "\U0002ebf0"]
)
def test_joiners_and_rare_characters_belong_to_names(client: Client, name: str) -> None:
    assert _saved(client, family_name=name).patient.family_name == name


def test_a_name_needs_a_letter(client: Client) -> None:
    page = _refused(client, family_name="\u3164", given_name="-")
    assert "begins with an invisible character (U+3164)" in page.beside("family_name")[0]
    assert "which has no letter" in page.beside("given_name")[0]


def test_the_longest_folded_name_is_saved(client: Client) -> None:
    patient = _saved(client, family_name="ß" * 100, given_name="\ufdfa" * 100).patient
    assert len(patient.search_name) > 1000


def test_browsers_leave_names_and_numbers_as_typed(client: Client) -> None:
    page = Page(client.get(reverse("assessment-new")))
    for name in ("hospital_number", "family_name", "given_name", "birth_date", "t_score"):
        [tag] = re.findall(rf'<input[^>]*name="{name}"[^>]*>', page.html)
        for said in ("spellcheck", "autocorrect", "autocapitalize", "autocomplete"):
            assert re.search(rf'{said}="(off|false)"', tag), (name, said)
    assert 'name="format-detection" content="telephone=no"' in page.html


def test_what_is_too_long_is_not_cut_off(client: Client) -> None:
    """Browsers cut what is pasted to ``maxlength``, and 32 of 40 characters are another number."""
    number, name = "H" * 40, "Wang" * 30
    page = _refused(client, hospital_number=number, given_name=name)
    assert (page.value("hospital_number"), page.value("given_name")) == (number, name)
    said = page.beside("hospital_number") + page.beside("given_name")
    for entered, allowed in ((40, 32), (120, 100)):
        message = f"you entered {entered} characters; allowed are at most {allowed}."
        assert any(message in error for error in said)
    voiding = client.get(browse.address("assessment-void", cast.recorded())).content.decode()
    asked = client.get(reverse("assessment-new")).content.decode() + voiding
    fields = re.findall(
        r'<input[^>]* name="(?:hospital_number|family_name|given_name|reason)"[^>]*>', asked
    )
    assert len(fields) == 4
    assert not [field for field in fields if "maxlength" in field]


def test_a_number_too_long_is_looked_up_as_it_was_typed(client: Client) -> None:
    cast.registered("H" * 32)
    response = client.post(reverse("patient-lookup"), {"hospital_number": "H" * 40})
    assert response.status_code == 200
    assert "Wang" not in response.content.decode()

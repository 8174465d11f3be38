"""The hospital number comes first: a known one shows who it is, before anything else."""

import re

import pytest
from playwright.sync_api import Page, Route, expect

from scoring.models import Assessment, Patient
from tests import cast
from tests import worked_example as worked
from tests.browser import steps
from tests.browser.conftest import Watch
from tests.life import acts


@pytest.fixture
def form(ward: Page) -> Page:
    """A new form, with Zhao Min on record."""
    cast.registered("AB-0071", family_name="Zhao", given_name="Min", sex="male")
    ward.goto("/assessments/new")
    return ward


@pytest.mark.parametrize("typed", ["AB-0071", " ab-0071 ", "ＡＢ－００７１"])
def test_a_known_number_shows_the_full_identity(form: Page, typed: str) -> None:
    steps.enter_number(form, typed)
    for shown in ("Zhao, Min", "14-Jul-1944", "Male", "AB-0071"):
        expect(form.locator(".known")).to_contain_text(shown)
    for name in steps.IDENTITY:
        expect(steps.control(form, name)).to_have_count(0)
    steps.enter(form, "operation_date", "13-Mar-2025")
    expect(form.locator("#points")).to_contain_text("80 y")


def test_changing_the_number_away_brings_empty_fields_back(form: Page) -> None:
    steps.enter_number(form, "AB-0071")
    expect(form.locator(".known")).to_be_visible()
    steps.enter(form, "operation_date", "13-Mar-2025")
    expect(form.locator("#age-derived")).to_contain_text("80 years")
    steps.enter_number(form, "AB-0072")
    expect(form.locator(".known")).to_have_count(0)
    for name in steps.IDENTITY:
        expect(steps.control(form, name)).to_have_value("")
    expect(form.locator("input[name=sex]:checked")).to_have_count(0)
    expect(form.locator("#age-derived")).not_to_contain_text("80 years")
    expect(form.locator("#points")).not_to_contain_text("80 y")


def test_a_known_patient_is_scored_by_the_birth_date_on_record(form: Page) -> None:
    steps.enter_number(form, "AB-0071")
    expect(form.locator(".known")).to_be_visible()
    steps.put(form, steps.without_identity())
    expect(form.locator("#live-risk-final")).to_have_text(worked.RISK)
    steps.saved(form)
    expect(form.locator(".patient")).to_contain_text(re.compile(r"Zhao,\s+Min.*AB-0071", re.DOTALL))
    assert Patient.objects.count() == 1


def test_a_patient_on_record_without_birth_date_is_asked_for_the_age(form: Page) -> None:
    cast.registered("AB-0073", family_name="", given_name="", birth_date=None)
    steps.enter_number(form, "AB-0073")
    expect(form.locator(".known")).to_contain_text("date not known")
    steps.put(form, {**steps.without_identity(), "age_years": "80"})
    expect(form.locator("#live-risk-final")).to_have_text(worked.RISK)
    steps.saved(form)
    expect(form.locator(".patient")).to_contain_text("(80 y)")


def test_what_is_typed_while_the_number_is_looked_up_stays(form: Page) -> None:
    """A slow server must not wipe the name of a new patient under the typing hands."""

    def slowly(route: Route) -> None:
        answer = route.fetch()
        form.wait_for_timeout(400)
        route.fulfill(response=answer)

    form.route("**/patients/lookup", slowly)
    number = steps.control(form, "hospital_number")
    number.fill("NEW-1")
    with form.expect_response("**/patients/lookup"):
        number.press("Tab")
        form.keyboard.type("Ouyang")
        form.keyboard.press("Tab")
        form.keyboard.type("Na")
    form.wait_for_timeout(300)
    expect(steps.control(form, "family_name")).to_have_value("Ouyang")
    expect(steps.control(form, "given_name")).to_have_value("Na")
    expect(steps.control(form, "given_name")).to_be_focused()


def test_a_number_saved_before_anybody_saw_whose_it_is_is_shown_first(
    form: Page, watch: Watch
) -> None:
    watch.expect_status(422)
    steps.put(form, steps.worked_example("AB-0071"))
    steps.save(form)
    expect(form.locator("#summary")).to_contain_text("this number is on record")
    expect(form.locator(".known")).to_contain_text("Zhao, Min")
    assert Assessment.objects.count() == 0
    assert Patient.objects.count() == 1


def test_enter_after_a_scanned_number_looks_it_up_and_goes_on(form: Page) -> None:
    """Scanners end with Enter: it never saves, and focus goes to the next thing to do."""
    patient = cast.registered("0047110", family_name="Li")
    acts.corrected(patient, cast.person("AB-0099", family_name="Li"))
    number = steps.control(form, "hospital_number")
    asked: list[str] = []
    form.on("request", lambda request: asked.append(request.url))

    def scan(text: str) -> None:
        number.focus()
        number.fill("")
        form.keyboard.type(text)
        form.keyboard.press("Enter")

    scan("NEW-1")
    expect(steps.control(form, "family_name")).to_be_focused()
    scan("AB-0071")
    expect(form.locator(".known")).to_contain_text("Zhao, Min")
    expect(form.locator("input[name=operation_status]").first).to_be_focused()
    lookups = [url for url in asked if url.endswith("/patients/lookup")]
    assert len(lookups) == 2, lookups
    # The same number again is looked up again.
    scan("AB-0071")
    expect(form.locator("input[name=operation_status]").first).to_be_focused()
    # A former number: who it is now, to go on with in one press.
    scan("0047110")
    expect(form.locator("#number-hints")).to_contain_text("0047110 was corrected to AB-0099 on")
    expect(form.locator("#number-hints button")).to_be_focused()
    expect(form.locator(".known")).to_have_count(0)
    steps.enter(form, "t_score", "-3.1")
    form.get_by_role("button", name="Use AB-0099 instead").press("Enter")
    expect(form.locator(".known")).to_contain_text("Li, Xiulan")
    expect(number).to_have_value("AB-0099")
    expect(steps.control(form, "t_score")).to_have_value("-3.1")
    expect(form.locator("#number-hints")).not_to_contain_text("corrected")
    assert Assessment.objects.count() == 0


def test_enter_saves_nothing_without_script_either(plain_ward: Page, watch: Watch) -> None:
    watch.expect_status(422)
    cast.registered("47110")
    plain_ward.goto("/assessments/new")
    number = steps.control(plain_ward, "hospital_number")
    number.fill("0047110")
    number.press("Enter")
    expect(plain_ward.locator("#summary")).to_have_count(0)
    steps.enter_all(plain_ward, steps.worked_example("0047110"))
    steps.save(plain_ward)
    expect(plain_ward.locator("#summary")).to_contain_text("0047110 differs only by leading zeros")
    plain_ward.get_by_role("button", name="Use 47110 instead").click()
    expect(plain_ward.locator(".known")).to_contain_text("Wang, Xiulan")
    steps.saved(plain_ward)
    assert Patient.objects.count() == 1


def test_a_pasted_whole_name_is_split_before_the_eyes(ward: Page) -> None:
    ward.goto("/assessments/new")
    family, given = (steps.control(ward, name) for name in ("family_name", "given_name"))
    family.fill("Müller-Lüdenscheidt, Anna")
    family.blur()
    expect(family).to_have_value("Müller-Lüdenscheidt")
    expect(given).to_have_value("Anna")
    family.fill("Wang, Xiulan")
    family.blur()
    expect(family).to_have_value("Wang, Xiulan")
    expect(given).to_have_value("Anna")

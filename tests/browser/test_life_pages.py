"""Every page of the life of an assessment: accessible, and fitting every screen."""

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from scoring.models import Assessment
from tests import cast
from tests.browser import steps
from tests.browser.conftest import Watch
from tests.browser.openings import Opens
from tests.browser.soundness import assert_sound
from tests.life import acts


def _with_typed_chloride(page: Page, of: Assessment) -> None:
    """The form of a correction with something typed, not saved yet."""
    page.goto(f"/assessments/{of.pk}/amend")
    steps.control(page, "chloride_mmol_l").fill("96")
    steps.control(page, "reason").fill("Chloride misread")


def complete(page: Page) -> None:
    page.goto(f"/assessments/{acts.operated_ago(1, 'H1').pk}/complete")


def amend(page: Page) -> None:
    page.goto(f"/assessments/{cast.recorded().pk}/amend")
    expect(page.locator("#live-total")).to_have_text("183.89")


def conflict(page: Page) -> None:
    of = cast.recorded()
    _with_typed_chloride(page, of)
    acts.amended(of, cast.worked_example(pdw_fl=cast.measured("13.1")), by=cast.bob())
    page.get_by_role("button", name="Save correction").click()
    expect(page.locator("#summary")).to_contain_text("while you were editing")


def conflict_with_a_void(page: Page) -> None:
    of = cast.recorded()
    _with_typed_chloride(page, of)
    acts.voided(of, by=cast.bob())
    page.get_by_role("button", name="Save correction").click()
    expect(page.locator("#summary")).to_contain_text("voided this assessment on")


def void(page: Page) -> None:
    page.goto(f"/assessments/{cast.recorded().pk}/void")


def void_without_a_reason(page: Page) -> None:
    void(page)
    page.get_by_role("main").get_by_role("button", name="Void").click()
    expect(page.locator("#summary")).to_be_visible()


def reinstate(page: Page) -> None:
    page.goto(f"/assessments/{acts.voided(cast.recorded()).pk}/reinstate")


def outcome(page: Page) -> None:
    page.goto(f"/assessments/{cast.recorded().pk}/outcome/day-3")


def outcome_corrected(page: Page) -> None:
    of = cast.recorded()
    first = acts.outcome(of, acts.measured(3, 5, cast.OPERATION + timedelta(days=7)))
    acts.outcome(of, acts.not_evaluable(3, "new_fracture"), expected=first)
    page.goto(f"/assessments/{of.pk}/outcome/day-3")
    expect(page.get_by_role("region", name="On record").locator("tbody tr")).to_have_count(2)


def outcome_overtaken(page: Page) -> None:
    outcome(page)
    acts.outcome(acts.read(Assessment.objects.get().pk), acts.measured(3, 8), by=cast.bob())
    steps.control(page, "vas").fill("3")
    steps.control(page, "measured_on").fill("16-Mar-2025")
    page.get_by_role("button", name="Save outcome").click()
    expect(page.locator("#summary")).to_contain_text("recorded this outcome on")


def move_asked_back(page: Page) -> None:
    of = cast.recorded()
    cast.recorded(cast.person("H9", family_name="Li"))
    page.goto(f"/assessments/{of.pk}/amend")
    steps.control(page, "hospital_number").fill("H9")
    steps.control(page, "reason").fill("entered for the neighbour")
    expect(page.locator("#identity")).to_contain_text("Li, Xiulan")
    page.get_by_role("button", name="Save correction").click()
    expect(page.locator("#summary")).to_contain_text("Answer 2 questions")
    expect(page.locator("#summary")).to_be_focused()


def outcome_asked_back(page: Page) -> None:
    outcome(page)
    steps.control(page, "vas").fill("3")
    steps.control(page, "measured_on").fill("20-Mar-2025")
    page.get_by_role("button", name="Save outcome").click()
    expect(page.locator("#summary")).to_contain_text("Answer one question")


def identity(page: Page) -> None:
    page.goto(f"/patients/{cast.registered().pk}/correct")


def identity_refused(page: Page) -> None:
    cast.registered("H9", family_name="Zhao")
    identity(page)
    steps.control(page, "hospital_number").fill("H9")
    steps.control(page, "reason").fill("misread")
    page.get_by_role("button", name="Save correction").click()
    expect(page.locator("#summary")).to_contain_text("this number belongs to Zhao, Xiulan")


def identity_overtaken(page: Page) -> None:
    identity(page)
    patient = cast.recorded(cast.person("H9")).patient
    page.goto(f"/patients/{patient.pk}/correct")
    acts.corrected(patient, cast.person("H9", given_name="Xiu Lan"), by=cast.bob())
    steps.control(page, "given_name").fill("Xiulian")
    steps.control(page, "reason").fill("misspelt")
    page.get_by_role("button", name="Save correction").click()
    expect(page.locator("#summary")).to_contain_text("Somebody else corrected this identity")


def time_line(page: Page) -> None:
    first = acts.completed(acts.provisional())
    acts.outcome(first, acts.measured(3, 5))
    later = cast.before_the_radiograph(operation_date=cast.OPERATION + timedelta(days=200))
    cast.recorded(first.patient, later)
    acts.voided(cast.recorded(first.patient))
    acts.amended(cast.recorded(first.patient), patient=cast.person("H9", family_name="Li"))
    acts.corrected(first.patient, cast.person(given_name="Xiulian"))
    page.goto(f"/patients/{first.patient_id}")
    page.get_by_text("earlier version").first.click()
    expect(page.get_by_role("region", name="Risk over time")).to_be_visible()


def worklist(page: Page) -> None:
    for number, days_ago in enumerate((1, 3, 6, 30, 41)):
        acts.operated_ago(days_ago, f"SYN-{number}")
    page.goto("/")
    expect(page.get_by_role("region", name="VAS due, day 30").locator("tbody tr")).to_have_count(2)


def superseded(page: Page) -> None:
    of = cast.recorded()
    acts.amended(of)
    page.goto(f"/assessments/{of.pk}")


def amended(page: Page) -> None:
    of = acts.amended(cast.recorded(), cast.worked_example(pdw_fl=cast.measured("13.1")))
    acts.outcome(of, acts.measured(3, 5, cast.OPERATION + timedelta(days=7)))
    page.goto(f"/assessments/{of.pk}")


def voided(page: Page) -> None:
    page.goto(f"/assessments/{acts.voided(acts.provisional()).pk}")


PAGES: tuple[tuple[Opens, int], ...] = (
    (complete, 200),
    (amend, 200),
    (move_asked_back, 422),
    (conflict, 409),
    (conflict_with_a_void, 409),
    (void, 200),
    (void_without_a_reason, 422),
    (reinstate, 200),
    (outcome, 200),
    (outcome_corrected, 200),
    (outcome_asked_back, 422),
    (outcome_overtaken, 409),
    (identity, 200),
    (identity_refused, 422),
    (identity_overtaken, 409),
    (time_line, 200),
    (worklist, 200),
    (superseded, 200),
    (amended, 200),
    (voided, 200),
)


@pytest.mark.parametrize(("opens", "status"), PAGES, ids=[opens.__name__ for opens, _ in PAGES])
def test_page(ward: Page, watch: Watch, opens: Opens, status: int) -> None:
    if status != 200:
        watch.expect_status(status)
    opens(ward)
    assert_sound(ward)
    assert ward.title().endswith(" · RBP risk")

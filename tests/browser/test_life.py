"""The life of an assessment at the bedside: completed, amended by two, voided, its outcome."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import BrowserContext, Page, expect

from scoring.models import Assessment, AssessmentChain, Outcome
from tests import cast
from tests.browser import steps
from tests.browser.conftest import Watch
from tests.browser.test_pages import assert_sound
from tests.life import acts

Opens = Callable[[Page], None]
REASON = "Chloride misread"


def _operated(days_ago: int, number: str, **changes: object) -> Assessment:
    """A provisional assessment of somebody operated on some days ago."""
    day = timezone.localdate() - timedelta(days=days_ago)
    entry = cast.before_the_radiograph(operation_date=day, **changes)
    return cast.recorded(cast.person(number), entry)


@pytest.fixture
def bobs(new_context: Callable[..., BrowserContext]) -> Page:
    """A window of another computer, at which Bob is signed in."""
    cast.bob()
    page = new_context().new_page()
    steps.sign_in(page, "bob")
    return page


@pytest.mark.parametrize("answer", ["Restored", "Not restored"])
def test_two_clicks_from_the_worklist_to_the_final_result(ward: Page, answer: str) -> None:
    _operated(1, "H1")
    ward.goto("/")
    expect(ward.locator(".badge-due")).to_have_text("1 due")
    ward.get_by_role("link", name="Complete WANG, Xiulan").click()
    ward.get_by_role("button", name=re.compile(f"^{answer}: save as final")).click()
    expect(ward.locator(".state")).to_have_text("Final")
    expect(ward.locator(".risk-number")).to_contain_text("%")
    final = Assessment.objects.get(version=2)
    assert final.mvh_restored is (answer == "Restored")
    ward.get_by_role("link", name="version 1").click()
    expect(ward.locator(".note").first).to_contain_text("Superseded.")


def test_enter_in_the_date_of_the_radiograph_answers_nothing(ward: Page) -> None:
    of = _operated(1, "H1")
    ward.goto(f"/assessments/{of.pk}/complete")
    steps.control(ward, "radiograph_date").fill("today")
    steps.control(ward, "radiograph_date").press("Enter")
    ward.wait_for_timeout(300)
    assert Assessment.objects.count() == 1
    expect(steps.control(ward, "radiograph_date")).to_have_value("today")


def test_an_amendment_shows_its_points_as_it_is_typed(ward: Page) -> None:
    of = cast.recorded()
    ward.goto(f"/assessments/{of.pk}")
    ward.get_by_role("link", name="Amend").click()
    expect(ward.locator("#live-total")).to_have_text("183.89")
    steps.control(ward, "chloride_mmol_l").fill("96")
    expect(ward.locator("#live-total")).to_have_text("206.84")
    steps.control(ward, "reason").fill(REASON)
    ward.get_by_role("button", name="Save correction").click()
    changed = ward.get_by_role("region", name="What changed in this version")
    expect(changed.get_by_role("row", name="Serum chloride 105 mmol/L 96 mmol/L")).to_be_visible()
    expect(changed.get_by_role("row", name="Total points 183.89 206.84")).to_be_visible()
    expect(changed).to_contain_text(REASON)


def _amend(page: Page, of: Assessment, **typed: str) -> None:
    """Open the form of a correction and type, without saving."""
    page.goto(f"/assessments/{of.pk}/amend")
    for name, value in typed.items():
        steps.control(page, name).fill(value)


def test_two_amend_at_once_and_nothing_typed_is_lost(ward: Page, bobs: Page, watch: Watch) -> None:
    watch.expect_status(409)
    of = cast.recorded()
    _amend(ward, of, chloride_mmol_l="96,5", reason=REASON)
    _amend(bobs, of, pdw_fl="13.1", reason="PDW of the day before")
    mine = steps.contents(ward)
    bobs.get_by_role("button", name="Save correction").click()
    expect(bobs.get_by_role("heading", level=1)).to_contain_text("Risk of residual back pain")

    ward.get_by_role("button", name="Save correction").click()
    expect(ward.locator("#summary")).to_contain_text("Dr Bob Keller saved version 2 meanwhile")
    expect(ward.locator("#summary")).to_be_focused()
    theirs = ward.get_by_role("region", name="What they changed")
    expect(theirs.get_by_role("row", name="12.8 fL 13.1 fL")).to_be_visible()
    yours = ward.get_by_role("region", name="What saving yours would change of theirs")
    expect(yours.get_by_role("row", name="13.1 fL 12.8 fL")).to_be_visible()
    expect(yours.get_by_role("row", name="105 mmol/L 96.5 mmol/L")).to_be_visible()
    assert steps.contents(ward) == mine

    # Alice keeps Bob's PDW and puts her chloride on top of it.
    steps.control(ward, "pdw_fl").fill("13.1")
    ward.get_by_role("button", name="Save correction").click()
    expect(ward.locator(".meta")).to_contain_text("version 3, amended, after version 2")
    current = AssessmentChain.objects.get().current
    assert current is not None
    assert (float(current.pdw_fl), float(current.chloride_mmol_l)) == (13.1, 96.5)
    assert [v.created_by_name for v in Assessment.objects.order_by("version")] == [
        "Dr Alice Moore",
        "Dr Bob Keller",
        "Dr Alice Moore",
    ]


def test_an_assessment_of_the_wrong_patient_moves_to_the_right_one(ward: Page) -> None:
    right = cast.registered("AB-7", family_name="Zhao")
    of = cast.recorded()
    _amend(ward, of, reason="entered under the neighbour's number")
    expect(ward.locator(".known")).to_contain_text("WANG, Xiulan")
    steps.enter_number(ward, "ab-7")
    expect(ward.locator(".known")).to_contain_text("ZHAO, Xiulan")
    ward.get_by_role("button", name="Save correction").click()
    expect(ward.locator(".patient")).to_contain_text("ZHAO, Xiulan")
    assert Assessment.objects.get(version=2).patient == right


def test_the_same_name_with_another_number_gives_a_caution(ward: Page) -> None:
    cast.registered("H1")
    ward.goto("/assessments/new")
    steps.enter_number(ward, "H2")
    steps.control(ward, "family_name").fill("wang")
    with ward.expect_response("**/patients/same-name"):
        steps.control(ward, "given_name").fill("Xiulan")
        steps.control(ward, "given_name").press("Tab")
    caution = ward.locator("#same-name")
    expect(caution).to_contain_text("the same name is on record with another number")
    expect(caution).to_contain_text("born 14-Jul-1944, hospital no. H1")


def test_void_and_undo(ward: Page) -> None:
    of = _operated(4, "H1")
    ward.goto(f"/assessments/{of.pk}")
    ward.get_by_role("link", name="Void").click()
    steps.control(ward, "reason").fill("wrong patient")
    ward.get_by_role("main").get_by_role("button", name="Void").click()
    expect(ward.locator(".state")).to_have_text("Voided")
    assert "VOIDED" in steps.report_text(ward, ward.url)
    voided = ward.url
    ward.goto("/")
    expect(ward.locator(".badge-due")).to_have_count(0)
    expect(ward.get_by_text("WANG")).to_have_count(0)
    ward.goto(voided)
    ward.get_by_role("link", name="Undo the void").click()
    steps.control(ward, "reason").fill("it was the right patient")
    ward.get_by_role("button", name="Undo the void").click()
    expect(ward.locator(".state")).to_have_text("Provisional")
    ward.goto("/")
    expect(ward.locator(".badge-due")).to_have_text("2 due")


def test_an_outcome_from_the_worklist_and_its_correction(ward: Page, watch: Watch) -> None:
    watch.expect_status(422)
    _operated(3, "H1")
    ward.goto("/")
    ward.get_by_role("link", name="Record VAS WANG, Xiulan").click()
    steps.control(ward, "vas").fill("4.5")
    steps.control(ward, "measured_on").fill(cast.from_today(0))
    ward.get_by_role("button", name="Save outcome").click()
    expect(ward.locator("#summary")).to_contain_text("allowed is a whole number from 0 to 10")
    steps.control(ward, "vas").fill("4")
    ward.get_by_role("button", name="Save outcome").click()
    expect(ward.get_by_text("Outcome of day 3 recorded.")).to_be_visible()
    ward.get_by_role("link", name="Correct day 3").click()
    steps.control(ward, "vas").fill("5")
    steps.control(ward, "measured_on").fill(cast.from_today(0))
    steps.control(ward, "reason").fill("misheard")
    ward.get_by_role("button", name="Save outcome").click()
    expect(ward.get_by_role("region", name="Outcome")).to_contain_text("corrected, version 2")
    assert [outcome.vas for outcome in Outcome.objects.order_by("version")] == [4, 5]


def test_a_double_click_records_one_outcome_and_one_version(ward: Page) -> None:
    of = _operated(3, "H1")
    ward.goto(f"/assessments/{of.pk}/outcome/day-3")
    steps.control(ward, "vas").fill("4")
    steps.control(ward, "measured_on").fill(cast.from_today(0))
    ward.get_by_role("button", name="Save outcome").dblclick(no_wait_after=True)
    expect(ward.get_by_text("Outcome of day 3 recorded.")).to_be_visible()
    ward.goto(f"/assessments/{of.pk}/complete")
    ward.get_by_role("button", name=re.compile("^Not restored")).dblclick(no_wait_after=True)
    expect(ward.locator(".state")).to_have_text("Final")
    assert (Outcome.objects.count(), Assessment.objects.count()) == (1, 2)


def complete(page: Page) -> None:
    page.goto(f"/assessments/{_operated(1, 'H1').pk}/complete")


def amend(page: Page) -> None:
    page.goto(f"/assessments/{cast.recorded().pk}/amend")
    expect(page.locator("#live-total")).to_have_text("183.89")


def conflict(page: Page) -> None:
    of = cast.recorded()
    _amend(page, of, chloride_mmol_l="96", reason=REASON)
    acts.amended(of, cast.worked_example(pdw=cast.measured("13.1")), by=cast.bob())
    page.get_by_role("button", name="Save correction").click()
    expect(page.locator("#summary")).to_contain_text("meanwhile")


def conflict_with_a_void(page: Page) -> None:
    of = cast.recorded()
    _amend(page, of, chloride_mmol_l="96", reason=REASON)
    acts.voided(of, by=cast.bob())
    page.get_by_role("button", name="Save correction").click()
    expect(page.locator("#summary")).to_contain_text("voided this assessment meanwhile")


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
    expect(page.locator("#summary")).to_contain_text("recorded this outcome meanwhile")


def identity(page: Page) -> None:
    page.goto(f"/patients/{cast.registered().pk}/correct")


def identity_refused(page: Page) -> None:
    cast.registered("H9", family_name="Zhao")
    identity(page)
    steps.control(page, "hospital_number").fill("H9")
    page.get_by_role("button", name="Save correction").click()
    expect(page.locator("#summary")).to_be_visible()


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
        _operated(days_ago, f"SYN-{number}")
    page.goto("/")
    expect(page.get_by_role("region", name="VAS due, day 30").locator("tbody tr")).to_have_count(2)


def superseded(page: Page) -> None:
    of = cast.recorded()
    acts.amended(of)
    page.goto(f"/assessments/{of.pk}")


def amended(page: Page) -> None:
    of = acts.amended(cast.recorded(), cast.worked_example(pdw=cast.measured("13.1")))
    acts.outcome(of, acts.measured(3, 5, cast.OPERATION + timedelta(days=7)))
    page.goto(f"/assessments/{of.pk}")


def voided(page: Page) -> None:
    page.goto(f"/assessments/{acts.voided(acts.provisional()).pk}")


PAGES: tuple[tuple[Opens, int], ...] = (
    (complete, 200),
    (amend, 200),
    (conflict, 409),
    (conflict_with_a_void, 409),
    (void, 200),
    (void_without_a_reason, 422),
    (reinstate, 200),
    (outcome, 200),
    (outcome_corrected, 200),
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
def test_page(
    ward: Page, axe: Callable[[Page], None], watch: Watch, opens: Opens, status: int
) -> None:
    if status != 200:
        watch.expect_status(status)
    opens(ward)
    assert_sound(ward, axe)

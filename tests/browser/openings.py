"""How each page and state of the site is opened."""

from collections.abc import Callable
from datetime import timedelta

from playwright.sync_api import Page, expect

from scoring.nomogram.eligibility import Answer
from tests import cast
from tests import worked_example as worked
from tests.browser import steps
from tests.life import acts
from tests.validation.ward import cohort_file, on_record, reviewer_too

Opens = Callable[[Page], None]


def signed_out(page: Page) -> None:
    page.goto("/sign-in")


def wrong_password(page: Page) -> None:
    signed_out(page)
    page.get_by_label("Username").fill("alice")
    page.get_by_label("Password").fill("wrong")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_contain_text("Not signed in.")


def empty_worklist(page: Page) -> None:
    page.goto("/")
    expect(page.locator("tbody").first).to_contain_text("None yet.")


def worklist(page: Page) -> None:
    cast.recorded()
    cast.recorded(cast.person("SYN-1", synthetic=True), cast.before_the_radiograph())
    page.goto("/")
    expect(page.locator("main")).to_contain_text("Radiograph due")


def open_menu(page: Page) -> None:
    page.goto("/")
    page.locator(".usernav > button").click()


def fresh_form(page: Page) -> None:
    page.goto("/assessments/new")


def form_with_nothing_entered(page: Page) -> None:
    fresh_form(page)
    steps.save(page)
    expect(page.locator("#summary")).to_be_visible()


def form_with_wrong_values(page: Page) -> None:
    steps.new_assessment(
        page, steps.worked_example(t_score="abc", pdw_fl="200", chloride_mmol_l="96")
    )
    expect(page.locator("#msgs-chloride_mmol_l")).to_contain_text("Caution:")
    expect(page.locator("#points")).to_contain_text("Incomplete: 2 of 7 left")


def form_of_a_known_patient(page: Page) -> None:
    cast.registered("00482913")
    fresh_form(page)
    steps.enter_number(page, "00482913")
    expect(page.locator(".known")).to_contain_text("Wang, Xiulan")
    steps.put(page, steps.without_identity(mvh_restored="not_known_yet", radiograph_date=""))
    expect(page.locator("#live-total")).to_have_text("148.21 or 183.89")


def complete_form(page: Page) -> None:
    steps.new_assessment(page, steps.worked_example())
    expect(page.locator("#live-risk-final")).to_have_text(worked.RISK)


def form_with_a_stated_age(page: Page) -> None:
    fresh_form(page)
    page.get_by_label("Date of birth not known").check()
    steps.enter(page, "age_years", "79.5")
    expect(page.locator("#msgs-age_years")).to_contain_text("Error:")


def final_result(page: Page) -> None:
    page.goto(f"/assessments/{cast.recorded().pk}")


def result_outside_the_study(page: Page) -> None:
    answers = cast.study_answers(chronic_low_back_pain=Answer.YES, infection=Answer.NOT_ASSESSED)
    entry = cast.worked_example(answers=answers, chloride_mmol_l=cast.measured("76"))
    patient = cast.person(family_name="", given_name="", birth_date=cast.BORN)
    page.goto(f"/assessments/{cast.recorded(patient, entry).pk}")
    expect(page.locator("main")).to_contain_text("Outside the study population.")


def provisional_result(page: Page) -> None:
    page.goto(f"/assessments/{cast.recorded(entry=cast.before_the_radiograph()).pk}")


def history(page: Page) -> None:
    cast.recorded()
    cast.recorded(cast.person("SYN-1", synthetic=True), cast.before_the_radiograph())
    page.goto("/history")
    expect(page.locator("tbody tr")).to_have_count(2)


def history_without_a_hit(page: Page) -> None:
    page.goto("/history")
    page.get_by_label("Number, name, birth date or report").fill("nobody")
    page.get_by_role("button", name="Show").click()
    expect(page.locator("tbody")).to_contain_text("nobody")


def found_patients(page: Page) -> None:
    for number in ("H1", "H2"):
        acts.corrected(cast.registered(number), cast.person(f"{number}0", family_name="Moore"))
    page.goto("/")
    search = page.get_by_label("Number, name, date of birth or report number")
    search.fill("wang")
    search.press("Enter")
    expect(page.locator("tbody tr")).to_have_count(2)
    expect(page.locator("tbody")).to_contain_text("Wang, Xiulan")


def form_that_asks_who_it_is(page: Page) -> None:
    acts.corrected(cast.registered("47110"), cast.person("47119"))
    steps.new_assessment(page, steps.worked_example("0047119"))
    steps.save(page)
    expect(page.get_by_role("button", name="Use 47119 instead")).to_be_visible()


def form_with_a_former_number(page: Page) -> None:
    acts.corrected(cast.registered("47110"), cast.person("47119", family_name="Moore"))
    page.goto("/assessments/new")
    steps.enter_number(page, "47110")
    steps.enter(page, "family_name", "wang")
    steps.enter(page, "given_name", "xiulan")
    steps.enter(page, "birth_date", "14-Jul-1944")
    expect(page.locator("#same-name")).to_contain_text("Formerly Wang, Xiulan")


def patient(page: Page) -> None:
    first = cast.recorded()
    cast.recorded(first.patient, cast.before_the_radiograph())
    page.goto(f"/patients/{first.patient.pk}")


def completing(page: Page) -> None:
    page.goto(f"/assessments/{cast.recorded(entry=cast.before_the_radiograph()).pk}/complete")


def amending(page: Page) -> None:
    page.goto(f"/assessments/{cast.recorded().pk}/amend")


def voiding(page: Page) -> None:
    page.goto(f"/assessments/{cast.recorded().pk}/void")


def recording_an_outcome(page: Page) -> None:
    page.goto(f"/assessments/{cast.recorded().pk}/outcome/day-3")


def correcting_an_identity(page: Page) -> None:
    page.goto(f"/patients/{cast.registered().pk}/correct")


def model_card(page: Page) -> None:
    page.goto("/about/model-card")
    expect(page.get_by_role("region", name="Inputs").locator("tbody tr")).to_have_count(7)


def about(page: Page) -> None:
    page.goto("/about")


def calculator(page: Page) -> None:
    page.goto("/calculator")
    page.fill("#id_age_years", "80")
    page.fill("#id_pdw_fl", "12.8")
    page.select_option("#id_pdw_unit", "fL")
    page.fill("#id_chloride_mmol_l", "105")
    page.fill("#id_t_score", "-2.0")
    for answer in ("trauma_history_0", "posterior_fascia_edema_0", "mvh_restored_1"):
        page.click(f"label[for=id_{answer}]")
    expect(page.locator("#calculated")).to_contain_text(
        f"About {worked.WHOLE} of 100 similar patients"
    )
    expect(page.locator("#live-risk-final")).to_have_text(worked.RISK)


def help_page(page: Page) -> None:
    page.goto("/help")


def validation(page: Page) -> None:
    on_record(cohort_file(), of=range(0, 120))
    reviewer_too(cast.alice())
    page.goto("/validation")
    expect(page.locator("main")).to_contain_text("Too few assessments for")
    for numbers in page.locator("details.numbers summary").all():
        numbers.click()
    expect(page.get_by_role("heading", name="Smoothed curve")).to_be_visible()


def month_by_month(page: Page) -> None:
    on_record(
        cohort_file(),
        of=range(40),
        operated_on=lambda place: cast.OPERATION + timedelta(days=5 * place),
        pain=lambda place: place >= 20,
    )
    reviewer_too(cast.alice())
    page.goto("/validation/drift")
    expect(page.locator("main")).to_contain_text("More residual back pain than the model expects")
    expect(page.get_by_role("img", name="CUSUM chart")).to_be_visible()


def password(page: Page) -> None:
    page.goto("/account/password")


def password_refused(page: Page) -> None:
    password(page)
    page.get_by_role("button", name="Change password").click()
    expect(page.locator("#summary")).to_be_focused()


WITHOUT_SIGN_IN: tuple[Opens, ...] = (signed_out, wrong_password)
SIGNED_IN: tuple[Opens, ...] = (
    empty_worklist,
    worklist,
    open_menu,
    fresh_form,
    form_with_nothing_entered,
    form_with_wrong_values,
    form_of_a_known_patient,
    complete_form,
    form_with_a_stated_age,
    final_result,
    result_outside_the_study,
    provisional_result,
    history,
    history_without_a_hit,
    found_patients,
    form_that_asks_who_it_is,
    form_with_a_former_number,
    patient,
    completing,
    amending,
    voiding,
    recording_an_outcome,
    correcting_an_identity,
    about,
    model_card,
    calculator,
    help_page,
    validation,
    month_by_month,
    password,
    password_refused,
)

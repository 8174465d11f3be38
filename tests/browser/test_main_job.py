"""The whole main job with the paper's worked example: from sign-in to the printed report."""

from urllib.parse import urlsplit

from django.conf import settings
from playwright.sync_api import BrowserContext, Page, expect

from scoring.models import Assessment
from tests import cast
from tests import worked_example as worked
from tests.browser import steps
from tests.browser.conftest import Watch

FINAL_RESULT = ("183.89", worked.CI95, worked.RANGE, "Wang, Xiulan", "14-Jul-1944", "00482913")


def test_from_sign_in_to_the_report_and_out_again(page: Page) -> None:
    cast.alice()
    steps.sign_in(page)
    page.get_by_role("link", name="New assessment").last.click()
    values = steps.worked_example()
    after_the_radiograph = {name: values.pop(name) for name in ("mvh_restored", "radiograph_date")}
    steps.fill_in(page, values)
    expect(page.locator("#live-total")).to_have_text("148.21")
    expect(page.locator("#points")).to_contain_text("Incomplete: 1 of 7 left")
    expect(page.locator("#eligibility-count")).to_have_text("10 of 10 answered")
    expect(page.locator("#msgs-t_score")).to_contain_text("Caution: T-score −2.0.")
    expect(page.locator("#msgs-pdw_fl")).to_contain_text("read as 12.8")

    steps.fill_in(page, after_the_radiograph)
    expect(page.locator("#live-total")).to_have_text("183.89")
    expect(page.locator("#live-risk-final")).to_have_text(worked.RISK)

    result_url = steps.saved(page)
    for shown in (f"About {worked.WHOLE} of 100 similar patients", *FINAL_RESULT):
        expect(page.locator("body")).to_contain_text(shown)
    expect(page.locator(".risk-number")).to_have_text(f"{worked.WHOLE}%")

    printed = steps.report_text(page, result_url)
    for shown in (worked.RISK, f"About {worked.WHOLE} of 100 similar patients", *FINAL_RESULT):
        assert shown in printed
    link = page.get_by_role("link", name="Print report")
    assert link.get_attribute("href") == f"{urlsplit(result_url).path}/report"

    for searched in ("00482913", "wang", "ＷＡＮＧ xiu"):
        _history_finds(page, searched)

    steps.sign_out(page)
    _shows_nothing_of_the_patient(page)
    for _ in range(3):
        page.go_back()
        _shows_nothing_of_the_patient(page)
    page.goto(result_url)
    _shows_nothing_of_the_patient(page)


def _history_finds(page: Page, searched: str) -> None:
    page.get_by_role("link", name="History", exact=True).click()
    page.get_by_label("Number, name, birth date or report").fill(searched)
    page.get_by_role("button", name="Show").click()
    row = page.locator("tbody tr")
    expect(row).to_have_count(1)
    for shown in ("Wang, Xiulan", "00482913", "183.89", worked.RISK, "Final"):
        expect(row).to_contain_text(shown)
    assert "?search=" in page.url
    assert searched not in page.url


def _shows_nothing_of_the_patient(page: Page) -> None:
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    seen = (page.content() + page.title() + page.url).casefold()
    for secret in ("wang", "xiulan", "00482913", "183.89"):
        assert secret not in seen


def test_nothing_of_the_patient_stays_in_the_browser(ward: Page) -> None:
    """No storage of any kind, no service worker, also where the site is on the home screen."""
    steps.new_assessment(ward, steps.worked_example())
    result = steps.saved(ward)
    steps.report_text(ward, result)
    ward.goto("/")
    kept = ward.evaluate(
        """async () => ({
            local: {...localStorage},
            session: {...sessionStorage},
            databases: (await indexedDB.databases()).map(({name}) => name),
            caches: self.caches ? await caches.keys() : [],
            workers: navigator.serviceWorker
                ? (await navigator.serviceWorker.getRegistrations()).length : 0,
            cookies: document.cookie,
            folders: await (async () => {
                const found = [];
                for await (const name of (await navigator.storage.getDirectory()).keys()) {
                    found.push(name);
                }
                return found;
            })(),
        })"""
    )
    assert kept == {
        "local": {},
        "session": {},
        "databases": [],
        "caches": [],
        "workers": 0,
        "cookies": "",
        "folders": [],
    }
    # Cookies hold who is signed in and the language, in words of the site's own.
    names = {cookie["name"] for cookie in ward.context.cookies()}
    assert names <= {"sessionid", "csrftoken", settings.LANGUAGE_COOKIE_NAME}


def test_without_javascript(plain_ward: Page) -> None:
    plain_ward.goto("/assessments/new")
    steps.enter_all(plain_ward, steps.worked_example())
    result_url = steps.saved(plain_ward)
    for shown in (f"About {worked.WHOLE} of 100 similar patients", *FINAL_RESULT):
        expect(plain_ward.locator("body")).to_contain_text(shown)
    assert "183.89" in steps.report_text(plain_ward, result_url)
    _history_finds(plain_ward, "00482913")
    _history_finds(plain_ward, "wang")


def test_without_javascript_a_stated_age_is_entered(plain_ward: Page) -> None:
    plain_ward.goto("/assessments/new")
    steps.enter_all(plain_ward, steps.worked_example(birth_date=""))
    plain_ward.get_by_label("Date of birth not known").check()
    steps.enter(plain_ward, "age_years", "80")
    steps.saved(plain_ward)
    expect(plain_ward.locator(".patient")).to_contain_text("date not known (80 y)")
    expect(plain_ward.locator(".risk-number")).to_have_text(f"{worked.WHOLE}%")


def test_without_javascript_a_known_patient_is_shown_before_anything_is_saved(
    plain_ward: Page, watch: Watch
) -> None:
    watch.expect_status(422)
    cast.registered("00482913", family_name="Zhao", given_name="Min")
    plain_ward.goto("/assessments/new")
    steps.enter_all(plain_ward, steps.worked_example())
    steps.save(plain_ward)
    expect(plain_ward.locator("#summary")).to_contain_text("this number is on record")
    expect(plain_ward.locator(".known")).to_contain_text("Zhao, Min")
    assert Assessment.objects.count() == 0
    steps.saved(plain_ward)
    expect(plain_ward.locator(".patient")).to_contain_text("Zhao, Min")


def test_before_the_radiograph_both_risks_are_shown_and_printed(ward: Page) -> None:
    steps.new_assessment(ward, steps.before_the_radiograph())
    expect(ward.locator("#live-total")).to_have_text("148.21 or 183.89")
    expect(ward.locator("#live-risk-if_restored")).to_have_text(
        f"{worked.RISK_RESTORED} if restored"
    )
    expect(ward.locator("#live-risk-if_not_restored")).to_have_text(
        f"{worked.RISK} if not restored"
    )

    result_url = steps.saved(ward)
    expect(ward.get_by_role("heading", level=1)).to_contain_text("provisional")
    expect(ward.locator(".risk-number")).to_have_text(
        [f"{worked.WHOLE_RESTORED}%", f"{worked.WHOLE}%"]
    )
    for shown in ("148.21", "183.89", "Two results until the radiograph."):
        expect(ward.locator("main")).to_contain_text(shown)

    printed = steps.report_text(ward, result_url)
    for shown in (
        "Provisional",
        worked.RISK_RESTORED,
        worked.RISK,
        "148.21",
        "183.89",
        "Wang, Xiulan",
        "00482913",
    ):
        assert shown in printed

    ward.get_by_role("link", name="History", exact=True).click()
    expect(ward.locator("tbody tr")).to_contain_text(worked.EITHER)
    expect(ward.locator("tbody tr")).to_contain_text("Provisional")


def test_the_text_for_the_record_is_copied(ward: Page, context: BrowserContext) -> None:
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    assessment = cast.recorded(cast.person("00482913"))
    ward.goto(f"/assessments/{assessment.pk}")
    ward.get_by_role("button", name="Copy text").click()
    expect(ward.get_by_role("button", name="Copied")).to_be_visible()
    copied = ward.evaluate("navigator.clipboard.readText()")
    for shown in (
        "00482913",
        "Wang, Xiulan",
        "183.89",
        worked.RISK,
        assessment.chain.report_number,
    ):
        assert shown in copied
    assert copied == ward.locator("#chart-note").text_content()


def test_where_there_is_no_clipboard_the_text_is_shown_selected(ward: Page) -> None:
    assessment = cast.recorded(cast.person("00482913"))
    ward.add_init_script("Object.defineProperty(navigator, 'clipboard', {value: undefined})")
    ward.goto(f"/assessments/{assessment.pk}")
    ward.get_by_role("button", name="Copy text").click()
    expect(ward.locator("#chart-note")).to_be_visible()
    selected = ward.evaluate("String(window.getSelection())")
    assert "183.89" in selected
    assert "00482913" in selected

"""What a clinician does in the browser, field by field, as the tests of this folder share it."""

import io
import re
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.test import Client
from playwright.sync_api import BrowserContext, Locator, Page, Request, expect
from pypdf import PdfReader

from scoring.models import User
from scoring.nomogram.eligibility import Criterion, study_answer
from tests import cast

# Fields of the form by the way a person fills them in, in reading order.
IDENTITY = ("family_name", "given_name", "birth_date")
TEXTS = (
    "hospital_number",
    *IDENTITY,
    "operation_date",
    "operation_time",
    "t_score",
    "dxa_date",
    "trauma_history_date",
    "mri_date",
    "pdw_fl",
    "pdw_date",
    "chloride_mmol_l",
    "chloride_date",
    "radiograph_date",
)
SELECTS = ("fracture_level", "dxa_site", "pdw_unit")

Values = Mapping[str, str]


def worked_example(hospital_number: str = "00482913", **changes: str) -> dict[str, str]:
    """The paper's worked example as text and choices of the form, in reading order."""
    values = {
        "hospital_number": hospital_number,
        "family_name": "Wang",
        "given_name": "Xiulan",
        "birth_date": "14-Jul-1944",
        "sex": "female",
        "operation_status": "done",
        "operation_date": "13-Mar-2025",
        "operation_time": "08:30",
        "fracture_level": "L1",
        **{criterion.value: study_answer(criterion).value for criterion in Criterion},
        "t_score": "-2.0",
        "dxa_date": "04-Mar-2025",
        "dxa_site": "lumbar_spine",
        "trauma_history": "yes",
        "trauma_history_date": "10-Mar-2025",
        "posterior_fascia_edema": "yes",
        "mri_date": "11-Mar-2025",
        "pdw_fl": "12,80",
        "pdw_unit": "fL",
        "pdw_date": "11-Mar-2025",
        "chloride_mmol_l": "105",
        "chloride_date": "11-Mar-2025",
        "mvh_restored": "no",
        "radiograph_date": "14-Mar-2025",
    }
    return values | changes


def before_the_radiograph(hospital_number: str = "00482913") -> dict[str, str]:
    """The same while the middle vertebral height is not known yet."""
    return worked_example(hospital_number, mvh_restored="not_known_yet", radiograph_date="")


def hold_session(context: BrowserContext, user: User, site: str) -> None:
    """Give the windows of a context the session of a user, as if signed in."""
    client = Client()
    client.force_login(user)
    name = settings.SESSION_COOKIE_NAME
    context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": site}])


def without_identity(**changes: str) -> dict[str, str]:
    """The worked example without what a patient on record brings along."""
    brought = ("hospital_number", "sex", *IDENTITY)
    return {name: v for name, v in worked_example(**changes).items() if name not in brought}


def sign_in(page: Page, username: str = "alice") -> None:
    """Sign in by the form; the user is of the cast."""
    page.goto("/sign-in")
    page.get_by_label("Username").fill(username)
    page.get_by_label("Password").fill(cast.PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="Worklist")).to_be_visible()


def sign_out(page: Page) -> None:
    """Sign out by the menu."""
    page.locator(".usernav > button").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


def control(page: Page, name: str) -> Locator:
    """The text field or list of a field."""
    return page.locator(f"#id_{name}")


def choose(page: Page, name: str, value: str) -> None:
    """Press one of the buttons of a question."""
    chosen = page.locator(f'input[name="{name}"][value="{value}"]')
    page.locator(f'label[for="{chosen.get_attribute("id")}"]').click()
    expect(chosen).to_be_checked()


def enter(page: Page, name: str, value: str) -> None:
    """Fill in one field as a person does."""
    if name in SELECTS:
        control(page, name).select_option(value)
    elif name in TEXTS or name == "age_years":
        control(page, name).fill(value)
    else:
        choose(page, name, value)


def enter_number(page: Page, hospital_number: str) -> None:
    """Type the hospital number and wait until the server said who it is."""
    page.wait_for_load_state()
    field = control(page, "hospital_number")
    with page.expect_response("**/patients/lookup"):
        field.fill(hospital_number)
        field.press("Tab")


def fill_in(page: Page, values: Values) -> None:
    """Fill in the form, from the hospital number to the radiograph."""
    rest = dict(values)
    number = rest.pop("hospital_number", None)
    if number is not None:
        enter_number(page, number)
        if page.locator(".known").count():
            rest = {name: v for name, v in rest.items() if name not in (*IDENTITY, "sex")}
    for name, value in rest.items():
        enter(page, name, value)


def enter_all(page: Page, values: Values) -> None:
    """Fill in field by field, without waiting for any answer of the server."""
    for name, value in values.items():
        enter(page, name, value)


def put(page: Page, values: Values) -> None:
    """Fill in many fields at a stroke, where the typing itself is not what is tested.

    The page hears of it once. Needs JavaScript.
    """
    with page.expect_response("**/assessments/points"):
        page.locator("form.assessment").evaluate(
            """(form, values) => {
                for (const [name, value] of Object.entries(values)) {
                    const field = form.elements[name];
                    if (field === undefined) throw Error("no field " + name);
                    field.value = value;
                }
                form.dispatchEvent(new Event("input", {bubbles: true}));
            }""",
            dict(values),
        )


def new_assessment(page: Page, values: Values) -> None:
    """Open a new form and fill it in at a stroke."""
    page.goto("/assessments/new")
    put(page, values)


def save(page: Page) -> None:
    """Press the button."""
    page.get_by_role("button", name=re.compile("^Save (provisional )?assessment$")).click()


def saved(page: Page) -> str:
    """Press the button and arrive at the result; its address."""
    save(page)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Risk of residual back pain")
    return page.url


def asks_for_report(request: Request) -> bool:
    """Whether a window asks for a report. One that shows a PDF has no address of its own."""
    return request.url.endswith("/report")


def report_text(page: Page, result_url: str) -> str:
    """The text of the PDF report, fetched with the cookies of the page, in one line."""
    answer = page.context.request.get(f"{result_url}/report")
    assert answer.ok
    assert answer.headers["content-type"] == "application/pdf"
    pages = PdfReader(io.BytesIO(answer.body())).pages
    return " ".join(" ".join(sheet.extract_text() for sheet in pages).split())


def contents(page: Page) -> dict[str, Any]:
    """What stands in every field of the form: text, choice, which buttons are pressed."""
    script = """form => Object.fromEntries(
        [...form.elements].filter(e => e.name && e.name !== "sent" && e.type !== "submit")
        .map(e => [e.name + (/radio|checkbox/.test(e.type) ? "=" + e.value : ""),
                   /radio|checkbox/.test(e.type) ? e.checked : e.value]))"""
    found = page.locator("form.assessment").evaluate(script)
    assert isinstance(found, dict)
    for mark in ("csrfmiddlewaretoken", "kept_for"):
        found.pop(mark)
    return found

"""Chinese input methods: the keys that put a character together do nothing else."""

import pytest
from playwright.sync_api import CDPSession, Page, expect

from scoring.models import Assessment
from tests import cast
from tests.browser import steps

# What the browser tells of a key that an input method has taken.
_TAKEN = {"type": "rawKeyDown", "windowsVirtualKeyCode": 229, "key": "Process"}


def _method(page: Page) -> CDPSession:
    return page.context.new_cdp_session(page)


def _compose(method: CDPSession, typed: str) -> None:
    """Letters that are no character yet, underlined in the field."""
    method.send("Input.dispatchKeyEvent", _TAKEN)
    method.send(
        "Input.imeSetComposition",
        {"text": typed, "selectionStart": len(typed), "selectionEnd": len(typed)},
    )


def _confirm(method: CDPSession, character: str) -> None:
    """Enter, which the input method takes to put the character in."""
    method.send("Input.dispatchKeyEvent", {**_TAKEN, "key": "Enter", "code": "Enter"})
    method.send("Input.insertText", {"text": character})
    method.send("Input.dispatchKeyEvent", {"type": "keyUp", "key": "Enter", "code": "Enter"})


def test_enter_that_takes_a_character_saves_nothing_and_looks_nothing_up(ward: Page) -> None:
    ward.goto("/assessments/new")
    asked: list[str] = []
    ward.on("request", lambda request: asked.append(request.url))
    method = _method(ward)
    number = steps.control(ward, "hospital_number")
    number.focus()
    _compose(method, "zhuyuan")
    _confirm(method, "住院")
    expect(number).to_have_value("住院")
    expect(number).to_be_focused()
    name = steps.control(ward, "family_name")
    with ward.expect_response("**/patients/lookup"):
        name.focus()
    _compose(method, "wang")
    _confirm(method, "王")
    expect(name).to_have_value("王")
    expect(name).to_be_focused()
    # The number is looked up once, when it is left; Enter alone looks it up again.
    assert len([url for url in asked if url.endswith("/patients/lookup")]) == 1
    with ward.expect_response("**/patients/lookup"):
        number.press("Enter")
    ward.wait_for_load_state("networkidle")
    assert not Assessment.objects.exists()


def test_enter_that_takes_a_character_does_not_search(ward: Page) -> None:
    cast.registered()
    ward.goto("/")
    field = ward.locator("#q")
    field.focus()
    method = _method(ward)
    _compose(method, "wang")
    _confirm(method, "王")
    expect(field).to_have_value("王")
    expect(ward.get_by_role("heading", name="Worklist")).to_be_visible()
    field.press("Enter")
    expect(ward.get_by_role("heading", name="Find patient")).to_be_visible()


@pytest.mark.parametrize("key", ["ArrowUp", "ArrowDown", "="])
def test_arrows_choose_a_character_and_change_no_date(ward: Page, key: str) -> None:
    ward.goto("/assessments/new")
    field = steps.control(ward, "operation_date")
    field.fill("14-Mar-2025")
    shown = field.evaluate(
        """(field, key) => {
            const press = new KeyboardEvent("keydown",
                {key, bubbles: true, cancelable: true, isComposing: true});
            field.dispatchEvent(press);
            return [press.defaultPrevented, field.value];
        }""",
        key,
    )
    assert shown == [False, "14-Mar-2025"]
    if key != "=":
        field.press(key)
        expect(field).not_to_have_value("14-Mar-2025")


def test_ctrl_p_on_a_result_opens_the_report(ward: Page) -> None:
    """The paper with the patient on every sheet, not the page."""
    of = cast.recorded()
    ward.goto(f"/assessments/{of.pk}")
    with ward.context.expect_event("request", steps.asks_for_report) as asked:
        ward.keyboard.press("Control+p")
    assert asked.value.url.endswith(f"/assessments/{of.pk}/report")
    ward.goto("/history")
    ward.evaluate(
        """document.addEventListener("keydown", (event) => {
            document.body.dataset.prevented = event.defaultPrevented;
            event.preventDefault();
        })"""
    )
    ward.keyboard.press("Control+p")
    expect(ward.locator("body")).to_have_attribute("data-prevented", "false")

"""The menus of a telephone and of a user."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests import cast

PHONE = {"width": 390, "height": 844}


@pytest.mark.parametrize("width", [390, 320])
def test_the_menu_of_a_phone_takes_one_line_and_marks_where_one_is(ward: Page, width: int) -> None:
    cast.alice_with_all_roles()
    ward.set_viewport_size({"width": width, "height": 844})
    for address in ("/", "/history", "/users", "/about"):
        ward.goto(address)
        bar = ward.locator(".topbar").bounding_box()
        assert bar is not None
        assert bar["height"] <= 49
        here = ward.locator(".mainnav [aria-current]")
        expect(here).to_be_hidden()
        ward.get_by_role("button", name="Menu").click()
        expect(here).to_be_in_viewport(ratio=1)


@pytest.mark.parametrize("button", [".narrow-menu", ".usernav > button"])
def test_menus_close_by_escape_and_by_a_press_elsewhere(ward: Page, button: str) -> None:
    ward.set_viewport_size(PHONE)  # type: ignore[arg-type]
    ward.goto("/about")
    menu = ward.locator(f"#{ward.locator(button).get_attribute('popovertarget')}")
    closings: tuple[Callable[[], None], ...] = (
        lambda: ward.keyboard.press("Escape"),
        lambda: ward.locator("h1").click(position={"x": 2, "y": 2}, force=True),
        lambda: ward.locator(button).click(),
    )
    for close in closings:
        expect(menu).to_be_hidden()
        ward.locator(button).click()
        expect(menu).to_be_visible()
        close()
        expect(menu).to_be_hidden()

"""Every page and state: accessible, fitting every screen, quiet, without names in its title."""

import pytest
from playwright.sync_api import Page, expect

from tests import cast
from tests.browser import soundness
from tests.browser.conftest import Watch
from tests.browser.openings import (
    SIGNED_IN,
    WITHOUT_SIGN_IN,
    Opens,
    final_result,
    form_that_asks_who_it_is,
    form_with_nothing_entered,
    fresh_form,
    password_refused,
    patient,
    provisional_result,
)

# Its parts are those of the screens of soundness.LOOKS.
SMALL_LAPTOP = {"width": 1024, "height": 768}


def assert_sound(page: Page) -> None:
    """On every screen; the title ends with the product's name."""
    page.set_viewport_size(SMALL_LAPTOP)  # type: ignore[arg-type]
    soundness.assert_fits(page)
    soundness.assert_sound(page)
    assert page.title().endswith(" · RBP risk")


@pytest.mark.parametrize("opens", WITHOUT_SIGN_IN, ids=lambda opens: opens.__name__)
def test_page_before_sign_in(page: Page, opens: Opens) -> None:
    cast.alice()
    opens(page)
    assert_sound(page)


@pytest.mark.parametrize("opens", SIGNED_IN, ids=lambda opens: opens.__name__)
def test_page(ward: Page, watch: Watch, opens: Opens) -> None:
    if opens in {form_with_nothing_entered, form_that_asks_who_it_is, password_refused}:
        watch.expect_status(422)
    opens(ward)
    assert_sound(ward)


def test_everything_that_matters_stands_on_the_first_screen(ward: Page) -> None:
    """Risk, interval, cut-off and the sum of the points, at 1366 × 768 without scrolling."""
    final_result(ward)
    expect(ward.locator(".risk-number")).to_be_in_viewport(ratio=1)
    expect(ward.get_by_text("At or above 18.4 %", exact=True)).to_be_in_viewport(ratio=1)
    expect(ward.locator("tfoot")).to_be_in_viewport(ratio=1)
    fresh_form(ward)
    expect(ward.get_by_role("button", name="Save assessment")).to_be_in_viewport(ratio=1)


@pytest.mark.parametrize(
    "opens", [final_result, provisional_result, patient], ids=lambda o: o.__name__
)
def test_the_patient_stays_in_sight(ward: Page, opens: Opens) -> None:
    opens(ward)
    ward.set_viewport_size({"width": 390, "height": 500})
    ward.mouse.wheel(0, 100_000)
    expect(ward.locator(".patient")).to_be_in_viewport(ratio=1)
    expect(ward.locator(".patient")).to_contain_text("Wang, Xiulan")

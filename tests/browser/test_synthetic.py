"""Synthetic data say so at every width, once a page; rows say it where a list holds others, too."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests import cast

pytestmark = pytest.mark.django_db(transaction=True)
# A ward's screen, the same at 200 %, and two telephones.
SCREENS = ((1366, 768), (683, 384), (390, 844), (320, 640))


@pytest.mark.parametrize(("width", "height"), SCREENS)
def test_the_mark_stays_in_sight(ward: Page, width: int, height: int) -> None:
    for number in range(12):
        made = cast.recorded(cast.person(f"SYN-{number}", synthetic=True))
    ward.set_viewport_size({"width": width, "height": height})
    for address in ("/", "/history", "/assessments/new", f"/assessments/{made.pk}"):
        ward.goto(address)
        mark = ward.get_by_text(re.compile("SYNTHETIC"))
        expect(mark).to_have_count(1)
        ward.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
        expect(mark).to_be_in_viewport(ratio=1)
        assert ward.evaluate("document.documentElement.scrollWidth <= innerWidth"), address


def test_rows_are_marked_only_among_others(ward: Page) -> None:
    cast.recorded(cast.person("SYN-1", synthetic=True))
    ward.goto("/history")
    marks = ward.locator("tbody .mark")
    expect(marks).to_have_count(1)
    expect(marks).to_be_hidden()
    ward.emulate_media(media="print")
    expect(marks).to_be_visible()
    ward.emulate_media(media="screen")
    cast.recorded()
    ward.reload()
    expect(ward.locator("tbody tr")).to_have_count(2)
    expect(marks).to_have_count(1)
    expect(ward.locator("tr", has_text="SYN-1").locator(".mark")).to_be_visible()
    expect(marks).to_contain_text("Synthetic patient")

"""Dates are read back beside their fields while somebody types."""

from datetime import timedelta

from django.utils import timezone
from playwright.sync_api import Page, expect

from tests import cast
from tests.browser import steps


def test_what_a_date_was_read_as(ward: Page) -> None:
    ward.goto("/assessments/new")
    said = ward.locator("#reading-birth_date")
    steps.control(ward, "birth_date").fill("04/05/1945")
    expect(said).to_contain_text("could be 4 May or 5 April")
    steps.control(ward, "birth_date").fill("14/07/1945")
    expect(said).to_contain_text("= 14-Jul-1945 (")
    steps.control(ward, "operation_date").fill(cast.from_today(1))
    expect(ward.locator("#reading-operation_date")).to_contain_text(", in 1 day")
    steps.control(ward, "pdw_date").fill(cast.from_today(-2))
    source = ward.locator("#msgs-pdw_fl-source")
    expect(source).to_contain_text("3 days before the operation")
    steps.control(ward, "pdw_date").fill("11-Mar-2001")
    expect(source).to_contain_text("Usual is 0 to 30 days before the operation.")

    yesterday = timezone.localdate() - timedelta(days=1)
    waiting = cast.recorded(entry=cast.before_the_radiograph(operation_date=yesterday))
    ward.goto(f"/assessments/{waiting.pk}/complete")
    steps.control(ward, "radiograph_date").fill(cast.from_today(0))
    expect(ward.locator("#reading-radiograph_date")).to_contain_text("1 day after the operation")


def test_the_day_buttons_stand_at_the_field_of_the_row(ward: Page) -> None:
    """They stood over the names of patients: an offset inside a table counts from the cell."""
    for days_ago in (30, 31, 32):
        day = timezone.localdate() - timedelta(days=days_ago)
        cast.recorded(
            cast.person(f"H{days_ago}"),
            cast.worked_example(operation_date=day, radiograph_date=day),
        )
    ward.goto("/")
    tools = ward.locator("#day-tools")
    fields = ward.locator(".in-row .w-date")
    assert fields.count() >= 3
    for number in range(fields.count()):
        fields.nth(number).focus()
        expect(tools).to_be_visible()
        shown, field = tools.bounding_box(), fields.nth(number).bounding_box()
        assert shown
        assert field
        assert abs(shown["x"] - field["x"]) <= 1
        assert 0 <= field["y"] - (shown["y"] + shown["height"]) <= 8
        lists = ward.locator(".table-scroll")
        assert lists.evaluate_all("all => all.every(e => e.scrollHeight <= e.clientHeight)")
    # A press on one of them is for this row.
    ward.locator("#day-tools [data-days='-1']").click()
    yesterday = timezone.localdate() - timedelta(days=1)
    expect(fields.last).to_have_value(f"{yesterday:%d-%b-%Y}")

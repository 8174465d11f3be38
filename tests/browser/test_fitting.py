"""What has to fit a ward's screen and a telephone, with the longest of names."""

import re
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from scoring import actions, queries
from scoring.models import Role
from tests import cast
from tests.browser import steps
from tests.life import acts

WARD = {"width": 1366, "height": 768}
PHONE = {"width": 390, "height": 844}
LONG_NAMES = ("Extremely-Long-Family-Name-of-the-Old-House-beyond-the-River", "W" * 60)


def _lines(cells: Locator) -> list[int]:
    """In how many lines the text of each element stands."""
    found = cells.evaluate_all(
        """all => all.map(e => {
            const range = document.createRange();
            range.selectNodeContents(e);
            return new Set([...range.getClientRects()].map(box => Math.round(box.bottom))).size;
        })"""
    )
    assert isinstance(found, list)
    assert found
    return found


def _everything_right_of(page: Page, cells: str) -> float:
    right = page.locator(cells).evaluate_all(
        """all => Math.max(...all.filter(e => e.checkVisibility())
            .map(e => e.getBoundingClientRect().right))"""
    )
    assert isinstance(right, int | float)
    return right


def test_a_name_of_100_letters_does_not_run_off_a_telephone(ward: Page) -> None:
    ward.set_viewport_size(PHONE)  # type: ignore[arg-type]
    named = cast.person("H-100", family_name="W" * 100, given_name="m" * 100)
    pk = cast.recorded(named).pk
    for name, of in (("assessment-result", pk), ("assessment-amend", pk), ("assessment-void", pk)):
        ward.goto(reverse(name, args=[of]))
        expect(ward.locator(".patient .name")).to_contain_text("W" * 100)
        assert _everything_right_of(ward, ".patient .name, .patient b") <= PHONE["width"], name
        assert ward.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], name


@pytest.mark.parametrize("name", LONG_NAMES, ids=["hyphens", "unbroken"])
def test_lists_show_all_their_columns_beside_a_long_name(ward: Page, name: str) -> None:
    cast.alice_with_all_roles()
    for days_ago in (1, 3, 30):
        day = timezone.localdate() - timedelta(days=days_ago)
        entry = cast.before_the_radiograph(operation_date=day)
        cast.recorded(cast.person(f"SYN-00-{days_ago:03d}", family_name=name), entry)
    for address in ("/", "/history", "/access-log"):
        ward.goto(address)
        tables = ward.locator(".table-scroll")
        expect(tables.first).to_contain_text(name)
        hidden = tables.evaluate_all("all => all.map(e => e.scrollWidth - e.clientWidth)")
        assert max(hidden) <= 0, address
    ward.goto("/history")
    assert set(_lines(ward.locator("td .number", has_text="SYN-00-"))) == {1}


def test_lists_show_all_their_columns_beside_a_long_hospital_number(ward: Page) -> None:
    number = "ABCDEFGH-0123456789-ABCDEFGH-012"
    cast.recorded(cast.person(number))
    cast.recorded(cast.person("0012345678"))
    for address in ("/", "/history"):
        ward.goto(address)
        tables = ward.locator(".table-scroll", has_text=number)
        expect(tables.first).to_be_visible()
        hidden = tables.evaluate_all("all => all.map(e => e.scrollWidth - e.clientWidth)")
        assert max(hidden) <= 0, address
        assert set(_lines(ward.locator("td .number", has_text="0012345678"))) == {1}


def test_the_hospital_number_of_a_voided_assessment_is_struck_out(ward: Page) -> None:
    acts.voided(cast.recorded(cast.person("H-4711")))
    ward.goto("/history?state=voided")
    # A line through the cell does not reach what is laid out as a block.
    number = ward.locator("td .number", has_text="H-4711")
    expect(number).to_have_css("text-decoration-line", "line-through")


def test_how_a_date_was_read_stands_right_below_the_field_beside_a_long_hint(ward: Page) -> None:
    actions.change_ward_settings(
        by=cast.adam(),
        facts={"pdw_unit": "fL"},
        opened=queries.ward_settings().revision,
        origin=actions.NOWHERE,
    )
    steps.new_assessment(ward, steps.worked_example(pdw_fl="12.8"))
    read = ward.locator("#msgs-pdw_fl-source .msg")
    expect(read).to_contain_text("before the operation")
    field, below = ward.locator("#row-pdw_fl .input-group").bounding_box(), read.bounding_box()
    assert field
    assert below
    assert below["y"] - field["y"] - field["height"] <= 8


def test_filters_and_their_buttons_stand_on_one_line(ward: Page) -> None:
    cast.alice_with_all_roles()
    for address in ("/history", "/access-log", "/validation", "/validation/drift"):
        ward.goto(address)
        feet = ward.locator(".filters").evaluate(
            """form => [...form.querySelectorAll('input, select, .btn')]
                .filter(e => e.checkVisibility()).map(e => e.getBoundingClientRect().bottom)"""
        )
        assert len(feet) > 5
        assert max(feet) - min(feet) <= 1, address


def test_the_history_has_one_row_of_filters_and_one_line_of_heads(ward: Page) -> None:
    acts.outcome(cast.recorded(), acts.measured(3, 5))
    cast.recorded(cast.person("00482913"), cast.before_the_radiograph())
    ward.goto("/history")
    tops = ward.locator(".filters .form-control, .filters .form-select").evaluate_all(
        "all => all.map(e => Math.round(e.getBoundingClientRect().top))"
    )
    assert len(tops) == 9
    assert len(set(tops)) == 1
    assert ward.get_by_role("button", name="Show").bounding_box()["y"] < tops[0] + 8  # type: ignore[index]
    assert set(_lines(ward.locator("thead th"))) == {1}
    assert set(_lines(ward.locator("tbody td:first-child, tbody td.whom a"))) == {1}


def test_a_result_on_a_phone_stays_inside_its_sheets(ward: Page) -> None:
    ward.set_viewport_size(PHONE)  # type: ignore[arg-type]
    of = acts.completed(acts.provisional())
    acts.outcome(of, acts.measured(3, 5, cast.OPERATION + timedelta(days=20)))
    other = cast.recorded(cast.person("H7"), cast.before_the_radiograph())
    for pk in (of.pk, other.pk):
        ward.goto(f"/assessments/{pk}")
        sheet = ward.locator(".sheet").first.bounding_box()
        assert sheet is not None
        inner = sheet["x"] + sheet["width"] - 15
        points = "section[aria-labelledby=h-points] td.num"
        buttons = "section[aria-labelledby=h-outcome] .btn"
        for cells in (buttons, points):
            right = _everything_right_of(ward, cells)
            # A cell ends with its padding, a button does not.
            assert right <= inner + (16 if cells is points else 0), cells
        for table in ward.locator(".table-scroll").all():
            assert table.evaluate("e => e.scrollWidth - e.clientWidth") <= 0
        dates = ward.locator("main .nowrap", has_text="-2025")
        assert set(_lines(dates)) == {1}
        assert dates.count() >= 8


def test_tick_boxes_of_a_phone_are_all_of_one_size(ward: Page) -> None:
    cast.alice_with_all_roles()
    ward.set_viewport_size(PHONE)  # type: ignore[arg-type]
    ward.goto("/users/new")
    sizes = ward.locator(".form-check-input").evaluate_all(
        "all => all.map(e => e.getBoundingClientRect()).map(box => [box.width, box.height])"
    )
    assert len(sizes) == len(Role) + 1
    assert {tuple(size) for size in sizes} == {(24, 24)}


@pytest.mark.parametrize("width", [820, 390, 320])
def test_lists_become_cards_with_all_that_their_rows_hold(ward: Page, width: int) -> None:
    cast.alice_with_all_roles()
    ward.set_viewport_size({"width": width, "height": 844})
    of = acts.amended(cast.recorded(), reason="Chloride was read from the sheet of another patient")
    acts.outcome(of, acts.measured(3, 5))
    acts.corrected(of.patient, cast.person(family_name="Moore"))
    cast.registered("H7")
    for address in ("/", "/history", "/users", "/access-log", f"/patients/{of.patient.pk}"):
        ward.goto(address)
        rows = ward.locator(".cards > tbody > tr")
        expect(rows.first).to_be_visible()
        assert _everything_right_of(ward, ".cards td, .cards a, .cards button") <= width, address
        for table in ward.locator(".table-scroll").all():
            assert table.evaluate("e => e.scrollWidth - e.clientWidth") <= 0, address
        # Still a table for who hears it, with the heads that are not seen.
        expect(ward.get_by_role("row").first).to_be_attached()
        assert ward.get_by_role("columnheader").count() >= 4, address
        hidden = rows.locator("td").evaluate_all(
            """all => all.filter(e => !e.checkVisibility() && e.textContent.trim())
                .map(e => e.textContent.trim())"""
        )
        assert hidden in ([], ["Dr Alice Moore"] * len(hidden)), address
    ward.goto("/patients")
    ward.locator("main").get_by_role("searchbox").or_(ward.locator("main #q")).first.fill("wang")
    ward.keyboard.press("Enter")
    expect(ward.locator("td[data-label=Formerly]")).to_contain_text("Wang, Xiulan")
    assert _everything_right_of(ward, ".cards td") <= width


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_a_due_vas_takes_one_line_of_a_ward_screen(ward: Page, language: str) -> None:
    ward.set_viewport_size(WARD)  # type: ignore[arg-type]
    for days_ago in (3, 30):
        day = timezone.localdate() - timedelta(days=days_ago)
        entry = cast.before_the_radiograph(operation_date=day)
        cast.recorded(cast.person(f"H-{days_ago}"), entry)
    ward.goto("/")
    ward.context.add_cookies([{"name": "django_language", "value": language, "url": ward.url}])
    ward.reload()
    expect(ward.locator("html")).to_have_attribute("lang", re.compile(language, re.IGNORECASE))
    # Day 3 of both, and day 30 of one.
    rows = ward.locator(".in-row")
    expect(rows).to_have_count(3)
    assert all(row["height"] < 40 for row in map(Locator.bounding_box, rows.all()) if row)
    for table in ward.locator(".table-scroll").all():
        assert table.evaluate("e => e.scrollWidth - e.clientWidth") <= 0


def test_letters_of_drawings_can_be_read_on_a_narrow_telephone(ward: Page) -> None:
    cast.alice_with_all_roles()
    ward.set_viewport_size({"width": 320, "height": 568})
    of = cast.recorded(entry=cast.before_the_radiograph())
    for address in (f"/assessments/{of.pk}", "/help"):
        ward.goto(address)
        ward.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true })")
        sizes = ward.locator("svg text").evaluate_all(
            """all => all.filter(e => e.checkVisibility()).map(e => {
                const drawn = e.getScreenCTM();
                return parseFloat(getComputedStyle(e).fontSize) * Math.hypot(drawn.a, drawn.b);
            })"""
        )
        assert min(sizes) >= 10, address
        assert ward.evaluate("document.documentElement.scrollWidth") <= 320


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_a_narrow_telephone_cuts_no_button_of_the_pages_and_breaks_no_date(
    ward: Page, language: str
) -> None:
    ward.set_viewport_size({"width": 340, "height": 780})
    patient = cast.registered("H-1")
    t_score = replace(cast.measured("-2.0", date(2025, 3, 10)), site="femoral_neck")
    of = [cast.recorded(patient, cast.worked_example(t_score=t_score)) for _ in range(16)]
    ward.goto("/")
    ward.context.add_cookies([{"name": "django_language", "value": language, "url": ward.url}])
    ward.goto("/history")
    buttons = ward.locator(".pager .btn")
    expect(buttons).to_have_count(2)
    beyond = buttons.evaluate_all("all => all.map(e => e.scrollWidth - e.clientWidth)")
    assert max(beyond) <= 0
    ward.goto(f"/assessments/{of[0].pk}")
    assert set(_lines(ward.locator(".sources .nowrap"))) == {1}
    cast.alice_with_all_roles()
    ward.goto("/access-log")
    versions = ward.locator(".log td a + .sub", has_text=re.compile("version|第"))
    expect(versions.first).to_be_visible()
    assert set(_lines(versions)) == {1}


def test_inputs_of_the_model_card_do_not_scroll_sideways_on_a_telephone(ward: Page) -> None:
    ward.set_viewport_size({"width": 360, "height": 780})
    ward.goto("/about/model-card")
    inputs = ward.get_by_role("region", name="Inputs").locator(".table-scroll")
    assert inputs.evaluate("e => e.scrollWidth - e.clientWidth") <= 0
    overlapping = inputs.locator("tbody tr").evaluate_all(
        """all => all.flatMap(row => {
            const boxes = [...row.children].map(e => e.getBoundingClientRect());
            return boxes.filter((a, n) => boxes.slice(n + 1).some(
                b => a.right > b.left && b.right > a.left && a.bottom > b.top + 1
                    && b.bottom > a.top + 1));
        }).length"""
    )
    assert overlapping == 0

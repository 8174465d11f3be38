"""A table of patients in the browser: chosen once, checked, confirmed, recorded with progress."""

from pathlib import Path

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import Page, expect

from scoring.models import Assessment
from scoring.web import cohort_import
from tests.browser.conftest import Watch
from tests.browser.soundness import assert_sound
from tests.importing.tables import KEY, csv_of, row

pytestmark = pytest.mark.django_db(transaction=True)
_ROWS = (
    row(),
    row(**{KEY: "OP-2", "住院号": "H200556", "姓名": "李大明", "性别": "男"}),
    row(**{KEY: "OP-3", "住院号": "H200557", "姓名": "赵一", "外伤史": ""}),
)


def _check_the_rows(page: Page, folder: Path) -> None:
    table = folder / "patients.csv"
    table.write_bytes(csv_of(*_ROWS))
    page.goto("/calculator")
    page.get_by_role("link", name="Score or import a table of patients").click()
    page.get_by_label("Table of patients").set_input_files(table)
    page.get_by_role("button", name="Check the table").click()
    page.get_by_label("Column that tells the rows apart").select_option(KEY)
    page.get_by_label("Only the rows that are right").check()
    page.get_by_role("button", name="Check the rows for the import").click()
    expect(page.get_by_role("heading", name="What will be recorded")).to_be_focused()


def test_from_the_file_to_the_records(
    ward: Page, watch: Watch, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # One row, then the next: the page asks for them by itself.
    monkeypatch.setattr(cohort_import, "SECONDS_AT_ONCE", 0)
    _check_the_rows(ward, tmp_path)
    assert_sound(ward)
    ward.get_by_role("button", name="Record 2 assessments").dblclick()
    expect(ward.get_by_role("heading", name="The import is finished")).to_be_focused()
    expect(ward.locator("#import-rows tr")).to_have_count(3)
    assert_sound(ward)
    with ward.expect_download() as mend:
        ward.get_by_role("button", name="Download the rows to mend").click()
    assert "OP-3" in Path(mend.value.path()).read_text(encoding="utf-8-sig")
    first, second = Assessment.objects.order_by("created_at")
    ward.get_by_role("link", name=second.chain.report_number).click()
    expect(ward.locator("main")).to_contain_text("李大明")
    assert first.patient.hospital_number == "H200555"


def test_no_answer_and_a_session_that_is_over(ward: Page, watch: Watch, tmp_path: Path) -> None:
    watch.expect_status(503)
    _check_the_rows(ward, tmp_path)
    ward.route("**/cohort/import", lambda route: route.fulfill(status=503))
    record = ward.get_by_role("button", name="Record 2 assessments")
    record.click()
    expect(ward.get_by_text("The server did not answer.")).to_be_visible()
    ward.unroute("**/cohort/import")
    Session.objects.all().delete()
    record.click()
    expect(ward.get_by_label("Username")).to_be_visible()
    assert ward.url.endswith("/sign-in?next=/cohort")
    assert not Assessment.objects.exists()

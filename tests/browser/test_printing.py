"""What comes out when a page is printed by the browser instead of by its report."""

import io
import re
import unicodedata
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect
from pypdf import PageObject, PdfReader

from scoring.models import Assessment
from tests import cast
from tests import worked_example as worked
from tests.browser import steps
from tests.history.ward import seeded
from tests.validation.ward import cohort_file, on_record, reviewer_too

# What is left of A4 on its side between the margins, in CSS pixels.
_WIDTH_PX = 1046
_LONG = "Extremely-Long-Family-Name-of-the-Old-House-beyond-the-River"

Opens = Callable[[Page, Assessment], str]


def _sheets(page: Page) -> list[PageObject]:
    """The sheets a printer would get, each as its text lies on it."""
    return list(PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True))).pages)


def _text(sheet: PageObject) -> str:
    # Some fonts print "fi" as one letter.
    return " ".join(unicodedata.normalize("NFKC", sheet.extract_text()).split())


def _on_paper(page: Page) -> None:
    """The page as it is laid out on a landscape sheet, to be measured."""
    page.emulate_media(media="print")
    page.set_viewport_size({"width": _WIDTH_PX, "height": 718})


def _right_ends(page: Page, cells: str) -> list[float]:
    found = page.locator(cells).evaluate_all(
        """all => all.filter(e => e.checkVisibility()).map(e => {
            const range = document.createRange();
            range.selectNodeContents(e);
            return Math.max(range.getBoundingClientRect().right, e.getBoundingClientRect().right);
        })"""
    )
    assert isinstance(found, list)
    assert found
    return found


@pytest.mark.parametrize(
    "of", ["", "/amend", "/void", "/outcome/day-3", "/complete"], ids=lambda of: of or "result"
)
def test_a_page_of_an_assessment_prints_one_sheet_with_its_patient(ward: Page, of: str) -> None:
    entry = cast.before_the_radiograph() if of == "/complete" else None
    ward.goto(f"/assessments/{cast.recorded(entry=entry).pk}{of}")
    (sheet,) = _sheets(ward)
    text = _text(sheet)
    assert "Wang, Xiulan Born 14-Jul-1944 (80 y) Female Hospital no. H100234" in text
    assert "“Print report”" in text
    assert len(text) < 250


@pytest.mark.parametrize("of", ["", "/correct"], ids=["time line", "identity"])
def test_a_page_of_a_patient_prints_one_sheet_that_leads_to_the_report(ward: Page, of: str) -> None:
    ward.goto(f"/patients/{cast.recorded().patient_id}{of}")
    (sheet,) = _sheets(ward)
    assert "Wang, Xiulan" in _text(sheet)
    assert "Open the assessment, then choose “Print report”" in _text(sheet)
    assert "RBP-" not in _text(sheet)


def test_a_form_with_a_patient_typed_in_prints_nothing_of_it(ward: Page) -> None:
    steps.new_assessment(ward, steps.worked_example())
    (sheet,) = _sheets(ward)
    assert "Save the assessment, then choose “Print report”" in _text(sheet)
    assert "Wang" not in _text(sheet)


def test_the_history_prints_whole_under_a_head_on_every_sheet(ward: Page) -> None:
    made = seeded(60)
    cast.recorded(cast.person("SEED-000-7", family_name=_LONG), cast.before_the_radiograph())
    ward.goto("/history?rows=50")
    sheets = [_text(sheet) for sheet in _sheets(ward)]
    assert len(sheets) > 1
    assert "SYNTHETIC DATA · made-up patients History Every version of every" in sheets[0]
    assert "1 / " in sheets[0]
    assert "SEED-000-7" in sheets[0]
    assert f"Provisional 148.21 or 183.89 {worked.EITHER} at or above" in sheets[0]
    for text in sheets:
        assert "Assessed, newest first Patient Hospital no." in text
        assert "Assessed by" in text
    everything = " ".join(sheets)
    shown = [a.patient.hospital_number for a in made[:49]]
    assert all(number in everything for number in shown)
    assert f"{len(made) + 1} assessment versions" in sheets[-1]
    for control in ("Show", "Clear", "Export", "Newer", "Older", "Eligibility", "Worklist"):
        assert control not in everything
    assert "not the whole list" not in everything


def test_a_narrowed_list_says_so_on_paper(ward: Page) -> None:
    cast.recorded()
    ward.goto("/history?state=final")
    assert "not the whole list" not in ward.locator("main").inner_text()
    (sheet,) = _sheets(ward)
    assert "Filtered: not the whole list" in _text(sheet)


def test_the_worklist_prints_as_a_round_list(ward: Page) -> None:
    today = timezone.localdate()
    for days_ago in range(1, 41):
        entry = cast.before_the_radiograph(operation_date=today - timedelta(days=days_ago))
        cast.recorded(cast.person(f"H{days_ago}", family_name=_LONG), entry)
    ward.goto("/?rows=100")
    sheets = [_text(sheet) for sheet in _sheets(ward)]
    assert "Worklist" in sheets[0]
    assert "Risk if restored If not restored Assessed by Notes" in sheets[0]
    assert "Dr Alice Moore" in sheets[0]
    for number, text in enumerate(sheets, start=1):
        assert f"{number} / {len(sheets)}" in text
        assert re.search(r"Printed \d\d-\w{3}-\d{4} \d\d:\d\d by Dr Alice Moore", text)
    everything = " ".join(sheets)
    assert " H31 " in everything
    # What is folded is told as a number.
    assert " H32 " not in everything.partition("VAS due")[0]
    assert "Overdue for more than 30 days: 9." in everything
    for control in (
        "Complete",
        "Find patient",
        "New assessment",
        "All in history",
        "Save",
        "Older",
    ):
        assert control not in everything


def test_lists_print_on_landscape_sheets_which_all_columns_fit(ward: Page) -> None:
    cast.alice_with_all_roles()
    yesterday = timezone.localdate() - timedelta(days=1)
    entry = cast.before_the_radiograph(operation_date=yesterday)
    cast.recorded(cast.person(family_name=_LONG), entry)
    for address in ("/", "/history", "/access-log", "/users"):
        ward.emulate_media(media="null")
        ward.goto(address)
        for sheet in _sheets(ward):
            assert sheet.mediabox.width > sheet.mediabox.height, address
        _on_paper(ward)
        assert max(_right_ends(ward, ".table th, .table td")) <= _WIDTH_PX + 1, address
        broken = ward.locator(".table tr").evaluate_all(
            "all => all.filter(e => getComputedStyle(e).breakInside !== 'avoid').length"
        )
        assert broken == 0, address


def test_the_validation_prints_its_plots_beside_each_other(ward: Page) -> None:
    on_record(cohort_file(), of=range(0, 120))
    reviewer_too(cast.alice())
    ward.goto("/validation")
    sheets = [_text(sheet) for sheet in _sheets(ward)]
    assert "choose “Report (PDF)” on this page" in sheets[0]
    plots = ("Discrimination", "Calibration", "Decision curve")
    assert any(all(name in text for name in plots) for text in sheets)
    assert "Numbers of this plot" not in " ".join(sheets)
    _on_paper(ward)
    tops = ward.locator(".three > .sheet").evaluate_all(
        "all => all.map(e => e.getBoundingClientRect().top)"
    )
    assert len(tops) == 3
    assert len(set(tops)) == 1
    assert max(_right_ends(ward, ".table th, .table td, .three svg")) <= _WIDTH_PX + 1


def test_a_round_list_names_no_unfinished_form_of_who_prints_it(ward: Page) -> None:
    """The page says of them that only this user sees them."""
    cast.recorded()
    ward.goto("/assessments/new")
    steps.put(ward, {"hospital_number": "AB-0071", "family_name": "Ouyang"})
    ward.goto("/")
    expect(ward.locator(".drafts")).to_contain_text("Ouyang")
    assert "Ouyang" not in " ".join(map(_text, _sheets(ward)))

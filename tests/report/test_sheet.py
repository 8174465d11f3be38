"""The report and the page say the same in the same words."""

import pytest
from django.urls import reverse

from scoring.display import no_break_spaces, plain
from scoring.nomogram.eligibility import Answer, Criterion
from scoring.report import Sheet
from scoring.report.chart_note import chart_note
from scoring.report.pdf import report_html
from scoring.words.eligibility import CRITERION_NAMES
from tests import cast
from tests import worked_example as worked
from tests.life import acts
from tests.web.html import Page, signed_in

pytestmark = pytest.mark.django_db


def test_the_worked_example_in_words() -> None:
    sheet = Sheet(cast.recorded())
    (text,) = sheet.scenarios
    assert (sheet.total_text, sheet.risk_text, text.ci95, text.band) == (
        "183.89",
        no_break_spaces(worked.RISK),
        no_break_spaces(worked.CI95),
        no_break_spaces(worked.RANGE),
    )
    assert (text.with_pain, text.without_pain, text.count) == (
        worked.WHOLE,
        str(100 - int(worked.WHOLE)),
        int(worked.WHOLE),
    )
    assert text.cutoff == "At or above 18.4\u00a0%"
    assert sheet.cutoff_text == "at or above"
    assert [(row.predictor.key, row.points_text) for row in sheet.rows] == [
        ("posterior_fascia_edema", "44.21"),
        ("mvh", "35.68"),
        ("chloride", "25.50"),
        ("pdw", "23.60"),
        ("trauma_history", "19.58"),
        ("age", "19.00"),
        ("bmd", "16.32"),
    ]
    assert {row.predictor.key: plain(row.value) for row in sheet.rows} == {
        "age": "80 years",
        "bmd": "no (T −2.0)",
        "trauma_history": "yes",
        "posterior_fascia_edema": "yes",
        "pdw": "12.8 fL",
        "chloride": "105 mmol/L",
        "mvh": "no",
    }


def test_the_rules_of_table_7_with_the_values_put_in() -> None:
    rules = {row.predictor.key: plain(row.rule) for row in Sheet(cast.recorded()).rows}
    assert rules["age"] == "0.95 × (100 − 80)"
    assert rules["pdw"] == "3.47 × (12.8 − 6)"
    assert rules["chloride"] == "2.55 × (115 − 105)"
    assert rules["bmd"] == "no 16.32, yes 0"
    assert rules["mvh"] == "no 35.68, yes 0"


def test_provisional_in_words() -> None:
    sheet = Sheet(cast.recorded(entry=cast.before_the_radiograph()))
    assert (sheet.total_text, sheet.risk_text) == (
        "148.21 or 183.89",
        worked.EITHER.replace(" %", "\u00a0%"),
    )
    mvh = sheet.rows_in_order[-1]
    assert (mvh.value, mvh.points_range, mvh.restored_text) == (
        "not known yet",
        "0 or 35.68",
        "0.00",
    )
    assert mvh.source == "radiograph awaited"


def test_a_cut_off_that_depends_on_the_height() -> None:
    entry = cast.before_the_radiograph(posterior_fascia_edema=False)
    assert Sheet(cast.recorded(entry=entry)).cutoff_text == "depends on MVH"


def test_states_as_a_list_shows_them() -> None:
    first = cast.recorded()
    voided = cast.next_version(first, change="void", state="voided", reason="wrong person")
    first.chain.refresh_from_db()
    for version, state, watermark in (
        (first, "superseded", "SUPERSEDED"),
        (voided, "voided", "VOIDED"),
    ):
        sheet = Sheet(version)
        assert (sheet.state_code, sheet.watermark) == (state, watermark)
    assert Sheet(cast.recorded(first.patient)).watermark == ""


def test_a_version_of_another_patient_says_nothing_of_the_outcomes() -> None:
    """After a move, they are those of whom the assessment was moved to."""
    answers = cast.study_answers(**{Criterion.NEW_VERTEBRAL_FRACTURE: Answer.NOT_ASSESSED})
    first = cast.recorded(entry=cast.worked_example(answers=answers))
    moved = acts.amended(first, patient=cast.registered("H7"))
    asked_again = acts.read(first.pk)
    acts.outcome(moved, acts.measured(30, 5, new_fracture=False))
    for sheet in (Sheet(asked_again), Sheet(acts.read(first.pk))):
        assert sheet.fracture_text == ""
        assert sheet.not_assessed == [CRITERION_NAMES[Criterion.NEW_VERTEBRAL_FRACTURE]]
        assert not sheet.is_eligible
    assert Sheet(acts.read(moved.pk)).fracture_text == "New vertebral fracture: none by day 30."
    client = signed_in(cast.alice())
    addresses = [reverse("assessment-result", args=[of.pk]) for of in (first, moved)]
    assert ["12-Apr-2025" in Page(client.get(each)).text for each in addresses] == [False, True]


@pytest.mark.parametrize("provisional", [False, True])
def test_the_chart_note_is_complete(provisional: bool) -> None:
    entry = cast.before_the_radiograph() if provisional else cast.worked_example()
    assessment = cast.recorded(entry=entry)
    said = chart_note(Sheet(assessment))
    for words in (
        assessment.chain.report_number,
        "Rong 2025, reconstruction 2",
        "Wang, Xiulan",
        "born 14-Jul-1944",
        "H100234",
        "PKP of L1 on 13-Mar-2025",
        worked.RISK,
        worked.CI95,
        "183.89",
        "117 of 569",
        *(("148.21", worked.RISK_RESTORED, "Provisional") if provisional else ("Final",)),
    ):
        assert words in said, words


@pytest.mark.parametrize("provisional", [False, True])
def test_the_page_holds_every_number_of_the_sheet(provisional: bool) -> None:
    entry = cast.before_the_radiograph() if provisional else cast.worked_example()
    assessment = cast.recorded(entry=entry)
    sheet = Sheet(assessment)
    address = reverse("assessment-result", args=[assessment.pk])
    page = Page(signed_in(cast.alice()).get(address)).text
    for text in sheet.scenarios:
        for said in (text.total, text.of_hundred, text.ci95, text.band, text.cutoff):
            assert plain(said) in page
    for row in sheet.rows:
        for said in (str(row.name), row.value, row.rule, row.points_text, row.source):
            assert plain(said) in page


def test_the_words_under_the_printed_circles_count_what_is_drawn() -> None:
    lowest = cast.worked_example(
        t_score=cast.measured("-4"),
        trauma_history=False,
        posterior_fascia_edema=False,
        pdw_fl=cast.measured("6"),
        chloride_mmol_l=cast.measured("115"),
        mvh_restored=True,
    )
    html = report_html(cast.recorded(entry=lowest), printed_by=None, ward="")
    assert "Fewer than 1 of 100: no circle filled" in html
    # Not "fewer than 1 filled, more than 99 open".
    assert "0 filled, 100 open" in html

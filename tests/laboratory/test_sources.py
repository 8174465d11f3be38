"""An assessment remembers which message a value came from, and says what became of it."""

import io
from datetime import date
from unittest.mock import patch

import pytest
from django.urls import reverse
from django.utils import translation
from pypdf import PdfReader

from scoring import actions, queries
from scoring.entry import AssessmentEntry
from scoring.models import Assessment, LaboratoryResult
from scoring.models.codes import PaperSize
from scoring.models.kept_report import PaperKind
from scoring.queries import laboratory
from scoring.queries.record_check import RecordCheck
from scoring.report import paper
from scoring.report.pdf import report_html
from scoring.report.sheet import Sheet
from tests import cast
from tests.laboratory.kept import of_laboratory, pdw_of
from tests.life import acts, browse
from tests.report.paper import render_report
from tests.web.html import Page, signed_in

pytestmark = pytest.mark.django_db


def taken(assessment: Assessment) -> dict[str, str]:
    """Control IDs by predictor."""
    fresh = Assessment.objects.get(pk=assessment.pk)
    sources = fresh.sources_by_predictor
    return {field: one.result.message.control_id for field, one in sources.items()}


def said(assessment: Assessment) -> list[tuple[str, str]]:
    return Sheet(Assessment.objects.get(pk=assessment.pk)).changed_by_laboratory


def test_the_message_stands_beside_its_predictor_on_page_and_paper() -> None:
    assessment = of_laboratory("H7")
    assert taken(assessment) == {"pdw_fl": "C-H7"}
    page = signed_in(cast.alice()).get(reverse("assessment-result", args=[assessment.pk]))
    assert "message C-H7" in page.content.decode()
    html = report_html(assessment, printed_by=None, ward="")
    assert "message C-H7" in html
    with translation.override("zh-hans"):
        assert "消息 C-H7" in report_html(assessment, printed_by=None, ward="")
    # The record holds its digest.
    assert not list(RecordCheck().findings())


def test_a_long_id_of_a_message_keeps_to_its_column_of_the_report() -> None:
    name = "20261127091500123456"
    report = render_report(of_laboratory("H7", control_id=name), printed_by="Dr Bob Keller")
    (page,) = PdfReader(io.BytesIO(report)).pages
    lines = page.extract_text(extraction_mode="layout").splitlines()
    (line,) = (place for place, text in enumerate(lines) if ", message" in text)
    assert lines[line].split()[-4:-1] == ["(12.8", "−", "6)"]
    assert lines[line + 1].split() == [name]


def recorded(taken: dict[str, int], entry: AssessmentEntry | None = None) -> Assessment:
    """An assessment of the patient H7, by a form that says where its values were taken from."""
    on_record = queries.patient_by_number("H7")
    return actions.record_assessment(
        by=cast.alice(),
        patient=on_record or cast.person("H7"),
        entry=entry or cast.worked_example(),
        submission=cast.submission(),
        taken=taken,
    )


def test_a_value_that_was_changed_is_typed() -> None:
    pk = pdw_of("H7").results.get().pk
    for changed in (cast.measured("12.81"), cast.measured("12.80", date(2025, 3, 10))):
        assert taken(recorded({"pdw_fl": pk}, cast.worked_example(pdw_fl=changed))) == {}
    assert taken(recorded({"pdw_fl": pk})) == {"pdw_fl": "C-H7"}


def test_only_a_usable_result_of_this_patient_and_predictor_is_taken() -> None:
    others = pdw_of("H8").results.get()
    unusable = pdw_of("H7", control_id="2", unit="").results.get()
    own = pdw_of("H7", "12.80", control_id="3", sender="XN").results.get()
    for said in (
        {"pdw_fl": others.pk},
        {"pdw_fl": unusable.pk},
        {"pdw_fl": 10**17},
        {"chloride_mmol_l": own.pk},
    ):
        assert taken(recorded(said)) == {}


def test_later_versions_keep_it_as_long_as_the_value_stays() -> None:
    first = of_laboratory("H7")
    pk = first.sources_by_predictor["pdw_fl"].result_id
    voided = acts.voided(first)
    assert taken(voided) == {"pdw_fl": "C-H7"}
    back = acts.reinstated(voided)
    kept = actions.amend(
        by=cast.alice(),
        assessment=back,
        patient=back.patient,
        entry=cast.worked_example(chloride_mmol_l=cast.measured("110")),
        reason="chloride misread",
        submission=cast.submission(),
        taken={"pdw_fl": pk},
    )
    assert taken(kept) == {"pdw_fl": "C-H7"}
    typed = actions.amend(
        by=cast.alice(),
        assessment=kept,
        patient=kept.patient,
        entry=cast.worked_example(pdw_fl=cast.measured("13")),
        reason="PDW misread",
        submission=cast.submission(),
        taken={"pdw_fl": pk},
    )
    assert taken(typed) == {}
    assert taken(first) == {"pdw_fl": "C-H7"}


def test_a_correction_marks_the_assessment_and_overwrites_nothing() -> None:
    assessment = of_laboratory("H7")
    risk = assessment.restored_risk, assessment.not_restored_risk
    assert said(assessment) == []
    ward = queries.ward_settings()
    before = paper.digest(PaperKind.REPORT, assessment, ward, PaperSize.A4)
    pdw_of("H7", "11.9", status="C", control_id="2")
    [(title, text)] = said(assessment)
    assert title == "PDW 12.8\u00a0fL"
    assert "PDW 11.9\u00a0fL. The result still rests on the old one." in text
    fresh = Assessment.objects.get(pk=assessment.pk)
    assert (fresh.restored_risk, fresh.not_restored_risk) == risk
    # What was kept as PDF does not hold any more.
    assert paper.digest(PaperKind.REPORT, fresh, ward, PaperSize.A4) != before
    page = signed_in(cast.alice()).get(reverse("assessment-result", args=[fresh.pk]))
    assert "The laboratory corrected this value" in page.content.decode()
    assert "The laboratory corrected this value" in report_html(fresh, printed_by=None, ward="")
    # Corrected back: nothing to say.
    pdw_of("H7", "12.80", status="C", control_id="3")
    assert said(assessment) == []


@pytest.mark.parametrize(
    ("status", "unit", "expected"),
    [
        ("W", "fL", "took this value back"),
        ("D", "fL", "took this value back"),
        ("X", "fL", "took this value back"),
        ("C", "%", "to one that can't be used: another unit"),
    ],
)
def test_a_withdrawal_marks_it_too(status: str, unit: str, expected: str) -> None:
    assessment = of_laboratory("H7")
    pdw_of("H7", status=status, unit=unit, control_id="2")
    [(_title, text)] = said(assessment)
    assert expected in text
    assert LaboratoryResult.objects.count() == 2


def test_the_worklist_names_results_that_rest_on_a_changed_value_until_they_are_amended() -> None:
    client, heading = signed_in(cast.alice()), "Changed by the laboratory"
    assessment = of_laboratory("H7")
    assert heading not in client.get(reverse("worklist")).content.decode()
    pdw_of("H7", "11.9", status="C", control_id="2")
    page = Page(client.get(reverse("worklist")))
    assert f"{assessment.chain.report_number} Wang, Xiulan H7" in browse.section(page, "h-changed")
    acts.amended(assessment)
    assert heading not in client.get(reverse("worklist")).content.decode()


def test_a_changed_value_is_not_hidden_by_later_ones_that_were_sent_again() -> None:
    changed, same = of_laboratory("H7"), of_laboratory("H8")
    pdw_of("H7", "11.9", status="C", control_id="2")
    pdw_of("H8", "12.8", status="C", control_id="3")
    with patch.object(laboratory, "_SHOWN", 1):
        assert [source.assessment for source in queries.changed_sources()] == [changed]
    # Corrected to another value and back, and the other way round.
    pdw_of("H7", "12.80", status="C", control_id="4")
    pdw_of("H8", "13.1", status="C", control_id="5")
    assert [source.assessment for source in queries.changed_sources()] == [same]

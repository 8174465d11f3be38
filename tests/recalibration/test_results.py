"""A result made with an active recalibration names both risks, on page, paper and in the form."""

import io
import re

import pytest
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from scoring.display import percent_range_text, percent_text
from scoring.models import Assessment
from scoring.nomogram.eligibility import Answer
from scoring.report import Sheet
from scoring.report.chart_note import chart_note
from scoring.report.patient_sheet import patient_sheet_html
from tests import cast
from tests import worked_example as worked
from tests.life import acts
from tests.recalibration.local import approved, retired
from tests.report.paper import render_report
from tests.web.html import Page, signed_in

pytestmark = pytest.mark.django_db
LABEL = "recalibrated version 1, n = 1,500"


@pytest.fixture
def client() -> Client:
    return signed_in(cast.alice())


def _page(client: Client, of: Assessment) -> str:
    return Page(client.get(reverse("assessment-result", args=[of.pk]))).text


def _paper(of: Assessment) -> tuple[int, str]:
    pdf = render_report(acts.read(of.pk), printed_by="Dr Bob Keller")
    pages = PdfReader(io.BytesIO(pdf)).pages
    return len(pages), " ".join(" ".join(page.extract_text() for page in pages).split())


def test_both_are_named(client: Client) -> None:
    curve = approved().curve
    final = cast.recorded()
    risk, ci95 = percent_text(curve.risk_at(183.886)), curve.ci95_at(183.886)
    page = _page(client, final)
    sheets, paper = _paper(final)
    for text in (page, paper, chart_note(Sheet(acts.read(final.pk)))):
        assert LABEL in text
        assert risk in text
        assert percent_range_text(*ci95) in text
        assert worked.RISK in text
    assert sheets == 1


def test_both_stand_side_by_side_with_equal_weight(client: Client) -> None:
    """Two numbers of one size at the top; the cut-off is said of the published one alone."""
    curve = approved().curve
    final = cast.recorded()
    assert final.not_restored_risk is not None
    html = client.get(reverse("assessment-result", args=[final.pk])).content.decode()
    group = html[html.index('class="both-risks"') :]
    group = group[: group.index("</section>")]
    numbers = re.findall(r'<div class="risk-number">(\d+)<small>%</small></div>', group)
    assert numbers == [
        percent_text(risk).removesuffix(" %")
        for risk in (final.not_restored_risk, curve.risk_at(183.886))
    ]
    published, local = group.index("Published model"), group.index("Adjusted to this hospital")
    assert published < local < group.index("Study cut-off")
    assert html.index('class="both-risks"') < html.index('id="h-points"')


def test_the_chart_note_names_both_in_one_line() -> None:
    approved()
    for of in (cast.recorded(), acts.provisional("H2")):
        sheet = Sheet(acts.read(of.pk))
        lines = chart_note(sheet).splitlines()
        both = [line for line in lines if "published model" in line and "adjusted to" in line]
        assert len(both) == len(sheet.scenarios)
        for line, text in zip(both, sheet.scenarios, strict=True):
            assert text.adjusted is not None
            adjusted = text.adjusted.percent.replace("\u00a0", " ")
            risks = f"published model {text.risk} % · adjusted to this hospital {adjusted}"
            assert line.startswith(f"{text.heading}: {risks}")


def test_the_patient_reads_both_counts() -> None:
    approved()
    of = acts.read(cast.recorded().pk)
    html = " ".join(patient_sheet_html(of, printed_by="Dr Bob Keller", ward="").split())
    (text,) = Sheet(of).scenarios
    assert text.adjusted is not None
    assert f"<b>{text.with_pain}</b> still have back pain" in html
    assert (
        f"Going by the patients of this hospital, <b>{text.adjusted.with_pain}</b> of 100" in html
    )


def test_before_the_radiograph_there_are_two(client: Client) -> None:
    curve = approved().curve
    provisional = acts.provisional()
    page = _page(client, provisional)
    sheets, paper = _paper(provisional)
    for total in (183.886 - 35.68, 183.886):
        assert percent_text(curve.risk_at(total)) in page
        assert percent_text(curve.risk_at(total)) in paper
    assert sheets == 1


def test_the_fullest_page_stays_one_page() -> None:
    """Outside the study, unusual values, both scenarios and both curves."""
    approved()
    answers = cast.study_answers(
        single_vertebra=Answer.NO, neurological_injury=Answer.YES, infection=Answer.NOT_ASSESSED
    )
    entry = cast.before_the_radiograph(
        answers=answers, pdw_fl=cast.measured("30"), chloride_mmol_l=cast.measured("80")
    )
    of = cast.recorded(cast.person(family_name="Wolfeschlegelsteinhausen"), entry)
    assert _paper(of)[0] == 1


def test_without_one_there_is_no_word_of_it(client: Client) -> None:
    kept = approved()
    made_with = cast.recorded()
    retired(kept)
    without = cast.recorded(made_with.patient)
    assert LABEL in _page(client, made_with)
    for text in (_page(client, without), _paper(without)[1]):
        assert not re.search("recalibrated", text, re.IGNORECASE)


def test_the_form_says_it_while_one_types(client: Client) -> None:
    kept = approved()
    cast.registered()
    panel = Page(client.post(reverse("assessment-points"), cast.form_data())).text
    risk = percent_text(kept.curve.risk_at(183.886))
    assert re.search(r"\d+ % published model approximate", panel)
    assert f"{risk} adjusted to this hospital" in panel
    assert f"published · {risk} adjusted" in panel
    assert LABEL in panel
    retired(kept)
    alone = Page(client.post(reverse("assessment-points"), cast.form_data())).text
    assert LABEL not in alone
    assert "published model" not in alone

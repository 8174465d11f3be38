"""The sheet for the patient: plain words, one page, no points and no cut-off."""

import re
from html import unescape

import pyphen  # type: ignore[import-untyped]
import pytest
from django.urls import reverse

from scoring.nomogram.eligibility import Answer
from scoring.report.patient_sheet import patient_sheet_html
from tests import cast
from tests import worked_example as worked
from tests.life import acts
from tests.report.paper import read, render_patient_sheet
from tests.web.html import signed_in

pytestmark = pytest.mark.django_db


def _words_of(html: str) -> str:
    """What the sheet itself says, without head, identity and foot."""
    body = html.split("</div>", 2)[-1]
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", body))).strip()


def _grade(text: str) -> float:
    """Flesch-Kincaid grade (Kincaid 1975), syllables by the hyphenation of English."""
    sentences = len(re.findall(r"[.?!:]", text))
    words = re.findall(r"[A-Za-z'’-]+", text)
    hyphens = pyphen.Pyphen(lang="en_US")
    syllables: int = sum(hyphens.inserted(word).count("-") + 1 for word in words)
    return 0.39 * len(words) / sentences + 11.8 * syllables / len(words) - 15.59


def test_it_says_the_risk_in_plain_words_without_points_and_cutoff() -> None:
    html = patient_sheet_html(cast.recorded(), printed_by="Dr Bob Keller", ward="Ward 7")
    words = _words_of(html)
    low, high = worked.CI95.removesuffix(" %").split("–")
    assert f"{worked.WHOLE} still have back pain after 3 days and after one month" in words
    assert f"{100 - int(worked.WHOLE)} do not" in words
    assert f"as low as {low} or as high as {high}" in words
    assert f"{worked.WHOLE} of 100 circles filled" in html
    assert not re.search(r"points|cut-off|18\.4|183\.89|%", words)
    # Reading age 12 is grade 7 of American schools.
    assert _grade(words) <= 7


def test_before_the_radiograph_it_has_two_pictures() -> None:
    assessment = acts.provisional()
    words = _words_of(patient_sheet_html(assessment, printed_by="Dr Bob Keller", ward=""))
    assert f"If the bone gets its height back {worked.WHOLE_RESTORED} still have back pain" in words
    assert f"If the bone stays flat {worked.WHOLE} still have back pain" in words
    assert "An X-ray one day later shows if it did. So there are two pictures." in words


def test_it_promises_no_radiograph_that_nobody_takes_any_more() -> None:
    assessment = acts.without_radiograph(acts.provisional())
    words = _words_of(patient_sheet_html(assessment, printed_by="Dr Bob Keller", ward=""))
    assert "one day later" not in words
    assert "No X-ray was taken to see if it did. So there are two pictures." in words
    assert _grade(words) <= 7


def test_it_is_one_page_with_the_patient_and_who_printed_it() -> None:
    for assessment in (cast.recorded(), acts.provisional("H2")):
        pdf = render_patient_sheet(assessment, printed_by="Dr Bob Keller", ward="Ward 7")
        pages, said = read(pdf)
        assert pages == 1
        assert "Wang" in said
        assert "by Dr Bob Keller" in said


def test_there_is_none_where_the_result_does_not_apply() -> None:
    client = signed_in(cast.bob())
    answers = cast.study_answers(previous_spinal_surgery=Answer.YES)
    outside = cast.recorded(cast.person("H2"), cast.worked_example(answers=answers))
    first = cast.recorded()
    voided = acts.voided(acts.amended(first))
    for assessment in (outside, first, voided):
        page = client.get(reverse("assessment-patient-sheet", args=[assessment.pk]), follow=True)
        assert page.redirect_chain == [(reverse("assessment-result", args=[assessment.pk]), 302)]
        assert "There is no patient sheet" in page.content.decode()
        assert "Patient sheet" not in page.content.decode()

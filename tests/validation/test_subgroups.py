"""The subgroups on page and paper, and what the record says a patient belongs to."""

import re
from dataclasses import replace
from datetime import date
from unittest.mock import patch

import numpy as np
import pytest
from django.utils import translation

from scoring import queries
from scoring.evaluation.drift import DAY_ZERO
from scoring.evaluation.outcome_cohort import OutcomeCohort
from scoring.evaluation.subgroups import subgroups
from scoring.nomogram.eligibility import Answer
from scoring.report.validation.subgroups import subgroups_text
from tests import cast
from tests.validation.cohorts import analysed
from tests.validation.ward import early, found, reviewer
from tests.web.html import Page, signed_in


def _ward(events: int) -> OutcomeCohort:
    """Women and men in turn, of whom the first are in pain."""
    turn = np.arange(200, dtype=np.int32)
    return replace(analysed(200), sex=turn % 2, event=turn < events)


@pytest.mark.django_db
@pytest.mark.parametrize(("level", "place"), [("T1", 1), ("T12", 12), ("L1", 13), ("L5", 17)])
def test_the_record_says_who_belongs_where(level: str, place: int) -> None:
    answers = cast.study_answers(infection=Answer.YES)
    made = early(entry=cast.worked_example(fracture_level=level, answers=answers))
    cohort = found()
    assert cohort.fracture_level.tolist() == [place]
    assert cohort.population.tolist() == [2]
    assert cohort.sex.tolist() == [["female", "male"].index(made.patient.sex)]


@pytest.mark.django_db
def test_page_and_paper_show_sizes_estimates_and_reasons() -> None:
    client = signed_in(reviewer())
    with patch.object(queries, "validation_cohort", return_value=_ward(25)):
        page = Page(client.get("/validation"))
        with patch("scoring.http.printing.pdf_of", side_effect=str.encode):
            paper = client.get("/validation/report").content.decode()
    assert "described, not compared" in page.text
    assert re.search(r"All analyzed 200 25 \d\.\d{3} \(", page.text)
    assert re.search(r"Sex: Female 100 13 \d\.\d{3} \(", page.text)
    assert "Date of operation: Second half, later 100 0 fewer than 10 with the outcome" in page.text
    # For wide screens and for telephones.
    assert page.html.count("Forest plot: ") == 4
    assert paper.count('class="drawing wide"') == 2
    assert "Sex: Female" in paper


def test_the_drawing_tells_in_words_what_it_shows() -> None:
    text = subgroups_text(subgroups(_ward(25)))
    assert text is not None
    ratio, area = text.drawings
    assert "All analyzed: 25 / 200, " in ratio
    assert "Second half, later: 0 / 100, fewer than 10 with the outcome" in area
    # A heading and a part without an estimate are drawn as words alone.
    rows = len(text.table.rows)
    marks = len(re.findall(r'fill="#[0-9a-f]{6}"\s+/>', ratio))
    assert 0 < marks < rows
    assert "nan" not in ratio.lower()


def test_without_any_estimate_only_the_table_is_shown() -> None:
    text = subgroups_text(subgroups(_ward(5)))
    assert text is not None
    assert text.drawings == []
    assert text.table.rows[0][1:3] == ["200", "5"]
    assert subgroups_text(()) is None


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_no_name_of_a_part_is_cut_in_the_drawing(language: str) -> None:
    # The longest date there is.
    last_of_december = (date(2025, 12, 31) - DAY_ZERO).days
    cohort = replace(_ward(25), operation_day=np.full(200, last_of_december, dtype=np.int32))
    with translation.override(language):
        text = subgroups_text(subgroups(cohort))
    assert text is not None
    assert not any("…" in drawing for drawing in text.drawings)

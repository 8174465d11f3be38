"""A nomogram of three predictors that nobody published is drawn on page and paper."""

import io

import pytest
from pypdf import PdfReader

from scoring.charts import as_data_uri, nomogram_svg, print_labels
from scoring.charts.nomogram import NomogramLayout, nomogram
from scoring.nomogram.model import Result
from scoring.report import renderer
from tests.charts.drawings import ENDS, assert_presentable, assert_words_stand_apart
from tests.nomogram.made_up import MADE_UP, PATIENT

FINAL = MADE_UP.assess(PATIENT)
PROVISIONAL = MADE_UP.assess({**PATIENT, "smoker": None})


@pytest.mark.parametrize("layout", ENDS)
def test_its_marks_stand_where_its_points_put_them(layout: NomogramLayout) -> None:
    x0, x1 = ENDS[layout]
    chart = nomogram(FINAL, layout=layout)
    marks = {row.key: row.mark_x for row in chart.rows}
    points = {"weight": 30, "smoker": 25, "anemia": 40}
    assert marks == {
        key: pytest.approx(x0 + p * (x1 - x0) / 100, abs=0.06) for key, p in points.items()
    }
    (reading,) = chart.readings
    assert reading.x == pytest.approx(x0 + 95 * (x1 - x0) / 300, abs=0.06)
    assert chart.cutoff_x == pytest.approx(x0 + 80 * (x1 - x0) / 300, abs=0.06)


@pytest.mark.parametrize("layout", ENDS)
def test_the_answer_with_more_points_is_the_filled_mark(layout: NomogramLayout) -> None:
    x0, x1 = ENDS[layout]
    chart = nomogram(PROVISIONAL, layout=layout)
    smoker = chart.rows[1]
    assert smoker.mark_x is None
    assert smoker.open_x == pytest.approx(x0, abs=0.06)
    assert smoker.filled_x == pytest.approx(x0 + 25 * (x1 - x0) / 100, abs=0.06)
    assert [reading.filled for reading in chart.readings] == [False, True]
    assert chart.readings[0].x < chart.readings[1].x


@pytest.mark.parametrize("layout", ENDS)
@pytest.mark.parametrize("result", [FINAL, PROVISIONAL])
def test_its_words_stand_apart(result: Result, layout: NomogramLayout) -> None:
    svg = nomogram_svg(result, layout=layout, uid="made-up")
    assert_presentable(svg, "made-up")
    assert_words_stand_apart(svg)


def test_a_risk_its_axis_does_not_reach_has_no_tick() -> None:
    labels = {label.text for label in nomogram(FINAL, layout="wide").risk.labels}
    # 80 - 20 x 4.6 points would be less than none.
    assert "1" not in labels
    assert {"5", "50", "99"} <= labels


def test_its_description_has_every_number() -> None:
    svg = nomogram_svg(FINAL, layout="wide", uid="made-up")
    description = svg.partition("<desc")[2].partition("</desc>")[0]
    assert "Weight 70 kg: 30.00 points; Smoker yes: 25.00 points" in description
    assert "Anemia &lt; 120 g/L: yes: 40.00 points" in description
    assert "Total 95.00 points, risk 68 %" in description


def test_it_is_printed_with_words_beside_it() -> None:
    labels = print_labels(FINAL)
    assert [(label.name, label.value, label.right) for label in labels[1:5]] == [
        ("Weight", "70 kg", ("30.00",)),
        ("Smoker", "yes", ("25.00",)),
        ("Anemia", "< 120 g/L: yes", ("40.00",)),
        ("Total points", "", ("95.00",)),
    ]
    words = "".join(f"<p>{label.name} {label.value}</p>" for label in labels[:4])
    drawing = as_data_uri(nomogram_svg(FINAL, layout="print", uid="print"))
    pdf = renderer.pdf_of(
        f'<html lang="en"><title>Made up</title><img alt="Nomogram" src="{drawing}">{words}</html>'
    )
    (page,) = PdfReader(io.BytesIO(pdf)).pages
    text = page.extract_text()
    assert "Weight 70 kg" in text
    # The caption of its own cut-off, from inside the drawing.
    assert "50.0 %" in text

"""The report: one A4 page that says what the page says, whatever was entered."""

import io
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from pypdf import PageObject, PdfReader

from scoring.display import plain
from scoring.models import Assessment
from scoring.nomogram.eligibility import Answer, Criterion
from scoring.report import Sheet
from scoring.report.renderer import ReportRenderError, pdf_of
from tests import cast
from tests import worked_example as worked
from tests.report.paper import LONG_NAME, everything_at_once, printed, read, render_report
from tests.web.html import signed_in

pytestmark = pytest.mark.django_db
_PAGE = "<!doctype html><html lang='en'><head><title>-</title></head><body>{}</body></html>"


def test_the_worked_example_on_one_a4_page() -> None:
    assessment = cast.recorded()
    pdf = render_report(assessment, printed_by="Dr Bob Keller")
    (page,) = PdfReader(io.BytesIO(pdf)).pages
    assert (round(page.mediabox.width), round(page.mediabox.height)) == (595, 842)
    _, said = read(pdf)
    for words in (
        "183.89",
        worked.RISK,
        f"About {worked.WHOLE} of 100 similar patients",
        worked.CI95,
        worked.RANGE,
        "At or above 18.4 %",
        *("19.00", "16.32", "19.58", "44.21", "23.60", "25.50", "35.68"),
        *("Wang, Xiulan", "14-Jul-1944", "80 y", "Female", "H100234"),
        *("80 years", "no (T −2.0)", "12.8 fL", "105 mmol/L"),
        *("10-Mar-2025", "11-Mar-2025", "12-Mar-2025", "09-Mar-2025", "14-Mar-2025"),
        "Caution: T-score −2.0.",
        "All 10 criteria answered as in the study. Present: Osteoporotic compression fracture, "
        "treated by PKP; a single responsible vertebra. Absent: Neurological injury; spinal cord",
        "Rong 2025, reconstruction 2",
        "Front Surg",
        "10.3389/fsurg.2025.1625518",
        assessment.chain.report_number,
        "version 1",
        "Dr Alice Moore",
        "by Dr Bob Keller",
        "Name and signature",
        "117 of 569",
        "Page 1 of 1",
        "PKP of L1 on 13-Mar-2025",
    ):
        assert words in said, words
    assert "rovisional" not in said
    assert "open marker" not in said
    assert "SUPERSEDED" not in said
    assert "VOIDED" not in said


def test_the_view_gives_the_same_report_by_its_number() -> None:
    assessment = cast.recorded()
    client = signed_in(cast.bob())
    response = client.get(reverse("assessment-report", args=[assessment.pk]))
    assert response.headers["Content-Type"] == "application/pdf"
    number = assessment.chain.report_number
    assert response.headers["Content-Disposition"] == f'inline; filename="{number}-v1.pdf"'
    pages, said = read(response.content)
    assert pages == 1
    assert "183.89" in said
    assert "by Dr Bob Keller" in said


def test_provisional_is_said_and_shows_both_risks() -> None:
    pages, said = printed(cast.recorded(entry=cast.before_the_radiograph()))
    assert pages == 1
    for words in (
        "Provisional risk of residual back pain",
        "Provisional, version 1",
        "before the 24-hour radiograph",
        "If the height is restored",
        "If the height is not restored",
        f"About {worked.WHOLE_RESTORED} of 100",
        f"About {worked.WHOLE} of 100",
        "148.21",
        "183.89",
        "148.21 or 183.89",
        "0 or 35.68",
        "open marker: height restored; filled marker: not restored",
    ):
        assert words in said, words


@pytest.mark.parametrize("changes", [{}, {"mvh_restored": None, "radiograph_date": None}])
def test_all_cautions_outside_and_a_long_name_still_fit_one_page(changes: dict[str, Any]) -> None:
    pages, said = printed(everything_at_once(**changes))
    assert said.count("Caution:") == 4
    assert "Outside the study population." in said
    assert LONG_NAME in said
    assert "> 99" in said
    assert pages == 1


@pytest.mark.parametrize("criterion", [Criterion.SINGLE_VERTEBRA, Criterion.INFECTION])
def test_what_is_not_assessed_is_said(criterion: Criterion) -> None:
    answers = cast.study_answers(**{criterion.value: Answer.NOT_ASSESSED})
    _, said = printed(cast.recorded(entry=cast.worked_example(answers=answers)))
    assert "Not assessed:" in said
    assert "All 10 criteria" not in said


def test_a_report_that_overflows_names_the_patient_on_every_page() -> None:
    first = cast.recorded()
    long = cast.next_version(first, reason="Chloride was read from the wrong sheet. " * 12)
    assessment = cast.next_version(long, reason=("王秀兰 " * 125).strip())
    reader = PdfReader(io.BytesIO(render_report(assessment, printed_by="Dr Bob Keller")))
    for number, page in enumerate(reader.pages, start=1):
        said = " ".join(page.extract_text().split())
        for words in ("Wang, Xiulan", "14-Jul-1944", "H100234", first.chain.report_number):
            assert words in said, (number, words)
        assert f"Page {number} of {len(reader.pages)}" in said


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1:9/x.png",
        "https://example.org/x.png",
        "file:///etc/passwd",
        "ftp://127.0.0.1/x.png",
        "FILE:///etc/passwd",
        "file://../../static/scoring/report.css",
        "data:text/css,*{display:none}",
        "data:image/jpeg;base64,AAAA",
    ],
)
@pytest.mark.parametrize(
    "html",
    [
        "<img alt='' src='{}'>",
        "<link rel=stylesheet href='{}'>",
        "<p style='background: url({})'>-</p>",
        "<style>@import '{}';</style>",
        "<object data='{}'></object>",
    ],
)
def test_nothing_is_fetched_from_outside_the_report(html: str, address: str) -> None:
    with pytest.raises(ReportRenderError, match="ReportFetchRefusedError"):
        pdf_of(_PAGE.format(html.format(address)))


def test_synthetic_patients_are_marked() -> None:
    _, said = printed(cast.recorded(cast.person(synthetic=True)))
    assert "SYNTHETIC" in said


_HUNDREDTHS = {
    "t_score": st.integers(-1000, 400),
    "pdw_fl": st.integers(600, 3480),
    "chloride_mmol_l": st.integers(7580, 11500),
}


@pytest.mark.slow
@settings(
    max_examples=3,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@example(50, {"t_score": -250, "pdw_fl": 3480, "chloride_mmol_l": 7580}, True, True, False)
@example(100, {"t_score": -351, "pdw_fl": 600, "chloride_mmol_l": 11500}, False, False, True)
@example(100, {"t_score": -351, "pdw_fl": 600, "chloride_mmol_l": 11500}, False, False, None)
@given(
    age_years=st.integers(50, 100),
    numbers=st.fixed_dictionaries(_HUNDREDTHS),
    trauma=st.booleans(),
    edema=st.booleans(),
    mvh_restored=st.sampled_from([True, False, None]),
)
def test_whatever_can_be_scored_can_be_printed(
    age_years: int, numbers: dict[str, int], trauma: bool, edema: bool, mvh_restored: bool | None
) -> None:
    typed = {name: cast.measured(str(Decimal(n) / 100)) for name, n in numbers.items()}
    entry = cast.worked_example(
        age_years=age_years,
        trauma_history=trauma,
        posterior_fascia_edema=edema,
        mvh_restored=mvh_restored,
        radiograph_date=None,
        **typed,
    )
    number = f"P{Assessment.objects.count()}"
    assessment = cast.recorded(cast.person(number, birth_date=None), entry)
    pages, said = printed(assessment)
    assert pages == 1
    for text in Sheet(assessment).scenarios:
        for words in (text.total, text.of_hundred, text.ci95, text.band):
            assert plain(words) in said, words


@pytest.mark.parametrize("kind", ["", "dense", "tall"])
def test_each_kind_of_sheet_has_the_same_margins_in_both_languages(kind: str) -> None:
    """A page rule of a language would beat theirs."""
    words = "<div id='patient'>head</div><div id='foot'>foot</div><h1>body</h1>"
    places = []
    for language in ("en", "zh-CN"):
        page = _PAGE.replace("'en'", f"'{language}'").replace("<body>", f"<body class='{kind}'>")
        (sheet,) = PdfReader(io.BytesIO(pdf_of(page.format(words)))).pages
        places.append(_places(sheet))
        assert (
            "第 1 页，共 1 页" if language == "zh-CN" else "Page 1 of 1"
        ) in sheet.extract_text()
    assert places[0] == places[1]
    assert set(places[0]) == {"head", "foot", "body"}


def _places(sheet: PageObject) -> dict[str, float]:
    """How high each of the words stands."""
    found: dict[str, float] = {}

    def note(text: str, at: list[float], within: list[float], *_font: Any) -> None:
        if text.strip() in {"head", "foot", "body"}:
            found[text.strip()] = round(at[3] * within[5] + at[5], 1)

    sheet.extract_text(visitor_text=note)
    return found

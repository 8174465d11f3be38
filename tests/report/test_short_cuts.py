"""The short cuts to a PDF give what WeasyPrint gives for the same document by itself."""

import io
import subprocess
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from django.conf import settings
from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration

from scoring.evaluation.local import judge_cohort
from scoring.models import Assessment
from scoring.models.codes import PaperSize
from scoring.report.patient_sheet import patient_sheet_html
from scoring.report.pdf import report_html
from scoring.report.renderer import pdf_of
from scoring.report.validation.cohort import Chosen
from scoring.report.validation.pdf import validation_html
from scoring.typesetting.drawing import drawings
from scoring.typesetting.page import WellFormedPage
from tests import cast
from tests.life import acts
from tests.recalibration.local import approved
from tests.report.paper import everything_at_once, sheets_of
from tests.validation.cohorts import analysed
from tests.validation.ward import PUBLISHED

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
# Of 255: edges of letters that stand less than half a dot elsewhere.
MOST_ASIDE = 64


def _report(assessment: Assessment) -> str:
    return report_html(acts.read(assessment.pk), printed_by="Dr Bob Keller", ward="Ward 7")


def _patient_sheet(assessment: Assessment) -> str:
    return patient_sheet_html(assessment, printed_by="Dr Bob Keller", ward="Ward 7")


def _recalibrated() -> Assessment:
    approved()
    return cast.recorded()


def _superseded() -> Assessment:
    first = cast.recorded()
    acts.amended(first)
    return first


def _validation() -> str:
    chosen = Chosen(None, None, None, PUBLISHED, synthetic=True)
    found = judge_cohort(analysed(569))
    return validation_html(
        found, chosen, printed_by="Dr Bob Keller", ward="Ward 7", paper=PaperSize.A4
    )


DOCUMENTS: dict[str, Callable[[], str]] = {
    "final": lambda: _report(cast.recorded()),
    "provisional": lambda: _report(acts.provisional()),
    "Chinese name": lambda: _report(
        cast.recorded(cast.person(family_name="王", given_name="秀兰䶮"))
    ),
    "long cautions": lambda: _report(everything_at_once()),
    "synthetic": lambda: _report(cast.recorded(cast.person(synthetic=True))),
    "recalibrated": lambda: _report(_recalibrated()),
    "superseded": lambda: _report(_superseded()),
    "patient sheet": lambda: _patient_sheet(cast.recorded()),
    "provisional patient sheet": lambda: _patient_sheet(acts.provisional()),
    "validation": _validation,
}
# A watermark has an outline, and the plots have turned words: WeasyPrint draws these.
DRAWN_BY_WEASYPRINT = {"superseded": 1, "validation": 5}


@pytest.fixture(params=DOCUMENTS)
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def _by_weasyprint_alone(html: str) -> bytes:
    fonts = FontConfiguration()
    css = CSS(filename=settings.BASE_DIR / "static/scoring/report.css", font_config=fonts)
    pdf: bytes = HTML(string=html).write_pdf(
        stylesheets=[css], font_config=fonts, pdf_variant="pdf/ua-1"
    )
    return pdf


def _text(pdf: bytes) -> str:
    return subprocess.run(
        ["pdftotext", "-layout", "-", "-"], input=pdf, capture_output=True, check=True
    ).stdout.decode()


def _tags(pdf: bytes) -> list[tuple[int, str, str, Any]]:
    """The tags in reading order: depth, kind, alternative text, and what tables say of cells."""

    def walk(element: Any, depth: int) -> Iterator[tuple[int, str, str, Any]]:
        element = element.get_object()
        if isinstance(element, ArrayObject):
            for child in element:
                yield from walk(child, depth)
        elif isinstance(element, DictionaryObject):
            if "/S" in element:
                attributes = element.get("/A", {})
                spans = attributes.get("/ColSpan"), len(attributes.get("/Headers", []))
                yield depth, str(element["/S"]), str(element.get("/Alt", "")), spans
            if "/K" in element:
                yield from walk(element["/K"], depth + 1)

    return list(walk(PdfReader(io.BytesIO(pdf)).root_object["/StructTreeRoot"], 0))


def test_text_tags_and_every_dot_are_the_same(name: str) -> None:
    html = DOCUMENTS[name]()
    ours, plain = pdf_of(html), _by_weasyprint_alone(html)
    assert _text(ours) == _text(plain)
    tags = _tags(ours)
    assert tags == _tags(plain)
    assert len(tags) > 20
    for sheet, expected in zip(sheets_of(ours), sheets_of(plain), strict=True):
        aside = np.abs(sheet.astype(int) - expected.astype(int))
        assert aside.max() <= MOST_ASIDE
    assert all(alternative for _, kind, alternative, _ in tags if kind == "/Figure")


def test_the_short_cuts_are_taken(name: str) -> None:
    document = WellFormedPage(DOCUMENTS[name](), url_fetcher=None)
    images = {image.get("src") for image in document.etree_element.iter("img")}
    left = images - set(drawings(document.etree_element, FontConfiguration()))
    assert len(left) == DRAWN_BY_WEASYPRINT.get(name, 0)
    assert document._ua_stylesheets() != HTML(string="-")._ua_stylesheets()

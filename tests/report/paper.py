"""A report as it comes out of the printer: its text, and what the eye sees."""

import io
import subprocess
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pypdf import PdfReader

from scoring.models import Assessment
from scoring.nomogram.eligibility import Answer, Criterion, study_answer
from scoring.report.patient_sheet import patient_sheet_html
from scoring.report.pdf import report_html
from scoring.report.renderer import pdf_of
from tests import cast

_DPI = 75
LONG_NAME = "Wolfeschlegelsteinhausenbergerdorff"


def render_report(assessment: Assessment, *, printed_by: str, ward: str = "") -> bytes:
    """The report as the site prints it."""
    return pdf_of(report_html(assessment, printed_by=printed_by, ward=ward))


def render_patient_sheet(assessment: Assessment, *, printed_by: str, ward: str = "") -> bytes:
    """The sheet for the patient as the site prints it."""
    return pdf_of(patient_sheet_html(assessment, printed_by=printed_by, ward=ward))


def printed(assessment: Assessment) -> tuple[int, str]:
    """The report that Bob prints, read."""
    return read(render_report(assessment, printed_by="Dr Bob Keller"))


def read(pdf: bytes) -> tuple[int, str]:
    """Pages, and the text with spaces folded."""
    reader = PdfReader(io.BytesIO(pdf))
    return len(reader.pages), " ".join(" ".join(p.extract_text() for p in reader.pages).split())


def everything_at_once(**changes: Any) -> Assessment:
    """All cautions, every criterion outside, the longest name."""
    other = {c.value: Answer.NO if study_answer(c) is Answer.YES else Answer.YES for c in Criterion}
    entry = cast.worked_example(
        answers=cast.study_answers(**other),
        age_years=100,
        pdw_fl=cast.measured("34.7999"),
        chloride_mmol_l=cast.measured("75.8001"),
        t_score=cast.measured("-2.4999"),
        **changes,
    )
    person = cast.person(
        "H" + "1234567890" * 3, family_name=LONG_NAME, given_name="Hubert Blaine", birth_date=None
    )
    return cast.recorded(person, entry)


@cache
def body() -> bytes:
    """A PDF of an empty page that has room for a foot."""
    return pdf_of(
        "<!doctype html><html lang='en'><head><title>-</title></head><body>"
        "<div id='foot' class='printed-foot'>&nbsp;</div></body></html>"
    )


def sheets_of(pdf: bytes) -> list[NDArray[np.uint8]]:
    """Every sheet as printed in grey: arrays of shape (height, width), 0 black to 255 white."""
    drawn = subprocess.run(
        ["pdftoppm", "-gray", "-r", str(_DPI), "-"], input=pdf, capture_output=True, check=True
    ).stdout
    sheets = []
    while drawn:
        # A portable greymap: "P5", width and height, the highest value, and one byte a place.
        magic, size, highest, rest = drawn.split(b"\n", 3)
        width, height = map(int, size.split())
        assert (magic, highest) == (b"P5", b"255")
        sheets.append(np.frombuffer(rest[: width * height], np.uint8).reshape(height, width))
        drawn = rest[width * height :]
    return sheets

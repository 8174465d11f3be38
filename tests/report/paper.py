"""A report as it comes out of the printer: what the eye sees, not what the text layer says."""

import subprocess
from functools import cache

import numpy as np
from numpy.typing import NDArray

from scoring.models import Assessment
from scoring.report.patient_sheet import patient_sheet_html
from scoring.report.pdf import report_html
from scoring.report.renderer import pdf_of

_DPI = 75


def render_report(assessment: Assessment, *, printed_by: str, ward: str = "") -> bytes:
    """The report as the site prints it."""
    return pdf_of(report_html(assessment, printed_by=printed_by, ward=ward))


def render_patient_sheet(assessment: Assessment, *, printed_by: str, ward: str = "") -> bytes:
    """The sheet for the patient as the site prints it."""
    return pdf_of(patient_sheet_html(assessment, printed_by=printed_by, ward=ward))


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

"""Drawings as images in the PDF, and the QR code."""

import re
from base64 import b64decode

import pytest
import segno

from scoring.charts import as_data_uri, icon_array_svg, nomogram_svg, qr_svg
from scoring.charts.qr import QUIET_ZONE_MODULES, qr_path
from tests.charts.drawings import assert_presentable, parsed, patient

TEXT = "https://rbp.hospital.example/assessments/RBP-2026-000347"


def test_a_data_uri_holds_the_same_drawing() -> None:
    svg = nomogram_svg(patient(), layout="print", uid="n")
    uri = as_data_uri(svg)
    prefix, _, body = uri.partition(",")
    assert prefix == "data:image/svg+xml;base64"
    assert not set(uri) & set("\"'<>#&\n")
    assert b64decode(body).decode() == svg


def test_images_know_their_size() -> None:
    for svg, size in (
        (nomogram_svg(patient(), layout="print", uid="n"), ("500", "323.2")),
        (icon_array_svg(0.77, size=105, uid="i"), ("105", "105")),
        (qr_svg(TEXT), ("50", "50")),
    ):
        root = parsed(svg)
        assert (root.attrib["width"], root.attrib["height"]) == size


def test_print_uses_the_fonts_of_the_report() -> None:
    svg = nomogram_svg(patient(), layout="print", uid="n")
    assert parsed(svg).attrib["font-family"] == "Liberation Sans,DejaVu Sans,Noto Sans CJK SC"


def test_the_qr_path_draws_every_dark_module_and_a_quiet_zone() -> None:
    side, path = qr_path(TEXT)
    drawn = {
        (int(x) + i, int(y))
        for x, y, length in re.findall(r"M(\d+) (\d+)h(\d+)v1h-\d+z", path)
        for i in range(int(length))
    }
    matrix = segno.make(TEXT, error="m", micro=False, boost_error=False).matrix
    dark = {
        (x + QUIET_ZONE_MODULES, y + QUIET_ZONE_MODULES)
        for y, row in enumerate(matrix)
        for x, module in enumerate(row)
        if module
    }
    assert drawn == dark
    assert side == len(matrix) + 8


def test_the_qr_code_is_presentable_and_says_what_it_holds() -> None:
    svg = qr_svg('RBP "1" <&>')
    assert_presentable(svg, None)
    assert parsed(svg).attrib["aria-label"] == 'QR code: RBP "1" <&>'


def test_a_text_too_long_for_a_qr_code_is_an_error() -> None:
    with pytest.raises(ValueError, match="Data too large"):
        qr_svg("x" * 5000)

"""What the fonts can't print is counted, said beside the button and logged, never quoted."""

import io
import logging
import re
from unittest import mock

import pytest
from django.urls import reverse
from django.utils import translation
from pypdf import PdfReader, PdfWriter
from pytest_django import Settings

from scoring.report import fonts
from scoring.report.fonts import unprintable_count
from tests import cast
from tests.report.paper import render_report
from tests.web.html import Page, signed_in

# Chinese characters of Unicode 15.1, newer than the fonts.
NO_FONT = "\U0002ebf0\U0002ebf1"
RARE = "王䶮㐂𠮷"
SCRIPTS = "Đặng Łukasz İnönü Ελένη Ёлкин 김철수 サトウ کریم כהן फ़ातिमा สมชาย ᠰᠠᠷᠠ"


@pytest.mark.parametrize("text", ["", "Wang\u00a0", RARE, *SCRIPTS.split(), "a\u200cb\u0301"])
def test_names_that_print(text: str) -> None:
    assert unprintable_count(text) == 0


@pytest.mark.parametrize(("texts", "count"), [((NO_FONT,), 2), (("a" + NO_FONT, NO_FONT), 4)])
def test_letters_without_a_font_are_counted(texts: tuple[str, ...], count: int) -> None:
    assert unprintable_count(*texts) == count


def test_what_fontconfig_says_becomes_spans_in_order(settings: Settings) -> None:
    said = mock.Mock(stdout="61-7a 4e00\n20-60 4e01-9fff e9\n\n")
    fonts._spans.cache_clear()
    try:
        with mock.patch("subprocess.run", return_value=said) as run:
            assert fonts._spans() == [(0x20, 0x7A), (0xE9, 0xE9), (0x4E00, 0x9FFF)]
            assert unprintable_count("éè王") == 1
        # On a busy computer it may take as long as the PDF.
        assert run.call_args.kwargs["timeout"] == settings.PDF_SECONDS
        fonts._spans.cache_clear()
        with mock.patch("subprocess.run", side_effect=FileNotFoundError):
            assert unprintable_count(NO_FONT) == 0
    finally:
        fonts._spans.cache_clear()


@pytest.mark.django_db
def test_boxes_are_said_and_no_letter_is_logged(
    caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    assessment = cast.recorded(cast.person(family_name=f"王{NO_FONT}", given_name="สม"))
    client = signed_in(cast.alice())
    page = Page(client.get(reverse("assessment-result", args=[assessment.pk])))
    assert "2 characters print as boxes." in page.text
    with caplog.at_level(logging.DEBUG):
        render_report(assessment, printed_by="Dr Bob Keller")
    assert "2 characters of a PDF print as boxes" in caplog.text
    written = caplog.text + "".join(capfd.readouterr())
    for letter in f"王{NO_FONT}สม":
        assert letter not in written
        assert f"{ord(letter):04X}" not in written.upper()
    caplog.clear()


@pytest.mark.django_db
def test_a_chinese_report_has_one_chinese_font() -> None:
    """Drawings and marks as well: a font that the system chooses has other forms of characters."""
    assessment = cast.recorded(
        cast.person("SYN-1", family_name="王", given_name="秀兰", synthetic=True)
    )
    with translation.override("zh-hans"):
        pdf = render_report(assessment, printed_by="陈磊")
    names = {name.decode() for name in re.findall(rb"/BaseFont /[A-Z]{6}\+([\w-]+)", _plain(pdf))}
    assert names == {
        *("Liberation-Sans", "Liberation-Sans-Bold"),
        *("Noto-Sans-CJK-SC", "Noto-Sans-CJK-SC-Bold"),
    }


def _plain(pdf: bytes) -> bytes:
    """The objects of a PDF without their compression."""
    writer = PdfWriter(clone_from=io.BytesIO(pdf))
    written = io.BytesIO()
    writer.write(written)
    return written.getvalue()


@pytest.mark.django_db
def test_rare_and_foreign_letters_are_on_the_paper(caplog: pytest.LogCaptureFixture) -> None:
    assessment = cast.recorded(cast.person(family_name=RARE, given_name=SCRIPTS))
    pdf = render_report(assessment, printed_by="Dr Bob Keller")
    said = "".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)
    for letter in RARE:
        assert letter in said
    assert "box" not in caplog.text
    assert "notdef" not in caplog.text
    page = Page(signed_in(cast.alice()).get(reverse("assessment-result", args=[assessment.pk])))
    assert "as a box" not in page.text
    assert "as boxes" not in page.text

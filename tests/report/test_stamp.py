"""The foot that is drawn into a kept PDF: the same page as one that was made with its foot."""

import io
from typing import Any
from unittest import mock

import pytest
from django.utils import timezone
from pypdf import PdfReader

from scoring.models import PaperKind
from scoring.models.codes import PaperSize
from scoring.report import foot_font, paper
from scoring.report.foot_font import UnstampableError
from scoring.report.renderer import pdf_of
from scoring.report.stamp import check_foot, stamped
from tests import cast
from tests.report.paper import sheets_of

pytestmark = pytest.mark.django_db
WARD = "Ward 7"


@pytest.mark.slow
@pytest.mark.parametrize("kind", PaperKind)
@pytest.mark.parametrize(
    "printed_by",
    ["Dr Ava To, Ward 7", "O’Brien & Ågren <AVT>", "王小明", "欧阳 建 （急） of 3, ǅ"],
)
@pytest.mark.parametrize("long", [False, True], ids=["plain", "long name"])
def test_it_looks_as_if_it_had_been_made_with_its_foot(
    kind: PaperKind, printed_by: str, long: bool
) -> None:
    """To the last pixel; tags, title and language stay, and the text can be read and copied."""
    name = "Wolfeschlegelsteinhausenbergerdorff" * (2 if long else 1)
    of = cast.recorded(cast.person(family_name=name))
    with mock.patch.object(timezone, "now", return_value=timezone.now()):
        foot = paper.foot_text(kind, of, printed_by)
        html = paper.HTML[kind]
        body = pdf_of(html(of, printed_by=None, ward=WARD, size=PaperSize.A4))
        whole = pdf_of(html(of, printed_by=printed_by, ward=WARD, size=PaperSize.A4))
    made = stamped(body, foot)
    for ours, theirs in zip(sheets_of(made), sheets_of(whole), strict=True):
        assert (ours == theirs).all()
        assert (ours < 128).sum() > 1000
    read, expected = (PdfReader(io.BytesIO(pdf), strict=True) for pdf in (made, whole))
    assert foot in read.pages[0].extract_text()
    assert foot not in PdfReader(io.BytesIO(body)).pages[0].extract_text()
    assert read.metadata == expected.metadata
    for key in ("/Lang", "/MarkInfo", "/Metadata", "/ViewerPreferences"):
        assert str(read.root_object[key]) == str(expected.root_object[key])
    assert tags(read) == tags(expected)
    assert len(tags(read)) > 20


def tags(of: PdfReader) -> list[str]:
    """The kinds of all elements in the tree of tags, in their order."""
    found: list[str] = []

    def gather(element: Any) -> None:
        if isinstance(element, list):
            for each in element:
                gather(each.get_object())
        elif isinstance(element, dict):
            found.append(element.get("/S", ""))
            gather(element.get("/K"))

    gather(of.root_object["/StructTreeRoot"].get_object())
    return found


def test_the_body_stays_and_the_same_foot_gives_the_same_bytes() -> None:
    of = cast.recorded()
    body = pdf_of(paper.HTML[PaperKind.REPORT](of, printed_by=None, ward=WARD, size=PaperSize.A4))
    first = stamped(body, "printed 14-Mar-2026 09:42 by Dr Bob Keller")
    assert first.startswith(body)
    assert first == stamped(body, "printed 14-Mar-2026 09:42 by Dr Bob Keller")
    assert first != stamped(body, "printed 14-Mar-2026 09:43 by Dr Bob Keller")


@pytest.mark.parametrize(
    "foot",
    ["by " + "W" * 90, "by " + "王" * 60, "by ד״ר כהן", "by د. علي", "by Dr 😀", "by ประยุทธ์"],
)
def test_a_foot_that_does_not_fit_is_left_to_the_renderer(foot: str) -> None:
    with pytest.raises(UnstampableError):
        check_foot(foot)
    check_foot("printed by Dr Ava To")


def test_a_font_is_cut_once_for_the_same_letters() -> None:
    """Also in another minute; another name gets letters of its own."""
    of = pdf_of(
        paper.HTML[PaperKind.REPORT](cast.recorded(), printed_by=None, ward=WARD, size=PaperSize.A4)
    )
    foot_font._cut.cache_clear()
    first = stamped(of, "printed 14-Mar-2026 09:42 by 王小明")
    cut = foot_font._cut.cache_info().misses
    assert cut == 2
    stamped(of, "printed 14-Mar-2026 23:57 by 王小明")
    assert foot_font._cut.cache_info().misses == cut
    renamed = stamped(of, "printed 14-Mar-2026 09:42 by 王小红")
    assert foot_font._cut.cache_info().misses == cut + 1
    texts = [PdfReader(io.BytesIO(pdf)).pages[0].extract_text() for pdf in (first, renamed)]
    assert "by 王小明" in texts[0]
    assert "by 王小红" in texts[1]
    assert "王小明" not in texts[1]

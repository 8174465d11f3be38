"""One document by WeasyPrint, which may use only what the document carries itself.

A document of the site's templates takes two short cuts: it is parsed as XML (page.py), and its
drawings are written as PDF operators (image.py). Whatever does not fit them takes WeasyPrint's way.
"""

from base64 import b64decode
from contextlib import suppress
from functools import cache
from typing import Any
from urllib.parse import unquote
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher

from scoring.typesetting import archive, one_page
from scoring.typesetting.foot import leave_room
from scoring.typesetting.image import DrawingImage
from scoring.typesetting.page import WellFormedPage

_SVG = "data:image/svg+xml"
# A picture of a page, in the guide.
_PNG = "data:image/png;base64,"


class ReportFetchRefusedError(FatalURLFetchingError):  # type: ignore[misc]
    """The report asked for a file or an address; it may only hold what it carries itself."""


class OwnDataOnly(URLFetcher):  # type: ignore[misc]
    """Fetches inline drawings and nothing else, neither network nor disk."""

    def fetch(self, url: str, headers: Any = None) -> Any:
        """Raise ReportFetchRefusedError for all but inline SVG and PNG; it names no address."""
        if not url.startswith((_SVG, _PNG)):
            raise ReportFetchRefusedError("a report tried to load something from outside itself")
        return super().fetch(url, headers)


@cache
def _styles(stylesheet: str) -> tuple[Any, Any]:
    """The parsed stylesheet and the fonts it found, once a process."""
    fonts = FontConfiguration()
    return CSS(filename=stylesheet, font_config=fonts), fonts


def pdf_of(html: str, *, stylesheet: str) -> bytes:
    """One document as PDF/A-3 and PDF/UA bytes. Raises ReportFetchRefusedError."""
    css, fonts = _styles(stylesheet)
    document = _parsed(html)
    images = drawings(document.etree_element, fonts)

    def laid_out(*more: Any) -> Any:
        return document.render(
            font_config=fonts,
            stylesheets=[css, *more],
            cache=images,
            color_profiles={archive.COLORS: archive.color_profile()},
            output_intent=archive.COLORS,
        )

    pages, zoom = one_page.fitted(document.etree_element, laid_out)

    def finish(pages: Any, pdf: Any) -> None:
        leave_room(pages, pdf, zoom)
        archive.claim(pdf)

    pdf: bytes = pages.write_pdf(
        zoom=zoom,
        finisher=finish,
        pdf_variant=archive.VARIANT,
        # Not once more: the pages have it.
        output_intent="",
        attachments=list(archive.attachments(document.etree_element)),
    )
    return pdf


def _parsed(html: str) -> Any:
    try:
        return WellFormedPage(html, url_fetcher=OwnDataOnly())
    except ElementTree.ParseError:
        return HTML(string=html, url_fetcher=OwnDataOnly())


def drawings(document: Element, fonts: FontConfiguration) -> dict[str, DrawingImage]:
    """The images of a document by their address; one that is missing is left to WeasyPrint."""
    found = {}
    for image in document.iter("img"):
        address = image.get("src", "")
        head, _, data = address.partition(",")
        if head.startswith(_SVG):
            # A ValueError says what is not drawn here, a ParseError what nobody can draw.
            with suppress(ValueError, ElementTree.ParseError):
                svg = b64decode(data) if head.endswith(";base64") else unquote(data)
                found[address] = DrawingImage(ElementTree.fromstring(svg), fonts)  # noqa: S314
    return found

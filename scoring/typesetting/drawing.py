"""One document by WeasyPrint, which may use only what the document carries itself."""

from functools import cache
from typing import Any

from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher


class ReportFetchRefusedError(FatalURLFetchingError):  # type: ignore[misc]
    """The report asked for a file or an address; it may only hold what it carries itself."""


class OwnDataOnly(URLFetcher):  # type: ignore[misc]
    """Fetches inline drawings and nothing else, neither network nor disk."""

    def fetch(self, url: str, headers: Any = None) -> Any:
        """Raise ReportFetchRefusedError for all but inline SVG; the address stays unsaid."""
        if not url.startswith("data:image/svg+xml"):
            raise ReportFetchRefusedError("a report tried to load something from outside itself")
        return super().fetch(url, headers)


@cache
def _styles(stylesheet: str) -> tuple[Any, Any]:
    """The parsed stylesheet and the fonts it found, once a process."""
    fonts = FontConfiguration()
    return CSS(filename=stylesheet, font_config=fonts), fonts


def pdf_of(html: str, *, stylesheet: str) -> bytes:
    """One document as PDF/UA bytes. Raises ReportFetchRefusedError."""
    css, fonts = _styles(stylesheet)
    pdf: bytes = HTML(string=html, url_fetcher=OwnDataOnly()).write_pdf(
        stylesheets=[css], font_config=fonts, pdf_variant="pdf/ua-1"
    )
    return pdf

"""PDFs to keep: PDF/A-3 with tags, which claims PDF/UA as well, with the files a document carries.

A document carries a file as a link in its head:

    <link rel="alternate" type="MEDIA TYPE" title="NAME" href="data:MEDIA TYPE;base64,…">

``NAME`` is ASCII: WeasyPrint drops other letters from the file's first name. The file is dated as
the document (``<meta name="dcterms.created">``, UTC), so that the same document gives the same
bytes.
"""

from collections.abc import Iterator
from datetime import datetime
from functools import cache
from importlib.resources import files
from io import BytesIO
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element

from pydyf import Array
from weasyprint import Attachment
from weasyprint.css import ColorProfile

VARIANT = "pdf/a-3a"
COLORS = "srgb"
# What each kind of file is to the pages (ISO 32000-2, 7.11.3): what was typed and computed, from
# which they were made, and the same in a form that others read more easily.
_RELATIONSHIPS = {"application/json": "Data", "application/fhir+json": "Supplement"}
_SRGB = "sRGB2014.icc"
_CREATED = "dcterms.created"
_END_OF_METADATA = b"</rdf:RDF>"


def color_profile() -> ColorProfile:
    """What the colors of a document mean; the variant by itself leaves the file open."""
    components = (["r"], ["g"], ["b"])
    return ColorProfile(BytesIO(_srgb()), _SRGB, "relative-colorimetric", components)


@cache
def _srgb() -> bytes:
    return (files("weasyprint.pdf") / _SRGB).read_bytes()


def attachments(document: Element) -> Iterator[Attachment]:
    """The files that a document carries. Raises ValueError for a link that is none."""
    moment = next((each for each in document.iter("meta") if each.get("name") == _CREATED), None)
    for link in document.iter("link"):
        media_type, address = link.get("type", ""), link.get("href", "")
        is_ours = link.get("rel") == "alternate" and media_type in _RELATIONSHIPS
        if moment is None or not is_ours or not address.startswith(f"data:{media_type};base64,"):
            raise ValueError("a link that is no file of a dated document")
        created = datetime.fromisoformat(moment.get("content", ""))
        yield Attachment(
            # Of bytes alone WeasyPrint would guess the media type.
            url=address,
            name=link.get("title"),
            created=created,
            modified=created,
            relationship=_RELATIONSHIPS[media_type],
        )


def claim(pdf: Any) -> None:
    """Say in the metadata that the document is PDF/UA, too, and name each file once.

    WeasyPrint writes one claim alone, and names each file twice.
    """
    metadata = next(each for each in pdf.objects if _is_metadata(each))
    [content] = metadata.stream
    metadata.stream = [content.replace(_END_OF_METADATA, _pdf_ua() + _END_OF_METADATA)]
    if "AF" in pdf.catalog:
        pdf.catalog["AF"] = Array(dict.fromkeys(pdf.catalog["AF"]))


def _is_metadata(each: Any) -> bool:
    return getattr(each, "extra", {}).get("Type") == "/Metadata"


@cache
def _pdf_ua() -> bytes:
    """The claim; PDF/A wants a description of each property that it does not know itself."""
    return Path(__file__).with_name("pdf_ua.xml").read_bytes()

"""Reports that stay one page on each paper and in each language, by smaller type where needed.

A report names its paper in its head: ``<meta name="paper" content="Letter">``. Where it takes more
than one page, it is laid out on a larger paper of the same shape, and drawn that much smaller.
Documents of many pages name it too, as ``sheets``: they are drawn as large as they are.
"""

from collections.abc import Callable
from functools import cache
from typing import Any
from xml.etree.ElementTree import Element

from weasyprint import CSS

_OF_ONE_PAGE, _OF_MANY = "paper", "sheets"
# Width and height in mm (ISO 216; ANSI/ASME Y14.1).
_PAPERS = {"A4": (210.0, 297.0), "Letter": (215.9, 279.4)}
# Letter at 0.94 is as high as A4. At the smallest one, type of 7.5 pt has 6.2 pt.
_ZOOMS = (1.0, 0.94, 0.9, 0.86, 0.82)


def fitted(document: Element, laid_out: Callable[..., Any]) -> tuple[Any, float]:
    """The pages of a document, and how large to draw them.

    ``laid_out`` makes pages with further stylesheets. A document that names no paper, or that takes
    more than one page at every size, is drawn as large as it is.
    """
    named = {each.get("name"): each.get("content", "") for each in document.iter("meta")}
    if _OF_MANY in named:
        return laid_out(_size(named[_OF_MANY], 1.0)), 1.0
    paper = named.get(_OF_ONE_PAGE)
    if paper is None:
        return laid_out(), 1.0
    whole = None
    for zoom in _ZOOMS:
        pages = laid_out(_size(paper, zoom))
        if len(pages.pages) == 1:
            return pages, zoom
        whole = whole or pages
    return whole, 1.0


@cache
def _size(paper: str, zoom: float) -> Any:
    width, height = (side / zoom for side in _PAPERS[paper])
    return CSS(string=f"@page {{ size: {width:.3f}mm {height:.3f}mm }}")

"""A document as WeasyPrint takes it, in less time than WeasyPrint needs for any document.

It is parsed as XML, and styled by the few rules for the elements that reports are made of.
"""

import re
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import cssselect2
from weasyprint import CSS, HTML

# Templates close no empty element, and XML has no name for the no-break space.
_EMPTY = re.compile(r'<((?:br|col|hr|img|link|meta)\b(?:[^>"]|"[^"]*")*?)/?>')
_ELEMENTS = {
    *("html", "head", "link", "meta", "title", "body", "div", "p", "h1", "h2", "h3", "img"),
    *("b", "br", "small", "span", "table", "thead", "tbody", "tr", "th", "td"),
}


@cache
def _short_stylesheet() -> Any:
    """What WeasyPrint's stylesheet for HTML says of ``_ELEMENTS``, parsed once a process."""
    return CSS(filename=Path(__file__).with_name("elements.css"))


class WellFormedPage(HTML):  # type: ignore[misc]
    """A well-formed document. Raises ``xml.etree.ElementTree.ParseError`` for any other."""

    def __init__(self, html: str, *, url_fetcher: Any) -> None:
        # Not the parent's, which parses by the rules of HTML; but its attributes.
        xml = _EMPTY.sub(r"<\1/>", html).replace("&nbsp;", "\u00a0")
        root = ElementTree.fromstring(xml)  # noqa: S314 - it comes from a template
        for table in root.iter("table"):
            _add_bodies(table)
        # WeasyPrint writes it as it stands, and readers show it with the template's line breaks.
        for title in root.iter("title"):
            title.text = " ".join((title.text or "").split())
        self.base_url = None
        self.url_fetcher = url_fetcher
        self.media_type = "print"
        self.wrapper_element = cssselect2.ElementWrapper.from_html_root(root, content_language=None)
        self.etree_element = root

    def _ua_stylesheets(self, forms: bool = False) -> list[Any]:
        if {element.tag for element in self.etree_element.iter()} <= _ELEMENTS:
            return [_short_stylesheet()]
        sheets: list[Any] = super()._ua_stylesheets(forms)
        return sheets


def _add_bodies(table: Element) -> None:
    """Put rows that stand in the table itself into a body, as HTML does."""
    children: list[Element] = []
    for is_row, together in groupby(table, lambda child: child.tag == "tr"):
        if is_row:
            body = Element("tbody")
            body.extend(together)
            children.append(body)
        else:
            children += together
    table[:] = children

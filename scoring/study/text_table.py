"""Tables of text for a terminal."""

import unicodedata
from collections.abc import Iterator, Sequence

from scoring.report.table import Table


def columns(text: str) -> int:
    """Columns on a terminal; a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


def text_table(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Lines of a table: first column to the left, the others to the right."""
    widths = [max(map(columns, column)) for column in zip(*rows, strict=True)]
    for first, *others in rows:
        cells = [first + " " * (widths[0] - columns(first))]
        for text, width in zip(others, widths[1:], strict=True):
            cells.append(" " * (width - columns(text)) + text)
        yield "  ".join(cells).rstrip()


def titled_table(table: Table) -> Iterator[str]:
    """Its title, header and rows."""
    yield table.title
    yield from text_table([table.header, *table.rows])

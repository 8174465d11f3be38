"""Cells that no spreadsheet takes for a formula, and lines of CSV made of them."""

import re
from collections.abc import Iterable

# OWASP, "CSV injection".
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠", "|", "｜")
_TEXT_KEPT = re.compile(r'= *"([^"]*)"')
_PLAIN_NUMBER = re.compile(r"[+-] ?[0-9]{1,15}([.,][0-9]{1,15})?", re.ASCII)


def safe(cell: str) -> str:
    """A cell as it was, unless a spreadsheet would take it for a formula; a number is none."""
    if cell.startswith(FORMULA_STARTS) and not _PLAIN_NUMBER.fullmatch(cell):
        return f"'{cell}"
    return cell


def as_it_was(cell: str) -> str:
    """A cell without the apostrophe of ``safe``: rows to mend are read again.

    The formula ="00123" is the text in it: so programs keep the zeros of a number in a CSV file.
    """
    if cell.startswith("'") and cell[1:].startswith(FORMULA_STARTS):
        cell = cell[1:]
    found = _TEXT_KEPT.fullmatch(cell)
    return found[1].strip() if found else cell


def quoted(cell: str, separator: str) -> str:
    """A cell as it stands in a line of CSV."""
    if separator in cell or '"' in cell or "\n" in cell or "\r" in cell:
        return '"' + cell.replace('"', '""') + '"'
    return cell


def csv_line(cells: Iterable[str], separator: str) -> str:
    """A line of CSV with its end, of which no cell is taken for a formula."""
    return separator.join([quoted(safe(cell), separator) for cell in cells]) + "\r\n"

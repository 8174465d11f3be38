"""Cells that no spreadsheet takes for a formula."""

import re

# OWASP, "CSV injection".
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠", "|", "｜")
_PLAIN_NUMBER = re.compile(r"[+-] ?[0-9]{1,15}([.,][0-9]{1,15})?", re.ASCII)


def safe(cell: str) -> str:
    """A cell as it was, unless a spreadsheet would take it for a formula; a number is none."""
    if cell.startswith(FORMULA_STARTS) and not _PLAIN_NUMBER.fullmatch(cell):
        return f"'{cell}"
    return cell

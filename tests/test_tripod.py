"""docs/tripod-ai.md has each of the 27 items once, and every link in it leads somewhere."""

import re
from pathlib import Path

DOCS = Path(__file__).resolve().parent.parent / "docs"
DOCUMENT = (DOCS / "tripod-ai.md").read_text()
# Collins et al., BMJ 2024;385:e078378: how many subitems an item has, 0 for none.
SUBITEMS = {3: 3, 5: 2, 6: 3, 8: 3, 9: 3, 12: 7, 18: 6, 20: 3, 23: 2, 27: 3}


def _expected() -> list[str]:
    found = []
    for item in range(1, 28):
        letters = "abcdefg"[: SUBITEMS.get(item, 0)]
        found += [f"{item}{letter}" for letter in letters] or [str(item)]
    return found


def _rows() -> list[list[str]]:
    lines = [line for line in DOCUMENT.splitlines() if re.match(r"\| \d", line)]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines]


def _anchors(document: Path) -> set[str]:
    """The anchors of its headings, as GitHub makes them."""
    headings = re.findall(r"^#+ (.+)$", document.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", one.lower()).replace(" ", "-") for one in headings}


def test_each_item_once_and_in_order() -> None:
    assert len(_expected()) == 52
    assert [row[0] for row in _rows()] == _expected()


def test_every_row_says_what_and_where() -> None:
    for row in _rows():
        assert len(row) == 4, row
        assert all(row), row
        # Where the paper has it: a section, table or figure of its own, or that it has not.
        said = r"[Ss]ection|Table|Figure|Title|Abstract|Not reported|None|Does not apply|statement"
        assert re.search(f"{said}|Funding|Conflict of interest", row[2]), row


def test_every_link_leads_to_a_heading() -> None:
    links = re.findall(r"\]\((?!https:)([^)#]+)(?:#([^)]+))?\)", DOCUMENT)
    assert len(links) > 40
    for name, anchor in links:
        document = (DOCS / name).resolve()
        assert document.exists(), name
        assert not anchor or anchor in _anchors(document), f"{name}#{anchor}"

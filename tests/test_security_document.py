"""docs/security.md names tests that exist, and every requirement once."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DOCUMENT = (ROOT / "docs" / "security.md").read_text()
# Requirements of level 3 alone, which the table leaves out: chapter 16, say, has 16.5.4.
CHAPTERS = range(1, 18)


def _rows() -> list[list[str]]:
    """Every row of the tables of requirements: numbers, requirement, how, test."""
    found = DOCUMENT.partition("## ASVS 5.0, levels 1 and 2")[2]
    lines = [line for line in found.splitlines() if re.match(r"\| \d", line)]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines]


def test_every_test_that_is_named_exists() -> None:
    named = set(re.findall(r"`(tests/[\w/.]+)`", DOCUMENT))
    assert len(named) > 25
    assert [path for path in sorted(named) if not (ROOT / path).exists()] == []


def test_every_row_says_how_and_names_a_known_test() -> None:
    table = DOCUMENT.partition("## The tests by name")[2].partition("\n## ")[0]
    known = set(re.findall(r"^\| ([a-z ]+) \| `", table, re.MULTILINE))
    assert len(known) >= 14
    rows = _rows()
    assert len(rows) > 140
    for row in rows:
        assert len(row) == 4, row
        numbers, requirement, how, tests = row
        assert requirement
        assert how
        for test in tests.split(", "):
            assert test == "–" or test in known or test.startswith("`tests/"), (numbers, test)


def test_every_chapter_is_there_and_no_requirement_twice() -> None:
    for chapter in CHAPTERS:
        assert re.search(rf"^### V{chapter} ", DOCUMENT, re.MULTILINE)
    numbers = [number for row in _rows() for number in row[0].split(", ")]
    assert len(numbers) == len(set(numbers))


def test_what_the_settings_say_stands_here() -> None:
    settings = set(re.findall(r"`(RBP_[A-Z_]+)", DOCUMENT))
    listed = set(re.findall(r"^(\w+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))
    assert settings <= listed

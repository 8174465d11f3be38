"""docs/security.md names tests that exist, every requirement once, and counts them rightly."""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DOCUMENT = (ROOT / "docs" / "security.md").read_text()
# ASVS 5.0.0, chapter by chapter: for each section how many requirements of level 1, 2 and 3 it has.
# Within a section they are numbered in this order: 1.2 has five, then four, then 1.2.10 of level 3.
SECTIONS = {
    1: "020 541 291 030 111",
    2: "120 210 131 011",
    3: "001 201 131 242 323 001 023",
    4: "122 014 020 130",
    5: "010 213 201 030",
    6: "120 840 224 222 053 031 002 040",
    7: "030 400 020 230 021 020",
    8: "112 211 102 011",
    9: "300 130",
    10: "020 021 041 565 050 020 030",
    11: "022 032 212 130 011 011 002",
    12: "122 200 041",
    13: "013 051 022 142",
    14: "020 134 120",
    15: "122 122 160 004",
    16: "010 050 040 030 031",
    17: "011 044 020",
}
ALL = {1: 70, 2: 183, 3: 92}
MET, DECIDED, NOT_APPLICABLE, NOT_MET = range(4)
# Modules whose import is a use of cryptography or of random numbers that must not be guessed.
CRYPTOGRAPHY = (
    "argon2", "cryptography", "django.contrib.auth.hashers", "django.core.signing",
    "django.utils.crypto", "fido2", "hashlib", "hmac", "jwt", "secrets", "django_otp.oath",
)  # fmt: skip


def _levels() -> dict[str, int]:
    """The level of each requirement by its number, in the order of the standard."""
    levels = {}
    for chapter, sections in SECTIONS.items():
        for section, counts in enumerate(sections.split(), start=1):
            ordered = [level for level in (1, 2, 3) for _ in range(int(counts[level - 1]))]
            for number, level in enumerate(ordered, start=1):
                levels[f"{chapter}.{section}.{number}"] = level
    return levels


LEVELS = _levels()


def _rows() -> list[list[str]]:
    """Every row of the tables of requirements: numbers, requirement, how, test."""
    found = DOCUMENT.partition("### V1 ")[2]
    lines = [line for line in found.splitlines() if re.match(r"\| \*?\d", line)]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines]


def _numbers(cell: str) -> Iterator[tuple[str, bool | None]]:
    """Each requirement that a cell names, and whether in italics; None of a whole section."""
    for italic, first, last in re.findall(r"(\*?)(\d[\d.]*)(?: – (\d[\d.]*))?", _unfolded(cell)):
        whole = first.count(".") == 1
        named = [n for n in LEVELS if _place(first) <= _place(n, whole) <= _place(last or first)]
        assert named, first
        for number in named:
            yield number, None if whole else bool(italic)


def _unfolded(cell: str) -> str:
    """``*1.2.3, 1.2.4*`` as ``*1.2.3, *1.2.4``."""
    return re.sub(r"\*([^*]+)\*", lambda found: re.sub(r"(^|, )", r"\1*", found[1]), cell)


def _place(number: str, whole: bool = False) -> list[int]:
    parts = [int(part) for part in number.split(".")]
    return parts[:2] if whole else parts


def _state(how: str) -> int:
    if how.startswith("not applicable"):
        return NOT_APPLICABLE
    if "not met" not in how.casefold():
        return MET
    return DECIDED if "Not met where" in how else NOT_MET


def _counted() -> Counter[tuple[int, int]]:
    """How many requirements of a level are in a state."""
    return Counter(
        (LEVELS[number], _state(how)) for cell, _, how, _ in _rows() for number, _ in _numbers(cell)
    )


def test_the_standard_has_so_many_requirements() -> None:
    assert Counter(LEVELS.values()) == ALL


def test_every_requirement_stands_in_the_table_once() -> None:
    found = [number for row in _rows() for number, _ in _numbers(row[0])]
    assert sorted(found, key=_place) == list(LEVELS)


def test_level_3_is_in_italics() -> None:
    for row in _rows():
        for number, is_italic in _numbers(row[0]):
            assert is_italic in {None, LEVELS[number] == 3}, number


def test_the_counts_are_those_of_the_table() -> None:
    counted = _counted()
    for level, all_of_it in ALL.items():
        states = [counted[level, state] for state in range(4)]
        row = " | ".join(map(str, [level, *states, all_of_it]))
        assert f"| {row} |" in DOCUMENT, row


def test_what_is_claimed_is_what_is_counted() -> None:
    counted = _counted()
    fulfilled = {
        level: sum(counted[level, state] for state in (MET, DECIDED, NOT_APPLICABLE))
        for level in ALL
    }
    claim = (
        f"{fulfilled[1] + fulfilled[2]} of the {ALL[1] + ALL[2]} requirements of levels 1 and 2, "
        f"and {fulfilled[3]} of the {ALL[3]} of level 3"
    )
    for text in (DOCUMENT, (ROOT / "SECURITY.md").read_text()):
        assert claim in " ".join(text.split()), claim


def test_every_test_that_is_named_exists() -> None:
    named = set(re.findall(r"`(tests/[\w/.]+)`", DOCUMENT))
    assert len(named) > 25
    assert [path for path in sorted(named) if not (ROOT / path).exists()] == []


def test_every_row_says_how_and_names_a_known_test() -> None:
    table = DOCUMENT.partition("## The tests by name")[2].partition("\n## ")[0]
    known = set(re.findall(r"^\| ([a-z ]+) \| `", table, re.MULTILINE))
    assert len(known) >= 14
    used = set()
    for row in _rows():
        assert len(row) == 4, row
        numbers, requirement, how, tests = row
        assert requirement
        assert how
        used |= set(tests.split(", "))
        for test in tests.split(", "):
            assert test == "–" or test in known or test.startswith("`tests/"), (numbers, test)
    assert known <= used


def test_every_use_of_cryptography_is_named() -> None:
    section = DOCUMENT.partition("## Where cryptography is used")[2].partition("\n## ")[0]
    named = set(re.findall(r"`((?:scoring|rbpsite)/[\w/]+\.py)`", section))
    using = {
        path.relative_to(ROOT).as_posix()
        for folder in ("scoring", "rbpsite")
        for path in (ROOT / folder).rglob("*.py")
        if "migrations" not in path.parts and _uses_cryptography(path)
    }
    assert len(using) > 10
    assert using <= named
    assert all((ROOT / path).exists() for path in named)


def _uses_cryptography(path: Path) -> bool:
    modules = set[str]()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            modules |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            modules |= {f"{node.module}.{alias.name}" for alias in node.names}
    return any(f"{module}.".startswith(f"{known}.") for module in modules for known in CRYPTOGRAPHY)


def test_what_the_settings_say_stands_here() -> None:
    settings = set(re.findall(r"`(RBP_[A-Z0-9_]+)", DOCUMENT))
    listed = set(re.findall(r"^(\w+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))
    assert settings <= listed

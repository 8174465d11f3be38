"""Each document that stands in Chinese, too, has the same sections, commands and links there."""

import re
from collections import Counter
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).resolve().parents[1]
CHINESE = ".zh-CN.md"
# A reader finds the way from either to the other.
PAIRS = sorted(path for path in (*ROOT.glob(f"*{CHINESE}"), *ROOT.glob(f"docs/*{CHINESE}")))
# What a Chinese hospital needs first.
NEEDED = {
    *("README", "clinicians", "installation", "operations", "accounts", "access-log"),
    "integration",
}

_FENCE = re.compile(r"^( *)```\n(.*?)^\1```$", re.MULTILINE | re.DOTALL)
_INDENTED = re.compile(r"(?<=\n\n)(?: {4}[^ ].*\n(?: {4,}.*\n)*)")
_CODE = re.compile(r"`([^`\n]+)`")
_LINK = re.compile(r"\]\(([^)\s]+)\)")
_IMAGE = re.compile(r'<img src="([^"]+)"')
_COMMENT = re.compile(r" +# .*")


class Section(NamedTuple):
    """What both languages must have alike: the level of the heading, commands and code, links."""

    level: int
    code: Counter[str]
    links: Counter[tuple[str, int]]


def test_every_picture_is_there_in_each_language_and_differs() -> None:
    for folder, endings in (
        (ROOT / "docs" / "images", (".png", ".zh-CN.png")),
        (ROOT / "static" / "scoring" / "help", (".en.png", ".zh-hans.png")),
    ):
        names = {path.name.partition(".")[0] for path in folder.glob("*.png")}
        assert names, folder
        for name in names:
            english, chinese = ((folder / f"{name}{ending}").read_bytes() for ending in endings)
            assert english != chinese, f"{folder.name}/{name}: run script/screenshots"


def english_of(chinese: Path) -> Path:
    return chinese.with_name(chinese.name.replace(CHINESE, ".md"))


def headings(text: str) -> list[tuple[int, str]]:
    """Level and words of each heading."""
    without_code = _FENCE.sub("", text)
    found = re.findall(r"^(#+) (.+)$", without_code, re.MULTILINE)
    return [(len(marks), words) for marks, words in found]


def anchors(text: str) -> list[str]:
    """What a link to each heading says after the #, as GitHub makes it: a second name has "-1"."""
    found: list[str] = []
    seen: Counter[str] = Counter()
    for _, words in headings(text):
        name = re.sub(r"[^\w\- ]", "", words.lower()).replace(" ", "-")
        found.append(f"{name}-{seen[name]}" if seen[name] else name)
        seen[name] += 1
    return found


def target(document: Path, link: str) -> tuple[str, int]:
    """The English name of what a link leads to, and the number of the heading there."""
    path, _, to = link.partition("#")
    if path.startswith(("http:", "https:")):
        return link, 0
    found = (document.parent / path).resolve() if path else document
    assert found.exists(), f"{document.name}: {link}"
    name = str(found.relative_to(ROOT)).replace(".zh-CN.", ".")
    if not to:
        return name, 0
    there = anchors(found.read_text())
    assert to in there, f"{document.name}: {link}"
    return name, there.index(to)


def sections(document: Path) -> list[Section]:
    """The parts of a document, each from its heading to the next."""
    text = document.read_text()
    parts = re.split(r"^(?=#+ )", text, flags=re.MULTILINE)
    found = []
    for part in parts:
        if not part.startswith("#"):
            continue
        blocks = [block for _, block in _FENCE.findall(part)]
        blocks += _INDENTED.findall(_FENCE.sub("", part))
        lines = [_COMMENT.sub("", line).strip() for block in blocks for line in block.splitlines()]
        prose = _INDENTED.sub("", _FENCE.sub("", part))
        links = [*_LINK.findall(prose), *_IMAGE.findall(prose)]
        to_other = {document.name, english_of(document).name, _chinese_name(document)}
        found.append(
            Section(
                level=len(part) - len(part.lstrip("#")),
                code=Counter([*filter(None, lines), *_CODE.findall(prose)]),
                links=Counter(target(document, link) for link in links if link not in to_other),
            )
        )
    return found


def _chinese_name(document: Path) -> str:
    return document.name if document.name.endswith(CHINESE) else f"{document.stem}{CHINESE}"


def test_the_needed_documents_are_there() -> None:
    assert {path.name.removesuffix(CHINESE) for path in PAIRS} >= NEEDED


@pytest.mark.parametrize("chinese", PAIRS, ids=lambda path: path.name)
def test_both_languages_are_in_step(chinese: Path) -> None:
    english = english_of(chinese)
    theirs, ours = sections(english), sections(chinese)
    assert [part.level for part in ours] == [part.level for part in theirs]
    for (_, heading), here, there in zip(headings(chinese.read_text()), ours, theirs, strict=True):
        assert here.code == there.code, heading
        assert here.links == there.links, heading


@pytest.mark.parametrize("chinese", PAIRS, ids=lambda path: path.name)
def test_each_leads_to_the_other(chinese: Path) -> None:
    assert f"[English]({english_of(chinese).name})" in chinese.read_text()
    assert f"[简体中文]({chinese.name})" in english_of(chinese).read_text()

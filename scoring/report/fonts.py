"""Which characters the fonts of this computer can print.

Pango takes a letter that the fonts of the stylesheet lack from any other font fontconfig knows, so
all of them together are asked, once a process.
"""

import subprocess
import unicodedata
from bisect import bisect_right
from functools import cache
from hashlib import sha256

from django.conf import settings

from scoring.entry.characters import is_invisible

_ASK = ("fc-list", "--format", "%{charset}\n")
# Without a fontconfig that answers nothing is known, and nothing is said.
_EVERYTHING = [(0, 0x10FFFF)]


def fontconfig_says(*command: str) -> str:
    """What a program of fontconfig answers. Raises OSError, SubprocessError.

    As it is asked for a PDF, it has the time of one: on a busy computer it may take long.
    """
    return subprocess.run(  # noqa: S603 - no word of it comes from outside
        command, capture_output=True, text=True, check=True, timeout=settings.PDF_SECONDS
    ).stdout


def unprintable_count(*texts: str) -> int:
    """How many characters of the texts would print as boxes."""
    return sum(
        text.count(character)
        for text in texts
        for character in set(text)
        if not _is_printable(character)
    )


def _is_printable(character: str) -> bool:
    code = ord(character)
    if code <= 0x7E or is_invisible(character) or unicodedata.category(character)[0] == "Z":
        return True
    spans = _spans()
    place = bisect_right(spans, (code, 0x10FFFF)) - 1
    return place >= 0 and spans[place][0] <= code <= spans[place][1]


@cache
def printable() -> str:
    """Stands for which characters can be printed: another digest where a font came or went."""
    return sha256(repr(_spans()).encode()).hexdigest()


@cache
def _spans() -> list[tuple[int, int]]:
    """Code points that some font has, as spans in order that do not touch each other."""
    try:
        said = fontconfig_says(*_ASK)
    except (OSError, subprocess.SubprocessError):
        return _EVERYTHING
    return _merged({_span(word) for word in said.split()}) or _EVERYTHING


def _span(word: str) -> tuple[int, int]:
    """A span as fontconfig writes it: "4e00-9fff", or one code point."""
    first, _, last = word.partition("-")
    return int(first, 16), int(last or first, 16)


def _merged(spans: set[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for first, last in sorted(spans):
        if merged and first <= merged[-1][1] + 1:
            merged[-1] = (merged[-1][0], max(merged[-1][1], last))
        else:
            merged.append((first, last))
    return merged

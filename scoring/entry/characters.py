"""Which characters a text may hold that somebody types: one policy for names, reasons and all else.

A character that is not seen hides what stands beside it or turns it round. So each of them is
refused but those that belong to a letter: joiners between two letters (Persian, Indian scripts),
and selectors that choose the shape of the character before them (Chinese, Japanese, Mongolian).
"""

import unicodedata
from dataclasses import dataclass
from enum import Enum

_JOINERS = "\u200c\u200d"
_MONGOLIAN_SEPARATOR = "\u180e"
_MONGOLIAN = range(0x1800, 0x18B0)
_MONGOLIAN_SELECTORS = frozenset("\u180b\u180c\u180d\u180f")
_SELECTORS = (range(0xFE00, 0xFE10), range(0xE0100, 0xE01F0))
_DIRECTIONS = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
# Letters and marks by their category, and not seen all the same.
_BLANKS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
_VIRAMA = 9
# Ideographs alone, also those that the Unicode of this Python does not know yet.
_IDEOGRAPHIC_PLANES = range(0x20000, 0x3FFFE)
_PLANE_END = 0xFFFE


class Kind(Enum):
    """Why a character is refused."""

    CONTROL = "control"
    DIRECTION = "direction"
    INVISIBLE = "invisible"
    LINE = "line"
    PRIVATE = "private"
    UNASSIGNED = "unassigned"


_KIND_BY_CATEGORY = {
    "Cc": Kind.CONTROL,
    "Cf": Kind.INVISIBLE,
    "Zl": Kind.LINE,
    "Zp": Kind.LINE,
    "Co": Kind.PRIVATE,
    "Cn": Kind.UNASSIGNED,
    "Cs": Kind.UNASSIGNED,
}


@dataclass(frozen=True)
class Refused:
    """The first character of a text that may not stand there; ``place`` counts from 0."""

    kind: Kind
    character: str
    place: int


def refused_character(text: str) -> Refused | None:
    """The first character that a text may not hold, None where there is none."""
    for place, character in enumerate(text):
        kind = _kind(character)
        if kind and not _belongs_to_a_letter(text, place):
            return Refused(kind, character, place)
    return None


def visible(text: str) -> str:
    """A text from outside for a log: what it may not hold is written as its code, [U+202E]."""
    parts = []
    while refused := refused_character(text):
        parts.append(f"{text[: refused.place]}[U+{ord(refused.character):04X}]")
        text = text[refused.place + 1 :]
    return "".join(parts) + text


def has_letter(text: str) -> bool:
    """Whether at least one letter is seen."""
    return any(_is_letter(character) for character in text)


def is_ideograph(character: str) -> bool:
    """Whether it is a Chinese character of the planes that hold nothing else."""
    code = ord(character)
    return code in _IDEOGRAPHIC_PLANES and code & _PLANE_END != _PLANE_END


def is_chinese(name: str) -> bool:
    """Whether a name is written in Chinese characters alone; 买买提·吐尔逊 has a dot between."""
    return bool(name) and all(map(_is_in_a_chinese_name, name))


def _is_in_a_chinese_name(character: str) -> bool:
    is_common = unicodedata.name(character, "").startswith("CJK UNIFIED IDEOGRAPH")
    return is_common or is_ideograph(character) or character == "·"


def is_invisible(character: str) -> bool:
    """Whether nothing is seen where it stands, which is not so of a space."""
    return unicodedata.category(character) in {"Cc", "Cf"} or (
        character in _BLANKS or _is_selector(character)
    )


def _kind(character: str) -> Kind | None:
    if character in _DIRECTIONS:
        return Kind.DIRECTION
    if is_ideograph(character):
        return None
    if character in _BLANKS or _is_selector(character):
        return Kind.INVISIBLE
    return _KIND_BY_CATEGORY.get(unicodedata.category(character))


def _is_selector(character: str) -> bool:
    return character in _MONGOLIAN_SELECTORS or any(ord(character) in some for some in _SELECTORS)


def _is_letter(character: str) -> bool:
    if character in _BLANKS:
        return False
    return unicodedata.category(character).startswith("L") or is_ideograph(character)


def _belongs_to_a_letter(text: str, place: int) -> bool:
    character, before, after = text[place], text[:place], text[place + 1 :]
    if character in _JOINERS:
        # A virama before it is the end of a letter that a joiner gives its shape.
        is_shaped = bool(before) and unicodedata.combining(before[-1]) == _VIRAMA
        return is_shaped or (_ends_in_letter(before) and _is_letter(after[:1] or " "))
    if character == _MONGOLIAN_SEPARATOR:
        return _is_mongolian(before[-1:]) and _is_mongolian(after[:1])
    if character in _MONGOLIAN_SELECTORS:
        return _is_mongolian(before[-1:])
    return _is_selector(character) and _is_letter(before[-1:] or " ")


def _ends_in_letter(text: str) -> bool:
    """Whether the last character is a letter, or marks that stand on one."""
    for character in reversed(text):
        if unicodedata.category(character)[0] != "M":
            return _is_letter(character)
    return False


def _is_mongolian(character: str) -> bool:
    return bool(character) and ord(character) in _MONGOLIAN

"""The fonts of a foot that is drawn into a kept report, with the few letters that it needs.

HarfBuzz shapes the letters and cuts the fonts, as it does for the renderer. What it cut is kept in
this process: the next foot with the same letters takes it as it is.
"""

import struct
import subprocess
import unicodedata
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from io import BytesIO
from itertools import groupby

import uharfbuzz as hb  # type: ignore[import-untyped]
from fontTools.cffLib import CFFFontSet

from scoring.report.fonts import fontconfig_says

# As body in report.css: a letter is taken from the first one that has it.
_CHINESE = "Noto Sans CJK SC"
_FAMILIES = ("Liberation Sans", "DejaVu Sans", _CHINESE)
# As #foot in report.css.
_SIZE_PT, _COLOR = 7.5, "0.078431 0.129412 0.168627"
# 80 % of the width between the margins of A4: a longer foot takes two lines, or more.
WIDTH_PT = 412.0
_FONT_FLAGS = 32
_NOT_DRAWN = (
    *("BASE", "GDEF", "GPOS", "GSUB", "OS/2", "VORG", "cmap", "gasp", "kern", "name", "post"),
    *("vhea", "vmtx"),
)
_CMAP = """/CIDInit /ProcSet findresource begin 12 dict begin begincmap
/CMapName /Foot def /CMapType 2 def
1 begincodespacerange <0000> <FFFF> endcodespacerange
{count} beginbfchar
{pairs}
endbfchar
endcmap CMapName currentdict /CMap defineresource pop end end"""
# As many as one list of a CMap may have.
_MOST_LETTERS = 100
# A few kilobytes each: for names, months and kinds of paper.
_MOST_KEPT = 256
# Written from right to left, invisible, or drawn in colors by another font.
_OTHER_DIRECTIONS = {"R", "AL", "AN"}
_OTHER_CATEGORIES = {"Cc", "Cf", "Cn", "Co", "Cs", "So", "Zl", "Zp"}


class UnstampableError(Exception):
    """The foot does not fit on one line, or has letters that are left to the renderer."""


@dataclass(frozen=True)
class _Glyph:
    """One of a foot: its text, its width, and how far it moves on, in thousandths of the size."""

    number: int
    text: str
    width: int
    advance: int


@dataclass(frozen=True)
class _Cut:
    """What of a font draws some glyphs: its file as an object of a PDF, and the code of each."""

    file: bytes
    codes: dict[int, int]


@dataclass(frozen=True)
class Foot:
    """The glyphs of a foot, in runs of one font each."""

    runs: tuple[tuple[str, tuple[_Glyph, ...]], ...]

    @property
    def families(self) -> list[str]:
        """Its fonts. They are named /F0, /F1 and so on."""
        return sorted({family for family, _glyphs in self.runs}, key=_FAMILIES.index)

    def operators(self) -> str:
        """What draws it."""
        families = self.families
        drawn = [
            f"/F{families.index(family)} {_SIZE_PT} Tf [{self._codes(family, glyphs)}] TJ"
            for family, glyphs in self.runs
        ]
        return f"BT {_COLOR} rg 0 {-self._lowered_pt():.4f} Td {' '.join(drawn)} ET"

    def _lowered_pt(self) -> float:
        """How far its base line is below that of the first font alone.

        WeasyPrint centers a line by its highest and lowest font, and then the foot by its line.
        """
        sizes = [_ascent_and_descent(_face(family)) for family in {_FAMILIES[0], *self.families}]
        highest, lowest = max(up for up, _down in sizes), min(down for _up, down in sizes)
        return (highest + lowest - sum(_ascent_and_descent(_face(_FAMILIES[0])))) / 4000 * _SIZE_PT

    def font(self, family: str, first: int) -> list[bytes]:
        """The objects of a font, numbered from ``first`` on; the first one is the font itself."""
        face, cut = _face(family), self._cut(family)
        glyphs = {each.number: each for each in self._glyphs(family)}
        name = b"/ABCDEF+" + family.replace(" ", "-").encode()
        coded = sorted((cut.codes[number], glyph) for number, glyph in glyphs.items())
        widths = " ".join(f"{code} [{glyph.width}]" for code, glyph in coded).encode()
        pairs = [f"<{code:04x}> <{glyph.text.encode('utf-16-be').hex()}>" for code, glyph in coded]
        kind, key = (
            (b"/CIDFontType0", b"/FontFile3")
            if _has_cff(face)
            else (b"/CIDFontType2 /CIDToGIDMap /Identity", b"/FontFile2")
        )
        ascent, descent = _ascent_and_descent(face)
        return [
            b"<</Type /Font /Subtype /Type0 /BaseFont %s /Encoding /Identity-H "
            b"/DescendantFonts [%d 0 R] /ToUnicode %d 0 R>>" % (name, first + 1, first + 4),
            b"<</Type /Font /Subtype %s /BaseFont %s "
            b"/CIDSystemInfo <</Registry (Adobe) /Ordering (Identity) /Supplement 0>> "
            b"/FontDescriptor %d 0 R /W [%s]>>" % (kind, name, first + 2, widths),
            b"<</Type /FontDescriptor /FontName %s /Flags %d /FontBBox [%s] "
            b"/ItalicAngle 0 /Ascent %d /Descent %d /CapHeight %d /StemV 80 %s %d 0 R>>"
            % (name, _FONT_FLAGS, _box(face), ascent, descent, ascent, key, first + 3),
            cut.file,
            _packed(_CMAP.format(count=len(pairs), pairs="\n".join(pairs)).encode()),
        ]

    def _glyphs(self, family: str) -> Iterator[_Glyph]:
        return (each for of, glyphs in self.runs if of == family for each in glyphs)

    def _cut(self, family: str) -> _Cut:
        """With all digits, so that the next minute takes the same."""
        digits = _digits(family) if family == _FAMILIES[0] else frozenset()
        return _cut(family, digits | {each.number for each in self._glyphs(family)})

    def _codes(self, family: str, glyphs: Iterable[_Glyph]) -> str:
        codes = self._cut(family).codes
        return "".join(
            f"<{codes[each.number]:04x}>{each.width - each.advance or ''}" for each in glyphs
        )


@lru_cache(maxsize=_MOST_KEPT)
def foot_of(text: str) -> Foot:
    """The text shaped, with its fonts. Raises UnstampableError.

    A print asks twice: whether it can be drawn, and then for what draws it.
    """
    if len(set(text)) > _MOST_LETTERS or any(map(_is_left_to_the_renderer, text)):
        raise UnstampableError
    letters = zip(_families(text), text, strict=True)
    runs = tuple(
        (family, _shaped(family, "".join(letter for _family, letter in run)))
        for family, run in groupby(letters, key=lambda each: each[0])
    )
    width = sum(glyph.advance for _family, glyphs in runs for glyph in glyphs)
    if width * _SIZE_PT / 1000 > WIDTH_PT:
        raise UnstampableError
    return Foot(runs)


def _is_left_to_the_renderer(letter: str) -> bool:
    return (
        unicodedata.bidirectional(letter) in _OTHER_DIRECTIONS
        or unicodedata.category(letter) in _OTHER_CATEGORIES
    )


def _families(text: str) -> list[str]:
    """The font of each letter; a space takes that of a letter beside it, as with Pango.

    Between Chinese and a letter of another script it belongs to the Chinese before it; otherwise
    the former one in the list of fonts counts.
    """
    found = [None if letter == " " else _family_of(letter) for letter in text]
    families: list[str] = []
    before = _FAMILIES[0]
    for place, family in enumerate(found):
        if family is None:
            end = next((i for i in range(place, len(text)) if found[i]), None)
            after = _FAMILIES[0] if end is None else found[end] or before
            begins_a_script = end is not None and text[end].isalpha()
            if not (before == _CHINESE and begins_a_script):
                before = min(before, after, key=_FAMILIES.index)
        families.append(family or before)
        before = families[-1]
    return families


def _family_of(letter: str) -> str:
    for family in _FAMILIES:
        if ord(letter) in _letters(family):
            return family
    raise UnstampableError


def _shaped(family: str, text: str) -> tuple[_Glyph, ...]:
    """The glyphs of a run. Raises UnstampableError where one does not simply follow another."""
    font = hb.Font(_face(family))
    buffer = hb.Buffer()
    buffer.add_str(text)
    buffer.guess_segment_properties()
    hb.shape(font, buffer)
    if any(place.x_offset or place.y_offset for place in buffer.glyph_positions):
        raise UnstampableError
    begins = [info.cluster for info in buffer.glyph_infos]
    if len(set(begins)) < len(begins) or begins != sorted(begins):
        raise UnstampableError
    return tuple(
        _Glyph(
            info.codepoint,
            text[info.cluster : end],
            _of_thousand(font.face, font.get_glyph_h_advance(info.codepoint)),
            _of_thousand(font.face, place.x_advance),
        )
        for info, place, end in zip(
            buffer.glyph_infos, buffer.glyph_positions, [*begins[1:], len(text)], strict=True
        )
    )


@cache
def _face(family: str) -> hb.Face | None:
    """A font as fontconfig finds it for the renderer; None where it is not installed."""
    try:
        said = fontconfig_says("fc-match", "--format", "%{family}\n%{index}\n%{file}", family)
        found, index, file = said.split("\n", 2)
        return hb.Face(hb.Blob.from_file_path(file), int(index)) if found == family else None
    except (OSError, subprocess.SubprocessError, ValueError, hb.HarfBuzzError) as error:
        raise UnstampableError from error


@cache
def _letters(family: str) -> hb.Set:
    face = _face(family)
    return face.unicodes if face else hb.Set()


@cache
def _digits(family: str) -> frozenset[int]:
    return frozenset(each.number for each in _shaped(family, "0123456789"))


@lru_cache(maxsize=_MOST_KEPT)
def _cut(family: str, glyphs: frozenset[int]) -> _Cut:
    """What of a font draws these glyphs."""
    face = _face(family)
    cut = hb.SubsetInput()
    cut.glyph_set.update(glyphs)
    cut.drop_table_tag_set.update(int.from_bytes(tag.ljust(4).encode()) for tag in _NOT_DRAWN)
    cut.flags = hb.SubsetFlags.NO_HINTING | hb.SubsetFlags.NOTDEF_OUTLINE
    if not _has_cff(face):
        cut.flags |= hb.SubsetFlags.RETAIN_GIDS
        file = hb.subset(face, cut).blob.data
        return _Cut(_packed(file, b"/Length1 %d" % len(file)), {each: each for each in glyphs})
    plan = hb.SubsetPlan(face, cut)
    file = plan.execute().reference_table("CFF ").data
    # In a PDF, a code is a CID of such a font.
    fonts = CFFFontSet()
    fonts.decompile(BytesIO(file), otFont=None)
    charset = fonts[0].charset
    numbers = plan.old_to_new_glyph_mapping
    codes = {each: int(charset[numbers[each]].removeprefix("cid")) for each in glyphs}
    return _Cut(_packed(file, b"/Subtype /CIDFontType0C"), codes)


def _has_cff(face: hb.Face) -> bool:
    return "CFF " in face.table_tags


def _ascent_and_descent(face: hb.Face) -> tuple[int, int]:
    """The descent is negative."""
    extents = hb.Font(face).get_font_extents("ltr")
    return _of_thousand(face, extents.ascender), _of_thousand(face, extents.descender)


def _box(face: hb.Face) -> bytes:
    """The box around all glyphs, which stands in the table of the font's head."""
    sides = struct.unpack_from(">4h", face.reference_table("head").data, 36)
    return b"%d %d %d %d" % tuple(_of_thousand(face, side) for side in sides)


def _of_thousand(face: hb.Face, units: int) -> int:
    return round(units * 1000 / int(face.upem))


def pdf_stream(data: bytes, entries: bytes) -> bytes:
    """A stream of a PDF with these entries of its dictionary."""
    return b"<<%s /Length %d>>\nstream\n%s\nendstream" % (entries, len(data), data)


def _packed(data: bytes, entries: bytes = b"") -> bytes:
    return pdf_stream(zlib.compress(data), entries + b" /Filter /FlateDecode")

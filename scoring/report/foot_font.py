"""The font of a foot that is drawn into a kept report, with the few letters that it needs."""

import subprocess
import zlib
from dataclasses import dataclass
from functools import cache, lru_cache
from io import BytesIO
from itertools import pairwise, product
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

# As #foot in report.css.
_FONT, _SIZE_PT, _COLOR = "Liberation Sans", 7.5, "0.078431 0.129412 0.168627"
# 80 % of the width between the margins of A4: a longer foot takes two lines, or more.
WIDTH_PT = 412.0
_FONT_FLAGS = 32
_NOT_DRAWN = ("GPOS", "GSUB", "GDEF", "kern", "name", "post", "OS/2", "FFTM", "gasp")
_CMAP = """/CIDInit /ProcSet findresource begin 12 dict begin begincmap
/CMapName /Foot def /CMapType 2 def
1 begincodespacerange <0000> <FFFF> endcodespacerange
{count} beginbfchar
{pairs}
endbfchar
endcmap CMapName currentdict /CMap defineresource pop end end"""
# As many as one list of a CMap may have.
_MOST_LETTERS = 100


class UnstampableError(Exception):
    """The foot does not fit on one line, or has letters that its font lacks."""


@dataclass(frozen=True)
class FootFont:
    """A font with the letters of a foot: glyph, width and kerning, in thousandths of its size."""

    file: bytes
    glyphs: dict[str, int]
    widths: dict[str, int]
    kerns: dict[tuple[str, str], int]
    box: tuple[int, int, int, int]
    ascent: int
    descent: int

    def shown(self, text: str) -> str:
        """The operators that draw a text with this font, which is named /F.

        Raises UnstampableError where the text is too wide.
        """
        kerns = [self.kerns.get(pair, 0) for pair in pairwise(text)]
        width = sum(self.widths[letter] for letter in text) + sum(kerns)
        if width * _SIZE_PT / 1000 > WIDTH_PT:
            raise UnstampableError
        shown = "".join(
            f"<{self.glyphs[letter]:04x}>{-kern or ''}"
            for letter, kern in zip(text, [*kerns, 0], strict=True)
        )
        return f"BT {_COLOR} rg /F {_SIZE_PT} Tf [{shown}] TJ ET"

    def objects(self, first: int) -> list[bytes]:
        """The objects of a PDF, numbered from ``first`` on; the first one is the font."""
        name = b"/ABCDEF+" + _FONT.replace(" ", "-").encode()
        widths = " ".join(f"{self.glyphs[x]} [{self.widths[x]}]" for x in sorted(self.glyphs))
        pairs = [
            f"<{glyph:04x}> <{letter.encode('utf-16-be').hex()}>"
            for letter, glyph in sorted(self.glyphs.items())
        ]
        return [
            b"<</Type /Font /Subtype /Type0 /BaseFont %s /Encoding /Identity-H "
            b"/DescendantFonts [%d 0 R] /ToUnicode %d 0 R>>" % (name, first + 1, first + 4),
            b"<</Type /Font /Subtype /CIDFontType2 /BaseFont %s /CIDToGIDMap /Identity "
            b"/CIDSystemInfo <</Registry (Adobe) /Ordering (Identity) /Supplement 0>> "
            b"/FontDescriptor %d 0 R /W [%s]>>" % (name, first + 2, widths.encode()),
            b"<</Type /FontDescriptor /FontName %s /Flags %d /FontBBox [%d %d %d %d] "
            b"/ItalicAngle 0 /Ascent %d /Descent %d /CapHeight %d /StemV 80 /FontFile2 %d 0 R>>"
            % (name, _FONT_FLAGS, *self.box, self.ascent, self.descent, self.ascent, first + 3),
            _packed(self.file, b"/Length1 %d" % len(self.file)),
            _packed(_CMAP.format(count=len(pairs), pairs="\n".join(pairs)).encode()),
        ]


def font_of(foot: str) -> FootFont:
    """The font with the letters of a foot and all digits, kept for the next print.

    Raises UnstampableError where the font lacks a letter.
    """
    return _font(frozenset(foot) | frozenset("0123456789"))


@cache
def _font_file() -> bytes:
    """The font of the foot, as fontconfig finds it for the renderer. Raises UnstampableError."""
    ask = ("fc-match", "--format", "%{file}\n%{family}", _FONT)
    try:
        said = subprocess.run(  # noqa: S603 - no word of it comes from outside
            ask, capture_output=True, text=True, check=True, timeout=20
        ).stdout
        path, _, family = said.partition("\n")
        file = Path(path).read_bytes() if family == _FONT else b""
    except (OSError, subprocess.SubprocessError) as error:
        raise UnstampableError from error
    if not file:
        raise UnstampableError
    return file


@lru_cache(maxsize=64)
def _font(letters: frozenset[str]) -> FootFont:
    whole = TTFont(BytesIO(_font_file()), recalcTimestamp=False)
    cmap, head = whole.getBestCmap(), whole["head"]
    if not all(ord(letter) in cmap for letter in letters) or len(letters) > _MOST_LETTERS:
        raise UnstampableError

    def of_thousand(units: int) -> int:
        return round(units * 1000 / int(head.unitsPerEm))

    kerned = whole["kern"].kernTables[0].kernTable if "kern" in whole else {}
    names = {letter: cmap[ord(letter)] for letter in sorted(letters)}
    pairs = {(x, y): kerned.get((names[x], names[y]), 0) for x, y in product(names, names)}
    return FootFont(
        glyphs={letter: whole.getGlyphID(name) for letter, name in names.items()},
        widths={letter: of_thousand(whole["hmtx"][name][0]) for letter, name in names.items()},
        kerns={pair: of_thousand(units) for pair, units in pairs.items() if units},
        box=(
            of_thousand(head.xMin),
            of_thousand(head.yMin),
            of_thousand(head.xMax),
            of_thousand(head.yMax),
        ),
        ascent=of_thousand(whole["hhea"].ascent),
        descent=of_thousand(whole["hhea"].descent),
        file=_with_letters(whole, letters),
    )


def _with_letters(whole: TTFont, letters: frozenset[str]) -> bytes:
    """What of a font draws these letters; their glyphs keep their numbers."""
    drops = [*subset.Options().drop_tables, *_NOT_DRAWN]
    options = subset.Options(retain_gids=True, drop_tables=drops, notdef_outline=True)
    options.recalc_timestamp = options.hinting = False
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=map(ord, letters))
    subsetter.subset(whole)
    # Only now: it says which glyphs the letters have.
    del whole["cmap"]
    file = BytesIO()
    whole.save(file)
    return file.getvalue()


def pdf_stream(data: bytes, entries: bytes) -> bytes:
    """A stream of a PDF with these entries of its dictionary."""
    return b"<<%s /Length %d>>\nstream\n%s\nendstream" % (entries, len(data), data)


def _packed(data: bytes, entries: bytes = b"") -> bytes:
    return pdf_stream(zlib.compress(data), entries + b" /Filter /FlateDecode")

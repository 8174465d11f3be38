"""A drawing as WeasyPrint wants its images: with a size, and drawn onto a stream of the PDF."""

import re
from collections import defaultdict
from collections.abc import Mapping
from typing import Any, NamedTuple
from xml.etree.ElementTree import Element

from weasyprint.css.properties import INITIAL_VALUES
from weasyprint.draw.text import draw_first_line
from weasyprint.matrix import Matrix
from weasyprint.svg.text import TextBox
from weasyprint.text.fonts import FontConfiguration
from weasyprint.text.line_break import split_first_line

from scoring.typesetting.operators import NotDrawableError, color, leaves, number, shape

# Of which each letter is one glyph, from left to right: Latin, Greek, Cyrillic, Chinese, signs.
_ONE_GLYPH_EACH = re.compile(
    "[ -~\u00a0-\u00ac\u00ae-\u02ff\u0370-\u0481\u048a-\u052f\u2010-\u2027\u202f-\u205e"
    "\u20a0-\u20bf\u2190-\u22ff\u3001-\u3020\u4e00-\u9fff\uff01-\uff5e]*"
)
_WEIGHTS = {"normal": "400", "bold": "700"}
_BEFORE_ANCHOR = {"start": 0.0, "middle": 0.5, "end": 1.0}
# The size at which letters are looked up; any will do.
_LOOKUP_PX = 100


class _Font(NamedTuple):
    families: str
    weight: str


class _Glyph(NamedTuple):
    font: str
    code: str
    width_em: float


class _Label(NamedTuple):
    text: str
    font: _Font
    size: float
    x: float
    y: float
    anchor: str
    fill: str


class _FontStyle(dict[str, Any]):
    """The style of a font, as WeasyPrint's functions for text ask for it."""

    def __init__(self, font: _Font, fonts: FontConfiguration) -> None:
        super().__init__(
            INITIAL_VALUES,
            font_family=[family.strip("\"'") for family in font.families.split(",")],
            font_weight=int(font.weight),
            font_size=_LOOKUP_PX,
            # Each letter stands for itself, as in WeasyPrint's own drawings.
            font_kerning="none",
            font_variant_ligatures="none",
        )
        self.font_config = fonts


class DrawingImage:
    """An SVG drawing that is written as PDF operators. Raises NotDrawableError, ValueError."""

    def __init__(self, svg: Element, fonts: FontConfiguration) -> None:
        left, top, *self._box = map(float, svg.get("viewBox", "").split())
        if (left, top, len(self._box)) != (0, 0, 2):
            raise NotDrawableError("viewBox")
        self._size = float(svg.attrib["width"]), float(svg.attrib["height"])
        self._fonts = fonts
        self._parts = [
            _label(element, style) if tag == "text" else shape(tag, element, style)
            for tag, element, style in leaves(svg)
        ]

    def get_intrinsic_size(self, _resolution: Any, _font_size: Any) -> tuple[float, float, float]:
        """Width and height in px, and their ratio."""
        width, height = self._size
        return width, height, width / height

    def draw(self, stream: Any, width: float, height: float, _style: Any) -> None:
        """Write the drawing, as large as fits, into the middle of the box."""
        scale = min(width / self._box[0], height / self._box[1])
        aside, down = (width - scale * self._box[0]) / 2, (height - scale * self._box[1]) / 2
        stream.transform(scale, 0, 0, scale, aside, down)
        letters = defaultdict[_Font, set[str]](set)
        for part in self._parts:
            if isinstance(part, _Label):
                letters[part.font].update(part.text)
        glyphs = {
            font: _glyphs("".join(sorted(used)), _FontStyle(font, self._fonts), stream)
            for font, used in letters.items()
        }
        stream.stream += [
            part if isinstance(part, str) else _text(part, glyphs[part.font])
            for part in self._parts
        ]


def _label(element: Element, style: Mapping[str, str]) -> _Label | str:
    text = re.sub(" +", " ", re.sub("[\r\n]", "", element.text or "")).strip(" ")
    if not text.strip():
        return ""
    if not _ONE_GLYPH_EACH.fullmatch(text):
        raise NotDrawableError("letters that need shaping")
    if style.get("stroke", "none") != "none":
        raise NotDrawableError("stroked letters")
    weight = style.get("font-weight", "400")
    return _Label(
        text,
        _Font(style.get("font-family", "sans-serif"), _WEIGHTS.get(weight, weight)),
        float(style.get("font-size", 16)),
        float(element.get("x", 0)),
        float(element.get("y", 0)),
        style.get("text-anchor", "start"),
        color(style.get("fill", "#000")),
    )


def _glyphs(letters: str, style: _FontStyle, stream: Any) -> dict[str, _Glyph]:
    """The glyph of each letter.

    WeasyPrint writes them onto a stream beside the page: so the document gets their fonts, too.
    """
    layout = split_first_line(letters, style, None, None, 0)[0]
    layout.reactivate(style)
    beside = stream.clone()
    draw_first_line(beside, TextBox(layout, style), "none", "none", Matrix(d=-1))
    layout.deactivate()
    widths = {font.hash: font.widths for font in stream._fonts.values()}
    found: list[_Glyph] = []
    font = ""
    for operator in map(bytes.decode, beside.stream):
        if operator.endswith(" Tf"):
            font = operator.removeprefix("/").partition(" ")[0]
        elif operator.endswith(" TJ"):
            codes = "".join(re.findall("<([0-9a-f]*)>", operator))
            found += [
                _Glyph(font, code, widths[font][int(code, 16)] / 1000)
                for code in re.findall("....", codes)
            ]
    return dict(zip(letters, found, strict=True))


def _text(label: _Label, glyphs: Mapping[str, _Glyph]) -> str:
    """The operators of one line of text."""
    line = [glyphs[letter] for letter in label.text]
    before = _BEFORE_ANCHOR[label.anchor] * label.size * sum(glyph.width_em for glyph in line)
    operators = [f"{label.fill} rg BT 1 0 0 -1 {number(label.x - before)} {number(label.y)} Tm"]
    font, codes = line[0].font, ""
    for glyph in [*line, None]:
        if glyph is None or glyph.font != font:
            operators.append(f"/{font} {number(label.size)} Tf <{codes}> Tj")
            codes = ""
        if glyph is not None:
            font, codes = glyph.font, codes + glyph.code
    return " ".join([*operators, "ET"])

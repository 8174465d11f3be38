"""The drawings of this project as PDF operators: several times faster than WeasyPrint's own SVG.

It knows what ``templates/scoring/charts`` uses: paths of straight lines, rectangles, circles and
lines of text, with presentation attributes. Every other drawing is left to WeasyPrint.
"""

import re
from collections.abc import Iterator, Mapping
from math import pi, sqrt
from typing import Any
from xml.etree.ElementTree import Element

_SVG = "{http://www.w3.org/2000/svg}"
# Bézier curves for a quarter of a circle, with the numbers that WeasyPrint uses for each shape.
_CIRCLE = 1 / sqrt(pi)
_CORNER = 4 * (sqrt(2) - 1) / 3

_COMMAND = re.compile(r"([MLHVZmlhvz])([^A-Za-z]*)")
_NUMBER = re.compile(r"-?[0-9.]+")
_COLOR = re.compile(r"#[0-9a-f]{3}(?:[0-9a-f]{3})?")
_SILENT = {"title", "desc"}
_INHERITED = {
    "fill",
    "stroke",
    "stroke-width",
    "stroke-dasharray",
    "stroke-linecap",
    "stroke-linejoin",
    "font-family",
    "font-size",
    "font-weight",
    "text-anchor",
}
# Of a shape or a text itself, and of the drawing as a whole.
_OWN = {"d", "x", "y", "width", "height", "rx", "cx", "cy", "r"}
_OF_ROOT = {"viewBox", "width", "height", "class", "role", "shape-rendering"}
_CAPS = {"butt": 0, "round": 1, "square": 2}
_JOINS = {"miter": 0, "round": 1, "bevel": 2}

Style = Mapping[str, str]


class NotDrawableError(ValueError):
    """The drawing uses something that is left to WeasyPrint."""


def number(value: float) -> str:
    """A number as PDF writes it, to a thousandth."""
    return f"{value:.3f}".rstrip("0").rstrip(".")


def leaves(svg: Element) -> Iterator[tuple[str, Element, Style]]:
    """Every shape and text in the order of drawing: its tag, itself, its attributes as inherited.

    Raises NotDrawableError.
    """
    _refuse_unknown(svg, _INHERITED | _OF_ROOT)
    yield from _leaves_of(svg, _inherited({}, svg))


def _leaves_of(parent: Element, style: Style) -> Iterator[tuple[str, Element, Style]]:
    for element in parent:
        tag = element.tag.removeprefix(_SVG)
        if tag in _SILENT:
            continue
        own = _inherited(style, element)
        if tag == "g":
            _refuse_unknown(element, _INHERITED)
            yield from _leaves_of(element, own)
        else:
            _refuse_unknown(element, _INHERITED | _OWN)
            if len(element):
                raise NotDrawableError(f"something within <{tag}>")
            yield tag, element, own


def _inherited(style: Style, element: Element) -> Style:
    return {**style, **{name: value for name, value in element.items() if name in _INHERITED}}


def _refuse_unknown(element: Element, known: set[str]) -> None:
    for name in set(element.keys()) - known:
        if name not in {"id", "xmlns"} and not name.startswith("aria-"):
            raise NotDrawableError(f"{name} of <{element.tag}>")


def shape(tag: str, element: Element, style: Style) -> str:
    """The operators that paint one shape. Raises NotDrawableError."""
    fill, stroke = color(style.get("fill", "#000")), color(style.get("stroke", "none"))
    width = float(style.get("stroke-width", 1))
    if not width:
        stroke = ""
    if tag == "path":
        outline = _path(element.get("d", ""))
    elif tag == "rect":
        outline = _rectangle(*_lengths(element, "x", "y", "width", "height", "rx"))
    elif tag == "circle":
        outline = _circle(*_lengths(element, "cx", "cy", "r"))
    else:
        raise NotDrawableError(f"<{tag}>")
    if not outline or not (fill or stroke):
        return ""
    state = f"{fill} rg" if fill else ""
    if stroke:
        dashes = " ".join(_NUMBER.findall(style.get("stroke-dasharray", "")))
        cap = _known(_CAPS, style.get("stroke-linecap", "butt"))
        join = _known(_JOINS, style.get("stroke-linejoin", "miter"))
        state += f" {stroke} RG {number(width)} w [{dashes}] 0 d {cap} J {join} j 4 M"
    paint = "B" if fill and stroke else "S" if stroke else "f"
    return f"{state}\n{outline} {paint}"


def _known(numbers: Mapping[str, int], word: str) -> int:
    if word not in numbers:
        raise NotDrawableError(word)
    return numbers[word]


def _lengths(element: Element, *names: str) -> list[float]:
    return [float(element.get(name, 0)) for name in names]


def color(value: str) -> str:
    """Red, green and blue as PDF wants them; empty for "none". Raises NotDrawableError."""
    if value == "none":
        return ""
    if not _COLOR.fullmatch(value):
        raise NotDrawableError(value)
    digits = value[1:] if len(value) == 7 else "".join(2 * digit for digit in value[1:])
    return " ".join(number(int(digits[at : at + 2], 16) / 255) for at in (0, 2, 4))


def _path(data: str) -> str:
    """Path data as operators; all of it is straight lines."""
    parts: list[str] = []
    x = y = first_x = first_y = 0.0
    taken = 0
    for found in _COMMAND.finditer(data):
        if found.start() != taken:
            raise NotDrawableError(data[taken : found.start()])
        taken = found.end()
        letter = found[1]
        command, is_relative = letter.upper(), letter.islower()
        values = [float(value) for value in _NUMBER.findall(found[2])]
        if command == "Z":
            parts.append("h")
            x, y = first_x, first_y
            continue
        step = 1 if command in "HV" else 2
        if not values or len(values) % step:
            raise NotDrawableError(found[0])
        for at in range(0, len(values), step):
            from_x, from_y = (x, y) if is_relative else (0.0, 0.0)
            if command != "V":
                x = from_x + values[at]
            if command != "H":
                y = from_y + values[at + step - 1]
            is_start = command == "M" and at == 0
            if is_start:
                first_x, first_y = x, y
            parts.append(f"{number(x)} {number(y)} {'m' if is_start else 'l'}")
    if taken != len(data):
        raise NotDrawableError(data[taken:])
    return " ".join(parts)


def _rectangle(x: float, y: float, width: float, height: float, rx: float) -> str:
    if width <= 0 or height <= 0:
        return ""
    if not rx:
        return f"{number(x)} {number(y)} {number(width)} {number(height)} re"
    left, right, top, bottom = x, x + width, y, y + height
    across, down = min(rx, width / 2), min(rx, height / 2)
    c, d = across * (1 - _CORNER), down * (1 - _CORNER)
    return _operators(
        (left + across, top, "m"),
        (right - across, top, "l"),
        (right - c, top, right, top + d, right, top + down, "c"),
        (right, bottom - down, "l"),
        (right, bottom - d, right - c, bottom, right - across, bottom, "c"),
        (left + across, bottom, "l"),
        (left + c, bottom, left, bottom - d, left, bottom - down, "c"),
        (left, top + down, "l"),
        (left, top + d, left + c, top, left + across, top, "c"),
    )


def _circle(x: float, y: float, r: float) -> str:
    if not r:
        return ""
    k = r * _CIRCLE
    return _operators(
        (x + r, y, "m"),
        (x + r, y + k, x + k, y + r, x, y + r, "c"),
        (x - k, y + r, x - r, y + k, x - r, y, "c"),
        (x - r, y - k, x - k, y - r, x, y - r, "c"),
        (x + k, y - r, x + r, y - k, x + r, y, "c"),
    )


def _operators(*steps: tuple[Any, ...]) -> str:
    """Steps with their operator last, as a closed outline."""
    lines = (" ".join([*map(number, step[:-1]), step[-1]]) for step in steps)
    return " ".join([*lines, "h"])

"""The straight lines and the words of a PDF page, measured in millimetres from its lower left."""

from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from pypdf import PdfReader, mult
from pypdf.generic import ContentStream

_MM_PER_UNIT = 25.4 / 72
Matrix = list[float]


@dataclass(frozen=True)
class Stroke:
    """A straight line from one point to another, mm."""

    x: float
    y: float
    to_x: float
    to_y: float

    @property
    def is_level(self) -> bool:
        return abs(self.y - self.to_y) < 0.001

    @property
    def is_upright(self) -> bool:
        return abs(self.x - self.to_x) < 0.001

    @property
    def length(self) -> float:
        return float(abs(self.to_x - self.x) + abs(self.to_y - self.y))


@dataclass(frozen=True)
class Said:
    """A text, and where its first letter stands on the baseline, mm."""

    text: str
    x: float
    y: float


def page_of(pdf: bytes) -> Any:
    """The one page of the document."""
    (page,) = PdfReader(BytesIO(pdf)).pages
    return page


def _place(matrix: Matrix, x: float, y: float) -> tuple[float, float]:
    a, b, c, d, e, f = matrix
    return (a * x + c * y + e) * _MM_PER_UNIT, (b * x + d * y + f) * _MM_PER_UNIT


def strokes(page: Any) -> Iterator[Stroke]:
    """Every straight line that the page strokes, in the order of drawing."""
    matrix: Matrix = [1, 0, 0, 1, 0, 0]
    kept: list[Matrix] = []
    path: list[tuple[float, float, float, float]] = []
    at = (0.0, 0.0)
    for operands, operator in ContentStream(page["/Contents"].get_object(), page.pdf).operations:
        numbers = [float(n) for n in operands] if operator in {b"cm", b"m", b"l"} else []
        if operator == b"q":
            kept.append(matrix)
        elif operator == b"Q":
            matrix = kept.pop()
        elif operator == b"cm":
            matrix = _times(numbers, matrix)
        elif operator == b"m":
            at = (numbers[0], numbers[1])
        elif operator == b"l":
            path.append((*at, numbers[0], numbers[1]))
            at = (numbers[0], numbers[1])
        elif operator in {b"S", b"s", b"B", b"f", b"n", b"W"}:
            if operator in {b"S", b"s", b"B"}:
                for x, y, to_x, to_y in path:
                    yield Stroke(*_place(matrix, x, y), *_place(matrix, to_x, to_y))
            path = []


def _times(one: Matrix, other: Matrix) -> Matrix:
    return [float(n) for n in mult(one, other)]


def said(page: Any) -> list[Said]:
    """Every text of the page."""
    found: list[Said] = []

    def note(text: str, matrix: Matrix, text_matrix: Matrix, _font: Any, _size: float) -> None:
        if text.strip():
            x, y = _place(_times(text_matrix, matrix), 0, 0)
            found.append(Said(text.strip(), x, y))

    page.extract_text(visitor_text=note)
    return found

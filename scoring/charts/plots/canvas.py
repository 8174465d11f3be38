"""What the plots share: the frame with its grid, shapes as path data, the key below."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from scoring.charts.palette import PALETTE, SCREEN_FONTS
from scoring.charts.text import Anchor, Label, px

WIDTH_PX = 390.0
TEXT_PX = 13.0
_KEY_ROW_PX = 18.0
_SAMPLE_PX = 26.0
# From the baseline of a text to the middle of its small letters.
MIDDLE_PX = 4.5
_WHITE_RIM_PX = 1.5

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Shape:
    """Path data with its presentation attributes; an empty one is left out of the drawing."""

    path: str
    fill: str = "none"
    stroke: str = "none"
    width: float = 1.0
    dash: str = ""


@dataclass(frozen=True, slots=True)
class Words:
    """A label with its color; ``turned``: upwards along the vertical axis."""

    label: Label
    fill: str
    turned: bool = False


@dataclass(frozen=True, slots=True)
class Scale:
    """Puts values from ``low`` to ``high`` between two places in px; beyond them they are held."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        """The place of a value."""
        held = min(max(value, self.low), self.high)
        return self.start + (held - self.low) / (self.high - self.low) * (self.end - self.start)


@dataclass(frozen=True, slots=True)
class Ticks:
    """Values with their texts, in order, and the title of the axis."""

    values: Sequence[float]
    texts: Sequence[str]
    title: str


@dataclass
class Canvas:
    """A frame from ``left`` to ``right`` and ``top`` to ``bottom`` px, filled shape by shape."""

    x: Scale
    y: Scale
    shapes: list[Shape] = field(default_factory=list)
    words: list[Words] = field(default_factory=list)
    foot: float = 0.0

    def __post_init__(self) -> None:
        self.foot = self.y.start

    def frame(self, x_ticks: Ticks, y_ticks: Ticks) -> None:
        """Grid, axes, tick labels and titles; everything else is drawn above them."""
        left, right, bottom, top = self.x.start, self.x.end, self.y.start, self.y.end
        grid = [f"M{px(self.x(v))} {px(top)}V{px(bottom)}" for v in x_ticks.values]
        grid += [f"M{px(left)} {px(self.y(v))}H{px(right)}" for v in y_ticks.values]
        self.shapes.append(Shape("".join(grid), stroke=PALETTE.grid))
        axes = f"M{px(left)} {px(top)}V{px(bottom)}H{px(right)}"
        self.shapes.append(Shape(axes, stroke=PALETTE.ink, width=1.2))
        for value, text in zip(x_ticks.values, x_ticks.texts, strict=True):
            self.say(self.x(value), bottom + 17, text, fill=PALETTE.ink_2)
        for value, text in zip(y_ticks.values, y_ticks.texts, strict=True):
            self.say(left - 6, self.y(value) + MIDDLE_PX, text, "end", fill=PALETTE.ink_2)
        self.say((left + right) / 2, bottom + 36, x_ticks.title)
        middle = Label.at(0, 0, y_ticks.title, TEXT_PX)
        placed = replace(middle, x=px(TEXT_PX), y=px((top + bottom) / 2))
        self.words.append(Words(placed, PALETTE.ink, turned=True))
        self.foot = bottom + 40

    def say(
        self,
        x: float,
        y: float,
        text: str,
        anchor: Anchor = "middle",
        *,
        fill: str = PALETTE.ink,
        bold: bool = False,
    ) -> None:
        """A line of text with its baseline at y; an empty one is none."""
        if not text:
            return
        self.words.append(Words(Label.at(x, y, text, TEXT_PX, anchor, bold=bold), fill))

    def add(self, *shapes: Shape) -> None:
        """Shapes above those that are there; empty ones are dropped."""
        self.shapes += [shape for shape in shapes if shape.path]

    def key(self, samples: Iterable[tuple[Sequence[Shape], str]]) -> None:
        """Rows below the drawing: a sample (drawn around (0, 0), 26 px wide) and its name."""
        for shapes, text in samples:
            self.foot += _KEY_ROW_PX
            left = self.x.start
            middle = (left + _SAMPLE_PX / 2, self.foot - MIDDLE_PX)
            self.shapes += [replace(shape, path=_moved(shape.path, middle)) for shape in shapes]
            self.say(left + _SAMPLE_PX + 10, self.foot, text, "start")

    def svg(
        self, *, title: str, description: str, uid: str, fonts: str = "", width: float = WIDTH_PX
    ) -> SafeString:
        """The drawing; ``uid`` makes its ids unique within the page."""
        return render_to_string(
            "scoring/charts/plot.svg",
            {
                "canvas": self,
                "width": px(width),
                "height": px(self.foot + 8),
                "title": title,
                "description": description,
                "uid": uid,
                "fonts": fonts or SCREEN_FONTS,
            },
        )


def _moved(path: str, by: Point) -> str:
    """A sample is relative throughout but for its first place."""
    return f"M{px(by[0])} {px(by[1])}{path.removeprefix('M0 0')}"


def line(points: Iterable[Point]) -> str:
    """A line through points in px; "" for none."""
    texts = [f"{px(x)} {px(y)}" for x, y in points]
    return f"M{'L'.join(texts)}" if texts else ""


def band(upper: Sequence[Point], lower: Sequence[Point]) -> str:
    """The area between two lines from left to right."""
    return f"{line([*upper, *reversed(lower)])}Z" if upper else ""


def dot(at: Point, radius: float) -> str:
    """A circle."""
    r, d = px(radius), px(2 * radius)
    return f"M{px(at[0])} {px(at[1])}m-{r} 0a{r} {r} 0 1 0 {d} 0a{r} {r} 0 1 0 -{d} 0z"


def diamond(at: Point, half: float) -> str:
    """A square on its corner."""
    h = px(half)
    return f"M{px(at[0])} {px(at[1])}m0 -{h}l{h} {h}l-{h} {h}l-{h} -{h}z"


def square(at: Point, half: float) -> str:
    """A square."""
    h, d = px(half), px(2 * half)
    return f"M{px(at[0])} {px(at[1])}m-{h} -{h}h{d}v{d}h-{d}z"


def whisker(x: float, low: float, high: float, half: float = 5.0) -> str:
    """An upright interval with ends."""
    ends = "".join(f"M{px(x - half)} {px(y)}h{px(2 * half)}" for y in (low, high))
    return f"M{px(x)} {px(low)}V{px(high)}{ends}"


def sample_line(shape: Shape) -> Shape:
    """A piece of a line for the key."""
    half = px(_SAMPLE_PX / 2)
    return replace(shape, path=f"M0 0m-{half} 0h{px(_SAMPLE_PX)}")


def sample_area(shape: Shape) -> Shape:
    """A piece of an area for the key."""
    half = px(_SAMPLE_PX / 2)
    return replace(shape, path=f"M0 0m-{half} -5h{px(_SAMPLE_PX)}v10h-{px(_SAMPLE_PX)}z")


# An axis from 0 to 100 %.
PER_CENT_TICKS = tuple(i / 5 for i in range(6))
PER_CENT_TEXTS = tuple(str(20 * i) for i in range(6))
OWN_LINE = Shape("", stroke=PALETTE.accent, width=2.5)
OWN_DOT = Shape("", fill=PALETTE.accent, stroke=PALETTE.paper, width=_WHITE_RIM_PX)
OWN_BAND = Shape("", fill=PALETTE.shade)
OPEN_MARK = Shape("", fill=PALETTE.paper, stroke=PALETTE.ink, width=1.8)
DASHED = Shape("", stroke=PALETTE.line_strong, width=1.4, dash="5 4")

"""Words inside a drawing: how wide they run, and the boxes they fill.

SVG cannot wrap or measure, so widths are estimated from the metrics that Arial, Helvetica and
Liberation Sans share; Segoe UI and Roboto run a little narrower. Lengths are in px of the viewBox.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Literal
from unicodedata import east_asian_width

Anchor = Literal["start", "middle", "end"]

# Advance widths in thousandths of the font size, by character.
_REGULAR_DEFAULT = 556
_REGULAR = {
    **dict.fromkeys("ijl'", 222),
    "|": 260,
    **dict.fromkeys(" !,./:;It[]f\\", 278),
    **dict.fromkeys("-()r`", 333),
    **dict.fromkeys("cksvxyzJ", 500),
    **dict.fromkeys("+<=>~−×", 584),
    **dict.fromkeys("FTZ", 611),
    **dict.fromkeys("ABEKPSVXY&", 667),
    **dict.fromkeys("CDHNRUw", 722),
    **dict.fromkeys("GOQ", 778),
    **dict.fromkeys("mM", 833),
    "%": 889,
    "W": 944,
}
# Bold words stand on callouts and white backdrops, so these are on the generous side.
_BOLD_DEFAULT = 590
_BOLD = {
    **dict.fromkeys(" !,.:;|'ijlI", 290),
    **dict.fromkeys("-()", 360),
    **dict.fromkeys("+<=>~−×", 660),
    **dict.fromkeys("ABCDEFGHJKLNOPQRSTUVXYZ&", 720),
    **dict.fromkeys("mwMW%", 960),
}
_FULL_WIDTH = 1000


@lru_cache(maxsize=1024)
def text_width(text: str, size_px: float, *, bold: bool = False) -> float:
    """The estimated width of a line of text in px; East Asian wide characters are square."""
    table, default = (_BOLD, _BOLD_DEFAULT) if bold else (_REGULAR, _REGULAR_DEFAULT)
    thousandths = sum(
        _FULL_WIDTH if east_asian_width(character) in "WF" else table.get(character, default)
        for character in text
    )
    return thousandths * size_px / 1000


def px(length: float) -> float:
    """A length as it is written into the drawing: to a tenth of a px, whole numbers as int."""
    tenth = round(length, 1)
    return int(tenth) if tenth == int(tenth) else tenth


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle, y downwards."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def x(self) -> float:
        """The left edge as written."""
        return px(self.left)

    @property
    def y(self) -> float:
        """The upper edge as written."""
        return px(self.top)

    @property
    def width(self) -> float:
        """The width as written."""
        return px(self.right - self.left)

    @property
    def height(self) -> float:
        """The height as written."""
        return px(self.bottom - self.top)

    def meets(self, other: "Box", gap: float = 0.0) -> bool:
        """Whether less than ``gap`` px lie between the two, sideways, and they share a height."""
        return (
            self.left < other.right + gap
            and other.left < self.right + gap
            and self.top < other.bottom
            and other.top < self.bottom
        )


@dataclass(frozen=True, slots=True)
class Label:
    """A line of text: anchor point on the baseline, font size in px, estimated extent."""

    x: float
    y: float
    text: str
    size: float
    anchor: Anchor = "middle"
    bold: bool = False

    @classmethod
    def at(
        cls,
        x: float,
        y: float,
        text: str,
        size: float,
        anchor: Anchor = "middle",
        *,
        bold: bool = False,
    ) -> "Label":
        """A label with its coordinates rounded as they are written."""
        return cls(px(x), px(y), text, size, anchor, bold)

    @property
    def width(self) -> float:
        """Estimated width in px."""
        return text_width(self.text, self.size, bold=self.bold)

    @property
    def box(self) -> Box:
        """Where the text is: from the top of the capitals to the foot of the descenders."""
        left = self.x - {"start": 0.0, "middle": 0.5, "end": 1.0}[self.anchor] * self.width
        return Box(left, self.y - 0.73 * self.size, left + self.width, self.y + 0.21 * self.size)

    def within(self, left: float, right: float) -> "Label":
        """The same centred label, moved sideways so that it stays between two edges."""
        half = self.width / 2
        x = min(max(self.x, left + half), right - half)
        return Label.at(x, self.y, self.text, self.size, self.anchor, bold=self.bold)

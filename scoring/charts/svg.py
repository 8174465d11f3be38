"""SVG as text. A drawing has some 200 elements: a template takes ten times as long for them."""

from functools import lru_cache
from html import escape

from django.utils.safestring import SafeString

from scoring.charts.text import Box, Label

Value = str | float | None


def element(name: str, *content: str, **attributes: Value) -> str:
    """One element around what is SVG already; an attribute that is None is left out.

    Attributes are numbers, colors, path data and names of ours, written as they are, with "-"
    where their names here have "_".
    """
    written = "".join(
        [
            f' {key.replace("_", "-")}="{value}"'
            for key, value in attributes.items()
            if value is not None
        ]
    )
    inside = "".join(content)
    return f"<{name}{written}>{inside}</{name}>" if inside else f"<{name}{written}/>"


def drawing(
    *content: str,
    width: float,
    height: float,
    title: str,
    uid: str,
    fonts: str,
    description: str = "",
    stops: str = "",
) -> SafeString:
    """A whole drawing, with its name and what it says for people who do not see it.

    ``uid`` makes its ids unique within the page. ``stops`` lie over it: what can have the focus.
    The drawing is a group of these then, and its own texts are not read out beside them.
    """
    names = [element("title", escape(title), id=f"{uid}-t")]
    if description:
        names.append(element("desc", escape(description), id=f"{uid}-d"))
    both = f"{uid}-t {uid}-d" if description else f"{uid}-t"
    named = {"role": "img", "aria_labelledby": both}
    if stops:
        content = element("g", *content, aria_hidden="true"), stops
        named = {"role": "group", "aria_labelledby": f"{uid}-t", "aria_describedby": f"{uid}-d"}
    svg = element(
        "svg",
        *names,
        *content,
        **{"xmlns": "http://www.w3.org/2000/svg", "class": "chart"},
        viewBox=f"0 0 {width} {height}",
        width=width,
        height=height,
        **named,
        font_family=fonts,
    )
    return SafeString(svg)


# Most lines and texts of a drawing are those of every patient. What makes them is part of what they
# are kept by, so that each language has its own.
@lru_cache(maxsize=512)
def words(label: Label, fill: str) -> str:
    """A line of text."""
    return element(
        "text",
        escape(label.text),
        x=label.x,
        y=label.y,
        font_size=label.size,
        fill=fill,
        text_anchor=label.anchor,
        font_weight="700" if label.bold else None,
    )


@lru_cache(maxsize=128)
def tick_labels(labels: tuple[Label, ...], size: float, fill: str) -> str:
    """The numbers or answers along an axis, each below or above the middle of its tick."""
    texts = (element("text", escape(label.text), x=label.x, y=label.y) for label in labels)
    return element("g", *texts, font_size=size, fill=fill, text_anchor="middle")


@lru_cache(maxsize=512)
def line(d: str, stroke: str, width: float, dashes: str | None = None) -> str:
    """A path without filling."""
    return element(
        "path", d=d, stroke=stroke, stroke_width=width, stroke_dasharray=dashes, fill="none"
    )


def box(of: Box, fill: str, **attributes: Value) -> str:
    """A rectangle."""
    return element(
        "rect", x=of.x, y=of.y, width=of.width, height=of.height, fill=fill, **attributes
    )


def dot(cx: float, cy: float, r: float, fill: str, stroke: str, width: float) -> str:
    """A circle with its outline."""
    return element("circle", cx=cx, cy=cy, r=r, fill=fill, stroke=stroke, stroke_width=width)

"""Reading a drawing back: its texts as boxes, its marks, and what must hold for every one."""

import re
from dataclasses import dataclass
from itertools import combinations
from xml.etree import ElementTree

from hypothesis import strategies as st

from scoring.charts.nomogram import NomogramLayout
from scoring.charts.text import text_width
from scoring.nomogram.model import Nomogram, Result
from scoring.nomogram.rong2025.model import RONG_2025

LAYOUTS: tuple[NomogramLayout, ...] = ("wide", "narrow", "print")
# Where the axes begin and end, in px.
ENDS: dict[NomogramLayout, tuple[float, float]] = {
    "wide": (222, 1094),
    "narrow": (12.4, 345.6),
    "print": (14, 486),
}
# To the tenth of a px a drawing is written in, and half of it for rounding.
TENTH = 0.06
SVG = "{http://www.w3.org/2000/svg}"
ATTRIBUTES_THAT_NEED_CSP = {"style", "onload", "onclick", "href"}


def patient(
    age_years: float = 80,
    t_score: float = -2.0,
    trauma_history: bool = True,
    posterior_fascia_edema: bool = True,
    pdw_fl: float = 12.8,
    chloride_mmol_l: float = 105,
    mvh_restored: bool | None = False,
    model: Nomogram = RONG_2025,
) -> Result:
    """The worked example of the paper, changed as the test says.

    By version 1 where places are compared with the design, which was drawn with its numbers.
    """
    values = (
        age_years,
        t_score,
        trauma_history,
        posterior_fascia_edema,
        pdw_fl,
        chloride_mmol_l,
        mvh_restored,
    )
    return model.assess(dict(zip(model.fields, values, strict=True)))


def lowest(mvh_restored: bool | None = True) -> Result:
    """The patient with the fewest points there are."""
    return patient(100, -4.0, False, False, 6, 115, mvh_restored)


def highest(mvh_restored: bool | None = False) -> Result:
    """The patient with the most points there are."""
    return patient(50, -2.0, True, True, 34.8, 75.8, mvh_restored)


def _between(low: float, high: float, step: float) -> st.SearchStrategy[float]:
    steps = round((high - low) / step)
    return st.integers(0, steps).map(lambda n: round(low + n * step, 2))


results = st.builds(
    patient,
    age_years=_between(50, 100, 1),
    t_score=_between(-10, 4, 0.1),
    trauma_history=st.booleans(),
    posterior_fascia_edema=st.booleans(),
    pdw_fl=_between(6, 34.8, 0.1) | st.sampled_from([6, 34, 34.01, 34.8]),
    chloride_mmol_l=_between(75.8, 115, 0.1) | st.sampled_from([75.8, 75.99, 76, 115]),
    mvh_restored=st.sampled_from([True, False, None]),
)


@dataclass(frozen=True)
class Word:
    """A text of the drawing and the box it fills."""

    text: str
    x: float
    y: float
    left: float
    top: float
    right: float
    bottom: float

    def covers(self, other: "Word") -> bool:
        return (
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )


def parsed(svg: str) -> ElementTree.Element:
    """The root of the drawing; fails if it is not well-formed."""
    return ElementTree.fromstring(svg)  # noqa: S314 - our own drawing


def viewbox(root: ElementTree.Element) -> tuple[float, float]:
    """Width and height of the drawing."""
    left, top, width, height = map(float, root.attrib["viewBox"].split())
    assert (left, top) == (0, 0)
    return width, height


def words(root: ElementTree.Element) -> list[Word]:
    """Every text with its box; the parts of a text stand side by side."""
    found = []
    group = {text: g for g in root.iter(f"{SVG}g") for text in g}
    for element in root.iter(f"{SVG}text"):
        inherited = group[element].attrib if element in group else {}
        size = float({**inherited, **element.attrib}["font-size"])
        bold = element.get("font-weight") == "700"
        # Where a line begins and ends, SVG draws no space.
        width = text_width((element.text or "").strip(" \n"), size, bold=bold)
        for part in element:
            bold = part.get("font-weight") == "700"
            width += float(part.get("dx", 0)) + text_width(part.text or "", size, bold=bold)
        x, y = float(element.attrib["x"]), float(element.attrib["y"])
        anchor = {**inherited, **element.attrib}.get("text-anchor", "start")
        left = x - {"start": 0, "middle": width / 2, "end": width}[anchor]
        text = "".join(element.itertext()).strip(" \n")
        found.append(Word(text, x, y, left, y - 0.72 * size, left + width, y + 0.2 * size))
    return found


def assert_words_stand_apart(svg: str) -> None:
    """No text covers another, none leaves the drawing."""
    root = parsed(svg)
    width, height = viewbox(root)
    every = words(root)
    for word in every:
        assert word.left >= 0, word
        assert word.right <= width, word
        assert word.top >= 0, word
        assert word.bottom <= height, word
    for one, other in combinations(every, 2):
        assert not one.covers(other), (one, other)


def assert_presentable(svg: str, uid: str | None) -> None:
    """Well-formed, presentation attributes only, ids unique and those it names itself by."""
    root = parsed(svg)
    ids = [element.attrib["id"] for element in root.iter() if "id" in element.attrib]
    assert len(ids) == len(set(ids))
    if uid is not None:
        named_by = f"{root.attrib['aria-labelledby']} {root.get('aria-describedby', '')}"
        assert named_by.split() == ids
        # What has parts that can have the focus is a group of them, else one picture.
        assert root.attrib["role"] == ("group" if root.findall(".//*[@tabindex]") else "img")
        assert all(name.startswith(f"{uid}-") for name in ids)
    for element in root.iter():
        assert element.tag not in {f"{SVG}style", f"{SVG}script", f"{SVG}foreignObject"}
        assert not ATTRIBUTES_THAT_NEED_CSP & set(element.attrib)
        for name in ("d", "x", "y", "cx", "cy", "width", "height"):
            assert not re.search(r"[,a-z]{2}|nan|inf|None", element.get(name, "")), element.attrib


def circles(root: ElementTree.Element) -> list[tuple[float, float, bool]]:
    """Centre and whether filled, of every dot."""
    return [
        (float(c.attrib["cx"]), float(c.attrib["cy"]), c.attrib["fill"] != "#fff")
        for c in root.iter(f"{SVG}circle")
    ]


def assert_plot_presentable(svg: str, uid: str) -> None:
    """The same for a plot, where words never meet."""
    assert_presentable(svg, uid)
    # The title of the upright axis stands alone on its side.
    root = parsed(svg)
    for turned in [text for text in root if "transform" in text.attrib]:
        root.remove(turned)
    assert_words_stand_apart(ElementTree.tostring(root, encoding="unicode"))


def paths_of(svg: str, **attributes: str) -> list[str]:
    """What its paths draw that have these attributes: stroke_width="2.5"."""
    wanted = {name.replace("_", "-"): value for name, value in attributes.items()}
    return [
        path.attrib["d"]
        for path in parsed(svg).iter(f"{SVG}path")
        if wanted.items() <= path.attrib.items()
    ]


def texts_of(svg: str) -> set[str]:
    """Every text of it."""
    return {(text.text or "").strip() for text in parsed(svg).iter(f"{SVG}text")}


def points_of(path: str) -> list[tuple[float, float]]:
    """The corners of a path, without its curves."""
    return [(float(x), float(y)) for x, y in re.findall(r"[ML](-?[\d.]+) (-?[\d.]+)", path)]

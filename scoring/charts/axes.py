"""Axes with ticks: which ticks an axis has, and which of them can be labelled without touching."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from scoring.charts.text import Box, Label, px

MINOR_TICK_GAP_PX = 3.5
_MAJOR_TICK_PX = 6.0
_MINOR_TICK_PX = 3.5


@dataclass(frozen=True, slots=True)
class Tick:
    """A labelled place on an axis: x in px, and what stands at it."""

    x: float
    text: str


@dataclass(frozen=True, slots=True)
class Axis:
    """A horizontal axis ready to draw: height in px, line with ticks as path data, labels."""

    y: float
    path: str
    labels: tuple[Label, ...]


def by_ends_then_every_second(count: int) -> list[int]:
    """The order in which tick labels are placed: both ends, every second, then the others."""
    inner = range(1, count - 1)
    return [*sorted({0, count - 1}), *inner[1::2], *inner[0::2]]


def placed_labels(
    ticks: Sequence[Tick],
    order: Iterable[int],
    *,
    y: float,
    size: float,
    gap: float,
) -> tuple[Label, ...]:
    """Labels in their order of importance; one within ``gap`` px of a placed one is left out."""
    placed: list[Label] = []
    taken: list[Box] = []
    for index in order:
        label = Label.at(ticks[index].x, y, ticks[index].text, size)
        box = label.box
        if not any(box.meets(other, gap) for other in taken):
            placed.append(label)
            taken.append(box)
    return tuple(placed)


def axis_path(
    y: float,
    start: float,
    end: float,
    majors: Iterable[float],
    minors: Iterable[float] = (),
    *,
    up: bool = False,
    major_px: float = _MAJOR_TICK_PX,
    minor_px: float = _MINOR_TICK_PX,
) -> str:
    """Path data of an axis from ``start`` to ``end`` with ticks that point down, or up.

    Minor ticks are left out altogether where two would come closer than 3.5 px.
    """
    places = sorted(px(x) for x in majors)
    fine = sorted(px(x) for x in minors)
    together = sorted(places + fine)
    if any(b - a < MINOR_TICK_GAP_PX for a, b in pairwise(together)):
        fine = []
    parts = [f"M{px(start)} {px(y)}H{px(end)}"]
    for xs, length in ((places, major_px), (fine, minor_px)):
        top = px(y - length) if up else px(y)
        parts += [f"M{x} {top}v{px(length)}" for x in xs]
    return "".join(parts)


def grid_path(xs: Iterable[float], top: float, bottom: float) -> str:
    """Path data of vertical grid lines."""
    return "".join(f"M{px(x)} {px(top)}V{px(bottom)}" for x in xs)


def linear(x0: float, x1: float, full_scale: float) -> Callable[[float], float]:
    """The scale that puts 0 at ``x0`` and ``full_scale`` at ``x1``."""
    return lambda value: x0 + value * (x1 - x0) / full_scale

"""The ROC curve with operating points, the published ones among them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from scoring.charts.plots.canvas import (
    DASHED,
    OPEN_MARK,
    OWN_DOT,
    OWN_LINE,
    PER_CENT_TEXTS,
    PER_CENT_TICKS,
    WIDTH_PX,
    Canvas,
    Scale,
    Shape,
    Ticks,
    diamond,
    dot,
    line,
    sample_line,
    square,
)
from scoring.statistics.discrimination import SimplifiedRoc
from scoring.words.marks import clauses

_LEFT, _RIGHT, _TOP, _BOTTOM = 56.0, WIDTH_PX - 14, 12.0, 284.0


@dataclass(frozen=True)
class RocMark:
    """An operating point (0 to 1): "own" filled, "training" a diamond, "validation" a square."""

    kind: str
    sensitivity: float
    specificity: float
    name: str


def _mark(kind: str, at: tuple[float, float]) -> Shape:
    if kind == "own":
        return replace(OWN_DOT, path=dot(at, 6))
    drawn = diamond(at, 7) if kind == "training" else square(at, 5.5)
    return replace(OPEN_MARK, path=drawn)


def roc_svg(
    outline: SimplifiedRoc | None, marks: Sequence[RocMark], *, name: str, uid: str, fonts: str = ""
) -> SafeString:
    """The curve, named ``name`` in the key; without one the marks alone."""
    canvas = Canvas(Scale(0, 1, _LEFT, _RIGHT), Scale(0, 1, _BOTTOM, _TOP))
    x, y = canvas.x, canvas.y
    canvas.frame(
        Ticks(PER_CENT_TICKS, PER_CENT_TEXTS, _("1 − specificity, %")),
        Ticks(PER_CENT_TICKS, PER_CENT_TEXTS, _("Sensitivity, %")),
    )
    canvas.add(replace(DASHED, path=line([(x(0), y(0)), (x(1), y(1))])))
    if outline is not None:
        rates = zip(outline.false_positive_rate.tolist(), outline.sensitivity.tolist(), strict=True)
        canvas.add(replace(OWN_LINE, path=line((x(false), y(true)) for false, true in rates)))
    # The published ones below the hospital's own.
    for mark in sorted(marks, key=lambda one: one.kind == "own"):
        canvas.add(_mark(mark.kind, (x(1 - mark.specificity), y(mark.sensitivity))))
    key: list[tuple[Sequence[Shape], str]] = []
    if outline is not None:
        key.append(((sample_line(OWN_LINE),), name))
    key += [((_mark(mark.kind, (0, 0)),), mark.name) for mark in marks]
    key.append(((sample_line(DASHED),), _("no better than chance")))
    canvas.key(key)
    return canvas.svg(
        title=_("ROC curve"),
        description=clauses([name, *(mark.name for mark in marks)]),
        uid=uid,
        fonts=fonts,
    )

"""The nomogram with one patient's values marked on every axis, for page and paper."""

from dataclasses import dataclass

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from scoring.charts.nomogram import words
from scoring.charts.nomogram.drawing import NomogramDrawing, nomogram, readings_order
from scoring.charts.nomogram.layout import NomogramLayout, layout_for
from scoring.charts.nomogram.marks import stops
from scoring.charts.nomogram.svg import elements
from scoring.charts.nomogram.words import RowWords, row_words
from scoring.charts.palette import PRINT_FONTS, SCREEN_FONTS
from scoring.charts.svg import drawing
from scoring.charts.text import px
from scoring.display import percent_text, points_text
from scoring.nomogram.model import Result
from scoring.words.marks import sentences

__all__ = [
    "NomogramDrawing",
    "NomogramLayout",
    "PrintLabel",
    "RowWords",
    "nomogram",
    "nomogram_svg",
    "print_labels",
    "row_words",
]

_LINE_PX = 12


@dataclass(frozen=True, slots=True)
class PrintLabel:
    """Words beside one axis of the printed nomogram, set as HTML left and right of the image.

    ``top_px`` and ``right_top_px`` are distances of each block from the top of the image;
    ``right`` has two lines for total and risk of a provisional result.
    """

    top_px: float
    name: str
    value: str
    right_top_px: float
    right: tuple[str, ...]
    heading: bool = False

    @property
    def value_below(self) -> str:
        """The value on the line below the name, if there is one."""
        return self.value and f"\n{self.value}"

    @property
    def right_text(self) -> str:
        """What stands on the right, line by line."""
        return "\n".join(self.right)


def nomogram_svg(
    result: Result, *, layout: NomogramLayout, uid: str, texts: tuple[RowWords, ...] = ()
) -> SafeString:
    """The nomogram as SVG; ``uid`` makes its ids unique within the page.

    ``texts`` are its ``row_words``, where it is drawn in more than one layout.

    "wide" is for screens from 992 px, "narrow" below, "print" for the report, which sets names
    and points beside it (:func:`print_labels`).
    """
    chart = nomogram(result, layout=layout, texts=texts)
    description = words.description(result, chart.texts)
    is_image = layout == "print"
    return drawing(
        *elements(chart),
        stops="" if is_image else stops(result, chart),
        width=chart.width,
        height=chart.height,
        title=words.title(),
        description=description if is_image else sentences(description, words.keys_text()),
        uid=uid,
        fonts=PRINT_FONTS if is_image else SCREEN_FONTS,
    )


def print_labels(result: Result) -> tuple[PrintLabel, ...]:
    """The words beside the printed nomogram, from top to bottom: ruler, predictors, total, risk."""
    layout = layout_for("print", result.model)
    scenarios = readings_order(result)
    labels = [_print_label(layout.ruler_y, 6, _("Points"), "", (_("this patient"),), heading=True)]
    for index, row in enumerate(words.row_words(result)):
        y = layout.row_y(index)
        labels.append(_print_label(y, 10.5, row.name, row.printed_value, (row.points,)))
    totals = tuple(points_text(scenario.total_points) for scenario in scenarios)
    labels.append(_print_label(layout.total_y, 6, _("Total points"), "", totals))
    risks = tuple(percent_text(scenario.risk) for scenario in scenarios)
    risk_y = layout.risk_y(provisional=result.provisional)
    unit = _("%, at 3 days and 1 month")
    labels.append(_print_label(risk_y, 10, _("Risk of residual back pain"), unit, risks))
    return tuple(labels)


def _print_label(
    y: float,
    rise: float,
    name: str,
    value: str,
    right: tuple[str, ...],
    *,
    heading: bool = False,
) -> PrintLabel:
    return PrintLabel(
        top_px=px(y - rise),
        name=name,
        value=value,
        right_top_px=px(y - _LINE_PX * len(right) / 2),
        right=right,
        heading=heading,
    )

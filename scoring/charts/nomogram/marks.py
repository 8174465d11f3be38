"""The patient's marks as stops of the keyboard, each with its value as it is read out."""

from collections.abc import Iterator
from dataclasses import dataclass
from html import escape

from scoring.charts.nomogram import words
from scoring.charts.nomogram.drawing import NomogramDrawing, readings_order
from scoring.charts.svg import box, element
from scoring.charts.text import Box
from scoring.nomogram.model import Result

# As large as what is pressed with a mouse.
_HALF_PX = 12


@dataclass(frozen=True, slots=True)
class Mark:
    """A mark of the drawing: its middle, and its value in words."""

    x: float
    y: float
    name: str


def marks(result: Result, chart: NomogramDrawing) -> Iterator[Mark]:
    """Every mark from top to bottom: predictors, total, risk; the open one before the filled."""
    for row, text, axis in zip(chart.rows, chart.texts, result.model.axes(), strict=True):
        if row.mark_x is not None:
            yield Mark(row.mark_x, row.y, words.value_name(text))
        else:
            yield Mark(row.open_x, row.y, words.answer_name(text, axis.predictor, axis.fewest))
            yield Mark(row.filled_x, row.y, words.answer_name(text, axis.predictor, axis.most))
    readings = list(zip(chart.readings, readings_order(result), strict=True))
    for reading, scenario in readings:
        yield Mark(reading.x, chart.total.y, words.total_name(result, scenario))
    for reading, scenario in readings:
        yield Mark(reading.x, chart.risk.y, words.risk_name(result, scenario))


def stops(result: Result, chart: NomogramDrawing) -> str:
    """The marks as one stop of Tab; static/scoring/site.js goes from one to the next."""
    return element(
        "g",
        *(
            box(
                Box(mark.x - _HALF_PX, mark.y - _HALF_PX, mark.x + _HALF_PX, mark.y + _HALF_PX),
                "transparent",
                rx=_HALF_PX,
                role="img",
                aria_label=escape(mark.name),
                tabindex=-1 if place else 0,
            )
            for place, mark in enumerate(marks(result, chart))
        ),
        **{"class": "marks"},
    )

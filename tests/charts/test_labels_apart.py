"""Labels of the nomogram at every end of every predictor, in both languages, on page and paper."""

import random
from collections.abc import Sequence
from itertools import pairwise, product

import pytest
from django.utils import translation

from scoring.charts import nomogram_svg, print_labels
from scoring.charts.nomogram import NomogramDrawing, nomogram
from scoring.charts.text import Box, text_width
from scoring.nomogram.model import Result
from tests.charts.drawings import LAYOUTS, TENTH, assert_words_stand_apart, patient

_CORNERS = list(
    product(
        (50, 100),
        (-10.0, 4.0),
        (False, True),
        (False, True),
        (6, 34.8),
        (75.8, 115),
        (True, False, None),
    )
)
# Beside the printed one, from report.css: px.
_COLUMN, _RIGHT_COLUMN, _LINE, _RIGHT_LINE, _FONT = 130, 54, 11, 12, 10
# Names in Liberation Sans Bold against Regular; the estimate for plates is more generous.
_BOLDER = 1.12


def _results() -> list[Result]:
    """All corners, and patients between them: the same ones on every run."""
    drawn = random.Random(16)  # noqa: S311 - patients, no secret
    between = [
        (
            drawn.randint(50, 100),
            round(drawn.uniform(-10, 4), 1),
            drawn.choice((True, False)),
            drawn.choice((True, False)),
            round(drawn.uniform(6, 34.8), 2),
            round(drawn.uniform(75.8, 115), 1),
            drawn.choice((True, False, None)),
        )
        for _patient in range(300)
    ]
    return [patient(*values) for values in [*_CORNERS, *between]]


@pytest.mark.slow
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_labels_never_meet(language: str) -> None:
    results = _results()
    assert len(results) == 192 + 300
    with translation.override(language):
        for result in results:
            for layout in LAYOUTS:
                chart = nomogram(result, layout=layout)
                assert_words_stand_apart(nomogram_svg(result, layout=layout, uid="n"))
                assert_plates_keep_clear(chart)
            assert_printed_columns_hold(result)


def assert_plates_keep_clear(chart: NomogramDrawing) -> None:
    """No label lies under a plate or a reading line, and the plates keep to their place."""
    labels = list(chart.labels())
    for reading in chart.readings:
        plate, own = reading.callout.box, reading.callout.label
        assert 0 <= plate.left < plate.right <= chart.width
        assert chart.total.y < plate.top < plate.bottom < chart.risk.y
        assert plate.left <= own.box.left < own.box.right <= plate.right
        for label in labels:
            assert label is own or not label.box.meets(plate), (label, plate)
            crossed = label.box.left <= reading.x <= label.box.right
            between = chart.total.y < label.box.bottom and label.box.top < chart.risk.y
            assert not (crossed and between), label
        assert not any(plate.left <= other.x <= plate.right for other in chart.readings)
        assert reading.interval.left >= chart.layout.x0 - TENTH
        assert reading.interval.right <= chart.layout.x1 + TENTH


def assert_printed_columns_hold(result: Result) -> None:
    """Beside the printed nomogram texts keep to their lines, blocks end above the next."""
    labels = print_labels(result)
    left, right = [], []
    for label in labels:
        lines = [(label.name, True), *([(label.value, False)] if label.value else [])]
        left.append(_column(label.top_px, lines, _COLUMN, _LINE))
        lines = [(text, not label.heading) for text in label.right]
        right.append(_column(label.right_top_px, lines, _RIGHT_COLUMN, _RIGHT_LINE))
    for above, below in (*pairwise(left), *pairwise(right)):
        assert above.bottom <= below.top + TENTH, (above, below)


def _column(top: float, lines: Sequence[tuple[str, bool]], width: float, height: float) -> Box:
    widest = max(text_width(text, _FONT) * (_BOLDER if bold else 1) for text, bold in lines)
    assert widest <= width, lines
    return Box(0, top, widest, top + height * len(lines))

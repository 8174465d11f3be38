"""The nomogram for use by hand, measured in its PDF: where each tick stands, and what it reads."""

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any, NamedTuple

import numpy as np
import pytest
from django.urls import reverse
from django.utils import translation

from scoring.nomogram.model import Result
from scoring.nomogram.predictor import Measured
from scoring.nomogram.rong2025.model import RONG_2025
from scoring.report.blank_nomogram import SIZES, blank_nomogram_html
from scoring.report.renderer import pdf_of
from tests import cast
from tests import worked_example as worked
from tests.report.strokes import Stroke, page_of, said, strokes
from tests.web.html import signed_in

LANGUAGES = ("en", "zh-hans")
PAPERS = {"a4": (297.0, 210.0), "letter": (279.4, 215.9)}
TENTH_MM = 0.1
MM_PER_POINT = 2.0
MM_PER_TOTAL_POINT = 1.0


@cache
def _page(size: str = "a4", language: str = "en") -> Any:
    with translation.override(language):
        return page_of(pdf_of(blank_nomogram_html(size=size)))


class MeasuredAxis(NamedTuple):
    """An axis as it lies on the paper: its line, and the ticks above and below it, mm."""

    line: Stroke
    above: list[float]
    below: list[float]


@cache
def _axes(size: str = "a4", language: str = "en") -> list[MeasuredAxis]:
    """Ruler, predictors, total with risk: from top to bottom."""
    every = list(strokes(_page(size, language)))
    # Each tick begins on its axis. The grid begins on the ruler and is longer than any tick, so is
    # the mark of the cut-off.
    ticks = [s for s in every if s.is_upright and 0.5 < s.length < 3]
    lines = [
        line
        for line in every
        if line.is_level
        and line.length > 20
        and sum(abs(tick.y - line.y) < 0.01 for tick in ticks) >= 2
    ]
    axes = []
    for line in sorted(lines, key=lambda line: -line.y):
        own = [tick for tick in ticks if abs(tick.y - line.y) < 0.01]
        above = sorted(tick.x for tick in own if tick.to_y > tick.y)
        below = sorted(tick.x for tick in own if tick.to_y < tick.y)
        axes.append(MeasuredAxis(line, above, below))
    return axes


def _predictor_axes() -> dict[str, MeasuredAxis]:
    return dict(zip(RONG_2025.by_key, _axes()[1:-1], strict=True))


def _values_of(predictor: Measured, count: int) -> list[float]:
    """What so many ticks stand for, in the order in which they stand on the paper."""
    ends = next(axis for axis in RONG_2025.axes() if axis.predictor is predictor)
    values = np.linspace(ends.fewest.value, ends.most.value, count)
    return sorted(values.tolist(), key=predictor.points)


def _stand_at(ticks: Sequence[float], expected: Sequence[float]) -> bool:
    return len(ticks) == len(expected) and bool(
        np.all(np.abs(np.array(ticks) - np.array(expected)) < TENTH_MM)
    )


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("size", SIZES)
def test_it_is_one_page_of_that_paper_across(size: str, language: str) -> None:
    box = _page(size, language).mediabox
    width, height = (float(length) * 25.4 / 72 for length in (box.width, box.height))
    assert (width, height) == pytest.approx(PAPERS[size], abs=0.1)
    foot = {"en": "Page 1 of 1", "zh-hans": "第 1 页，共 1 页"}[language]
    assert foot in _page(size, language).extract_text()
    for stroke in strokes(_page(size, language)):
        # What printers leave white.
        assert min(stroke.x, stroke.to_x) > 6
        assert max(stroke.x, stroke.to_x) < width - 6


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("size", SIZES)
def test_every_paper_and_language_has_the_same_ticks(size: str, language: str) -> None:
    plain, here = _axes(), _axes(size, language)
    assert len(here) == len(RONG_2025.predictors) + 2
    for one, other in zip(plain, here, strict=True):
        for side in ("above", "below"):
            ticks, same = getattr(one, side), getattr(other, side)
            starts = one.line.x, other.line.x
            assert _stand_at([x - starts[0] for x in ticks], [x - starts[1] for x in same])


@pytest.mark.parametrize("size", SIZES)
def test_the_check_line_is_100_mm_long(size: str) -> None:
    tenths = [s for s in strokes(_page(size)) if s.is_level and abs(s.length - 100) < 0.05]
    assert len(tenths) == 1
    assert any(word.text.startswith("This line is 100.0 mm long") for word in said(_page(size)))


def test_every_tick_of_the_ruler_stands_at_its_points() -> None:
    ruler = _axes()[0]
    x0 = ruler.line.x
    assert _stand_at(ruler.above, [x0 + MM_PER_POINT * points for points in range(101)])


@pytest.mark.parametrize("key", RONG_2025.by_key)
def test_every_tick_of_a_predictor_stands_at_its_points(key: str) -> None:
    predictor, axis = RONG_2025.by_key[key], _predictor_axes()[key]
    x0 = _axes()[0].line.x
    if isinstance(predictor, Measured):
        values = _values_of(predictor, len(axis.above))
        # Whole steps of a tenth, so that a tick is a value that can be written down.
        assert all(abs(value * 10 - round(value * 10)) < 1e-6 for value in values)
        points = [predictor.points(value) for value in values]
        assert _stand_at(axis.below, [x0 + MM_PER_POINT * n for n in range(int(max(points)) + 1)])
    else:
        points = sorted(predictor.points(answer) for answer in (0.0, 1.0))
        assert _stand_at(axis.below, [x0 + MM_PER_POINT * p for p in points])
    assert _stand_at(axis.above, [x0 + MM_PER_POINT * p for p in points])


def test_every_tick_of_total_and_risk_stands_at_its_points() -> None:
    total = _axes()[-1]
    first = total.line.x
    assert _stand_at(total.above, [first + MM_PER_TOTAL_POINT * n for n in range(231)])
    expected = [RONG_2025.points_at(percent / 100) - 40 for percent in range(1, 100)]
    assert _stand_at(total.below, [first + MM_PER_TOTAL_POINT * points for points in expected])


def test_the_cutoff_is_marked() -> None:
    total = _axes()[-1].line
    place = total.x + RONG_2025.points_at(RONG_2025.cutoff) - 40
    (mark,) = [
        s for s in strokes(_page()) if s.is_upright and abs(s.y - total.y) < 0.01 and s.length > 5
    ]
    assert mark.x == pytest.approx(place, abs=TENTH_MM)


@pytest.mark.parametrize("size", SIZES)
def test_labels_stand_at_the_ticks_they_name(size: str) -> None:
    """The words of the PDF are found where the ticks are: 105 at 105 mmol/L, 20 at 20 %."""
    words, axes = said(_page(size)), _axes(size)
    shift = axes[0].line.x
    chloride, total = axes[1 + list(RONG_2025.by_key).index("chloride")], axes[-1]
    places = {
        "105": (shift + MM_PER_POINT * RONG_2025.by_key["chloride"].points(105), chloride.line.y),
        "160": (total.line.x + 120, total.line.y),
    }
    for text, (x, y) in places.items():
        near = [w for w in words if w.text == text and 0 < w.y - y < 4]
        assert any(abs(word.x - (x - 2.08)) < 0.3 for word in near), (text, near)


def _read(mm: float) -> float:
    """As a ruler is read: to half a millimetre."""
    return round(mm * 2) / 2


def _along(places: Sequence[float], numbers: Sequence[float]) -> Callable[[float], float]:
    """The number at a place, between the ticks on both sides of it."""
    return lambda x: float(np.interp(x, places, numbers))


def _points_by_ruler(key: str, value: float) -> float:
    """Where the value stands between the ticks of the PDF, read to half a millimetre."""
    predictor, axis = RONG_2025.by_key[key], _predictor_axes()[key]
    if not isinstance(predictor, Measured):
        answer = predictor.covariate(value)
        printed: float = round(predictor.points(answer), 2)
        return printed
    values = _values_of(predictor, len(axis.above))
    ordered = sorted(zip(values, axis.above, strict=True))
    x = _along([v for v, _ in ordered], [place for _, place in ordered])(value)
    distance = _read(x - axis.line.x)
    # Beyond the last whole point the line goes on for less than one more.
    mm_per_point = (axis.below[-1] - axis.below[0]) / (len(axis.below) - 1)
    return distance / mm_per_point


def _risk_by_ruler(total: float) -> float:
    axis = _axes()[-1]
    x = _along(range(40, 271), axis.above)(total)
    distance = _read(x - axis.line.x)
    percents = [percent / 100 for percent in range(1, 100)]
    return _along(axis.below, percents)(axis.line.x + distance)


def _patient(chance: np.random.Generator) -> Result:
    values: dict[str, float | bool] = {}
    for predictor in RONG_2025.predictors:
        if predictor.field in RONG_2025.numeric:
            numeric = RONG_2025.numeric[predictor.field]
            low, high = numeric.domain
            drawn = round(chance.uniform(low, high), numeric.decimals)
            values[predictor.field] = min(max(drawn, low), high)
        else:
            values[predictor.field] = bool(chance.random() < 0.5)
    return RONG_2025.assess(values)


def test_a_ruler_reads_points_within_a_half_and_the_risk_within_one_per_cent() -> None:
    chance = np.random.default_rng(1625518)
    furthest = {"points": 0.0, "total": 0.0, "risk": 0.0}
    for _ in range(2000):
        result = _patient(chance)
        (scenario,) = result.scenarios
        read = {
            key: _points_by_ruler(key, float(result.inputs[predictor.field] or 0))
            for key, predictor in RONG_2025.by_key.items()
        }
        for key, points in read.items():
            furthest["points"] = max(furthest["points"], abs(points - scenario.points[key]))
        total = sum(read.values())
        furthest["total"] = max(furthest["total"], abs(total - scenario.total_points))
        off = abs(_risk_by_ruler(total) - min(max(scenario.risk, 0.01), 0.99))
        furthest["risk"] = max(furthest["risk"], off)
    assert 0.05 < furthest["points"] <= 0.5
    assert furthest["total"] <= 0.5
    assert 0.001 < furthest["risk"] <= 0.01


def test_it_has_the_worked_example_and_says_how_it_is_read() -> None:
    text = _page().extract_text().replace("\n", " ")
    assert f"Total 183.89 points, risk {worked.RISK}" in text
    assert "read the points right below it" in text
    assert RONG_2025.name in text
    assert "T-score below −3.5" in text


def test_nothing_but_grey_and_dark_ink_is_printed() -> None:
    """Each color is nearly grey, so that a printer without colors shows the same."""
    content = _page().get_contents().get_data().decode("latin-1")
    words = content.split()
    for index, word in enumerate(words):
        if word in {"rg", "RG"}:
            color = [float(part) for part in words[index - 3 : index]]
            assert max(color) - min(color) < 0.13, color


@pytest.mark.django_db
def test_the_page_answers_with_the_paper_that_was_asked_for() -> None:
    client = signed_in(cast.bob())
    for size, (width, _height) in PAPERS.items():
        response = client.get(reverse("blank-nomogram"), {"paper": size})
        assert response["Content-Type"] == "application/pdf"
        page = page_of(response.content)
        assert float(page.mediabox.width) * 25.4 / 72 == pytest.approx(width, abs=0.1)
    assert client.get(reverse("blank-nomogram"), {"paper": "a5"}).status_code == 400

"""100 circles: how many are filled, and where they stand."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.charts import icon_array_svg
from scoring.charts.icon_array import icon_array
from tests.charts.drawings import SVG, assert_presentable, parsed


def dots(path: str, cell: float) -> list[tuple[float, float]]:
    """The circles a dotted path draws."""
    found = []
    for x, y, length in re.findall(r"M([\d.]+) ([\d.]+)h([\d.]+)", path):
        count = round((float(length) - 0.1) / cell) + 1
        found += [(float(x) + i * cell, float(y)) for i in range(count)]
    return found


@pytest.mark.parametrize(
    ("risk", "filled", "title"),
    [
        (0.0042, 0, "Fewer than 1 of 100: no circle filled"),
        (0.01, 1, "1 of 100 circles filled"),
        (0.0995, 10, "10 of 100 circles filled"),
        (0.435, 44, "44 of 100 circles filled"),
        (0.768, 77, "77 of 100 circles filled"),
        (0.99, 99, "99 of 100 circles filled"),
        (0.9901, 100, "More than 99 of 100: all 100 circles filled"),
    ],
)
def test_so_many_are_filled(risk: float, filled: int, title: str) -> None:
    array = icon_array(risk, size=190)
    assert len(dots(array.filled_path, 19)) == filled
    assert len(dots(array.open_path, 19)) == 100 - filled
    svg = icon_array_svg(risk, uid="i")
    assert parsed(svg).findtext(f"{SVG}title") == title
    assert_presentable(svg, "i")


@given(risk=st.floats(0, 1))
def test_always_100_circles_each_in_its_own_cell(risk: float) -> None:
    array = icon_array(risk, size=105)
    every = dots(array.filled_path, 10.5) + dots(array.open_path, 10.5)
    cells = {(int(x // 10.5), int(y // 10.5)) for x, y in every}
    assert len(every) == len(cells) == 100


def test_the_worked_example_stands_as_in_the_design() -> None:
    array = icon_array(0.768, size=190)
    assert (array.diameter, array.open_diameter, array.dashes) == (14.7, 11.7, "0.01 18.99")
    assert array.filled_path.startswith("M9.5 9.5h171.1M9.5 28.5h171.1")
    assert array.filled_path.endswith("M9.5 142.5h114.1")
    assert array.open_path == "M142.5 142.5h38.1M9.5 161.5h171.1M9.5 180.5h171.1"
    printed = icon_array(0.768, size=105)
    assert (printed.diameter, printed.dashes) == (8.8, "0.01 10.49")


def test_circles_do_not_touch() -> None:
    for size in (105, 190):
        array = icon_array(0.5, size=size)
        assert array.diameter < array.cell - 1

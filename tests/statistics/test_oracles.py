"""The table of docs/statistics.md is what the script finds."""

from pathlib import Path

import pytest

from tests.statistics.reference.oracles import ORACLES, Oracle

DOCS = Path(__file__).parents[2] / "docs" / "statistics.md"


def documented(one: Oracle) -> list[str]:
    start = f"| {one.statistic} | {one.software} |"
    (line,) = [
        line for line in DOCS.read_text(encoding="utf-8").splitlines() if line.startswith(start)
    ]
    return [cell.strip() for cell in line.strip("|").split("|")]


@pytest.mark.parametrize("one", ORACLES, ids=lambda one: one.statistic)
def test_no_difference_is_larger_than_documented(one: Oracle) -> None:
    """But for rounding: other processors add in another order."""
    _statistic, _software, difference, test = documented(one)
    assert one.largest_difference() <= 3 * float(difference) + 1e-12
    assert (Path(__file__).parent / test).is_file()

"""There is one 97.5th percentile of the normal distribution."""

import io
import tokenize
from pathlib import Path

import pytest
from scipy.stats import norm

from scoring.nomogram.logistic import Z95

SCORING = Path(__file__).parents[2] / "scoring"
HOME = SCORING / "nomogram" / "logistic.py"


def percentiles_in(source: str) -> list[str]:
    """Numbers that are the percentile, however rounded; comments and docstrings may name it."""
    return [
        token.string
        for token in tokenize.generate_tokens(io.StringIO(source).readline)
        if token.type == tokenize.NUMBER and token.string.startswith(("1.95996", "1.96"))
    ]


def test_the_constant_is_the_percentile_to_the_last_digit() -> None:
    assert pytest.approx(norm.ppf(0.975), rel=1e-15) == Z95


def test_it_stands_in_one_file_alone() -> None:
    found = {
        path: numbers
        for path in SCORING.rglob("*.py")
        if (numbers := percentiles_in(path.read_text(encoding="utf-8")))
    }
    assert list(found) == [HOME]
    assert len(found[HOME]) == 1


def test_a_rounded_one_would_be_found() -> None:
    assert percentiles_in('"""1.96"""\nlow = mean - 1.96 * se  # 1.96\n') == ["1.96"]

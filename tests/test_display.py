"""Numbers as people read them: rounded half up, never a silent 0 % or 100 %."""

from decimal import Decimal

import pytest

from scoring.display import (
    no_break_spaces,
    number_text,
    percent_range_text,
    percent_text,
    plain,
    points_text,
    rounded,
    signed_text,
    whole_percent,
)


@pytest.mark.parametrize(
    ("points", "said"),
    [
        (183.886, "183.89"),
        (23.596000000000004, "23.60"),
        (0.125, "0.13"),
        (2.675, "2.68"),
        (1.005, "1.01"),
        (0.0, "0.00"),
        (19, "19.00"),
    ],
)
def test_points_are_rounded_half_up_to_two_decimals(points: float, said: str) -> None:
    assert points_text(points) == said


@pytest.mark.parametrize(
    ("risk", "said"),
    [
        (0.0001, "< 1 %"),
        (0.009999, "< 1 %"),
        (0.01, "1 %"),
        (0.0149, "1 %"),
        (0.015, "2 %"),
        (0.768, "77 %"),
        (0.125, "13 %"),
        (0.184, "18 %"),
        (0.985, "99 %"),
        (0.99, "99 %"),
        (0.990001, "> 99 %"),
        (0.99999, "> 99 %"),
    ],
)
def test_a_risk_in_whole_per_cent(risk: float, said: str) -> None:
    assert percent_text(risk) == said


def test_whole_percent_counts_the_filled_circles() -> None:
    assert [whole_percent(risk) for risk in (0.009, 0.01, 0.768, 0.99, 0.991)] == [
        0,
        1,
        77,
        99,
        100,
    ]


@pytest.mark.parametrize(
    ("low", "high", "numbers"),
    [
        (0.600, 0.879, "60–88 %"),
        (0.753, 0.800, "75–80 %"),
        (0.751, 0.754, "75 %"),
        (0.995, 0.999, "> 99 %"),
        (0.001, 0.002, "< 1 %"),
    ],
)
def test_an_interval(low: float, high: float, numbers: str) -> None:
    assert percent_range_text(low, high) == numbers


@pytest.mark.parametrize(
    ("low", "high", "ends"), [(0.001, 0.02, ("< 1", "2 %")), (0.97, 0.999, ("97", "> 99 %"))]
)
def test_an_interval_beyond_the_ends(low: float, high: float, ends: tuple[str, str]) -> None:
    said = percent_range_text(low, high)
    assert said.startswith(ends[0])
    assert said.endswith(ends[1])
    assert "–" in said


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (12.8, "12.8"),
        (Decimal("12.8000"), "12.8"),
        (105.0, "105"),
        (Decimal("100"), "100"),
        (Decimal("-3.5100"), "−3.51"),
        (Decimal("1E+2"), "100"),
        (0.0001, "0.0001"),
        (34.8, "34.8"),
    ],
)
def test_a_measured_value(value: float | Decimal, said: str) -> None:
    assert number_text(value) == said


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (-2, "−2.0"),
        (-3.51, "−3.51"),
        (0.4, "+0.4"),
        (Decimal("-2.0000"), "−2.0"),
        (4, "+4.0"),
        (0, "0.0"),
    ],
)
def test_a_t_score_keeps_its_sign_and_one_decimal(value: float | Decimal, said: str) -> None:
    assert signed_text(value) == said


def test_the_noise_of_binary_fractions_does_not_round_up() -> None:
    assert rounded(0.1 + 0.2, 1) == Decimal("0.3")
    assert rounded(1.0049999, 2) == Decimal("1.00")


def test_text_that_wraps_and_plain_text() -> None:
    assert no_break_spaces("< 1 – 2 %") == "<\u00a01\u00a0–\u00a02\u00a0%"
    assert plain(no_break_spaces("< 1 – 2 %")) == "< 1 – 2 %"

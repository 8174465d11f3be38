import pytest
from scipy import stats

from scoring.nomogram.logistic import Z95
from scoring.statistics import NotEstimableError, intervals, wilson


@pytest.mark.parametrize(
    ("yes", "of", "low", "high"),
    [
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_the_published_wilson_intervals(yes: int, of: int, low: float, high: float) -> None:
    """Newcombe, Stat Med 1998;17:857, table I, method 3, to the digits printed."""
    found = wilson(yes, of)
    assert found.value == yes / of
    assert found.ci95 == pytest.approx((low, high), abs=5e-5)


@pytest.mark.parametrize("of", [1, 7, 1000])
def test_wilson_at_both_ends(of: int) -> None:
    assert wilson(0, of).ci95.low == 0.0
    assert wilson(of, of).ci95.high == 1.0


def test_a_share_of_nothing_is_none() -> None:
    with pytest.raises(NotEstimableError, match="too_few"):
        wilson(0, 0)


def test_the_distributions_as_scipy_stats_has_them() -> None:
    assert stats.norm.ppf(0.975) == pytest.approx(Z95, abs=1e-15)
    assert intervals.normal_two_sided_p(-2.3) == pytest.approx(2 * stats.norm.sf(2.3), rel=1e-12)
    assert intervals.chi_square_p(6.354, 8) == pytest.approx(stats.chi2.sf(6.354, 8), rel=1e-12)
    assert intervals.t_two_sided_p(3.273, 567) == pytest.approx(
        2 * stats.t.sf(3.273, 567), rel=1e-12
    )


def test_the_p_of_both_hosmer_lemeshow_tests_of_the_paper() -> None:
    """Section 3.5: chi-square 6.354 and 7.240 have the printed p with 10 - 2 df, not with 10."""
    assert f"{intervals.chi_square_p(6.354, 8):.3f}" == "0.608"
    assert f"{intervals.chi_square_p(7.240, 8):.3f}" == "0.511"
    assert f"{intervals.chi_square_p(7.240, 10):.3f}" != "0.511"

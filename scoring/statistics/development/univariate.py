"""One predictor at a time: the tests of section 2.6, whose results are Tables 1 to 3.

Differences are pain-free less pain, so that the signs are those of the tables.
"""

import math
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

import numpy as np

from scoring.statistics.errors import NotEstimableError
from scoring.statistics.intervals import chi_square_p, normal_two_sided_p, t_two_sided_p
from scoring.statistics.predictions import BoolArray, FloatArray, Tally

NORMALITY_ALPHA = 0.05
# Shapiro and Wilk's p is an approximation made for up to 5,000 values.
_SHAPIRO_MAX = 5000


class Variable(NamedTuple):
    """A predictor; ``binary``: its values are 0.0 and 1.0."""

    name: str
    binary: bool


class MeanSd(NamedTuple):
    """A continuous predictor in n patients, in its own unit; ``sd`` is NaN-free: 0 for one."""

    n: int
    mean: float
    sd: float


class Share(NamedTuple):
    """A yes/no predictor in n patients: how many are "yes"."""

    n: int
    yes: int


Summary: TypeAlias = MeanSd | Share


class Test(NamedTuple):
    """A test of two groups; ``df`` is None where there is none.

    ``name``: "student_t", "rank_sum" (``statistic`` is z) or "chi_square".
    """

    name: str
    statistic: float
    df: int | None
    p: float


@dataclass(frozen=True)
class Univariate:
    """A row of Tables 1 to 3. ``test`` is None where ``not_estimable`` says why."""

    variable: Variable
    everybody: Summary
    without_event: Summary
    with_event: Summary
    test: Test | None
    not_estimable: str | None


def student_t(without: MeanSd, with_event: MeanSd) -> Test:
    """Student's t-test with pooled variance, from means and SDs alone.

    Raises NotEstimableError: "too_few", "no_variation".
    """
    if min(without.n, with_event.n) < 2:
        raise NotEstimableError("too_few")
    df = without.n + with_event.n - 2
    squares = (without.n - 1) * without.sd**2 + (with_event.n - 1) * with_event.sd**2
    if squares == 0.0:
        raise NotEstimableError("no_variation")
    se = math.sqrt(squares / df * (1 / without.n + 1 / with_event.n))
    t = (without.mean - with_event.mean) / se
    return Test("student_t", t, df, t_two_sided_p(t, df))


def chi_square(without: Share, with_event: Share) -> Test:
    """Pearson's chi-square of the 2 x 2 table, without continuity correction.

    Raises NotEstimableError("no_variation") if all are "yes" or none.
    """
    yes, n = without.yes + with_event.yes, without.n + with_event.n
    product = without.n * with_event.n * yes * (n - yes)
    if not product:
        raise NotEstimableError("no_variation")
    # In whole numbers up to the division.
    determinant = without.yes * with_event.n - with_event.yes * without.n
    chi2 = n * determinant**2 / product
    return Test("chi_square", chi2, 1, chi_square_p(chi2, 1))


def rank_sum(values: FloatArray, event: BoolArray) -> Test:
    """Wilcoxon's rank-sum test (Mann-Whitney), z with ties corrected, without continuity.

    Raises NotEstimableError: "no_variation".
    """
    tally = Tally(values, event)
    ties = tally.events + tally.non_events
    with_event, n = int(tally.events.sum()), len(values)
    without = n - with_event
    below = np.cumsum(tally.events) - tally.events
    # U counts the pairs in which the patient without the event has the higher value.
    u = float(tally.non_events @ (below + tally.events / 2.0))
    spread = (n + 1) - float(np.sum(ties.astype(np.float64) ** 3 - ties)) / (n * (n - 1))
    if len(tally.value) == 1:
        raise NotEstimableError("no_variation")
    z = (u - without * with_event / 2.0) / math.sqrt(without * with_event / 12.0 * spread)
    return Test("rank_sum", z, None, normal_two_sided_p(z))


def looks_normal(values: FloatArray) -> bool:
    """Shapiro-Wilk, beyond 5,000 values D'Agostino-Pearson, does not reject at 0.05.

    Fewer than 3 values, or values that are all the same, don't look normal.
    """
    if len(values) < 3 or values.min() == values.max():
        return False
    from scipy import stats

    check = stats.shapiro if len(values) <= _SHAPIRO_MAX else stats.normaltest
    return bool(check(values).pvalue >= NORMALITY_ALPHA)


def summary(variable: Variable, values: FloatArray) -> Summary:
    """Mean and SD (n - 1), or the count of "yes"."""
    if variable.binary:
        return Share(len(values), int(np.count_nonzero(values)))
    sd = float(values.std(ddof=1)) if len(values) > 1 else 0.0
    return MeanSd(len(values), float(values.mean()), sd)


def test_of(variable: Variable, values: FloatArray, event: BoolArray) -> Test:
    """The test the paper would choose: chi-square for yes/no; if both groups look normal
    Student's t, else rank sum.

    Raises NotEstimableError: "no_events", "all_events", "too_few", "no_variation".
    """
    if not event.any():
        raise NotEstimableError("no_events")
    if event.all():
        raise NotEstimableError("all_events")
    without, with_event = values[~event], values[event]
    groups = summary(variable, without), summary(variable, with_event)
    match groups:
        case Share() as share_without, Share() as share_with:
            return chi_square(share_without, share_with)
        case MeanSd() as mean_without, MeanSd() as mean_with if looks_normal(
            without
        ) and looks_normal(with_event):
            return student_t(mean_without, mean_with)
    return rank_sum(values, event)


def univariate(variable: Variable, values: FloatArray, event: BoolArray) -> Univariate:
    """A row of Tables 1 to 3, with the reason where there is no test."""
    test, reason = None, None
    try:
        test = test_of(variable, values, event)
    except NotEstimableError as error:
        reason = error.code
    return Univariate(
        variable=variable,
        everybody=summary(variable, values),
        without_event=summary(variable, values[~event]),
        with_event=summary(variable, values[event]),
        test=test,
        not_estimable=reason,
    )

"""One predictor at a time: the tests of section 2.6, whose results are Tables 1 to 3.

Differences are pain-free less pain, so that the signs are those of the tables.
"""

import math
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

import numpy as np

from scoring.nomogram.logistic import Z95
from scoring.statistics.errors import NotEstimableError
from scoring.statistics.intervals import chi_square_p, normal_two_sided_p, t_two_sided_p
from scoring.statistics.predictions import BoolArray, FloatArray, Tally, need_both_outcomes

_NORMAL_MIN, _NORMAL_SMALL, _NORMAL_LARGE = 8, 50, 300


class Variable(NamedTuple):
    """A predictor; ``binary``: its values are 0.0 and 1.0."""

    name: str
    binary: bool


class GroupMeanSd(NamedTuple):
    """A continuous predictor in n patients, in its own unit; ``sd`` of one patient is 0."""

    n: int
    mean: float
    sd: float


class Share(NamedTuple):
    """A yes/no predictor in n patients: how many are "yes"."""

    n: int
    yes: int


Summary: TypeAlias = GroupMeanSd | Share


class GroupTest(NamedTuple):
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
    test: GroupTest | None
    not_estimable: str | None


def student_t(without: GroupMeanSd, with_event: GroupMeanSd) -> GroupTest:
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
    return GroupTest("student_t", t, df, t_two_sided_p(t, df))


def chi_square(without: Share, with_event: Share) -> GroupTest:
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
    return GroupTest("chi_square", chi2, 1, chi_square_p(chi2, 1))


def rank_sum(values: FloatArray, event: BoolArray) -> GroupTest:
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
    return GroupTest("rank_sum", z, None, normal_two_sided_p(z))


def looks_normal(values: FloatArray) -> bool:
    """Whether skewness and kurtosis are near enough to a normal distribution's for a t-test.

    Kim (Restor Dent Endod 2013;38:52): both within 1.96 of their standard errors below 50 values,
    within 3.29 up to 300; beyond, where a test would reject what does no harm, skewness within 2
    and kurtosis within 7. Skewness and kurtosis as SPSS estimates them. Fewer than 8 values, or
    values that are all the same, don't look normal.
    """
    n = len(values)
    if n < _NORMAL_MIN or values.min() == values.max():
        return False
    z = (values - values.mean()) / values.std(ddof=1)
    skewness = n / ((n - 1) * (n - 2)) * float(np.sum(z**3))
    excess = n * (n + 1) / ((n - 1) * (n - 2) * (n - 3)) * float(np.sum(z**4))
    excess -= 3 * (n - 1) ** 2 / ((n - 2) * (n - 3))
    if n > _NORMAL_LARGE:
        return abs(skewness) <= 2.0 and abs(excess + 3.0) <= 7.0
    skewness_se = math.sqrt(6 * n * (n - 1) / ((n - 2) * (n + 1) * (n + 3)))
    excess_se = 2 * skewness_se * math.sqrt((n * n - 1) / ((n - 3) * (n + 5)))
    limit = Z95 if n < _NORMAL_SMALL else 3.29
    return abs(skewness) <= limit * skewness_se and abs(excess) <= limit * excess_se


def summary(variable: Variable, values: FloatArray) -> Summary:
    """Mean and SD (n - 1), or the count of "yes"."""
    if variable.binary:
        return Share(len(values), int(np.count_nonzero(values)))
    sd = float(values.std(ddof=1)) if len(values) > 1 else 0.0
    return GroupMeanSd(len(values), float(values.mean()), sd)


def suitable_test(variable: Variable, values: FloatArray, event: BoolArray) -> GroupTest:
    """The test the paper would choose: chi-square for yes/no; if both groups look normal
    Student's t, else rank sum.

    Raises NotEstimableError: "too_few", "no_variation".
    """
    without, with_event = values[~event], values[event]
    groups = summary(variable, without), summary(variable, with_event)
    match groups:
        case Share() as share_without, Share() as share_with:
            return chi_square(share_without, share_with)
        case GroupMeanSd() as mean_without, GroupMeanSd() as mean_with if looks_normal(
            without
        ) and looks_normal(with_event):
            return student_t(mean_without, mean_with)
    return rank_sum(values, event)


def univariate(variable: Variable, values: FloatArray, event: BoolArray) -> Univariate:
    """A row of Tables 1 to 3, with the reason where there is no test.

    Raises NotEstimableError: "no_events", "all_events".
    """
    need_both_outcomes(event)
    test, reason = None, None
    try:
        test = suitable_test(variable, values, event)
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

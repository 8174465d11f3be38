"""Months, charts and signals of a hospital's patients; made-up hospitals with a known change."""

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest

from scoring.evaluation.drift import BASELINE, DAY_ZERO, FEWER, MORE, Drift
from scoring.evaluation.local import drift_in
from scoring.evaluation.outcome_cohort import InclusionStatus, OutcomeCohort
from tests.recalibration.local import outcomes

FIRST_DAY = (date(2024, 1, 10) - DAY_ZERO).days
# One patient every second day.
PACE_DAYS = 2


def hospital(n: int = 600, *, odds_ratio: float = 1.0) -> OutcomeCohort:
    """Patients whose odds of pain are those of the model times ``odds_ratio``, not in order."""
    cohort = outcomes(float(np.log(odds_ratio)), 1.0, n)
    days = (FIRST_DAY + PACE_DAYS * np.arange(n)).astype(np.int32)
    shuffled = np.random.default_rng(5).permutation(n)
    return replace(
        cohort,
        operation_day=days[shuffled],
        risk=cohort.risk[shuffled],
        event=cohort.event[shuffled],
    )


def followed(cohort: OutcomeCohort) -> Drift:
    return drift_in(cohort)


def with_status(cohort: OutcomeCohort, rows: slice, status: InclusionStatus) -> OutcomeCohort:
    changed = cohort.status.copy()
    changed[np.argsort(cohort.operation_day)[rows]] = status
    return replace(cohort, status=changed)


def test_no_signal_while_the_model_holds() -> None:
    assert followed(hospital()).signals == []


@pytest.mark.parametrize(("odds_ratio", "other"), [(MORE, FEWER), (FEWER, MORE)])
def test_a_signal_where_the_odds_are_others(odds_ratio: float, other: float) -> None:
    found = followed(hospital(odds_ratio=odds_ratio))
    assert {signal.odds_ratio for signal in found.signals} == {odds_ratio}
    newest, oldest = found.signals[0], found.signals[-1]
    assert newest.on > oldest.on
    assert FIRST_DAY <= oldest.since < oldest.on < FIRST_DAY + PACE_DAYS * 600
    assert (oldest.events > oldest.expected) is (odds_ratio > 1.0)
    assert oldest.n == (oldest.on - oldest.since) // PACE_DAYS + 1
    assert oldest.since_day == DAY_ZERO + timedelta(days=oldest.since)
    (silent,) = (chart for chart in found.charts if chart.odds_ratio == other)
    assert not silent.signals


def test_a_change_in_the_middle_is_dated() -> None:
    before, after = hospital(400), hospital(200, odds_ratio=3.0)
    moved = (after.operation_day + 800).astype(np.int32)
    both = replace(
        before,
        **{
            name: np.concatenate([getattr(before, name), getattr(after, name)])
            for name in ("status", "event", "risk", "overdue", "corrected_since")
        },
        inputs={
            name: np.concatenate([before.inputs[name], after.inputs[name]]) for name in after.inputs
        },
        operation_day=np.concatenate([before.operation_day, moved]),
        patient=np.arange(600),
    )
    first = followed(both).signals[-1]
    assert first.odds_ratio == MORE
    # The chart was last at 0 some time before the change.
    assert FIRST_DAY + 600 < first.since < FIRST_DAY + 800 < first.on


def test_every_month_is_there_and_counts_add_up() -> None:
    cohort = hospital(60)
    cohort = with_status(cohort, slice(50, 60), InclusionStatus.PENDING)
    cohort = with_status(cohort, slice(0, 3), InclusionStatus.NOT_EVALUABLE)
    cohort = with_status(cohort, slice(3, 5), InclusionStatus.VOIDED)
    months = followed(cohort).months
    assert [month.first_day for month in months] == [
        date(2024, 1, 1),
        date(2024, 2, 1),
        date(2024, 3, 1),
        date(2024, 4, 1),
        date(2024, 5, 1),
    ]
    assert [month.not_evaluable for month in months] == [3, 0, 0, 0, 0]
    assert sum(month.pending for month in months) == 10
    assert months[-1].pending == 4
    rows = cohort.analysed
    assert sum(month.analysed.n for month in months) == 45 == rows.sum()
    assert sum(month.analysed.events for month in months) == cohort.event[rows].sum()
    expected = sum(month.analysed.expected for month in months)
    assert expected == pytest.approx(cohort.risk[rows].sum())
    assert months[-1].analysed.ratio is None


def test_months_without_an_operation_are_told() -> None:
    cohort = hospital(2)
    day = FIRST_DAY + np.array([0, 100], dtype=np.int32)
    months = followed(replace(cohort, operation_day=day)).months
    assert [month.analysed.n for month in months] == [1, 0, 0, 1]


def test_nobody() -> None:
    empty = with_status(hospital(3), slice(0, 3), InclusionStatus.VOIDED)
    found = followed(empty)
    assert (found.months, found.charts, found.signals) == ((), (), [])
    waiting = with_status(hospital(3), slice(0, 3), InclusionStatus.PENDING)
    found = followed(waiting)
    assert [(month.pending, month.analysed.n) for month in found.months] == [(3, 0)]
    assert found.charts == ()


def test_the_limits_follow_from_the_first_patients_and_stay() -> None:
    cohort = hospital(300)

    def limits(analysed: int) -> tuple[bool, list[float]]:
        found = followed(with_status(cohort, slice(analysed, 300), InclusionStatus.PENDING))
        return found.own_limits, [chart.limit for chart in found.charts]

    assert limits(BASELINE) == limits(300) == (True, limits(300)[1])
    # Until then those of the study, whoever the patients are.
    assert limits(BASELINE - 1) == limits(20) == (False, limits(20)[1])
    assert limits(20)[1] != limits(300)[1]


def test_a_day_with_several_operations_shows_its_highest_value() -> None:
    cohort = hospital(90)
    three_a_day = (FIRST_DAY + (cohort.operation_day - FIRST_DAY) // 6).astype(np.int32)
    found = followed(replace(cohort, operation_day=three_a_day))
    assert len(found.days) == 30
    for chart in found.charts:
        assert len(chart.highest) == 30
        assert (chart.highest >= 0).all()
        assert chart.highest[-1] >= chart.last

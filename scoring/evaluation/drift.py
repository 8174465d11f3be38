"""Month by month: does the model keep holding for the patients of this hospital?"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

import numpy as np
from numpy.typing import NDArray

from scoring.nomogram.rong2025.model import RONG_2025
from scoring.statistics import Predictions
from scoring.statistics.drift import (
    GroupFigures,
    Signal,
    control_limit,
    cusum,
    grouped_figures,
    run_length,
)

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]
Days = NDArray[np.int32]

# What each of the two charts looks for: odds twice those of the model, or half of them.
MORE, FEWER = 2.0, 0.5
# Average number of patients until one chart signals although the model holds. Both together signal
# once in about half as many: at the pace of the study (569 patients in 30 months) in 11 years.
IN_CONTROL = 5000.0
# The limits follow from the risks of the first patients and then stay as they are, so that a signal
# of the past can't go because of patients who came later.
BASELINE = 200
_STUDY_SEED = 2025
# The days of a cohort count from here.
DAY_ZERO = date(2000, 1, 1)


@dataclass(frozen=True)
class Month:
    """The operations of one month: those analysed, pending and not evaluable.

    ``number`` counts months since year 0.
    """

    number: int
    analysed: GroupFigures
    pending: int
    not_evaluable: int

    @property
    def first_day(self) -> date:
        """The first of the month."""
        year, month = divmod(self.number, 12)
        return date(year, month + 1, 1)


@dataclass(frozen=True)
class DriftSignal:
    """A chart reached its limit: the patients operated from ``since`` to ``on``, as days."""

    odds_ratio: float
    since: int
    on: int
    n: int
    events: int
    expected: float

    @property
    def since_day(self) -> date:
        """The operation of the first patient after the chart was last at 0."""
        return DAY_ZERO + timedelta(days=self.since)

    @property
    def on_day(self) -> date:
        """The operation of the patient with whom the chart reached its limit."""
        return DAY_ZERO + timedelta(days=self.on)


@dataclass(frozen=True, eq=False)
class Chart:
    """One CUSUM; ``highest`` is its highest value on each day, ``last`` that after all patients.

    ``delay``: the average number of patients until a signal if the odds are what it looks for.
    """

    odds_ratio: float
    limit: float
    delay: float
    highest: FloatArray
    last: float
    signals: tuple[DriftSignal, ...]


@dataclass(frozen=True, eq=False)
class Drift:
    """What page and report show; no chart if nobody is analysed.

    ``days`` are those with an analysed operation. ``own_limits``: the limits follow from the
    first ``BASELINE`` patients, not from the study's.
    """

    months: tuple[Month, ...]
    days: FloatArray
    charts: tuple[Chart, ...]
    own_limits: bool

    @property
    def signals(self) -> list[DriftSignal]:
        """Those of both charts, the newest first."""
        found = [signal for chart in self.charts for signal in chart.signals]
        return sorted(found, key=lambda one: (one.on, one.since), reverse=True)


def drift_of(
    risk: FloatArray, event: BoolArray, day: Days, *, pending: Days, not_evaluable: Days
) -> Drift:
    """Follow those analysed in their order: risk, outcome and day of operation, each shape (n,).

    ``pending`` and ``not_evaluable`` are the days of operation of the others. Days count from
    ``DAY_ZERO``, those of ``day`` never go back.
    """
    months = tuple(_months(risk, event, day, pending, not_evaluable))
    if not len(risk):
        return Drift(months, np.array([]), (), own_limits=False)
    predictions = Predictions(risk, event)
    own_limits = len(risk) >= BASELINE
    baseline = risk[:BASELINE] if own_limits else _study_risks()
    charts = tuple(_chart(predictions, day, baseline, odds) for odds in (MORE, FEWER))
    return Drift(months, np.unique(day).astype(np.float64), charts, own_limits=own_limits)


def _month_number(day: Days) -> NDArray[np.int64]:
    """Months since year 0; shape as given."""
    of_day = (np.datetime64(DAY_ZERO) + day.astype(np.int64)).astype("datetime64[M]")
    number: NDArray[np.int64] = of_day.astype(np.int64) + 12 * 1970
    return number


def _months(
    risk: FloatArray, event: BoolArray, day: Days, pending: Days, not_evaluable: Days
) -> Iterator[Month]:
    """Every month from the first to the last, also those without a patient."""
    numbers = [_month_number(days) for days in (day, pending, not_evaluable)]
    every = np.concatenate(numbers)
    if not len(every):
        return
    first = int(every.min())
    size = int(every.max()) - first + 1
    analysed = grouped_figures(numbers[0] - first, risk, event, groups=size)
    waiting, lost = (np.bincount(number - first, minlength=size) for number in numbers[1:])
    for place, figures in enumerate(analysed):
        yield Month(first + place, figures, int(waiting[place]), int(lost[place]))


def _chart(predictions: Predictions, day: Days, baseline: FloatArray, odds_ratio: float) -> Chart:
    limit = control_limit(baseline, odds_ratio=odds_ratio, in_control=IN_CONTROL)
    path = cusum(predictions, odds_ratio=odds_ratio, limit=limit)
    starts = np.flatnonzero(np.diff(day, prepend=day[0] - 1))

    def told(signal: Signal) -> DriftSignal:
        since, on = int(day[signal.first]), int(day[signal.last])
        return DriftSignal(odds_ratio, since, on, signal.n, signal.events, signal.expected)

    ended = path.signals and path.signals[-1].last == predictions.n - 1
    return Chart(
        odds_ratio=odds_ratio,
        limit=limit,
        delay=run_length(baseline, odds_ratio=odds_ratio, limit=limit, true_odds_ratio=odds_ratio),
        highest=np.maximum.reduceat(path.value, starts),
        last=0.0 if ended else float(path.value[-1]),
        signals=tuple(told(signal) for signal in path.signals),
    )


@cache
def _study_risks() -> FloatArray:
    """Risks of a made-up cohort with the predictors of the study's training set."""
    from scoring.nomogram.rong2025.synthetic import synthetic_cohort

    made = synthetic_cohort(RONG_2025.outcome.n, _STUDY_SEED).cohort
    return RONG_2025.assess_cohort(made).risk

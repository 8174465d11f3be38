"""The patients of a cohort beside those of the study (Tables 1 to 3): are they alike?

Values in another unit, in the wrong column or with yes and no exchanged can be scored all the same.
They show in the case mix: such a cohort differs from the study by more than patients do.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from scoring.nomogram.cohort import Cohort
from scoring.nomogram.evidence import MeanSd, share_sd
from scoring.nomogram.logistic import Interval
from scoring.nomogram.predictor import Measured
from scoring.nomogram.rong2025.model import EVIDENCE, RONG_2025
from scoring.statistics.comparison import (
    OddsRatio,
    Spread,
    difference_interval,
    mean_spread,
    odds_ratio,
    ratio_of_sds,
    sd_ratio_interval,
    share_spread,
    standardised_difference,
)

OUTCOME = "rbp"
# Austin 2009 calls 0.1 noticeable. Hospitals differ by a few tenths, in age say by 3 years of 9:
# that is what a validation is for. Half an SD is more, and an error that leaves less than that
# also leaves the risks nearly as they are.
MAX_DIFFERENCE = 0.5
# Analyzers and criteria of inclusion narrow or widen a distribution by a third at most. A factor of
# 2 is another unit, a constant that was filled in, or two units in one column.
SD_RATIOS = 0.5, 2.0
# Chance is allowed for by the 95 % intervals, which are approximate: not of fewer patients.
ENOUGH_PATIENTS = 20


@dataclass(frozen=True)
class CaseMixRow:
    """One predictor, or the outcome, in these patients and in the study's training set.

    ``low`` and ``high``: smallest and largest value of a measured predictor, in its unit; None for
    an answer, whose spreads are shares. ``difference``: the standardised one (Austin 2009),
    ``sd_ratio``: SD here / SD in the study, of a measured predictor; both with their 95 %
    intervals, None where not determined.
    ``odds_ratio``: of the outcome, yes against no; ``study_odds_ratio`` that of Table 4. Both None
    for a measured predictor and for the outcome itself.
    """

    key: str
    column: str
    patients: Spread
    study: Spread
    difference: float | None
    difference_ci95: Interval | None
    low: float | None = None
    high: float | None = None
    sd_ratio: float | None = None
    sd_ratio_ci95: Interval | None = None
    odds_ratio: OddsRatio | None = None
    study_odds_ratio: float | None = None

    @property
    def mean_is_far(self) -> bool:
        """Whether mean or share differ by more than patients do, and than chance explains."""
        return self._is_outside(self.difference_ci95, -MAX_DIFFERENCE, MAX_DIFFERENCE)

    @property
    def sd_is_far(self) -> bool:
        """The same of the SD of a measured predictor."""
        return self._is_outside(self.sd_ratio_ci95, *SD_RATIOS)

    def _is_outside(self, ci95: Interval | None, low: float, high: float) -> bool:
        enough = self.patients.n >= ENOUGH_PATIENTS
        return enough and ci95 is not None and (ci95.high < low or ci95.low > high)

    @property
    def looks_exchanged(self) -> bool:
        """Whether yes and no seem exchanged: the share is far off, that of "no" would be nearer."""
        share, study = self.patients.mean, self.study.mean
        return (
            self.mean_is_far and self.low is None and abs(1.0 - share - study) < abs(share - study)
        )

    @property
    def is_reversed(self) -> bool:
        """Whether the association with the outcome is opposite to the study's (95 % CI)."""
        if self.odds_ratio is None or self.study_odds_ratio is None:
            return False
        low, high = self.odds_ratio.ci95
        return low > 1.0 > self.study_odds_ratio or high < 1.0 < self.study_odds_ratio


class MixCaution(NamedTuple):
    """What to look at: "case_mix" (far from the study), "exchanged" (the same, and its "no" would
    be nearer), "reversed" (the association with the outcome is opposite to the study's)."""

    code: str
    row: CaseMixRow


def mix_cautions(rows: Iterable[CaseMixRow]) -> tuple[MixCaution, ...]:
    """What differs from the study by more than patients do.

    If the outcome itself seems exchanged, only that: it reverses every association.
    """
    found = tuple(_cautions(rows))
    exchanged = tuple(one for one in found if (one.code, one.row.key) == ("exchanged", OUTCOME))
    return exchanged or found


def _cautions(rows: Iterable[CaseMixRow]) -> Iterator[MixCaution]:
    for row in rows:
        if row.mean_is_far or row.sd_is_far:
            yield MixCaution("exchanged" if row.looks_exchanged else "case_mix", row)
        elif row.is_reversed:
            yield MixCaution("reversed", row)


def case_mix(cohort: Cohort, event: NDArray[np.bool_]) -> tuple[CaseMixRow, ...]:
    """The predictors in the order of Table 7, then the outcome; empty without patients."""
    return tuple(_rows(cohort, event)) if len(cohort) else ()


def _rows(cohort: Cohort, event: NDArray[np.bool_]) -> Iterator[CaseMixRow]:
    for key, values in cohort.covariates().items():
        predictor, study = RONG_2025.by_key[key], EVIDENCE.case_mix[key]
        if isinstance(predictor, Measured):
            yield _measured(key, predictor.field, values, study)
        else:
            yield _answered(key, predictor.field, values == 1.0, study, event)
    rate = RONG_2025.outcome.rate
    yield _answered(OUTCOME, OUTCOME, event, MeanSd(rate, share_sd(rate)), None)


def _measured(key: str, column: str, values: NDArray[np.float64], published: MeanSd) -> CaseMixRow:
    row = _compared(key, column, mean_spread(values), published)
    return replace(
        row,
        low=float(values.min()),
        high=float(values.max()),
        sd_ratio=ratio_of_sds(row.patients, row.study),
        sd_ratio_ci95=sd_ratio_interval(row.patients, row.study),
    )


def _answered(
    key: str,
    column: str,
    answers: NDArray[np.bool_],
    published: MeanSd,
    event: NDArray[np.bool_] | None,
) -> CaseMixRow:
    row = _compared(key, column, share_spread(answers), published)
    if event is None:
        return row
    return replace(
        row,
        odds_ratio=odds_ratio(answers, event),
        study_odds_ratio=EVIDENCE.effects[key].odds_ratio,
    )


def _compared(key: str, column: str, patients: Spread | None, published: MeanSd) -> CaseMixRow:
    if patients is None:
        raise ValueError("a cohort without patients has no case mix")
    study = Spread(RONG_2025.outcome.n, *published)
    return CaseMixRow(
        key,
        column,
        patients,
        study,
        standardised_difference(patients, study),
        difference_interval(patients, study),
    )
